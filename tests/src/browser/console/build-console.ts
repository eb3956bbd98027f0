// The console as it would be served, built again where its sources changed. In a process of its own, since a build wants
// another environment than tests have.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const RUNTIME = fileURLToPath(new URL('../../../../tools/runtime.mjs', import.meta.url))
const BUILD = fileURLToPath(new URL('../../../../apps/console/build.ts', import.meta.url))

let built = false

/** Once in a worker, which runs many files. @throws Error with what the build said */
export function buildConsole(): void {
  if (built) return
  const { status, stderr } = spawnSync(process.execPath, [RUNTIME, BUILD], {
    encoding: 'utf8',
    env: { ...process.env, NODE_ENV: 'production' },
  })
  if (status !== 0) throw new Error(`the console cannot be built:\n${stderr}`)
  built = true
}
