// Generates `llms.txt`: every page of the documentation with a description, for programs that read it (llmstxt.org).
// Titles and sentences come from the pages, so that a page is described in one place.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const SECTIONS: readonly (readonly [title: string, list: (root: string) => readonly string[]])[] = [
  ['Start here', () => ['README.md', 'ARCHITECTURE.md', 'GLOSSARY.md', 'SECURITY.md']],
  ['Tutorials', (root) => listPages(root, 'docs/tutorials')],
  ['How to', (root) => listPages(root, 'docs/how-to')],
  ['Explanation', (root) => listPages(root, 'docs/explanation')],
  ['Packages', (root) => listReadmes(root, 'packages')],
  ['Examples', () => ['examples/README.md']],
  ['Reference', (root) => listPages(root, 'docs/reference')],
  ['Optional', () => ['docs/adr/README.md', 'STYLE.md', 'CHANGELOG.md']],
]

const HEAD = `# Crosswalk

> A complete, open implementation of Cross App Access (ID-JAG): an identity provider with IT oversight, an authorization server for
> resources, SDKs for agents and APIs, MCP for clients and servers, a console, a command line, and a demo world on one machine.

All pages are Markdown in this repository. GLOSSARY.md defines the terms; Reference lists all options and codes.
`

/** @param root - root of the repository */
export function renderLlmsTxt(root: string): string {
  const sections = SECTIONS.map(([title, list]) => {
    const lines = list(root).map((path) => renderLine(path, readFileSync(join(root, path), 'utf8')))
    return `## ${title}\n\n${lines.join('\n')}\n`
  })
  return [HEAD, ...sections].join('\n')
}

function renderLine(path: string, page: string): string {
  const title = /^# (.+)$/m.exec(page)?.[1] ?? path
  const sentence = findFirstSentence(page)
  return `- [${title}](${path})${sentence === undefined ? '' : `: ${sentence}`}`
}

/** @returns the first sentence after the title, without links; undefined if the page begins with something else */
function findFirstSentence(page: string): string | undefined {
  const [, paragraph = ''] = /^# .+\n+(?:<!--[\s\S]*?-->\n+)?((?:.+\n)+)/m.exec(`${page}\n`) ?? []
  if (!/^[A-Z`"*]/.test(paragraph)) return undefined
  const text = paragraph.replaceAll(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll(/\s+/g, ' ')
  return /^.*?[.:?](?= |$)/.exec(text.trim())?.[0].replace(/:$/, '.')
}

function listPages(root: string, folder: string): readonly string[] {
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith('.md'))
  return names.toSorted().map((name) => `${folder}/${name}`)
}

function listReadmes(root: string, folder: string): readonly string[] {
  const paths = readdirSync(join(root, folder)).map((name) => `${folder}/${name}/README.md`)
  return paths.toSorted().filter((path) => existsSync(join(root, path)))
}
