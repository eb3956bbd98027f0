// Options of `crosswalk serve`.
import type { Environment } from '@crosswalk/control'

export interface RunOptions {
  /** Number of processes; 1 runs everything in this process */
  readonly workers: number
  readonly environment: Environment
  /** Progress for the terminal, one line each */
  log(line: string): void
}
