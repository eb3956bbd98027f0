// The record of a token request that the sign-in provider handles (authorization code, refresh token). The client and
// its request rate are judged as for a token exchange; the provider decides the rest, and the record reports its
// result.
import {
  type AppDefinition,
  type CheckName,
  type ClientFact,
  type DecisionFrame,
  type DecisionRecord,
  dropUndefined,
  type Wire,
  type XaaCode,
} from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import { checkAuthentication, checkRate } from './client-evidence.ts'
import { assembleRecord } from './record.ts'
import type { EvaluatedUser } from './users.ts'

export interface SignInGrantFacts extends DecisionFrame {
  readonly grantType: string
  readonly client: ClientFact
  readonly retryAfterSeconds?: number | undefined
  /** The provider's answer; undefined if it was not asked (see `mayAskProvider`) */
  readonly answer?: SignInGrantAnswer | undefined
  /** Whose tokens it issued */
  readonly userId?: string | undefined
  readonly user?: Pick<EvaluatedUser, 'username' | 'name'> | undefined
}

export interface SignInGrantSnapshot {
  readonly revision: number
  /** By client id */
  readonly apps: ReadonlyMap<string, Pick<AppDefinition, 'name' | 'active' | 'redirectUris'>>
}

export interface SignInGrantAnswer {
  readonly http: number
  readonly error?: string | undefined
  /** The provider's `error_description` */
  readonly detail?: string | undefined
}

type Failure = readonly [check: CheckName, code: XaaCode]

const REFUSED_GRANT: Failure = ['sign_in.grant', 'XAA1009']

/** The check that an error of the provider concerns; every other error concerns the grant. */
const CHECKS: Readonly<Record<string, Failure>> = {
  invalid_client: ['client.authentication', 'XAA1101'],
  temporarily_unavailable: ['client.authentication', 'XAA1106'],
  invalid_request: ['request.parameters', 'XAA1004'],
  unauthorized_client: ['client.grant', 'XAA1108'],
  invalid_dpop_proof: ['dpop.proof', 'XAA1007'],
  use_dpop_nonce: ['dpop.proof', 'XAA1008'],
}

/** @returns whether the client authenticated, is within its rate limit, and may use these grants */
export function mayAskProvider(
  { client, retryAfterSeconds }: Pick<SignInGrantFacts, 'client' | 'retryAfterSeconds'>,
  snapshot: SignInGrantSnapshot,
): boolean {
  if (client.state !== 'authenticated' || retryAfterSeconds !== undefined) return false
  return findObstacle(client, snapshot) === undefined
}

function findObstacle(
  { clientId }: Pick<ClientFact, 'clientId'>,
  { apps }: SignInGrantSnapshot,
): Failure | undefined {
  const app = clientId === undefined ? undefined : apps.get(clientId)
  if (app?.active === false) return ['client.active', 'XAA1104']
  return app?.redirectUris.length === 0 ? ['client.grant', 'XAA1108'] : undefined
}

export function evaluateSignInGrant(facts: SignInGrantFacts, snapshot: SignInGrantSnapshot): DecisionRecord {
  const { revision, apps } = snapshot
  const { grantType, client, answer, retryAfterSeconds, userId, user } = facts
  const { clientId } = client
  const app = clientId === undefined ? 'An unknown app' : (apps.get(clientId)?.name ?? clientId)
  return assembleRecord({
    frame: facts,
    stage: 'idp.token',
    list: checkGrant(facts, snapshot),
    request: {
      grant_type: grantType,
      requesting_app: clientId === undefined ? null : { id: clientId, client_id: clientId },
      subject: userId === undefined ? null : dropUndefined({ ref: userId, display: user?.username }),
      resource: [],
      scope: [],
      context: {},
    },
    resolution: { candidates: [] },
    granted: null,
    summary: answer?.http === 200 ? summarize(app, facts) : undefined,
    wire: renderAnswer(answer),
    names: { app, target: 'sign-in', user: 'the user' },
    snapshot: { revision },
    retryAfterSeconds,
  })
}

function checkGrant(
  { client, grantType, answer, retryAfterSeconds }: SignInGrantFacts,
  snapshot: SignInGrantSnapshot,
): Checklist {
  const list = createChecklist()
  if (client.state === 'refused') checkAuthentication(list, client)
  else if (retryAfterSeconds !== undefined) checkRate(list, retryAfterSeconds)
  else if (answer?.http === 200) list.pass('sign_in.grant', { actual: grantType })
  else if (answer === undefined) list.fail(...(findObstacle(client, snapshot) ?? REFUSED_GRANT))
  else failByProvider(list, client, answer)
  return list
}

function failByProvider(
  list: Checklist,
  { method }: Extract<ClientFact, { state: 'authenticated' }>,
  { error = '', detail = error }: SignInGrantAnswer,
): void {
  // Single use is the only check of an assertion that is left to the provider.
  if (error === 'invalid_client' && method === 'private_key_jwt')
    return list.fail('client.authentication', 'XAA1102', { actual: 'client assertion already used' })
  const [check, code] = CHECKS[error] ?? REFUSED_GRANT
  const isMissing = error === 'invalid_request' && detail.startsWith('missing required parameter')
  list.fail(check, isMissing ? 'XAA1001' : code, { actual: detail })
}

/** A sign-in delegates nothing: the app learns who signed in, and may not act for them. */
function summarize(app: string, { grantType, userId, user }: SignInGrantFacts): DecisionRecord['summary'] {
  const say = (name: string) =>
    grantType === 'refresh_token' ? `${app} renewed the tokens of ${name}.` : `${app} signed ${name} in.`
  const [sentence, admin] = [say('a user'), say(user?.name ?? user?.username ?? userId ?? 'a user')]
  return { user: sentence, developer: sentence, admin }
}

/** The provider's error goes on the wire unchanged. */
function renderAnswer(answer: SignInGrantAnswer | undefined): Wire | undefined {
  return answer?.error === undefined ? undefined : { http: answer.http, error: answer.error }
}
