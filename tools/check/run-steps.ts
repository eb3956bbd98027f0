// Runs named steps concurrently, and reports their outcomes in the given order.

export interface Step {
  readonly name: string
  readonly run: () => Promise<StepOutcome>
}

export interface StepOutcome {
  readonly passed: boolean
  readonly output: string
}

export interface StepReport extends StepOutcome {
  readonly name: string
  readonly elapsedMs: number
}

export interface RunOptions {
  readonly concurrency: number
  readonly nowMs: () => number
  /** Called once per step, in the order of `steps`, as soon as all earlier steps are done. */
  readonly tell: (report: StepReport) => void
}

/** Runs every step to completion, regardless of failures. A step that throws has failed. */
export async function runSteps(steps: readonly Step[], options: RunOptions): Promise<StepReport[]> {
  const reports: StepReport[] = []
  let started = 0
  let told = 0
  const work = async (): Promise<void> => {
    for (let index = started++; index < steps.length; index = started++) {
      const step = steps[index]
      if (step === undefined) return
      reports[index] = await runStep(step, options.nowMs)
      for (let next = reports[told]; next !== undefined; next = reports[++told]) options.tell(next)
    }
  }
  await Promise.all(Array.from({ length: options.concurrency }, work))
  return reports
}

async function runStep(step: Step, nowMs: () => number): Promise<StepReport> {
  const start = nowMs()
  const outcome = await step.run().catch((fault: unknown) => ({ passed: false, output: String(fault) }))
  return { name: step.name, ...outcome, elapsedMs: nowMs() - start }
}
