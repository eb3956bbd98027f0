// The record of a token request for the sign-in provider: authorization code and refresh token. Who asks, and how often,
// is judged as for a token exchange; of the rest the provider decides, and this only says, in the same shape, what came out.
import type { ClientFact, DecisionFrame, DecisionRecord, Wire, XaaCode } from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import { checkRate } from './client-evidence.ts'
import { assembleRecord } from './record.ts'

export interface SignInGrantFacts extends DecisionFrame {
  readonly grantType: string
  readonly client: ClientFact
  readonly retryAfterSeconds?: number | undefined
  /** What the provider answered; undefined where it was not asked (see `mayAskProvider`) */
  readonly answer?: SignInGrantAnswer | undefined
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

/** @returns whether the client proved who it is and asks no more often than it may */
export function mayAskProvider({
  client,
  retryAfterSeconds,
}: Pick<SignInGrantFacts, 'client' | 'retryAfterSeconds'>): boolean {
  return client.state === 'authenticated' && retryAfterSeconds === undefined
}

export function evaluateSignInGrant(
  facts: SignInGrantFacts,
  { revision }: { readonly revision: number },
): DecisionRecord {
  const { grantType, client, answer, retryAfterSeconds } = facts
  const { clientId } = client
  return assembleRecord({
    frame: facts,
    stage: 'idp.token',
    list: checkGrant(facts),
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
    summary: answer?.http === 200 ? summarize(facts) : undefined,
    wire: renderAnswer(answer),
    names: { app: clientId ?? 'An unknown app', target: 'sign-in', user: 'the user' },
    snapshot: { revision },
    retryAfterSeconds,
  })
}

function checkGrant({ client, grantType, answer, retryAfterSeconds }: SignInGrantFacts): Checklist {
  const list = createChecklist()
  if (client.state === 'refused') list.fail('client.authentication', client.code, { actual: client.detail })
  else if (retryAfterSeconds !== undefined) checkRate(list, retryAfterSeconds)
  else if (answer?.http === 200) list.pass('sign_in.grant', { actual: grantType })
  else list.fail('sign_in.grant', CODES[answer?.error ?? ''] ?? 'XAA1009', { actual: answer?.error })
  return list
}

/** Nothing is delegated at a sign-in: the app learns who signed in, and acts for no one anywhere. */
function summarize({ client, grantType }: SignInGrantFacts): DecisionRecord['summary'] {
  const app = client.clientId ?? 'An app'
  const sentence =
    grantType === 'refresh_token' ? `${app} renewed the tokens of a sign-in.` : `${app} signed a user in.`
  return { user: sentence, developer: sentence, admin: sentence }
}

/** What the provider refused goes on the wire in its own words. */
function renderAnswer(answer: SignInGrantAnswer | undefined): Wire | undefined {
  return answer?.error === undefined ? undefined : { http: answer.http, error: answer.error }
}
