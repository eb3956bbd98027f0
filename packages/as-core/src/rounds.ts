// What is done again and again while a process runs: one round at a time, and at most one more that waits for its turn. Its timer
// keeps no process alive.

export interface Rounds {
  /** Starts a round, or one more behind the one under way. Never rejects. @returns when it is over */
  run(): Promise<void>
  /** No round begins any more. Resolves when none is under way. */
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
