// The memory of the playground, in this process only: the parties and the latest runs. Actions run one at a time.
import type { FieldProblem, OwnValues } from './own-form.ts'
import type { Crossing, CrossingId, Run } from './run.ts'
import type { OpenedTrace } from './shown-run.ts'

const MAX_RUNS_KEPT = 30
/** Each can have several megabytes. */
const MAX_TRACES_KEPT = 5

export interface OwnDraft {
  readonly presetId: string | undefined
  readonly values: OwnValues
  readonly problems: readonly FieldProblem[]
}

export interface Memory {
  readonly runs: readonly Run[]
  /** Opened files, newest first */
  readonly traces: readonly OpenedTrace[]
  readonly crossings: Readonly<Partial<Record<CrossingId, Crossing>>>
  keys: boolean
  /** The last form input, without its secrets */
  draft: OwnDraft | undefined
  begin(crossing: Crossing, atMs: number, username?: string): Run
  openTrace(trace: Omit<OpenedTrace, 'id'>): OpenedTrace
  closeTrace(id: string): void
  /** From now on, faults start from the token of this run's sign-in. */
  keep(run: Run): Run
  setCrossing(crossing: Crossing): void
  /** Also deletes its runs */
  forgetOwn(): void
  /** Waits for the current action */
  inTurn<T>(body: () => Promise<T>): Promise<T>
}

export function createMemory(given: Crossing | undefined): Memory {
  let runs: readonly Run[] = []
  let traces: readonly OpenedTrace[] = []
  let traceCount = 0
  let crossings: Memory['crossings'] = given === undefined ? {} : { given }
  let count = 0
  let last: Promise<unknown> = Promise.resolve()
  const setCrossing = (crossing: Crossing): void => {
    crossings = { ...crossings, [crossing.id]: crossing }
  }
  return {
    get runs() {
      return runs
    },
    get traces() {
      return traces
    },
    openTrace(trace) {
      traceCount += 1
      const opened = { ...trace, id: String(traceCount) }
      traces = [opened, ...traces].slice(0, MAX_TRACES_KEPT)
      return opened
    },
    closeTrace(id) {
      traces = traces.filter((trace) => trace.id !== id)
    },
    get crossings() {
      return crossings
    },
    keys: true,
    draft: undefined,
    begin(crossing, atMs, username) {
      count += 1
      const who = username === undefined ? {} : { username }
      return { number: count, atMs, crossing, steps: {}, isWhole: false, ...who }
    },
    keep(run) {
      runs = [run, ...runs.filter(({ number }) => number !== run.number)]
        .toSorted((one, other) => other.number - one.number)
        .slice(0, MAX_RUNS_KEPT)
      const known = crossings[run.crossing.id]
      const lastIdToken = run.received?.idToken
      if (known !== undefined && lastIdToken !== undefined) setCrossing({ ...known, lastIdToken })
      return run
    },
    setCrossing,
    forgetOwn() {
      const { own: _, ...others } = crossings
      crossings = others
      runs = runs.filter(({ crossing }) => crossing.id !== 'own')
      this.draft = undefined
    },
    inTurn(body) {
      const turn = last.then(body)
      last = turn.catch(() => undefined)
      return turn
    },
  }
}
