// The `crosswalk` command that makes a change, complete as it is told: pasted into a shell it runs. Which commands there
// are is not known here; a test of the command line parses what comes of this.

import { toShellWord } from '@crosswalk/protocol'

/** @returns the command; its reason, which the audit log keeps, is left to fill in */
export function buildCommand(...words: readonly string[]): string {
  return ['crosswalk', ...words.map(toShellWord), '--reason "…"'].join(' ')
}
