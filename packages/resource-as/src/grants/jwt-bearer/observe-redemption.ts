// Observes a redemption request: the ID-JAG, the key it is bound to, and the account of its subject. Reports facts
// only.
import {
  type CallerFacts,
  findIssuerKey,
  findRepeated,
  grantIdOf,
  importVerificationKey,
  observeJwt,
  type TokenRequest,
} from '@crosswalk/as-core'
import { findTrust, type RedemptionFacts, type RedemptionSnapshot } from '@crosswalk/policy'
import { isObject, isVerified, type JwtFact } from '@crosswalk/protocol'

import { resolveAccount, type Resolution } from '../../accounts/account-resolution.ts'
import type { RedemptionDependencies } from '../../dependencies.ts'

/** Facts for the evaluation, plus how the account was resolved. */
export interface ObservedRedemption extends RedemptionFacts {
  readonly resolution: Resolution
}

export async function observeRedemption(
  request: TokenRequest,
  caller: CallerFacts,
  deps: RedemptionDependencies,
): Promise<ObservedRedemption> {
  const { client } = caller
  const snapshot = deps.snapshot()
  const isKnown = client.state === 'authenticated'
  const assertion = isKnown ? await observeAssertion(request, deps, snapshot) : undefined
  const resolution = await lookUpAccount(assertion, request, deps, snapshot)
  return {
    ...caller,
    describedClient: isKnown ? deps.describedClients?.find(client.clientId) : undefined,
    request: readRequest(request),
    assertion,
    confirmationThumbprint: readConfirmationThumbprint(assertion),
    isOfRevokedToken: await isOfRevokedToken(assertion, deps),
    deniedNow: isVerified(assertion) ? await deps.issuedIdJags?.findDenialNow(assertion.claims) : undefined,
    account: resolution.fact,
    replayed: false,
    resolution,
  }
}

function readRequest({ form }: TokenRequest): RedemptionFacts['request'] {
  return {
    hasAssertion: form.get('assertion') !== undefined,
    resource: form.all('resource'),
    problems: findRepeated(form, ['resource']),
    grantType: form.get('grant_type'),
    scope: form.get('scope'),
    authorizationDetails: form.get('authorization_details'),
  }
}

/** The issuer named in the token is only a look-up key: unknown issuers cause no traffic (RAS-08, SEC-13). */
async function observeAssertion(
  { form }: TokenRequest,
  { issuerKeys }: RedemptionDependencies,
  snapshot: RedemptionSnapshot,
): Promise<JwtFact | undefined> {
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

/** Only an ID-JAG with a nested actor can belong to a chain. */
export async function isOfRevokedToken(
  assertion: JwtFact | undefined,
  { tokenDescents }: Pick<RedemptionDependencies, 'tokenDescents'>,
): Promise<boolean> {
  if (tokenDescents === undefined || !isVerified(assertion)) return false
  const { act, jti } = assertion.claims
  return isObject(act) && isObject(act['act']) && tokenDescents.isOfRevoked(grantIdOf(String(jti)))
}

function readConfirmationThumbprint(assertion: JwtFact | undefined): string | undefined {
  const cnf = isVerified(assertion) ? assertion.claims.cnf : undefined
  if (!isObject(cnf) || cnf.jwk === undefined) return undefined
  const key = importVerificationKey(cnf.jwk)
  return key.accepted ? key.value.thumbprint : undefined
}

async function lookUpAccount(
  assertion: JwtFact | undefined,
  { receivedAtMs: nowMs }: TokenRequest,
  { accounts }: RedemptionDependencies,
  snapshot: RedemptionSnapshot,
): Promise<Resolution> {
  if (!isVerified(assertion)) return { fact: { state: 'not-looked-up' } }
  const { claims } = assertion
  const trust = findTrust(snapshot, claims.iss, claims.tenant)
  if (trust === undefined) return { fact: { state: 'not-looked-up' } }
  const { audTenant } = snapshot.definition
  return resolveAccount({ server: snapshot.id, claims, trust, audTenant, nowMs }, accounts)
}
