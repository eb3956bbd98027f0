// Prints the results of `--once`, and counts the failures.

export interface Outcome {
  readonly passed: number
  readonly failed: number
}

export interface Report {
  /** Prints a heading: the user of the following legs */
  begin(title: string): void
  /**
   * Runs one leg. `play` returns the lines to show; an error is shown as the reason why the leg did not end as
   * expected.
   */
  leg(title: string, play: () => Promise<readonly string[] | string>): Promise<boolean>
  outcome(): Outcome
}

/** A leg did not end as expected. */
export class LegFailed extends Error {
  override readonly name = 'LegFailed'
}

/** @throws LegFailed unless `condition` holds */
export function expectThat(condition: boolean, otherwise: string): asserts condition {
  if (!condition) throw new LegFailed(otherwise)
}

export function createReport(print: (line: string) => void): Report {
  let passed = 0
  let failed = 0
  return {
    begin: (title) => print(`\n${title}`),
    leg: async (title, play) => {
      try {
        const shown = await play()
        passed += 1
        print(`  ok    ${title}`)
        for (const line of typeof shown === 'string' ? [shown] : shown) print(`        ${line}`)
        return true
      } catch (error) {
        failed += 1
        print(`  FAIL  ${title}`)
        print(`        ${describe(error)}`)
        return false
      }
    },
    outcome: () => ({ passed, failed }),
  }
}

function describe(error: unknown): string {
  if (error instanceof LegFailed) return error.message
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}
