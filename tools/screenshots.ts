// `npm run screenshots`: lets the browser tests take all screenshots again, and copies those that the documentation
// shows to `docs/images`. The others, each page in light and dark, narrow and wide, stay in `dist/screenshots` for
// review.
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '..')
const TAKEN = join(ROOT, 'dist/screenshots')
const SHOWN = join(ROOT, 'docs/images')

rmSync(TAKEN, { recursive: true, force: true })
const { status } = spawnSync(
  process.execPath,
  [join(import.meta.dirname, 'runtime.mjs'), join(import.meta.dirname, 'test.ts'), 'tests/src/browser'],
  { cwd: ROOT, stdio: 'inherit', env: { ...process.env, CROSSWALK_SCREENSHOTS: TAKEN } },
)
// Screenshots of a failed test must not be published.
if (status !== 0) process.exit(1)
for (const picture of readdirSync(SHOWN)) {
  const taken = join(TAKEN, picture)
  if (existsSync(taken)) copyFileSync(taken, join(SHOWN, picture))
  else console.error(`no test created ${picture}`)
}
