// Names that are shown to users, even if a stranger chose them: on one line, visible, and without effect on the text around them.
// A name that is also an identifier, such as a user name or a group, is refused, since a changed one could be another's.
import { isText } from './finding.ts'

const BREAKS = /[\p{Cc}\u2028\u2029]/gu
/** Embeddings, overrides and isolates: they reverse the order of the text around them. */
const TURNS = /[\u202a-\u202e\u2066-\u2069]/gu
const DISRUPTIVE = new RegExp(`${BREAKS.source}|${TURNS.source}`, 'u')
const VISIBLE = /[\p{L}\p{N}\p{P}\p{S}]/u

export function isDisplayName(value: unknown, maximumLength: number): value is string {
  return isText(value, maximumLength) && !DISRUPTIVE.test(value) && VISIBLE.test(value)
}

/**
 * For names from other systems that are only shown: no sign-in or deactivation may fail because of one.
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
