// After `npm ci`: builds the console. Plain JavaScript on purpose, since it must start on the machine's own Node.js.
// A failure does not fail the installation: the server says what is missing, and `npm start` builds again.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const runtime = fileURLToPath(new URL('../../tools/runtime.mjs', import.meta.url))
const build = fileURLToPath(new URL('build.ts', import.meta.url))
const { status } = spawnSync(process.execPath, [runtime, build], { stdio: 'inherit' })
if (status !== 0)
  console.error(
    'warning: the console was not built; everything else works. To try again: npm run build:console',
  )
