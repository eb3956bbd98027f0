// Runs after `npm ci`: builds files that are not committed, the console and long generated documents. Plain
// JavaScript, because it must run on the machine's own Node.js. A failure does not fail the installation: commands
// report missing files when they need them.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const runtime = fileURLToPath(new URL('runtime.mjs', import.meta.url))
const run = (...args) => spawnSync(process.execPath, [runtime, ...args], { stdio: 'inherit' }).status === 0
const pathOf = (path) => fileURLToPath(new URL(path, import.meta.url))

if (!run(pathOf('../apps/console/build.ts')))
  console.error('warning: the console was not built; everything else works. To retry: npm run build:console')
if (!run(pathOf('generate.ts'), '--artefacts'))
  console.error(
    'warning: the API document was not generated; everything else works. To retry: npm run generate',
  )
