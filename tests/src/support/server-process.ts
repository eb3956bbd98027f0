// The server as users start it, in a process that can be killed at any time.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const CLI = fileURLToPath(new URL('../../../apps/cli/src/main.ts', import.meta.url))
/** Enough for several processes on a busy machine. */
const READY_WITHIN_MS = 60_000

export interface ServerProcess {
  /** Its exit and last output, if it exited on its own; undefined while it runs */
  findEnd(): string | undefined
  /** SIGKILL: no request is finished, no data flushed. */
  kill(): Promise<void>
  /** SIGTERM; resolves with the exit code. */
  stop(): Promise<number | null>
}

export async function startServerProcess(
  configFile: string,
  baseUrl: string,
  environment: Readonly<Record<string, string>>,
  options: readonly string[] = [],
): Promise<ServerProcess> {
  const child = spawn(
    process.execPath,
    ['--conditions=crosswalk-source', CLI, 'serve', '--config', configFile, ...options],
    {
      env: { ...process.env, ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  )
  let said = ''
  child.stderr.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4000)))
  await waitUntilReady(child, baseUrl, () => said)
  return {
    findEnd: () =>
      child.exitCode === null && child.signalCode === null
        ? undefined
        : `${child.exitCode ?? child.signalCode}: ${said}`,
    kill: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGKILL')
      await exited
    },
    stop: async () => {
      const exited = once(child, 'exit')
      child.kill('SIGTERM')
      const [code] = (await exited) as [number | null]
      return code
    },
  }
}

async function waitUntilReady(child: ChildProcess, baseUrl: string, said: () => string): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS
  while (Date.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}: ${said()}`)
    const ready = await fetch(`${baseUrl}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (ready) return
    await new Promise((resolve) => setTimeout(resolve, 25))
  }
  throw new Error(`the server was not ready after ${READY_WITHIN_MS} ms: ${said()}`)
}
