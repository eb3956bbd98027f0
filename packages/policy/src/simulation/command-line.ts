// The complete `crosswalk` command that makes a change, ready to paste into a shell. This file does not know which
// commands exist; a test of the command line parses its output.

import { toCommandLine } from '@crosswalk/protocol'

/** @returns the command; its reason, which the audit log keeps, is left for the user to fill in */
export function buildCommand(...words: readonly string[]): string {
  return `${toCommandLine(...words)} --reason "…"`
}
