// How the console is built: hashed files under `assets`, no inline script, and a place for the nonce that the server
// fills in with each page.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import { ADMIN_API_PATH, COLLECTION_NAMES, READ_ONLY_MEMBERS, ROUTES, type Route } from '@crosswalk/admin-api'
import { FONTS, renderFontFaces, renderThemes } from '@crosswalk/design'
import { defineConfig, type Plugin } from 'vite'

/** A blocking script before everything else, so that no wrong theme is painted; inline it would need a nonce. */
function themeBeforePaint(): Plugin {
  const file = new URL('./src/theme/before-paint.js', import.meta.url)
  const source = readFileSync(file, 'utf8')
  const name = `assets/before-paint-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.js`
  return {
    name: 'theme-before-paint',
    buildStart() {
      if (this.meta.watchMode) this.addWatchFile(file.pathname)
    },
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: name, source })
    },
    transformIndexHtml: () => [{ tag: 'script', attrs: { src: `/admin/${name}` }, injectTo: 'head-prepend' }],
  }
}

/** Themes and typefaces that the console shares with the other pages, in files of their own. */
function sharedDesign(): Plugin {
  const source = `${renderFontFaces('/admin/assets')}\n${renderThemes()}`
  const name = `assets/design-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.css`
  return {
    name: 'shared-design',
    generateBundle() {
      this.emitFile({ type: 'asset', fileName: name, source })
      for (const font of FONTS)
        this.emitFile({ type: 'asset', fileName: `assets/${font.name}`, source: font.body })
    },
    transformIndexHtml: () => [
      { tag: 'link', attrs: { rel: 'stylesheet', href: `/admin/${name}` }, injectTo: 'head-prepend' },
    ],
  }
}

/**
 * The table of routes without its schemas: the server checks what is sent, so that a browser need not load a library
 * and every definition to call a route by its name.
 */
function routesWithoutSchemas(): Plugin {
  const routes = Object.entries<Route>(ROUTES).map(([name, { method, path, roles, body, reasonHeader }]) => [
    name,
    { method, path, roles, ...(body === undefined ? {} : { body: true }), reasonHeader },
  ])
  const table = renderExports({ ADMIN_API_PATH, ROUTES: Object.fromEntries(routes) })
  const here = (path: string) =>
    fileURLToPath(new URL(`../../packages/admin-api/src/${path}`, import.meta.url))
  // What the console takes of the package at run time; everything else of it is types.
  const entry = [
    ...['client.ts', 'read-pages.ts', 'roles.ts', 'routes.ts'].map(
      (path) => `export * from ${JSON.stringify(here(path))}\n`,
    ),
    renderExports({ COLLECTION_NAMES, READ_ONLY_MEMBERS }),
  ].join('')
  return {
    name: 'routes-without-schemas',
    enforce: 'pre',
    resolveId: (id) => (id === '@crosswalk/admin-api' ? '\0admin-api' : undefined),
    load(id) {
      if (id === '\0admin-api') return entry
      return id === here('routes.ts') ? table : undefined
    },
    transform(_, id) {
      // Modules of definitions do nothing by being loaded; those that nobody uses are left out.
      return /\/packages\/protocol\/src\//.test(id) ? { moduleSideEffects: false } : undefined
    },
  }
}

function renderExports(values: Readonly<Record<string, unknown>>): string {
  return Object.entries(values)
    .map(([name, value]) => `export const ${name} = ${JSON.stringify(value)}\n`)
    .join('')
}

export default defineConfig({
  root: import.meta.dirname,
  base: '/admin/',
  html: { cspNonce: '__CSP_NONCE__' },
  plugins: [themeBeforePaint(), sharedDesign(), routesWithoutSchemas()],
  resolve: { conditions: ['crosswalk-source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1000,
    rolldownOptions: {
      // Components of the libraries say for each file where it may run; here everything runs in the browser.
      onLog: (level, log, handle) => (log.code === 'MODULE_LEVEL_DIRECTIVE' ? undefined : handle(level, log)),
    },
  },
})
