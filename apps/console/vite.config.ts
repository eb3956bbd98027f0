// How the console is built: hashed files under `assets`, no inline script, and a place for the nonce that the server
// fills in with each page.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

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

export default defineConfig({
  root: import.meta.dirname,
  base: '/admin/',
  html: { cspNonce: '__CSP_NONCE__' },
  plugins: [themeBeforePaint()],
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
