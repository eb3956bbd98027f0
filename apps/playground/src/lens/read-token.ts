// Decodes a pasted token in the browser, with the same explanations as the playground and the command line.
import { decodeToken, lintToken } from '@crosswalk/lab/token'
import { html } from 'hono/html'

import { renderTokenView } from '../pages/token-view.ts'

export interface TokenReading {
  /** For the status line, which screen readers announce */
  readonly status: string
  /** Markup, with the content of the token escaped */
  readonly markup: string
}

/** Verifies nothing: that needs the issuer's keys, and so a request. */
export async function readToken(text: string, nowSeconds: number): Promise<TokenReading> {
  if (text.trim() === '') return { status: 'No token yet.', markup: '' }
  const token = decodeToken(text)
  if (token === undefined)
    return { status: 'This is not a JWT: expected base64url parts separated by dots.', markup: '' }
  const lints = lintToken(token, nowSeconds)
  const wrong = lints.filter(({ severity }) => severity === 'error').length
  const view = renderTokenView({ token, kind: token.kind, nowSeconds })
  const markup = await html`<h2>Content</h2>
    ${view}`
  return {
    status: `Decoded: ${count(wrong, 'error')}, ${count(lints.length - wrong, 'warning')}.`,
    markup: markup.toString(),
  }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
