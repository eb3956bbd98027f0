// The docs site has every page of the repository at a unique address, links lead to those, and the sidebar follows
// the map.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { expect, it } from 'vitest'

import { listPages, sidebarOf, siteLink, sitePath } from './site.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGES = new Set(listPages(ROOT))

it.each([
  ['a page', 'README.md', 'docs/how-to/doctor.md', '/docs/how-to/doctor'],
  ['a heading of a page', 'docs/how-to/doctor.md', '../README.md#operators', '/docs/#operators'],
  ['the README', 'docs/README.md', '../README.md', '/'],
  ['a folder with a README', 'docs/README.md', '../packages/mcp', '/packages/mcp/'],
  ['a heading of the same page', 'README.md', '#two-commands', '#two-commands'],
  ['another site', 'README.md', 'https://example.com/a.md', 'https://example.com/a.md'],
  ['a source file', 'README.md', 'demos/world/config/company-idp.yaml', undefined],
])('a link to %s', (_, page, target, link) => {
  expect(siteLink(page, target, PAGES)).toBe(link)
})

it('no two pages have the same address', () => {
  expect(new Set([...PAGES].map(sitePath)).size).toBe(PAGES.size)
})

it('the sidebar has the groups of the map, each with pages', () => {
  const sidebar = sidebarOf(readFileSync(`${ROOT}docs/README.md`, 'utf8'), PAGES)
  expect(sidebar.map(({ text }) => text).slice(0, 2)).toEqual(['IT administrators', 'API and SaaS owners'])
  for (const { items } of sidebar) expect(items.length).toBeGreaterThan(0)
  const links = sidebar.flatMap(({ items }) => items.map(({ link }) => link))
  expect(links).toContain('/docs/how-to/kill-switch-drill')
})
