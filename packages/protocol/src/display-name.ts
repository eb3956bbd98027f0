// Names shown to users, even if strangers chose them: visible, on one line, and without effect on the surrounding text.
// A name that is also an identifier, such as a user name or a group, is refused instead of cleaned, since the cleaned
// name could be another user's or group's.
import { isText } from './finding.ts'

const BREAKS = /[\p{Cc}\u2028\u2029]/gu
/** Embeddings, overrides and isolates, which reverse the surrounding text. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/gu
const DISRUPTIVE = new RegExp(`${BREAKS.source}|${TURNS.source}`, 'u')
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

export function isDisplayName(value: unknown, maximumLength: number): value is string {
  return isText(value, maximumLength) && !DISRUPTIVE.test(value) && VISIBLE.test(value)
}

/**
 * Cleans a name from another system that is only shown: it must never make a sign-in or deactivation fail.
 *
 * @returns the name without disruptive characters; undefined if nothing visible is left
 */
export function toDisplayName(value: unknown, maximumLength: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const plain = DISRUPTIVE.test(value)
    ? value.replaceAll(BREAKS, ' ').replaceAll(TURNS, '').replaceAll(/\s+/g, ' ')
    : value
  const name = plain.trim().slice(0, maximumLength)
  return VISIBLE.test(name) ? name : undefined
}
