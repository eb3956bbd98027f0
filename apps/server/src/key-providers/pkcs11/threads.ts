// Threads that talk to one device: one signature per thread at a time, and none on the event loop. A library that
// lost its device must be restarted, which is only possible while no thread uses it.
import { startWorker } from '@crosswalk/control'

import type { Job, Reply, TokenSettings } from './messages.ts'

/** How long a job may take, including the wait for a thread. */
const DEADLINE_MS = 5_000
/** Devices can need many seconds to find the primes of an RSA key. */
const CREATE_DEADLINE_MS = 60_000
/** While a device stays away, the library is not restarted for every request. */
const RESTART_EVERY_MS = 1_000
const END_MS = 1_000

export interface Threads {
  /** @returns the result, or why it failed; never throws */
  run(job: Job): Promise<Reply>
  close(): Promise<void>
}

export interface Thread {
  ask(job: Job): Promise<Reply>
  terminate(): Promise<unknown>
}

interface Waiter {
  take: (thread: Thread) => void
  isGone: boolean
}

export interface ThreadsOptions {
  readonly size: number
  readonly start?: (settings: TokenSettings) => Thread
}

export function createThreads(settings: TokenSettings, options: ThreadsOptions): Threads {
  const { size, start = startThread } = options
  const idle: Thread[] = []
  let running = 0
  const waiting: Waiter[] = []
  /** Set during a restart of the library; called when a thread becomes idle */
  let onRest: (() => void) | undefined
  let restarting: Promise<boolean> | undefined
  let restartedAt = Number.NEGATIVE_INFINITY
  /** A problem that retrying cannot fix */
  let setupProblem: Reply | undefined

  function serveWaiting(): void {
    if (onRest !== undefined) return onRest()
    for (let waiter = waiting.shift(); waiter !== undefined; waiter = waiting.shift()) {
      if (waiter.isGone) continue
      const thread = idle.pop() ?? startIfRoom()
      if (thread === undefined) return void waiting.unshift(waiter)
      waiter.take(thread)
    }
  }

  function startIfRoom(): Thread | undefined {
    if (running >= size) return undefined
    running += 1
    return start(settings)
  }

  /** @returns the reply, or undefined after the deadline; the thread stays busy until it replies */
  function ask(job: Job): Promise<Reply | undefined> {
    const { promise, resolve } = Promise.withResolvers<Reply | undefined>()
    const waiter: Waiter = {
      isGone: false,
      take: (thread) => void askThread(thread, job).then(resolve),
    }
    const timer = setTimeout(() => {
      waiter.isGone = true
      resolve(undefined)
    }, deadlineOf(job))
    waiting.push(waiter)
    serveWaiting()
    return promise.finally(() => clearTimeout(timer))
  }

  async function askThread(thread: Thread, job: Job): Promise<Reply> {
    try {
      const reply = await thread.ask(job)
      idle.push(thread)
      return reply
    } catch (error) {
      running -= 1
      return { ok: false, kind: 'device', what: `the thread ended: ${String(error)}` }
    } finally {
      serveWaiting()
    }
  }

  async function restart(): Promise<boolean> {
    if (performance.now() - restartedAt < RESTART_EVERY_MS) return false
    restartedAt = performance.now()
    try {
      if (!(await untilAllRest())) return false
      // Session handles are numbered from the start again: an old handle could mean a session that another thread
      // opened since.
      for (const thread of idle) await thread.ask({ do: 'end', last: false })
      const reply = await idle[0]?.ask({ do: 'restart' })
      return reply?.ok === true
    } catch {
      // The thread has exited; the next job starts another.
      return false
    } finally {
      onRest = undefined
      serveWaiting()
    }
  }

  /** @returns false if a thread did not become idle in time */
  function untilAllRest(): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>()
    const timer = setTimeout(() => resolve(false), DEADLINE_MS)
    onRest = () => {
      if (idle.length === running) resolve(true)
    }
    onRest()
    return promise.finally(() => clearTimeout(timer))
  }

  return {
    async run(job) {
      if (setupProblem !== undefined) return setupProblem
      const late: Reply = {
        ok: false,
        kind: 'device',
        what: `no response within ${deadlineOf(job) / 1000} seconds`,
      }
      let reply = await ask(job)
      if (reply?.ok === false && reply.kind === 'device') {
        restarting ??= restart().finally(() => {
          restarting = undefined
        })
        if (await restarting) reply = await ask(job)
      }
      if (reply?.ok === false && reply.kind === 'setup') setupProblem = reply
      return reply ?? late
    },
    async close() {
      await Promise.race([untilAllRest(), new Promise((resolve) => setTimeout(resolve, END_MS).unref())])
      const threads = idle.splice(0)
      for (const [at, thread] of threads.entries())
        await thread.ask({ do: 'end', last: at === threads.length - 1 }).catch(() => undefined)
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  }
}

function deadlineOf(job: Job): number {
  return job.do === 'create' ? CREATE_DEADLINE_MS : DEADLINE_MS
}

function startThread(workerData: TokenSettings): Thread {
  const worker = startWorker('./worker', import.meta.url, { workerData })
  let pending: PromiseWithResolvers<Reply> | undefined
  let ended: Error | undefined
  const end = (error: Error) => {
    ended ??= error
    pending?.reject(ended)
  }
  worker.on('message', (reply: Reply) => pending?.resolve(reply))
  worker.on('error', end)
  worker.on('exit', (code) => end(new Error(`exit code ${code}`)))
  return {
    ask(job) {
      if (ended !== undefined) return Promise.reject(ended)
      pending = Promise.withResolvers<Reply>()
      worker.postMessage(job)
      return pending.promise
    },
    terminate: () => worker.terminate(),
  }
}
