// The runner inside Vitest's worker: runs all files once, keeps them loaded, then runs tests again on request.
// Starting a worker and loading the sources takes half a second; running the tests that cover one mutant takes
// milliseconds.
import { relative } from 'node:path'

import { type RunnerTestCase, type RunnerTestSuite, TestRunner } from 'vitest'

import {
  CHANNEL,
  type FromWorker,
  type RanTest,
  type RunRequest,
  type ToWorker,
} from './resident-protocol.ts'

type Coverage = Extract<FromWorker, { kind: 'loaded' }>['coverage']

/** The state that Stryker's instrumented sources read and write. */
interface Switches {
  activeMutant?: string | undefined
  currentTestId?: string | undefined
  hitCount?: number | undefined
  hitLimit?: number | undefined
  mutantCoverage?: Coverage
}

const switches: Switches = ((globalThis as { __stryker__?: Switches }).__stryker__ ??= {})
const loaded = new Map<string, RunnerTestCase>()
const ran: RanTest[] = []

let isServed = false

export default class ResidentRunner extends TestRunner {
  override async onBeforeRunTask(test: RunnerTestCase): Promise<void> {
    await super.onBeforeRunTask(test)
    switches.currentTestId = idOf(test)
  }

  /** Inside the last test: elsewhere, tests that run again could register no `onTestFinished`. */
  async onTaskFinished(test: RunnerTestCase): Promise<void> {
    if (!isInLastFile(this, test.file) || test !== findLastTest(test.file)) return
    note(test)
    await serve(this)
  }

  override onAfterRunTask(test: RunnerTestCase): void {
    super.onAfterRunTask(test)
    note(test)
  }

  /** If the last file has no test to run: serves requests until it is stopped. */
  override async onAfterRunSuite(suite: RunnerTestSuite): Promise<void> {
    await super.onAfterRunSuite(suite)
    if ('filepath' in suite && isInLastFile(this, suite) && !isServed) await serve(this)
  }
}

function note(test: RunnerTestCase): void {
  switches.currentTestId = undefined
  loaded.set(idOf(test), test)
  ran.push(describeTest(test))
}

function isInLastFile(runner: TestRunner, { filepath }: { readonly filepath?: unknown }): boolean {
  return (runner as unknown as Internals).workerState.ctx.files.at(-1)?.filepath === filepath
}

function findLastTest({ tasks }: RunnerTestSuite): RunnerTestCase | undefined {
  for (const task of tasks.toReversed()) {
    const found = task.type === 'suite' ? findLastTest(task) : task
    if (found !== undefined && !isLeftOut(found)) return found
  }
  return undefined
}

const isLeftOut = ({ mode }: RunnerTestCase) => mode === 'skip' || mode === 'todo'

interface Internals {
  readonly workerState: { readonly ctx: { readonly files: readonly { readonly filepath: string }[] } }
}

/** Handles requests until it is stopped. */
function serve(runner: TestRunner): Promise<void> {
  isServed = true
  const channel = new BroadcastChannel(CHANNEL)
  // The fastest first: most mutants need no more.
  const quickest = ran.toSorted((a, b) => a.milliseconds - b.milliseconds).map(({ id }) => id)
  const send = (message: FromWorker) => channel.postMessage(message)
  return new Promise((resolve) => {
    channel.onmessage = ({ data }) => {
      const message = data as ToWorker
      if (message.kind === 'run') return void runTests(runner, message, quickest).then(send)
      channel.close()
      resolve()
    }
    send({ kind: 'loaded', tests: ran, coverage: switches.mutantCoverage ?? { static: {}, perTest: {} } })
  })
}

async function runTests(
  runner: TestRunner,
  { mutant, tests, hitLimit }: RunRequest,
  order: readonly string[],
): Promise<FromWorker> {
  Object.assign(switches, { activeMutant: mutant, hitCount: 0, hitLimit })
  let [count, failed] = [0, undefined as { id: string; message: string } | undefined]
  for (const id of order) {
    const test = loaded.get(id)
    if (test === undefined || isLeftOut(test)) continue
    if (tests !== undefined && !tests.includes(id)) continue
    count += 1
    const message = await runTest(runner, test)
    if (message === undefined) continue
    failed = { id, message }
    break
  }
  const hits = switches.hitCount ?? 0
  Object.assign(switches, { activeMutant: undefined, hitCount: undefined })
  return { kind: 'ran', count, failed, hits }
}

/** What Vitest keeps at a test */
interface Finishing {
  onFinished?: readonly ((context: unknown) => unknown)[] | undefined
}

/** @returns the reason of the failure; undefined if the test passed */
async function runTest(runner: TestRunner, test: RunnerTestCase): Promise<string | undefined> {
  const suites = suitesAround(test)
  const cleanups: (() => unknown)[] = []
  // Hooks of the context belong to the test, imported ones to the test that is serving.
  const owners = [...new Set([test, TestRunner.getCurrentTest() ?? test])] as readonly Finishing[]
  const ownHooks = owners.map(({ onFinished }) => onFinished)
  for (const owner of owners) owner.onFinished = undefined
  const hooks = async (
    name: 'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll',
    order: RunnerTestSuite[],
  ) => {
    for (const suite of order)
      for (const hook of TestRunner.getSuiteHooks(suite)[name]) {
        const cleanup: unknown = await (hook as (...args: unknown[]) => unknown)(
          ...(name.endsWith('All') ? [suite] : [test.context, suite]),
        )
        if (typeof cleanup === 'function') cleanups.unshift(cleanup as () => unknown)
      }
  }
  try {
    // Sets up the snapshots of the file, and the test that is compared with them.
    await runner.onBeforeRunSuite(test.file)
    runner.onBeforeTryTask(test, { retry: 0, repeats: 0 })
    await hooks('beforeAll', suites)
    await hooks('beforeEach', suites)
    await TestRunner.getTestFn(test)()
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  } finally {
    for (const [index, owner] of owners.entries()) {
      for (const finish of owner.onFinished?.toReversed() ?? []) await finish(test.context)
      owner.onFinished = ownHooks[index]
    }
    const inner = suites.toReversed()
    await hooks('afterEach', inner).catch(() => undefined)
    await hooks('afterAll', inner).catch(() => undefined)
    for (const cleanup of cleanups) await cleanup()
  }
}

/** From the file to the innermost suite. */
function suitesAround(test: RunnerTestCase): RunnerTestSuite[] {
  const suites: RunnerTestSuite[] = []
  for (let suite = test.suite; suite !== undefined; suite = suite.suite) suites.unshift(suite)
  return suites[0] === test.file ? suites : [test.file, ...suites]
}

const nameOf = (test: RunnerTestCase) =>
  [...suitesAround(test).slice(1), test].map(({ name }) => name).join(' > ')

const idOf = (test: RunnerTestCase) => `${relative(process.cwd(), test.file.filepath)}#${nameOf(test)}`

function describeTest(test: RunnerTestCase): RanTest {
  return {
    id: idOf(test),
    name: nameOf(test),
    fileName: test.file.filepath,
    milliseconds: test.result?.duration ?? 0,
    failure: test.result?.state === 'fail' ? (test.result.errors?.[0]?.message ?? 'no reason') : undefined,
    skipped: isLeftOut(test),
  }
}
