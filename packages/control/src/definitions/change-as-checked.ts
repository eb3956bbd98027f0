// A definition is checked against all others, and another process may change one of them until the write is durable. What was
// checked then is checked again.
import type { ObjectOutcome } from '@crosswalk/storage'

import type { Directory } from './directory.ts'

/** Each time another process was faster; after so many the caller is told of the conflict. */
const MAX_ATTEMPTS = 20

/**
 * @param attempt - checks against what is in force, and writes with `ifNothingSince`; may refuse by anything but an outcome
 * @returns its refusal, or the outcome of the write; of a conflict the object itself is to blame, but for the last attempt
 */
export async function changeAsChecked<Refusal>(
  { current }: Pick<Directory, 'current'>,
  attempt: (ifNothingSince: number) => Promise<Refusal | ObjectOutcome>,
): Promise<Refusal | ObjectOutcome> {
  for (let attempts = 1; ; attempts += 1) {
    const checked = current().world.revision
    const result = await attempt(checked)
    if (!isConflict(result) || result.conflict <= checked || attempts === MAX_ATTEMPTS) return result
  }
}

function isConflict(result: unknown): result is Extract<ObjectOutcome, { ok: false }> {
  return typeof result === 'object' && result !== null && 'conflict' in result
}
