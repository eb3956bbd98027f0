// Configures the site that `npm run docs` serves: the Markdown of this repository, unchanged, with search. Sidebar
// and links come from `../site.ts`.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

// Imported by Node.js directly: VitePress would compile it for its own target.
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
  // `npm run check` checks every link, including those to headings and to files without a page.
  ignoreDeadLinks: true,
  rewrites: Object.fromEntries([...PAGES].map((page) => [page, sitePath(page)])),
  markdown: {
    languageAlias: { caddyfile: 'nginx' },
    anchor: { slugify: anchorOf },
    config: (md) => md.core.ruler.push('crosswalk-links', rewriteLinks),
  },
  vite: {
    build: { chunkSizeWarningLimit: 2000 },
    // Vite looks for these in the root of the repository, which does not have them, and serves them unbundled.
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

/** Links between pages are written for readers of the repository; source files have no page on the site. */
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

/** @returns the resulting element */
function rewriteLink(token, page) {
  const link = siteLink(page, token.attrGet('href') ?? '', PAGES)
  if (link === undefined) token.attrs = []
  else token.attrSet('href', link)
  return link === undefined ? 'span' : 'a'
}
