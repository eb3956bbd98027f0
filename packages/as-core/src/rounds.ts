// Repeats work while a process runs: one round at a time, and at most one more queued behind it. Its timer keeps no
// process alive.

export interface Rounds {
  /** Starts a round, or queues one behind the current round. Never rejects. @returns once that round has ended */
  run(): Promise<void>
  /** Starts no more rounds. Resolves when none is running. */
  close(): Promise<void>
}

export interface RoundsOptions {
  readonly everyMs: number
  onFault(fault: unknown): void
}

export function createRounds(round: () => Promise<unknown>, { everyMs, onFault }: RoundsOptions): Rounds {
  let running: Promise<void> | undefined
  let next: Promise<void> | undefined
  let closed = false

  async function start(): Promise<void> {
    try {
      await round()
    } catch (fault) {
      onFault(fault)
    } finally {
      running = undefined
    }
  }

  async function runNext(): Promise<void> {
    await running
    next = undefined
    await run()
  }

  function run(): Promise<void> {
    if (closed) return running ?? Promise.resolve()
    if (running !== undefined) return (next ??= runNext())
    return (running = start())
  }

  const timer = setInterval(() => void run(), everyMs)
  timer.unref()
  return {
    run,
    async close() {
      closed = true
      clearInterval(timer)
      await running
    },
  }
}

/** Waits for all tasks of a round, so that none still runs in the next one, or while the server stops. */
export async function settleAll(
  tasks: readonly Promise<unknown>[],
  onFault: (fault: unknown) => void,
): Promise<void> {
  for (const task of await Promise.allSettled(tasks)) if (task.status === 'rejected') onFault(task.reason)
}
