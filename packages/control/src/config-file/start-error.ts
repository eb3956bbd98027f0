// The error with which a server fails to start.
import type { FileProblem } from './finding.ts'

/** Why a server could not start, in one sentence, and what to do about it. */
export class StartError extends Error {
  readonly fix: string
  /** Separate problems, if the configuration must be corrected */
  readonly problems: readonly FileProblem[]
  /** True if the same start can only fail again */
  readonly isMisuse: boolean

  constructor(
    message: string,
    fix: string,
    options?: ErrorOptions & { problems?: readonly FileProblem[]; isMisuse?: boolean },
  ) {
    super(message, options)
    this.name = 'StartError'
    this.fix = fix
    this.problems = options?.problems ?? []
    this.isMisuse = options?.isMisuse ?? this.problems.length > 0
  }
}
