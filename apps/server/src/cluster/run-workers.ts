// The primary process: starts workers with one configuration, replaces those that die, and stops them all. The first
// worker starts alone, because it may have to prepare the database and hash passwords for the others.
import { type Configuration, StartError } from '@crosswalk/control'
import cluster, { type Worker } from 'node:cluster'
import { fileURLToPath } from 'node:url'

import { AggregatorRegistry } from 'prom-client'

import type { RunOptions } from '../run-options.ts'
import type { FromWorker, ToWorker } from './messages.ts'

/** Prevents a tight restart loop if a worker dies immediately. */
const RESTART_DELAY_MS = 1_000

export interface WorkerGroup {
  readonly port: number
  /** Makes every worker report not ready, and stop once load balancers noticed. */
  drain(): Promise<void>
  /** Makes every worker finish its requests and stop. */
  close(): Promise<void>
}

/**
 * @returns once every worker is ready
 * @throws StartError if the first worker cannot start
 */
export async function runWorkers(
  configuration: Configuration,
  { workers: count, environment, log }: RunOptions,
): Promise<WorkerGroup> {
  const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  cluster.setupPrimary({ exec: fileURLToPath(new URL(`./worker.${extension}`, import.meta.url)), args: [] })
  const registry = new AggregatorRegistry()
  const members = new Set<Worker>()
  let stopping = false

  function add(first = false): Promise<number> {
    const worker = cluster.fork(environment)
    members.add(worker)
    worker.on('exit', (code, signal) => {
      members.delete(worker)
      if (stopping) return
      log(`worker ${worker.process.pid} exited (${signal ?? code}); starting another`)
      setTimeout(() => {
        if (!stopping) add().catch((error: unknown) => log(`worker failed to start: ${String(error)}`))
      }, RESTART_DELAY_MS)
    })
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'metrics') void answerMetrics(worker, message.request)
    })
    tell(worker, { type: 'start', configuration, first })
    return untilReady(worker)
  }

  async function answerMetrics(worker: Worker, request: number): Promise<void> {
    const text = await registry.clusterMetrics().catch(() => '')
    if (worker.isConnected()) tell(worker, { type: 'metrics', request, text })
  }

  async function end(signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
    stopping = true
    await Promise.all([...members].map((worker) => stop(worker, signal)))
  }
  const drain = () => end('SIGTERM')
  const close = () => end('SIGINT')

  try {
    const port = await add(true)
    await Promise.all(Array.from({ length: count - 1 }, () => add()))
    return { port, drain, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** @returns the worker's port */
function untilReady(worker: Worker): Promise<number> {
  return new Promise((resolve, reject) => {
    worker.on('message', (message: FromWorker) => {
      if (message.type === 'ready') resolve(message.port)
      if (message.type === 'failed') reject(new StartError(message.message, message.fix, message))
    })
    worker.once('exit', (code, signal) =>
      reject(new Error(`a worker exited while starting (${signal ?? code})`)),
    )
  })
}

function stop(worker: Worker, signal: 'SIGTERM' | 'SIGINT'): Promise<void> {
  return new Promise((resolve) => {
    if (worker.isDead()) return resolve()
    worker.once('exit', () => resolve())
    worker.process.kill(signal)
  })
}

function tell(worker: Worker, message: ToWorker): void {
  worker.send(message)
}
