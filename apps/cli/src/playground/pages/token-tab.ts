// A token, claim by claim: what each means, and what it was in the token before.
import { html } from 'hono/html'

import { KIND_NAMES, type DecodedToken } from '../../token/decode-token.ts'
import { lintToken } from '../../token/lints.ts'
import { renderMoment } from '../../token/render-token.ts'
import type { StepName } from '../step-record.ts'
import { describeClaim, describeValue } from './claim-words.ts'
import { type Markup, renderFacts, renderTable } from './page.ts'
import type { TabParts } from './tab-parts.ts'

const BEFORE: Readonly<Partial<Record<StepName, readonly [step: StepName, name: string]>>> = {
  exchange: ['id-token', 'ID token'],
  redemption: ['exchange', 'ID-JAG'],
  renew: ['exchange', 'first ID-JAG'],
}

export function renderToken({ run, step, record, nowSeconds }: TabParts): Markup {
  const token = record?.token
  if (token === undefined)
    return html`<p class="quiet">
      ${step === 'redemption' && record?.outcome === 'done' ? 'The access token is opaque: nobody but its issuer can read it.' : 'No readable token came of this step.'}
    </p>`
  const [beforeStep, beforeName] = BEFORE[step] ?? []
  const before = beforeStep === undefined ? undefined : run.steps[beforeStep]?.token
  const lints = lintToken(token, nowSeconds)
  return html`<p>${KIND_NAMES[token.kind]}</p>
    ${renderFacts(Object.entries(token.header))}
    ${renderTable({
      caption: 'Claims',
      head: ['claim', 'value', 'says', ...(beforeName === undefined ? [] : [`in the ${beforeName}`])],
      rows: listNames(token, before).map((name) => [
        name,
        describeMoment(token, name, nowSeconds),
        { words: describeClaim(step, name) ?? 'Not defined for everybody: a claim of this issuer.' },
        ...(beforeName === undefined ? [] : [describeChange(token, before, name)]),
      ]),
    })}
    <ul>
      ${lints.map(({ id, severity, message }) => html`<li>${severity === 'error' ? '✕' : '!'} ${message} (${id})</li>`)}
    </ul>`
}

/** Claims that only the token before had end the list. */
function listNames(token: DecodedToken, before: DecodedToken | undefined): readonly string[] {
  return [...new Set([...Object.keys(token.claims ?? {}), ...Object.keys(before?.claims ?? {})])]
}

const MOMENTS = new Set(['iat', 'exp', 'nbf', 'auth_time'])

function describeMoment(token: DecodedToken, name: string, nowSeconds: number): string {
  const value = token.claims?.[name]
  const moment = MOMENTS.has(name) && typeof value === 'number' ? renderMoment(value, nowSeconds) : undefined
  return moment === undefined ? describeValue(token, name) : `${String(value)} ${moment}`
}

function describeChange(token: DecodedToken, before: DecodedToken | undefined, name: string): string {
  const [now, then] = [describeValue(token, name), describeValue(before, name)]
  if (now === then) return 'the same'
  if (then === '–') return 'new'
  return now === '–' ? `gone: ${then}` : `changed: ${then}`
}
