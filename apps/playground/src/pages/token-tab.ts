// The token from a step, compared with the token it was exchanged for.
import type { StepName, TokenKind } from '@crosswalk/lab'
import { html } from 'hono/html'

import type { Markup } from './parts.ts'
import type { TabParts } from './tab-parts.ts'
import { renderTokenView } from './token-view.ts'

const BEFORE: Readonly<Partial<Record<StepName, readonly [step: StepName, name: string]>>> = {
  exchange: ['id-token', 'ID token'],
  redemption: ['exchange', 'ID-JAG'],
  renew: ['exchange', 'first ID-JAG'],
}

const RECEIVED_AS: Readonly<Partial<Record<StepName, TokenKind>>> = {
  'id-token': 'id-token',
  exchange: 'id-jag',
  redemption: 'access-token',
  renew: 'id-jag',
}

export function renderToken({ run, step, record, nowSeconds }: TabParts): Markup {
  const token = record?.token
  if (token === undefined)
    return html`<p class="quiet">
      ${step === 'redemption' && record?.outcome === 'done' ? 'The access token is opaque: only its issuer can read it.' : 'This step returned no readable token.'}
    </p>`
  const [beforeStep, name] = BEFORE[step] ?? []
  const before =
    beforeStep === undefined || name === undefined ? undefined : { name, token: run.steps[beforeStep]?.token }
  return renderTokenView({ token, kind: RECEIVED_AS[step] ?? token.kind, nowSeconds, before })
}
