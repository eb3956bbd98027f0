// Whether a Resource Authorization Server issues an access token for an ID-JAG: pure, one record.
import { type DecisionRecord, type Granted, readActor } from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import { renderRequestingApp } from './client-evidence.ts'
import { checkAccount } from './redemption/account-checks.ts'
import { checkAssertion, type TrustedAssertion } from './redemption/assertion-checks.ts'
import { checkClient, checkRequest } from './redemption/client-checks.ts'
import { checkAskedDetails, checkDetails, checkResource, checkScope } from './redemption/grant-checks.ts'
import { buildUserClaims, checkUserClaims, readProfile } from './redemption/user-claims.ts'
import type { RedemptionFacts } from './redemption-facts.ts'
import { mostUses, type RedemptionSnapshot } from './redemption-snapshot.ts'
import { renderTime } from './moment.ts'
import { assembleRecord } from './record.ts'

interface Findings {
  readonly trusted?: TrustedAssertion | undefined
  readonly accountId?: string | undefined
  readonly narrowed: DecisionRecord['narrowed']
  readonly granted: Granted | null
}

const NOTHING_FOUND: Findings = { narrowed: [], granted: null }
const ALL_LATER = ['assertion', 'trust.issuer', 'resource', 'scope', 'account', 'replay'] as const

/**
 * Decides one redemption.
 *
 * @param facts - what was observed; `replayed` is set only after the ledger confirmed it, since it is the last check
 * (RAS-19)
 * @returns the decision record; never throws
 * @see draft-ietf-oauth-identity-assertion-authz-grant section 4.4.1
 */
export function evaluateRedemption(facts: RedemptionFacts, snapshot: RedemptionSnapshot): DecisionRecord {
  const list = createChecklist()
  const found = runChecks(list, facts, snapshot)
  const trust = found.trusted?.trust
  return assembleRecord({
    frame: facts,
    stage: 'ras.redemption',
    list,
    request: renderRequest(facts, found),
    resolution: {
      candidates: [],
      resource_app: snapshot.id,
      account: found.accountId,
    },
    narrowed: found.narrowed,
    granted: found.granted,
    retryAfterSeconds: facts.retryAfterSeconds ?? findKeyWait(facts),
    names: {
      app: facts.client.clientId ?? 'An unknown client',
      target: snapshot.name,
      user: trust === undefined ? 'the user' : `the user of ${trust.issuer}`,
    },
    snapshot: { revision: snapshot.revision, clock_skew_seconds: snapshot.clockSkewSeconds },
  })
}

function runChecks(list: Checklist, facts: RedemptionFacts, snapshot: RedemptionSnapshot): Findings {
  if (facts.request.problems.length > 0) {
    list.fail('request.form', 'XAA2002', { actual: facts.request.problems })
    list.skip(['client.authentication', ...ALL_LATER], 'request.form')
    return NOTHING_FOUND
  }
  list.pass('request.form')
  if (!checkClient(list, facts, snapshot)) {
    list.skip(['request.parameters', ...ALL_LATER], 'client.authentication')
    return NOTHING_FOUND
  }
  checkRequest(list, facts)
  const trusted = checkAssertion(list, facts, snapshot)
  return trusted === undefined ? NOTHING_FOUND : checkGrant(list, facts, snapshot, trusted)
}

function checkGrant(
  list: Checklist,
  facts: RedemptionFacts,
  snapshot: RedemptionSnapshot,
  trusted: TrustedAssertion,
): Findings {
  const resource = checkResource(list, trusted.claims, facts, snapshot)
  const claimed = checkDetails(list, trusted.claims, { snapshot, resource })
  const details = claimed === undefined ? undefined : checkAskedDetails(list, facts.request, claimed)
  if (resource === undefined) list.skip(['scope'], 'resource')
  else if (claimed === undefined) list.skip(['scope'], 'authorization_details')
  else if (details === undefined) list.skip(['scope'], 'request.authorization_details')
  const { scope, narrowed } =
    resource === undefined || details === undefined
      ? { scope: [], narrowed: [] }
      : checkScope(list, trusted.claims, facts, { snapshot, resource, details })
  const accountId = checkAccount(list, facts.account)
  if (resource !== undefined) {
    const { claims: idJag, trust } = trusted
    checkUserClaims(
      list,
      buildUserClaims({ resource, idJag, trust, profile: readProfile(facts.account) }, snapshot),
    )
  }
  const failure = list.failure()
  if (failure !== undefined) list.skip(['replay'], failure.id)
  else if (facts.replayed) list.fail('replay', 'XAA2209', { expected: describeUses(snapshot) })
  else list.pass('replay', { expected: snapshot.definition.replay })
  const granted: Granted = {
    client_id: facts.client.clientId ?? '',
    audience: snapshot.issuer,
    resource: [...(resource ?? [])],
    scope: [...scope],
    authorization_details: details === undefined || details.length === 0 ? undefined : [...details],
    lifetime_seconds: findLifetime(trusted.claims, facts, snapshot),
    subject: { strategy: 'account', value: accountId },
    cnf: trusted.jkt === undefined ? undefined : { jkt: trusted.jkt },
  }
  return { trusted, accountId, narrowed, granted }
}

function findKeyWait({ assertion }: RedemptionFacts): number | undefined {
  return assertion?.state === 'read' ? assertion.retryAfterSeconds : undefined
}

function describeUses({ definition }: RedemptionSnapshot): string {
  const most = mostUses(definition)
  return most === 1 ? 'a jti that was not used' : `a jti that was used less than ${most} times`
}

/** As configured, but never past the end of the sign-in session if the issuer states it (AT-11). */
function findLifetime(
  { session_expiry: end }: TrustedAssertion['claims'],
  { nowMs }: RedemptionFacts,
  { definition }: RedemptionSnapshot,
): number {
  const left = typeof end === 'number' ? Math.floor(end) - Math.floor(nowMs / 1000) : Infinity
  return Math.max(0, Math.min(definition.accessTokenTtlSeconds, left))
}

function renderRequest(facts: RedemptionFacts, { trusted }: Findings): DecisionRecord['request'] {
  const { client, request, assertion } = facts
  const claims = trusted?.claims
  return {
    grant_type: request.grantType,
    requesting_app: renderRequestingApp(client),
    subject:
      claims === undefined
        ? null
        : {
            ref: String(claims.sub),
            issuer: String(claims.iss),
            token_type: 'id-jag',
            auth_time: typeof claims.auth_time === 'number' ? renderTime(claims.auth_time * 1000) : undefined,
            acr: typeof claims.acr === 'string' ? claims.acr : undefined,
          },
    actor: claims?.act === undefined ? undefined : readActor(claims.act),
    audience:
      assertion?.state === 'read' && typeof assertion.claims.aud === 'string'
        ? assertion.claims.aud
        : undefined,
    resource: [...request.resource],
    scope: typeof request.scope === 'string' ? request.scope.split(' ').filter((one) => one !== '') : [],
    context: facts.ip === undefined ? {} : { ip: facts.ip },
  }
}
