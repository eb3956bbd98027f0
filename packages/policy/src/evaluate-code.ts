// Whether a Resource Authorization Server issues an access token for an authorization code: pure, one record.
import { type DecisionRecord, type Granted, GRANT_TYPE } from '@crosswalk/protocol'

import { type Checklist, createChecklist } from './checklist.ts'
import { checkAuthentication, checkDpopProof, checkRate, renderRequestingApp } from './client-evidence.ts'
import { type AuthorizationCode, type CodeFacts, describeCode } from './code-facts.ts'
import { renderTime } from './moment.ts'
import { assembleRecord } from './record.ts'
import { checkRevoked } from './redemption/assertion-checks.ts'
import { checkCodeClient, checkUser } from './redemption/code-flow-checks.ts'
import { buildUserClaims, checkUserClaims, readProfile } from './redemption/user-claims.ts'
import { findClient, type RedemptionSnapshot } from './redemption-snapshot.ts'

interface Findings {
  readonly accountId?: string | undefined
  readonly granted: Granted | null
  readonly narrowed: DecisionRecord['narrowed']
}

const NOTHING_FOUND: Findings = { granted: null, narrowed: [] }

/**
 * Decides one redemption of a code.
 *
 * @param facts - what was observed; `replayed` is set only after the ledger confirmed it, since it is the last check
 * @returns the decision record; never throws
 * @see RFC 6749 section 4.1.3, RFC 7636 section 4.6
 */
export function evaluateCode(facts: CodeFacts, snapshot: RedemptionSnapshot): DecisionRecord {
  const list = createChecklist()
  const { accountId, granted, narrowed } = runChecks(list, facts, snapshot)
  return assembleRecord({
    frame: facts,
    stage: 'ras.token',
    list,
    request: renderRequest(facts),
    resolution: { candidates: [], resource_app: snapshot.id, account: accountId },
    narrowed,
    granted,
    retryAfterSeconds: facts.retryAfterSeconds,
    names: {
      app: facts.client.clientId ?? 'An unknown client',
      target: snapshot.name,
      user: 'the user',
    },
    snapshot: { revision: snapshot.revision, clock_skew_seconds: snapshot.clockSkewSeconds },
  })
}

function runChecks(list: Checklist, facts: CodeFacts, snapshot: RedemptionSnapshot): Findings {
  const { request, client } = facts
  if (request.problems.length > 0) {
    list.fail('request.form', 'XAA2002', { actual: request.problems })
    list.skip(['client.authentication', 'code.form', 'account', 'replay'], 'request.form')
    return NOTHING_FOUND
  }
  list.pass('request.form')
  if (!checkAuthentication(list, client)) {
    list.skip(['request.parameters', 'code.form', 'account', 'replay'], 'client.authentication')
    return NOTHING_FOUND
  }
  checkCodeClient(list, findClient(snapshot, client.clientId, facts.describedClient), snapshot)
  checkRate(list, facts.retryAfterSeconds)
  checkDpopProof(list, facts.dpop, { refused: 'XAA2219', nonceNeeded: 'XAA2220' })
  const { code } = facts
  if (!hasParameters(list, facts)) {
    list.skip(['code.form', 'account', 'replay'], 'request.parameters')
    return NOTHING_FOUND
  }
  if (code === undefined) {
    list.fail('code.form', 'XAA2501', { expected: 'a code issued by this server' })
    list.skip(['account', 'replay'], 'code.form')
    return NOTHING_FOUND
  }
  list.pass('code.form')
  checkBinding(list, facts, code)
  return checkGrant(list, facts, { code, snapshot })
}

function hasParameters(list: Checklist, { request }: CodeFacts): boolean {
  const { hasCode, redirectUri, challenge } = request
  const missing = [
    ...(hasCode ? [] : ['code']),
    ...(redirectUri === undefined ? ['redirect_uri'] : []),
    ...(challenge === undefined ? ['code_verifier'] : []),
  ]
  if (missing.length === 0) list.pass('request.parameters')
  else list.fail('request.parameters', 'XAA2002', { expected: missing })
  return missing.length === 0
}

/** A code is bound to one client, one redirect URI and one verifier, and lives one minute. */
function checkBinding(list: Checklist, { client, request, nowMs }: CodeFacts, code: AuthorizationCode): void {
  if (code.clientId === client.clientId) list.pass('code.client')
  else list.fail('code.client', 'XAA2502', { expected: code.clientId, actual: client.clientId })
  if (code.redirectUri === request.redirectUri) list.pass('code.redirect_uri')
  else list.fail('code.redirect_uri', 'XAA2502', { expected: code.redirectUri, actual: request.redirectUri })
  if (code.exp * 1000 > nowMs) list.pass('code.expiry')
  else list.fail('code.expiry', 'XAA2501', { expected: renderTime(code.exp * 1000) })
  if (code.codeChallenge === request.challenge) list.pass('code.verifier')
  else list.fail('code.verifier', 'XAA2503')
}

function checkGrant(
  list: Checklist,
  facts: CodeFacts,
  { code, snapshot }: { readonly code: AuthorizationCode; readonly snapshot: RedemptionSnapshot },
): Findings {
  const idJag = describeCode(code)
  checkRevoked(list, idJag, facts, snapshot)
  const jkt = facts.dpop.state === 'proved' ? facts.dpop.jkt : undefined
  const resource = checkResource(list, facts, { code, snapshot })
  if (resource === undefined) list.skip(['binding', 'scope'], 'resource.parameter')
  else checkKey(list, { facts, code, resource, jkt }, snapshot)
  const { scope, narrowed } =
    resource === undefined ? { scope: [], narrowed: [] } : checkScope(list, { code, resource }, snapshot)
  const accountId = checkUser(list, facts, snapshot)
  const profile = readProfile(facts.account)
  checkUserClaims(list, buildUserClaims({ resource: resource ?? [], idJag, profile }, snapshot))
  const failure = list.failure()
  if (failure !== undefined) list.skip(['replay'], failure.id)
  else if (facts.replayed) list.fail('replay', 'XAA2504', { expected: 'an unused code' })
  else list.pass('replay', { expected: 'single-use' })
  const granted: Granted = {
    client_id: code.clientId,
    audience: snapshot.issuer,
    resource: [...(resource ?? [])],
    scope: [...scope],
    lifetime_seconds: snapshot.definition.authorizationCode?.accessTokenTtlSeconds ?? 0,
    subject: { strategy: 'account', value: accountId },
    cnf: jkt === undefined ? undefined : { jkt },
  }
  return { accountId, narrowed, granted }
}

/** The parameter narrows the resources that the user was asked for (RFC 8707 section 2.2). */
function checkResource(
  list: Checklist,
  { request }: CodeFacts,
  { code, snapshot }: { readonly code: AuthorizationCode; readonly snapshot: RedemptionSnapshot },
): readonly string[] | undefined {
  const wanted = request.resource.length > 0 ? [...new Set(request.resource)] : code.resource
  const beyond = wanted.filter((id) => !code.resource.includes(id) || !snapshot.resources.has(id))
  if (beyond.length === 0) list.pass('resource.parameter', { actual: wanted })
  else list.fail('resource.parameter', 'XAA2217', { expected: code.resource, actual: wanted })
  return beyond.length === 0 ? wanted : undefined
}

function checkKey(
  list: Checklist,
  {
    facts: { client, describedClient },
    code: { dpopJkt },
    resource,
    jkt,
  }: {
    readonly facts: CodeFacts
    readonly code: AuthorizationCode
    readonly resource: readonly string[]
    readonly jkt: string | undefined
  },
  snapshot: RedemptionSnapshot,
): void {
  const demanded =
    findClient(snapshot, client.clientId ?? '', describedClient)?.dpopBoundAccessTokens === true ||
    resource.some((id) => snapshot.resources.get(id)?.dpop === 'required')
  if (dpopJkt !== undefined && jkt !== dpopJkt)
    list.fail('binding', 'XAA2215', { expected: dpopJkt, actual: jkt ?? 'no proof' })
  else if (demanded && jkt === undefined)
    list.fail('binding', 'XAA2215', {
      expected: 'a DPoP proof, since the client or resource accepts only bound tokens',
    })
  else if (jkt === undefined) list.notApplicable('binding')
  else list.pass('binding', { actual: jkt })
}

/** Omits scopes that the resources no longer define, or that belong to other resources. */
function checkScope(
  list: Checklist,
  { code, resource }: { readonly code: AuthorizationCode; readonly resource: readonly string[] },
  { id, resources }: RedemptionSnapshot,
): { readonly scope: readonly string[]; readonly narrowed: DecisionRecord['narrowed'] } {
  const served = resource.flatMap((one) => resources.get(one)?.scopes ?? [])
  const scope = code.scope.filter((one) => served.includes(one))
  const narrowed = code.scope
    .filter((one) => !served.includes(one))
    .map((one) => ({ scope: one, by: `resources of ${id}`, code: 'XAA2403' }))
  if (scope.length > 0 || code.scope.length === 0) list.pass('scope', { actual: scope })
  else list.fail('scope', 'XAA2403', { expected: [...new Set(served)], actual: code.scope })
  return { scope, narrowed }
}

function renderRequest({ client, request, code, ip }: CodeFacts): DecisionRecord['request'] {
  return {
    grant_type: GRANT_TYPE.authorizationCode,
    requesting_app: renderRequestingApp(client),
    subject:
      code === undefined
        ? null
        : {
            ref: code.subject,
            issuer: code.issuer,
            token_type: 'authorization_code',
            auth_time: code.authTime === undefined ? undefined : renderTime(code.authTime * 1000),
            acr: code.acr,
          },
    resource: [...request.resource],
    scope: code === undefined ? [] : [...code.scope],
    context: ip === undefined ? {} : { ip },
  }
}
