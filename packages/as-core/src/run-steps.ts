// Runs a long computation in steps.
import { setImmediate as nextTurn } from 'node:timers/promises'

/** Lets other work run between the steps. @param steps - each a few milliseconds */
export async function runSteps<T>(steps: Generator<void, T>): Promise<T> {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
    await nextTurn()
  }
}
