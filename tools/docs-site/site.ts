// Maps pages of the repository to the docs site: addresses, links, and the sidebar, which follows the map in
// `docs/README.md`.
import { execFileSync } from 'node:child_process'

import { fromMarkdown } from 'mdast-util-from-markdown'

export { anchorOf } from '../docs/check-docs.ts'

export interface SidebarGroup {
  readonly text: string
  readonly collapsed: boolean
  readonly items: readonly { readonly text: string; readonly link: string }[]
}

type Nodes = ReturnType<typeof fromMarkdown> | ReturnType<typeof fromMarkdown>['children'][number]

/** @returns the path of every page, from the root of the repository */
export function listPages(root: string): readonly string[] {
  const files = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '*.md']
  return execFileSync('git', files, { cwd: root, encoding: 'utf8' })
    .split('\0')
    .filter((path) => path !== '' && !path.startsWith('tools/'))
}

/** A README is the index of its folder. */
export function sitePath(page: string): string {
  return page.replace(/(^|\/)README\.md$/, '$1index.md')
}

/** @returns the link target on the site; undefined for a file that has no page */
export function siteLink(page: string, target: string, pages: ReadonlySet<string>): string | undefined {
  const url = new URL(target, `file:///${page}`)
  if (url.protocol !== 'file:' || target.startsWith('#')) return target
  const path = decodeURIComponent(url.pathname).slice(1)
  const linked = [path, `${path.replace(/\/?$/, '/')}README.md`].find((one) => pages.has(one))
  return linked && `/${sitePath(linked).replace(/(^|\/)index\.md$|\.md$/, '$1')}${url.hash}`
}

/** @param map - the text of `docs/README.md` */
export function sidebarOf(map: string, pages: ReadonlySet<string>): readonly SidebarGroup[] {
  const groups: { text: string; collapsed: boolean; items: { text: string; link: string }[] }[] = []
  for (const node of fromMarkdown(map).children) {
    if (node.type === 'heading' && node.depth === 2)
      groups.push({ text: textOf(node), collapsed: true, items: [] })
    for (const { url, text } of linksOf(node)) {
      const link = siteLink('docs/README.md', url, pages)
      if (link !== undefined)
        groups.at(-1)?.items.push({ text: text[0]?.toUpperCase() + text.slice(1), link })
    }
  }
  return groups
}

function linksOf(node: Nodes): readonly { url: string; text: string }[] {
  if (node.type === 'link') return [{ url: node.url, text: textOf(node) }]
  return 'children' in node ? node.children.flatMap(linksOf) : []
}

function textOf(node: Nodes): string {
  if ('value' in node) return node.value
  return 'children' in node ? node.children.map(textOf).join('') : ''
}
