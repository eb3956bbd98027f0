// Runs a server in its own process on the servers' CPU, so that its cost is separate from that of the load.
import { spawn } from 'node:child_process'
import { once } from 'node:events'

import { pinServer } from './pinning.ts'

const READY_WITHIN_MS = 30_000
const POLL_MS = 50
const STOP_WITHIN_MS = 10_000

export interface ServerProcess extends AsyncDisposable {
  readonly pid: number
}

export interface ServerProcessOptions {
  /** TypeScript file and its arguments, run by the same Node.js with the same flags */
  readonly args: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  /** Returns 200 once the server is ready */
  readonly readyUrl: string
}

/** @throws with the server's last output if it is not ready in time */
export async function startServerProcess(options: ServerProcessOptions): Promise<ServerProcess> {
  const [command, ...args] = pinServer([process.execPath, ...process.execArgv, ...options.args])
  const child = spawn(command, args, {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = once(child, 'exit')
  let lastWords = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      lastWords = (lastWords + chunk).slice(-4000)
    })
  }
  const stop = async () => {
    child.kill('SIGTERM')
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS)
    await ended
    clearTimeout(timer)
  }
  if (!(await isReady(options.readyUrl, () => child.exitCode === null)) || child.pid === undefined) {
    if (child.exitCode === null) await stop()
    throw new Error(`${options.args.join(' ')} did not become ready\n${lastWords}`)
  }
  return { pid: child.pid, [Symbol.asyncDispose]: stop }
}

async function isReady(url: string, isAlive: () => boolean): Promise<boolean> {
  for (const deadline = Date.now() + READY_WITHIN_MS; isAlive() && Date.now() < deadline;) {
    const response = await fetch(url).catch(() => undefined)
    await response?.arrayBuffer()
    if (response?.ok === true) return true
    await new Promise((resolve) => setTimeout(resolve, POLL_MS))
  }
  return false
}
