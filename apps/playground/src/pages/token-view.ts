// Shows a token claim by claim: meaning, value in the previous token, and suspicious values. Also runs in a browser.
import {
  type DecodedToken,
  KIND_NAMES,
  lintToken,
  TIME_CLAIMS,
  renderTime,
  type TokenKind,
} from '@crosswalk/lab/token'
import { html } from 'hono/html'

import { describeClaim, describeValue } from './claim-words.ts'
import { type Markup, renderFacts, renderTable } from './parts.ts'

export interface TokenViewParts {
  readonly token: DecodedToken
  /** The type it was received as, whatever its header declares */
  readonly kind: TokenKind
  readonly nowSeconds: number
  /** The previous token */
  readonly before?: { readonly name: string; readonly token: DecodedToken | undefined } | undefined
}

export function renderTokenView({ token, kind, nowSeconds, before }: TokenViewParts): Markup {
  const lints = lintToken(token, nowSeconds)
  return html`<p>${KIND_NAMES[token.kind]}</p>
    ${renderFacts(Object.entries(token.header))}
    ${
      token.claims === undefined
        ? html`<p>The claims are encrypted and cannot be read.</p>`
        : renderTable({
            caption: 'Claims',
            head: ['claim', 'value', 'meaning', ...(before === undefined ? [] : [`in the ${before.name}`])],
            rows: listNames(token, before?.token).map((name) => [
              name,
              describeMoment(token, name, nowSeconds),
              { words: describeClaim(kind, name) ?? 'Private claim of this issuer.' },
              ...(before === undefined ? [] : [describeChange(token, before.token, name)]),
            ]),
          })
    }
    <ul>
      ${lints.map(({ id, severity, message }) => html`<li>${severity === 'error' ? '✕' : '!'} ${message} (${id})</li>`)}
    </ul>`
}

/** Claims that only the previous token had come last. */
function listNames(token: DecodedToken, before: DecodedToken | undefined): readonly string[] {
  return [...new Set([...Object.keys(token.claims ?? {}), ...Object.keys(before?.claims ?? {})])]
}

/** Times in readable form, with the number from the token. */
export function describeMoment(token: DecodedToken | undefined, name: string, nowSeconds: number): string {
  const value = token?.claims?.[name]
  const moment =
    TIME_CLAIMS.has(name) && typeof value === 'number' ? renderTime(value, nowSeconds) : undefined
  return moment === undefined ? describeValue(token, name) : `${moment} · ${String(value)}`
}

function describeChange(token: DecodedToken, before: DecodedToken | undefined, name: string): string {
  const [now, then] = [describeValue(token, name), describeValue(before, name)]
  if (now === then) return 'the same'
  if (then === '–') return 'new'
  return now === '–' ? `removed: ${then}` : `changed: ${then}`
}
