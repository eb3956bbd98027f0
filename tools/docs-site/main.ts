// `npm run docs`: serves the Markdown of this repository as a site with search; with --build, writes it to
// `dist/docs-site`. Its only dependency is installed on first use, which keeps `npm ci` fast.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const FOLDER = fileURLToPath(new URL('.', import.meta.url))
const VITEPRESS = `${FOLDER}node_modules/vitepress/bin/vitepress.js`

process.exitCode = main(process.argv.slice(2))

function main(args: readonly string[]): number {
  if (!existsSync(VITEPRESS)) {
    console.error('Installing VitePress (first use only) …')
    const installed = spawnSync('npm', ['ci'], { cwd: FOLDER, stdio: 'inherit' })
    if (installed.status !== 0) return installed.status ?? 1
  }
  const isBuild = args.includes('--build')
  const rest = args.filter((arg) => arg !== '--build')
  const command = isBuild ? ['build'] : ['dev', ...rest]
  return spawnSync(process.execPath, [VITEPRESS, ...command], { cwd: FOLDER, stdio: 'inherit' }).status ?? 0
}
