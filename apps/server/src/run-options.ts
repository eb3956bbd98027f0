// How `crosswalk serve` runs a configuration.
import type { Environment } from '@crosswalk/control'

export interface RunOptions {
  /** Processes that share the work; 1 runs everything in this one */
  readonly workers: number
  readonly environment: Environment
  /** Progress for the terminal, one line each */
  log(line: string): void
}
