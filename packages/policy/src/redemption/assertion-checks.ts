// The ID-JAG: first trust in the issuer it names, then its signature; only then are its claims used.
import {
  findActorProblem,
  inspectIdJag,
  isIdJagTyp,
  type JwtFact,
  readConfirmation,
  type TrustedIssuerDefinition,
  type XaaCode,
} from '@crosswalk/protocol'

import type { Checklist } from '../checklist.ts'
import type { RedemptionFacts } from '../redemption-facts.ts'
import { findClient, findRevocation, findTrust, type RedemptionSnapshot } from '../redemption-snapshot.ts'

export interface TrustedAssertion {
  readonly claims: Readonly<Record<string, unknown>>
  readonly trust: TrustedIssuerDefinition
  /** Thumbprint the access token will be bound to, if any */
  readonly jkt: string | undefined
}

const AFTER_SIGNATURE = [
  'assertion.claims',
  'assertion.audience',
  'assertion.client',
  'assertion.expiry',
  'tenant',
  'binding',
  'resource',
  'scope',
  'account',
] as const

export function checkAssertion(
  list: Checklist,
  facts: RedemptionFacts,
  snapshot: RedemptionSnapshot,
): TrustedAssertion | undefined {
  const { assertion, client } = facts
  if (assertion === undefined || client.state !== 'authenticated') return undefined
  if (!checkForm(list, assertion) || assertion.state !== 'read') return undefined
  const trust = checkTrust(list, assertion.claims, { ...facts, clientId: client.clientId }, snapshot)
  if (trust === undefined) {
    list.skip(['assertion.signature', ...AFTER_SIGNATURE], 'trust.issuer')
    return undefined
  }
  if (!checkSignature(list, assertion)) return undefined
  list.take(
    inspectIdJag(assertion.claims, {
      issuer: snapshot.issuer,
      clientId: client.clientId,
      now: facts.nowMs / 1000,
      clockSkewSeconds: snapshot.clockSkewSeconds,
      maxLifetimeSeconds: snapshot.definition.maxIdJagLifetimeSeconds,
    }),
  )
  checkRevoked(list, assertion.claims, facts, snapshot)
  checkTenant(list, assertion.claims, trust, snapshot)
  const jkt = checkBinding(list, assertion.claims, facts, snapshot)
  const actorProblem = findActorProblem(assertion.claims.act)
  if (actorProblem !== undefined) list.fail('assertion.actor', 'XAA2218', { actual: actorProblem })
  return { claims: assertion.claims, trust, jkt }
}

function checkForm(list: Checklist, assertion: JwtFact): boolean {
  const problem =
    assertion.state === 'unreadable'
      ? assertion.detail
      : isIdJagTyp(assertion.typ)
        ? undefined
        : `typ ${assertion.typ ?? 'missing'}`
  if (problem === undefined) {
    list.pass('assertion.form')
    return true
  }
  list.fail('assertion.form', 'XAA2201', {
    expected: 'one signed JWT of typ oauth-id-jag+jwt',
    actual: problem,
  })
  list.skip(['trust.issuer', 'assertion.signature', ...AFTER_SIGNATURE], 'assertion.form')
  return false
}

function checkTrust(
  list: Checklist,
  claims: Readonly<Record<string, unknown>>,
  { clientId, describedClient }: Pick<RedemptionFacts, 'describedClient'> & { readonly clientId: string },
  snapshot: RedemptionSnapshot,
): TrustedIssuerDefinition | undefined {
  const trust = findTrust(snapshot, claims.iss, claims.tenant)
  const issuers = findClient(snapshot, clientId, describedClient)?.issuers
  if (trust === undefined)
    list.fail('trust.issuer', 'XAA2202', { expected: [...snapshot.trusted.keys()], actual: claims.iss })
  else if (issuers !== undefined && !issuers.includes(trust.issuer))
    list.fail('trust.issuer', 'XAA2104', { expected: issuers, actual: claims.iss })
  else {
    list.pass('trust.issuer', { actual: trust.issuer })
    return trust
  }
  return undefined
}

const SIGNATURE_CODE: Record<Exclude<Extract<JwtFact, { state: 'read' }>['signature'], 'valid'>, XaaCode> = {
  invalid: 'XAA2203',
  'unknown-key': 'XAA2203',
  'algorithm-refused': 'XAA2205',
  'keys-unreachable': 'XAA2204',
  'keys-refused': 'XAA2203',
  'not-checked': 'XAA2203',
}

function checkSignature(
  list: Checklist,
  { signature, keyProblem }: Extract<JwtFact, { state: 'read' }>,
): boolean {
  if (signature === 'valid') {
    list.pass('assertion.signature')
    return true
  }
  list.fail('assertion.signature', SIGNATURE_CODE[signature], {
    expected: 'a signature by a key of the issuer',
    actual: keyProblem === undefined ? signature : `${signature}: ${keyProblem}`,
  })
  list.skip(AFTER_SIGNATURE, 'assertion.signature')
  return false
}

/** An ID-JAG lives for minutes; whatever stops its issuance must also stop its use. */
export function checkRevoked(
  list: Checklist,
  claims: Readonly<Record<string, unknown>>,
  facts: Pick<RedemptionFacts, 'revokedBy' | 'isOfRevokedToken' | 'deniedNow' | 'nowMs'>,
  snapshot: RedemptionSnapshot,
): void {
  const { revokedBy, isOfRevokedToken, deniedNow, nowMs } = facts
  if (isOfRevokedToken === true) {
    list.fail('assertion.revoked', 'XAA2216', { actual: 'issued for an access token that is revoked' })
    return
  }
  if (snapshot.revocations.length === 0 && revokedBy === undefined && deniedNow === undefined) return
  const hit = revokedBy ?? findRevocation(snapshot, claims, nowMs / 1000)?.id
  if (hit !== undefined) list.fail('assertion.revoked', 'XAA2216', { ref: hit })
  else if (deniedNow === undefined) list.pass('assertion.revoked')
  else
    list.fail('assertion.revoked', 'XAA2216', {
      expected: 'what its issuer would issue now',
      actual: deniedNow,
    })
}

/** `tenant` is the issuer's, `aud_tenant` is ours; a signature proves neither (TEN-03, TEN-06). */
function checkTenant(
  list: Checklist,
  { tenant, aud_tenant: audTenant }: Readonly<Record<string, unknown>>,
  trust: TrustedIssuerDefinition,
  { definition }: RedemptionSnapshot,
): void {
  const expected = {
    ...(trust.tenant === undefined ? {} : { tenant: trust.tenant }),
    ...(definition.audTenant === undefined ? {} : { aud_tenant: definition.audTenant }),
  }
  const tenantWrong = trust.tenant !== undefined && tenant !== trust.tenant
  const audTenantWrong =
    definition.audTenant === undefined ? false : audTenant !== undefined && audTenant !== definition.audTenant
  if (tenantWrong || audTenantWrong)
    list.fail('tenant', 'XAA2214', { expected, actual: { tenant, aud_tenant: audTenant } })
  else if (trust.tenant === undefined && audTenant === undefined) list.notApplicable('tenant')
  else list.pass('tenant')
}

/**
 * A bound ID-JAG needs a proof with its key; for an unbound one, a proof may still bind the token (DPOP-05 to DPOP-08).
 */
function checkBinding(
  list: Checklist,
  { cnf }: Readonly<Record<string, unknown>>,
  { client, describedClient, dpop, confirmationThumbprint }: RedemptionFacts,
  snapshot: RedemptionSnapshot,
): string | undefined {
  const confirmation = readConfirmation(cnf, confirmationThumbprint)
  const proved = dpop.state === 'proved' ? dpop.jkt : undefined
  const demanded =
    client.state === 'authenticated' &&
    findClient(snapshot, client.clientId, describedClient)?.dpopBoundAccessTokens === true
  if (confirmation.problem !== undefined) list.fail('binding', 'XAA2215', { actual: confirmation.problem })
  else if (confirmation.jkt !== undefined && confirmation.jkt !== proved)
    list.fail('binding', 'XAA2215', { expected: confirmation.jkt, actual: proved ?? 'no proof' })
  else if (demanded && proved === undefined)
    list.fail('binding', 'XAA2215', { expected: 'a DPoP proof, since this client accepts only bound tokens' })
  else if (proved === undefined) list.notApplicable('binding')
  else list.pass('binding', { actual: proved })
  return proved
}
