// The memory of the playground, in this process only: the parties and the latest runs. Actions run one at a time.
import type { FieldProblem, OwnValues } from './own-form.ts'
import type { Setup, SetupId, Run } from './run.ts'
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
  readonly setups: Readonly<Partial<Record<SetupId, Setup>>>
  keys: boolean
  /** The last form input, without its secrets */
  draft: OwnDraft | undefined
  begin(setup: Setup, atMs: number, username?: string): Run
  openTrace(trace: Omit<OpenedTrace, 'id'>): OpenedTrace
  closeTrace(id: string): void
  /** From now on, faults start from the token of this run's sign-in. */
  keep(run: Run): Run
  saveSetup(setup: Setup): void
  /** Also deletes its runs */
  forgetOwn(): void
  /** Waits for the current action */
  inTurn<T>(body: () => Promise<T>): Promise<T>
}

export function createMemory(given: Setup | undefined): Memory {
  let runs: readonly Run[] = []
  let traces: readonly OpenedTrace[] = []
  let traceCount = 0
  let setups: Memory['setups'] = given === undefined ? {} : { given }
  let count = 0
  let last: Promise<unknown> = Promise.resolve()
  const saveSetup = (setup: Setup): void => {
    setups = { ...setups, [setup.id]: setup }
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
    get setups() {
      return setups
    },
    keys: true,
    draft: undefined,
    begin(setup, atMs, username) {
      count += 1
      const who = username === undefined ? {} : { username }
      return { number: count, atMs, setup, steps: {}, isWhole: false, ...who }
    },
    keep(run) {
      runs = [run, ...runs.filter(({ number }) => number !== run.number)]
        .toSorted((one, other) => other.number - one.number)
        .slice(0, MAX_RUNS_KEPT)
      const known = setups[run.setup.id]
      const lastIdToken = run.received?.idToken
      if (known !== undefined && lastIdToken !== undefined) saveSetup({ ...known, lastIdToken })
      return run
    },
    saveSetup,
    forgetOwn() {
      const { own: _, ...others } = setups
      setups = others
      runs = runs.filter(({ setup }) => setup.id !== 'own')
      this.draft = undefined
    },
    inTurn(body) {
      const turn = last.then(body)
      last = turn.catch(() => undefined)
      return turn
    },
  }
}
