// The one use case of the token endpoint: an ID-JAG becomes an access token, or a recorded refusal.
// Order: client, assertion, decision (pure), then ledger (single use, audit, token origin: one transaction), then sign.
import {
  addTiming,
  answerByNewest,
  answerRefusal,
  digest,
  findRepeated,
  findIssuerKey,
  importVerificationKey,
  observeJwt,
  type Outdated,
  type TokenAnswer,
  type TokenRequest,
  type ReplayKey,
} from '@crosswalk/as-core'
import {
  buildUserClaims,
  evaluateRedemption,
  findTrust,
  readProfile,
  type RedemptionFacts,
  type RedemptionSnapshot,
} from '@crosswalk/policy'
import {
  type DecisionRecord,
  type DpopFact,
  type Eventually,
  isObject,
  isVerified,
  type JwtFact,
  renderScope,
} from '@crosswalk/protocol'

import { resolveAccount, type Resolution } from './account-resolution.ts'
import type { RedemptionDependencies } from './dependencies.ts'
import { draftAccessToken } from './issue-access-token.ts'
import type { Identity } from './ports.ts'
import { listUses, takeFirstFree } from './uses-of-id-jag.ts'

export function redeemIdJag(request: TokenRequest, deps: RedemptionDependencies): Promise<TokenAnswer> {
  return answerByNewest(deps.untilDefined, (compares) => redeemOnce(request, deps, compares))
}

async function redeemOnce(
  request: TokenRequest,
  deps: RedemptionDependencies,
  compares: boolean,
): Promise<TokenAnswer | Outdated> {
  const seen = deps.snapshot()
  // What is at hand is not waited for (see `Eventually`).
  const observed = deps.clients.observe(request)
  const caller = observed instanceof Promise ? await observed : observed
  const { fact: client, replayKeys: clientReplayKeys, retryAfterSeconds } = caller
  const dpop = deps.dpop.observe(request)
  const read = client.state === 'authenticated' ? observeAssertion(request, deps, seen) : undefined
  const assertion = read instanceof Promise ? await read : read
  const found = lookUpAccount(assertion, request, deps, seen)
  const resolution = found instanceof Promise ? await found : found
  const facts: RedemptionFacts = {
    ...readFrame(request),
    client,
    describedClient:
      client.state === 'authenticated' ? deps.describedClients?.find(client.clientId) : undefined,
    dpop: dpop.fact,
    request: readRequest(request),
    assertion,
    confirmationThumbprint: readConfirmationThumbprint(assertion),
    account: resolution.fact,
    replayed: false,
    retryAfterSeconds,
  }
  // Taken anew, and the ledger is asked in the same turn: what was withdrawn while we observed is refused.
  const snapshot = deps.snapshot()
  const takenBackBy = findTakenBack(facts, snapshot, deps)
  const record = evaluateRedemption(takenBackBy === undefined ? facts : { ...facts, takenBackBy }, snapshot)
  if (record.outcome !== 'allow') return await refuse(record, request, { deps, facts, nonce: dpop.nonce })
  const replayKeys = [...clientReplayKeys, ...(dpop.replayKey === undefined ? [] : [dpop.replayKey])]
  const definedAt = compares ? snapshot.revision : undefined
  return await grant(record, request, {
    deps,
    facts,
    snapshot,
    resolution,
    replayKeys,
    definedAt,
    nonce: dpop.nonce,
  })
}

function findTakenBack(
  { assertion }: RedemptionFacts,
  { id }: RedemptionSnapshot,
  { receivedWithdrawals }: RedemptionDependencies,
): string | undefined {
  return isVerified(assertion) ? receivedWithdrawals?.find(id, assertion.claims) : undefined
}

function readFrame({ decisionId, traceId, receivedAtMs, ip }: TokenRequest) {
  return {
    decisionId,
    traceId,
    nowMs: receivedAtMs,
    mode: 'enforced',
    ip,
  } as const
}

function readRequest({ form }: TokenRequest): RedemptionFacts['request'] {
  const grantType = form.get('grant_type')
  const scope = form.get('scope')
  return {
    hasAssertion: form.get('assertion') !== undefined,
    resource: form.all('resource'),
    problems: findRepeated(form, ['resource']),
    grantType,
    scope,
    authorizationDetails: form.get('authorization_details'),
  }
}

/** The issuer named in the token is only a look-up key: unknown ones cause no traffic (RAS-08, SEC-13). */
function observeAssertion(
  { form }: TokenRequest,
  { issuerKeys }: RedemptionDependencies,
  snapshot: RedemptionSnapshot,
): Eventually<JwtFact> | undefined {
  const assertion = form.get('assertion')
  if (assertion === undefined) return undefined
  return observeJwt(assertion, ({ claims, header }) => {
    const trust = findTrust(snapshot, claims.iss, claims.tenant)
    if (trust === undefined) return undefined
    const { issuer, jwksUri, jwks, algorithms } = trust
    const where = { jwksUri, jwks }
    return {
      algorithms,
      find: () => findIssuerKey(issuerKeys, { issuer, kid: header.kid, algorithm: header.alg, ...where }),
    }
  })
}

function readConfirmationThumbprint(assertion: JwtFact | undefined): string | undefined {
  const cnf = isVerified(assertion) ? assertion.claims.cnf : undefined
  if (!isObject(cnf) || cnf.jwk === undefined) return undefined
  const key = importVerificationKey(cnf.jwk)
  return key.accepted ? key.value.thumbprint : undefined
}

function lookUpAccount(
  assertion: JwtFact | undefined,
  request: TokenRequest,
  { accounts }: RedemptionDependencies,
  snapshot: RedemptionSnapshot,
): Eventually<Resolution> {
  const trust = isVerified(assertion)
    ? findTrust(snapshot, assertion.claims.iss, assertion.claims.tenant)
    : undefined
  if (!isVerified(assertion) || trust === undefined) return { fact: { state: 'not-looked-up' } }
  return resolveAccount(
    {
      server: snapshot.id,
      claims: assertion.claims,
      trust,
      audTenant: snapshot.definition.audTenant,
      nowMs: request.receivedAtMs,
    },
    accounts,
  )
}

interface Refusing {
  readonly deps: RedemptionDependencies
  readonly facts: RedemptionFacts
  readonly nonce?: string | undefined
}

async function refuse(
  record: DecisionRecord,
  request: TokenRequest,
  { deps, facts, nonce }: Refusing,
): Promise<TokenAnswer> {
  const { client, assertion } = facts
  const jti = isVerified(assertion) ? assertion.claims.jti : undefined
  await deps.recorder.refuse(addTiming(record, request, deps.clock), {
    type: 'token.refused',
    authenticated: client.state === 'authenticated',
    ...(typeof jti === 'string' ? { grantId: digest(jti) } : {}),
  })
  return answerRefusal(record, request, nonce)
}

interface Granting extends Refusing {
  readonly snapshot: RedemptionSnapshot
  readonly resolution: Resolution
  readonly replayKeys: readonly ReplayKey[]
  readonly definedAt: number | undefined
}

async function grant(
  record: DecisionRecord,
  request: TokenRequest,
  parts: Granting,
): Promise<TokenAnswer | Outdated> {
  const { deps, facts, snapshot, resolution, definedAt } = parts
  const { granted } = record
  const accountId = record.resolution.account
  if (granted === null || accountId === undefined || !isVerified(facts.assertion))
    throw new TypeError('an allowed redemption names its grant and account')
  const idJag = facts.assertion.claims
  const draft = draftAccessToken({
    userClaims: findUserClaims(granted.resource, idJag, parts),
    snapshot,
    record,
    granted,
    idJag,
    accountId,
    now: request.receivedAtMs / 1000,
  })
  const commit = (use: ReplayKey) =>
    deps.recorder.grant(addTiming(record, request, deps.clock), {
      type: 'token.redeemed',
      issued: { jti: draft.origin.id, lifetimeSeconds: granted.lifetime_seconds },
      grantId: draft.origin.grantId,
      replayKeys: [...parts.replayKeys, use],
      accessToken: draft.origin,
      account: resolution.newAccount,
      definedAt,
    })
  const uses = listUses(snapshot, idJag)
  const outcome = await (uses.length === 1 ? commit(uses[0]) : takeFirstFree(uses, commit))
  if (!outcome.committed)
    return outcome.used === undefined ? outcome : refuseUsed(outcome.used, request, parts)
  if (resolution.unlinked !== undefined) await linkAccount(accountId, resolution.unlinked, request, parts)
  return {
    http: 200,
    body: {
      access_token: draft.render(deps.signingKeys.current('access-token')),
      token_type: granted.cnf === undefined ? 'Bearer' : 'DPoP',
      expires_in: granted.lifetime_seconds,
      scope: renderScope(granted.scope),
      resource: granted.resource.length === 1 ? granted.resource[0] : granted.resource,
      authorization_details: granted.authorization_details,
    },
    headers: parts.nonce === undefined ? undefined : { 'dpop-nonce': parts.nonce },
  }
}

/** The grant stands whatever becomes of the link; without it the user is found again as this time. */
async function linkAccount(
  accountId: string,
  identity: Identity,
  { decisionId }: TokenRequest,
  { deps, snapshot }: Granting,
): Promise<void> {
  try {
    await deps.accounts.link?.(snapshot.id, accountId, identity)
  } catch (fault) {
    deps.onFault(fault, decisionId)
  }
}

function findUserClaims(
  resource: readonly string[],
  idJag: Readonly<Record<string, unknown>>,
  { facts, snapshot }: Granting,
) {
  const trust = findTrust(snapshot, idJag.iss, idJag.tenant)
  const profile = readProfile(facts.account)
  return trust === undefined ? undefined : buildUserClaims({ resource, idJag, trust, profile }, snapshot)
}

/** The ledger found a replay key used: the same facts, judged once more with what it said. */
async function refuseUsed(used: ReplayKey, request: TokenRequest, parts: Granting): Promise<TokenAnswer> {
  const facts: RedemptionFacts = { ...parts.facts, ...judgeUsed(used) }
  return refuse(evaluateRedemption(facts, parts.snapshot), request, { ...parts, facts })
}

function judgeUsed({ kind }: ReplayKey): Partial<RedemptionFacts> {
  if (kind === 'id-jag') return { replayed: true }
  const dpop: DpopFact = { state: 'refused', nonceNeeded: false, detail: 'proof already used' }
  return kind === 'dpop'
    ? { dpop }
    : { client: { state: 'refused', code: 'XAA2101', detail: 'client assertion already used' } }
}
