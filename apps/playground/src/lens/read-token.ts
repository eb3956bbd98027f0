// Reads a pasted token in the browser, in the words of the playground and the command line.
import { decodeToken, lintToken } from '@crosswalk/lab/token'
import { html } from 'hono/html'

import { renderTokenView } from '../pages/token-view.ts'

export interface Seen {
  /** For the status line, which is read out */
  readonly status: string
  /** Markup, in which everything of the token is escaped */
  readonly markup: string
}

/** Nothing is verified: that takes the keys of the issuer, and so a request. */
export async function readToken(text: string, nowSeconds: number): Promise<Seen> {
  if (text.trim() === '') return { status: 'Nothing was pasted yet.', markup: '' }
  const token = decodeToken(text)
  if (token === undefined)
    return { status: 'This is no JWT: parts of base64url with dots between are expected.', markup: '' }
  const lints = lintToken(token, nowSeconds)
  const wrong = lints.filter(({ severity }) => severity === 'error').length
  const view = renderTokenView({ token, kind: token.kind, nowSeconds })
  const markup = await html`<h2>What it says</h2>
    ${view}`
  return {
    status: `Decoded: ${count(wrong, 'error')}, ${count(lints.length - wrong, 'warning')}.`,
    markup: markup.toString(),
  }
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? '' : 's'}`
}
