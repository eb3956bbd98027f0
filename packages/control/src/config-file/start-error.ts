import type { Problem } from './finding.ts'

/** Why a server could not start, in one sentence, and what to do about it. */
export class StartError extends Error {
  readonly fix: string
  /** Separate problems, if the configuration must be corrected */
  readonly problems: readonly Problem[]

  constructor(message: string, fix: string, options?: ErrorOptions & { problems?: readonly Problem[] }) {
    super(message, options)
    this.name = 'StartError'
    this.fix = fix
    this.problems = options?.problems ?? []
  }
}
