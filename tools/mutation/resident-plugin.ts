// A test runner for Stryker that loads the tests once. Stryker's own runner for Vitest starts a worker for each
// mutant, which takes far longer than the tests: an hour of CPU time becomes minutes.
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import type { MutantCoverage } from '@stryker-mutator/api/core'
import { declareClassPlugin, PluginKind } from '@stryker-mutator/api/plugin'
import {
  determineHitLimitReached,
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  MutantRunStatus,
  type TestResult,
  type TestRunner,
  TestStatus,
} from '@stryker-mutator/api/test-runner'
import { createVitest, ThreadsPoolWorker, type Vitest } from 'vitest/node'

import {
  CHANNEL,
  type FromWorker,
  type RanTest,
  type RunRequest,
  type ToWorker,
} from './resident-protocol.ts'

/** Far more than all tests together need */
const MAX_WORK_MS = 20_000
/** Far more than the timeouts of a test and its hooks, for a worker that waits for nothing */
const MAX_WAIT_MS = 600_000
/** A worker in an endless loop never stops by itself. */
const MAX_STOP_MS = 2_000

/** A busy machine must not look like an endless loop, so the CPU time of this process counts first. */
function watchWork(): { readonly overrun: Promise<'endless'>; stop(): void } {
  const [since, startedAt] = [process.cpuUsage(), performance.now()]
  let timer: NodeJS.Timeout | undefined
  const overrun = new Promise<'endless'>((resolve) => {
    timer = setInterval(() => {
      const { user, system } = process.cpuUsage(since)
      const waitedMs = performance.now() - startedAt
      if (user + system > MAX_WORK_MS * 1000 || waitedMs > MAX_WAIT_MS) resolve('endless')
    }, 500)
  })
  return { overrun, stop: () => clearInterval(timer) }
}

class ResidentTestRunner implements TestRunner {
  private vitest: Vitest | undefined
  private worker: ThreadsPoolWorker | undefined
  private run: Promise<unknown> | undefined
  private readonly channel = new BroadcastChannel(CHANNEL)
  private first: { readonly tests: readonly RanTest[]; readonly coverage: MutantCoverage } | undefined

  /**
   * Otherwise, Stryker would start a process for each mutant whose code also runs while modules load; mutants are
   * tested at run time only.
   */
  capabilities() {
    return { reloadEnvironment: true }
  }

  async init(): Promise<void> {
    this.vitest = await createVitest('test', {
      config: join(import.meta.dirname, 'vitest.config.ts'),
      runner: join(import.meta.dirname, 'resident-worker.ts'),
      pool: {
        name: 'resident',
        createPoolWorker: (options) => (this.worker = new ThreadsPoolWorker(options)),
      },
      maxWorkers: 1,
      watch: false,
      reporters: [{}],
      teardownTimeout: 1000,
    })
    const loaded = this.next()
    // A worker that dies is an error of the run, which counts as its end.
    this.run = this.vitest.start().catch(() => undefined)
    const first = await Promise.race([loaded, this.run.then(() => undefined)])
    if (first?.kind !== 'loaded') throw new Error('the tests do not load')
    this.first = first
  }

  async dryRun(): Promise<DryRunResult> {
    if (this.first === undefined) throw new Error('init comes first')
    const { tests, coverage } = this.first
    // A test that fails when run again would detect every mutant.
    const again = await this.runTests({ mutant: '', tests: undefined, hitLimit: undefined })
    if (again === 'endless') return { status: DryRunStatus.Timeout }
    if (again.failed !== undefined) {
      const { id, message } = again.failed
      return { status: DryRunStatus.Error, errorMessage: `fails when it is run again: ${id}\n${message}` }
    }
    return {
      status: DryRunStatus.Complete,
      tests: tests.map(toTestResult),
      mutantCoverage: coverage,
    }
  }

  async mutantRun({ activeMutant, testFilter, hitLimit }: MutantRunOptions): Promise<MutantRunResult> {
    const request = { mutant: activeMutant.id, tests: testFilter, hitLimit }
    let ran = await this.runTests(request)
    if (ran === 'endless') return await this.giveUp()
    if (ran.failed !== undefined && !(await this.passesUnchanged(ran.failed.id))) {
      // State of this mutant or an earlier one in a module makes the test fail: reload the tests before and after
      // this mutant.
      await this.reload()
      ran = await this.runTests(request)
      if (ran === 'endless') return await this.giveUp()
      await this.reload()
    }
    if (determineHitLimitReached(ran.hits, hitLimit) !== undefined) return { status: MutantRunStatus.Timeout }
    return ran.failed === undefined
      ? { status: MutantRunStatus.Survived, nrOfTests: ran.count }
      : {
          status: MutantRunStatus.Killed,
          killedBy: [ran.failed.id],
          failureMessage: ran.failed.message,
          nrOfTests: ran.count,
        }
  }

  async dispose(): Promise<void> {
    await this.unload()
    this.channel.close()
  }

  private async reload(): Promise<void> {
    await this.unload()
    await this.init()
  }

  private async unload(): Promise<void> {
    this.send({ kind: 'stop' })
    const isStopped = await Promise.race([this.run?.then(() => true), setTimeout(MAX_STOP_MS, false)])
    // Vitest would wait for it.
    if (isStopped === false) await this.worker?.stop()
    await this.vitest?.close()
  }

  private async passesUnchanged(test: string): Promise<boolean> {
    const ran = await this.runTests({ mutant: '', tests: [test], hitLimit: undefined })
    return ran !== 'endless' && ran.failed === undefined
  }

  /** The worker never responds, or has died, for example because its memory was full. */
  private async giveUp(): Promise<MutantRunResult> {
    await this.reload()
    return { status: MutantRunStatus.Timeout }
  }

  private async runTests(request: RunRequest): Promise<Extract<FromWorker, { kind: 'ran' }> | 'endless'> {
    const answer = this.next()
    const watch = watchWork()
    this.send({ kind: 'run', ...request })
    const died = this.run?.then(() => 'endless' as const) ?? watch.overrun
    const ran = await Promise.race([answer, watch.overrun, died])
    watch.stop()
    if (ran === 'endless') return ran
    if (ran.kind !== 'ran') throw new Error('the tests were loaded again')
    return ran
  }

  private send(message: ToWorker): void {
    this.channel.postMessage(message)
  }

  private next(): Promise<FromWorker> {
    return new Promise((resolve) => {
      this.channel.onmessage = ({ data }) => resolve(data as FromWorker)
    })
  }
}

function toTestResult({ id, name, fileName, milliseconds, failure, skipped }: RanTest): TestResult {
  const result = { id, name, fileName, timeSpentMs: milliseconds }
  if (skipped) return { ...result, status: TestStatus.Skipped }
  return failure === undefined
    ? { ...result, status: TestStatus.Success }
    : { ...result, status: TestStatus.Failed, failureMessage: failure }
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, 'resident', ResidentTestRunner)]
