// Runs the real server in its own process, started like an operator would.
import { randomBytes } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { memoize } from '@crosswalk/protocol'

import { findFreePort } from '../../../tests/src/support/free-port.ts'
import { startServerProcess } from '../harness/server-process.ts'

const CLI = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url))
/** Next to the sources, not in /tmp: with /tmp in memory, durable writes would be free and results too good. */
const DATA = fileURLToPath(new URL('../../data', import.meta.url))

/** Deleted with the stack. */
export function makeFolder(stack: AsyncDisposableStack): string {
  mkdirSync(DATA, { recursive: true })
  const folder = mkdtempSync(join(DATA, 'run-'))
  stack.defer(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** The same for all servers on the databases of a folder */
const keyOf = memoize((_folder: string) => randomBytes(32).toString('hex'))

export interface RunningProcess {
  readonly pid: number
  readonly baseUrl: string
}

/** @param configure - builds the configuration for the chosen port */
export async function runServer(
  stack: AsyncDisposableStack,
  folder: string,
  configure: (port: number) => object,
  workers = 1,
): Promise<RunningProcess> {
  const port = await findFreePort()
  const file = join(folder, 'crosswalk.json')
  writeFileSync(file, JSON.stringify(configure(port)))
  const baseUrl = `http://127.0.0.1:${port}`
  const args = [CLI, 'serve', '--config', file, '--workers', String(workers)]
  const env = { CROSSWALK_KEY: keyOf(folder) }
  const { pid } = stack.use(await startServerProcess({ args, env, readyUrl: `${baseUrl}/readyz` }))
  return { pid, baseUrl }
}
