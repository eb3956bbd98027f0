// The site that `npm run docs` serves: the Markdown of this repository as it is, with search. `../site.ts` decides its
// sidebar and its links.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Read by Node.js itself: VitePress would compile it for a target of its own.
const { anchorOf, listPages, sidebarOf, siteLink, sitePath } = await import(
  new URL('../site.ts', import.meta.url).href
)

const ROOT = fileURLToPath(new URL('../../..', import.meta.url))
const PAGES = new Set(listPages(ROOT))
const DOCS = readFileSync(`${ROOT}docs/README.md`, 'utf8')

export default {
  title: 'Crosswalk',
  description: 'Cross App Access (ID-JAG): an app reaches an API for a user, and the user’s company decides',
  srcDir: ROOT,
  srcExclude: ['**/{node_modules,dist,data}/**', '.ci/**', 'tools/**'],
  outDir: '../../dist/docs-site',
  cacheDir: '../../node_modules/.cache/docs-site',
  cleanUrls: true,
  // `npm run check` follows every link, also to headings and to files that are not pages.
  ignoreDeadLinks: true,
  rewrites: Object.fromEntries([...PAGES].map((page) => [page, sitePath(page)])),
  markdown: {
    languageAlias: { caddyfile: 'nginx' },
    anchor: { slugify: anchorOf },
    config: (md) => md.core.ruler.push('crosswalk-links', rewriteLinks),
  },
  vite: {
    build: { chunkSizeWarningLimit: 2000 },
    // Vite looks for these from the root of the repository, which does not have them, and serves them unbundled.
    plugins: [
      { name: 'own-packages', configResolved: ({ optimizeDeps }) => void (optimizeDeps.include = []) },
    ],
  },
  themeConfig: {
    nav: [
      { text: 'Documentation', link: '/docs/' },
      { text: 'Reference', link: '/docs/reference/configuration' },
      { text: 'Architecture', link: '/ARCHITECTURE' },
    ],
    sidebar: sidebarOf(DOCS, PAGES),
    search: { provider: 'local' },
    outline: [2, 3],
  },
}

/** Links between pages are written for a reader of the repository; source files have no page here. */
function rewriteLinks({ tokens, env }) {
  const page = (env.realPath ?? env.path).slice(ROOT.length)
  for (const { children } of tokens) {
    let tag = 'a'
    for (const token of children ?? []) {
      if (token.type === 'link_open') tag = rewriteLink(token, page)
      if (token.type === 'link_open' || token.type === 'link_close') token.tag = tag
    }
  }
}

/** @returns the element it becomes */
function rewriteLink(token, page) {
  const link = siteLink(page, token.attrGet('href') ?? '', PAGES)
  if (link === undefined) token.attrs = []
  else token.attrSet('href', link)
  return link === undefined ? 'span' : 'a'
}
