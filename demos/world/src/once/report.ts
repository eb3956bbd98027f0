// What `--once` prints, and the count of what did not end as it should.

export interface Outcome {
  readonly passed: number
  readonly failed: number
}

export interface Report {
  /** A heading: whose story follows */
  begin(title: string): void
  /**
   * One leg. `play` gives what is to be shown of it, one text a line; what it throws is shown as the reason why the leg
   * did not end as it should.
   */
  leg(title: string, play: () => Promise<readonly string[] | string>): Promise<boolean>
  outcome(): Outcome
}

/** A leg ended otherwise than it should. */
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
