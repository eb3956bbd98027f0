// Costly work: done once for all who ask for the same at the same time, for no one beside it, and ended early when no one
// waits for it any more.

export interface OneAtATime<Answer> {
  /**
   * Begins the work, or joins it where it is running.
   *
   * @param name - by which the same work is known
   * @param signal - of this caller: when it is aborted, only this call ends, by its reason
   * @returns undefined where other work is running
   */
  run(
    name: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer> | undefined
}

interface Run<Answer> {
  readonly name: string
  readonly answer: Promise<Answer>
  readonly ending: AbortController
  waiting: number
}

export function createOneAtATime<Answer>(): OneAtATime<Answer> {
  let running: Run<Answer> | undefined

  function begin(name: string, work: (signal: AbortSignal) => Promise<Answer>): Run<Answer> {
    const ending = new AbortController()
    const run: Run<Answer> = { name, ending, waiting: 0, answer: work(ending.signal).finally(() => end(run)) }
    return run
  }

  function end(run: Run<Answer>): void {
    if (running === run) running = undefined
  }

  async function wait(run: Run<Answer>, signal: AbortSignal): Promise<Answer> {
    const { promise: left, reject } = Promise.withResolvers<never>()
    const leave = () => reject(signal.reason as Error)
    signal.addEventListener('abort', leave, { once: true })
    run.waiting += 1
    try {
      return await Promise.race([run.answer, left])
    } finally {
      signal.removeEventListener('abort', leave)
      run.waiting -= 1
      if (run.waiting === 0) {
        end(run)
        run.ending.abort()
      }
    }
  }

  return {
    run(name, signal, work) {
      if (running !== undefined && running.name !== name) return undefined
      running ??= begin(name, work)
      return wait(running, signal)
    },
  }
}
