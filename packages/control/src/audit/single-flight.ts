// Costly work: shared by concurrent callers with the same name, exclusive of other work, and aborted when no caller is
// left.

export interface SingleFlight<Answer> {
  /**
   * Starts the work, or joins it if it is running.
   *
   * @param name - identifies the work
   * @param signal - of this caller; aborting it ends only this call
   * @returns undefined if other work is running, or if this caller left
   */
  run(
    name: string,
    signal: AbortSignal | undefined,
    work: (signal: AbortSignal) => Promise<Answer>,
  ): Promise<Answer | undefined>
}

interface Run<Answer> {
  readonly name: string
  readonly answer: Promise<Answer>
  readonly ending: AbortController
  waiting: number
}

export function createSingleFlight<Answer>(): SingleFlight<Answer> {
  let running: Run<Answer> | undefined

  function begin(name: string, work: (signal: AbortSignal) => Promise<Answer>): Run<Answer> {
    const ending = new AbortController()
    const run: Run<Answer> = { name, ending, waiting: 0, answer: work(ending.signal).finally(() => end(run)) }
    return run
  }

  function end(run: Run<Answer>): void {
    if (running === run) running = undefined
  }

  async function wait(run: Run<Answer>, signal: AbortSignal | undefined): Promise<Answer | undefined> {
    const { promise: left, resolve } = Promise.withResolvers<undefined>()
    const leave = () => resolve(undefined)
    signal?.addEventListener('abort', leave, { once: true })
    run.waiting += 1
    try {
      return await Promise.race([run.answer, left])
    } finally {
      signal?.removeEventListener('abort', leave)
      run.waiting -= 1
      if (run.waiting === 0) {
        end(run)
        run.ending.abort()
      }
    }
  }

  return {
    async run(name, signal, work) {
      if (running !== undefined && running.name !== name) return undefined
      running ??= begin(name, work)
      return wait(running, signal)
    },
  }
}
