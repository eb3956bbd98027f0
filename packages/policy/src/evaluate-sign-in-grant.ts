// The record of a token request for the sign-in provider: authorization code and refresh token. Who asks, and how often,
// is judged as for a token exchange; of the rest the provider decides, and this only says, in the same shape, what came out.
import type { ClientFact, DecisionFrame, DecisionRecord, XaaCode } from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import { checkRate } from './client-evidence.ts'
import { assembleRecord } from './record.ts'

export interface SignInGrantFacts extends DecisionFrame {
  readonly grantType: string
  readonly client: ClientFact
  readonly revision: number
}

export interface SignInGrantAnswer {
  readonly http: number
  readonly error?: string | undefined
}

/** What the provider says of the client, which it looks at once more; everything else is about the grant. */
const CODES: Readonly<Record<string, XaaCode>> = {
  invalid_client: 'XAA1101',
  temporarily_unavailable: 'XAA1106',
}

/** @returns the refusal of a client that did not prove who it is, or asks too often; undefined: the provider is asked */
export function refuseSignInGrant(
  facts: SignInGrantFacts & { readonly retryAfterSeconds: number | undefined },
): DecisionRecord | undefined {
  const list = createChecklist()
  const { client, retryAfterSeconds } = facts
  if (client.state === 'refused') list.fail('client.authentication', client.code, { actual: client.detail })
  else checkRate(list, retryAfterSeconds)
  return list.failure() === undefined ? undefined : assemble(facts, list, retryAfterSeconds)
}

export function recordSignInGrant(
  facts: SignInGrantFacts,
  { http, error }: SignInGrantAnswer,
): DecisionRecord {
  const list = createChecklist()
  if (http === 200) list.pass('sign_in.grant', { actual: facts.grantType })
  else list.fail('sign_in.grant', CODES[error ?? ''] ?? 'XAA1009', { actual: error })
  const record = { ...assemble(facts, list), ...(http === 200 ? { summary: summarize(facts) } : {}) }
  return error === undefined ? record : { ...record, wire: { http, error } }
}

/** Nothing is delegated at a sign-in: the app learns who signed in, and acts for nobody anywhere. */
function summarize({ client, grantType }: SignInGrantFacts): DecisionRecord['summary'] {
  const app = client.clientId ?? 'An app'
  const sentence =
    grantType === 'refresh_token' ? `${app} renewed the tokens of a sign-in.` : `${app} signed a user in.`
  return { user: sentence, developer: sentence, admin: sentence }
}

function assemble(
  facts: SignInGrantFacts,
  list: Checklist,
  retryAfterSeconds?: number | undefined,
): DecisionRecord {
  const { grantType, client } = facts
  const { clientId } = client
  return assembleRecord({
    frame: facts,
    stage: 'idp.token',
    list,
    request: {
      grant_type: grantType,
      requesting_app: clientId === undefined ? null : { id: clientId, client_id: clientId },
      subject: null,
      resource: [],
      scope: [],
      context: {},
    },
    resolution: { candidates: [] },
    granted: null,
    names: { app: clientId ?? 'An unknown app', target: 'sign-in', user: 'the user' },
    snapshot: { revision: facts.revision },
    retryAfterSeconds,
  })
}
