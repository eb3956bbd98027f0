// Exchanges a SAML assertion for a refresh token of this IdP: the first of the two steps for a client whose users sign
// in by SAML. It decides nothing about a resource; the second step is an ordinary exchange.
import { DAY_SECONDS, type Granted, parseScope, TOKEN_TYPE } from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { ExchangeFacts, ExchangeRequest, SignInFact } from '../exchange-facts.ts'
import type { ExchangeSnapshot } from '../exchange-snapshot.ts'
import { checkUserAccess } from './user-checks.ts'
import { checkBlocks } from './policy-checks.ts'
import { checkClient } from './request-checks.ts'
import { findRequestingApp } from './requesting-app.ts'
import type { Narrowed } from './scope-checks.ts'
import { checkSubject } from './subject-checks.ts'

/** Without a refresh; each refresh restarts it. */
export const REFRESH_TOKEN_TTL_SECONDS = 14 * DAY_SECONDS

/** The scopes that a refresh token can have at the IdP itself. */
const SCOPES: readonly string[] = ['openid', 'offline_access', 'email', 'profile']
const USUAL_SCOPES = ['openid', 'offline_access'] as const

export interface RefreshFindings {
  readonly signIn?: SignInFact | undefined
  readonly narrowed: readonly Narrowed[]
  readonly granted: Granted | null
}

/** SAML assertions only: an ID token or refresh token already comes with a refresh token. */
export function isRefreshExchange({ requestedTokenType, subjectTokenType }: ExchangeRequest): boolean {
  return requestedTokenType === TOKEN_TYPE.refreshToken && subjectTokenType === TOKEN_TYPE.saml2
}

/** @see draft-ietf-oauth-identity-assertion-authz-grant section 4.5; requirements SAML-01 and SAML-02 */
export function checkRefreshExchange(
  list: Checklist,
  facts: ExchangeFacts,
  snapshot: ExchangeSnapshot,
): RefreshFindings {
  const nothing = { narrowed: [], granted: null }
  if (!checkClient(list, facts, snapshot)) {
    list.skip(['request.parameters', 'subject_token', 'people', 'scope'], 'client.authentication')
    return nothing
  }
  checkParameters(list, facts.request, snapshot)
  const signIn = checkSubject(list, facts, snapshot)
  const app = findRequestingApp(facts, snapshot)
  if (signIn === undefined) list.skip(['people'], 'subject_token')
  else
    checkUserAccess(list, facts.user, {
      app,
      resourceApp: undefined,
      atSameAudience: [],
      connection: undefined,
    })
  const now = facts.nowMs / 1000
  const appId = facts.client.clientId ?? ''
  checkBlocks(list, { now, userId: signIn?.userId, appId, connectionId: undefined }, snapshot)
  const { scope, narrowed } = checkScope(list, facts.request)
  if (signIn === undefined) return { ...nothing, narrowed }
  return { signIn, narrowed, granted: describeGrant(facts, snapshot, { signIn, scope }) }
}

function checkParameters(list: Checklist, request: ExchangeRequest, { saml }: ExchangeSnapshot): void {
  if (request.hasSubjectToken) list.pass('request.parameters')
  else list.fail('request.parameters', 'XAA1001', { expected: ['subject_token'] })
  if (saml === undefined)
    list.fail('request.subject_token_type', 'XAA1003', { actual: request.subjectTokenType })
  if (request.hasActorToken) list.fail('request.actor', 'XAA1005', { expected: 'no actor_token' })
  else list.notApplicable('request.actor')
}

function checkScope(
  list: Checklist,
  { scope }: ExchangeRequest,
): { readonly scope: readonly string[]; readonly narrowed: readonly Narrowed[] } {
  const asked = parseScope(scope ?? '')
  if (!asked.accepted) {
    list.fail('scope', 'XAA1606', { actual: asked.refusal.malformed })
    return { scope: [], narrowed: [] }
  }
  const wanted = asked.value.length > 0 ? asked.value : USUAL_SCOPES
  const granted = wanted.filter((one) => SCOPES.includes(one))
  const narrowed = wanted
    .filter((one) => !SCOPES.includes(one))
    .map((one) => ({ scope: one, by: 'scopes of the sign-in', code: 'XAA1603' }))
  if (granted.length > 0) list.pass('scope', { actual: granted })
  else list.fail('scope', 'XAA1602', { expected: SCOPES, actual: wanted })
  return { scope: granted, narrowed }
}

/** It ends with the session that the assertion states (SAML-06). */
function describeGrant(
  { client, nowMs, dpop }: ExchangeFacts,
  { issuer }: ExchangeSnapshot,
  { signIn, scope }: { readonly signIn: SignInFact; readonly scope: readonly string[] },
): Granted {
  const left = signIn.endsAt === undefined ? REFRESH_TOKEN_TTL_SECONDS : signIn.endsAt - nowMs / 1000
  const isPublic = client.state === 'authenticated' && client.method === 'none'
  return {
    client_id: client.clientId ?? '',
    audience: issuer,
    resource: [],
    scope: [...scope],
    lifetime_seconds: Math.max(1, Math.floor(Math.min(REFRESH_TOKEN_TTL_SECONDS, left))),
    subject: { strategy: 'user.id', value: signIn.userId },
    // A confidential client's tokens are bound by its own authentication (RFC 9449 section 5).
    ...(isPublic && dpop.state === 'proved' ? { cnf: { jkt: dpop.jkt } } : {}),
  }
}
