// Names that are shown to users, also where a stranger chose them: in one line, visible, and without effect on the text around
// them. A name that is also an identifier, such as a user name or a group, is refused: a changed one could be that of another.
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
 * Of a name that is only shown, and that another system says: a sign-in or a deactivation must not fail because of it.
 *
 * @returns it without what is disruptive; undefined where nothing visible is left
 */
export function toDisplayName(value: unknown, maximumLength: number): string | undefined {
  if (typeof value !== 'string') return undefined
  const plain = DISRUPTIVE.test(value)
    ? value.replaceAll(BREAKS, ' ').replaceAll(TURNS, '').replaceAll(/\s+/g, ' ')
    : value
  const name = plain.trim().slice(0, maximumLength)
  return VISIBLE.test(name) ? name : undefined
}
