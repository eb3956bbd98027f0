// Scope strings (RFC 6749 section 3.3): space-separated, in no particular order.
import { memoizeBounded } from './values/memoize.ts'
import { accept, refuse, type Result } from './result.ts'

const SCOPE_TOKEN = /^[\x21\x23-\x5b\x5d-\x7e]+$/
/** The record of a decision has an entry for each scope that was not granted. */
export const MAX_SCOPE_TOKENS = 500

/**
 * @returns the distinct scope tokens in the given order, or the first token that RFC 6749 appendix A.4 does not allow.
 *   A text of spaces only is malformed: it must not be treated like a missing scope; and so is one of over 500 tokens
 */
export const parseScope = memoizeBounded(
  (text: string): Result<readonly string[], { readonly malformed: string }> => {
    const tokens = text.split(' ').filter((token) => token !== '')
    const malformed =
      tokens.length === 0 && text !== ''
        ? text
        : (tokens.find((token) => !SCOPE_TOKEN.test(token)) ?? tokens[MAX_SCOPE_TOKENS])
    return malformed === undefined ? accept([...new Set(tokens)]) : refuse({ malformed })
  },
)

export function renderScope(scopes: readonly string[]): string {
  return scopes.join(' ')
}
