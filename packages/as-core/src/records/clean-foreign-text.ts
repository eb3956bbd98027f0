// Text of other systems in records and logs: as long as a sentence, on one line, and without controls of text direction.
import { toDisplayName } from '@crosswalk/protocol'

const MAX_CHARACTERS = 300

/** @returns the text as it may be recorded; empty if nothing visible is left */
export function cleanForeignText(text: string): string {
  return toDisplayName(text, MAX_CHARACTERS) ?? ''
}
