// Builds the console as it is served, if its sources changed. In a separate process, since a build needs a different environment than tests.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const RUNTIME = fileURLToPath(new URL('../../../../tools/runtime.mjs', import.meta.url))
const BUILD = fileURLToPath(new URL('../../../../apps/console/build.ts', import.meta.url))

let built = false

/** Builds once per worker, which runs many files. @throws Error with the output of the build */
export function buildConsole(): void {
  if (built) return
  const { status, stderr } = spawnSync(process.execPath, [RUNTIME, BUILD], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (status !== 0) throw new Error(`the console cannot be built:\n${stderr}`)
  built = true
}
