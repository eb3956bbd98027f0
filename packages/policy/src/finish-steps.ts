// Long evaluations are generators, so that a server can let other work run between their steps.

/** Runs them at once. */
export function finishSteps<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next()
    if (step.done === true) return step.value
  }
}
