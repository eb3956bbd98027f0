// Token introspection (RFC 7662): what an API may learn about a token for one of its resources, or a client about its own.
import { type JsonAnswer, type ManagementRequest, refuseIncomplete } from '@crosswalk/as-core'
import { findRequiredIssuer, findRevocation, findTrust } from '@crosswalk/policy'
import { type EpochMs, renderAudience, renderScope } from '@crosswalk/protocol'

import { findServiceAccount } from './accounts/account-resolution.ts'
import type { RedemptionDependencies } from './dependencies.ts'
import type { IssuedAccessToken } from './ports.ts'
import { findIssuedToken } from './token-inspection.ts'

const INACTIVE: JsonAnswer = { http: 200, body: { active: false } }

/**
 * Answers one introspection request of an authenticated client.
 *
 * @returns `active: false` for anything not live or not this client's to ask about; the two look the same
 */
export async function introspect(
  { form, clientId, nowMs }: ManagementRequest,
  deps: RedemptionDependencies,
): Promise<JsonAnswer> {
  const token = form.get('token')
  if (token === undefined) return refuseIncomplete(['token'])
  const issued = await findLiveToken(token, nowMs, deps)
  const known = issued === undefined ? undefined : showTo(clientId, issued, deps)
  return known === undefined ? INACTIVE : { http: 200, body: describe(known, deps.snapshot().issuer) }
}

/** The same for an API in this program, which needs no credentials to ask about tokens for itself. */
export async function introspectFor(
  resource: string,
  token: string,
  deps: RedemptionDependencies,
): Promise<Readonly<Record<string, unknown>>> {
  const issued = await findLiveToken(token, deps.clock.nowMs(), deps)
  if (issued?.resource.includes(resource) !== true) return INACTIVE.body
  return describe(showFor([resource], issued), deps.snapshot().issuer)
}

export interface InspectedToken {
  readonly state: 'live' | 'expired' | 'revoked'
  /** Of this server */
  readonly issuer: string
  readonly token: IssuedAccessToken
}

/** @returns where a token of this server came from, live or not; undefined for any other */
export async function inspectToken(
  text: string,
  deps: RedemptionDependencies,
): Promise<InspectedToken | undefined> {
  const token = await findIssuedToken(text, deps)
  if (token === undefined) return undefined
  return { state: await judgeToken(token, deps.clock.nowMs(), deps), issuer: deps.snapshot().issuer, token }
}

async function findLiveToken(
  token: string,
  nowMs: EpochMs,
  deps: RedemptionDependencies,
): Promise<IssuedAccessToken | undefined> {
  const issued = await findIssuedToken(token, deps)
  if (issued === undefined) return undefined
  return (await judgeToken(issued, nowMs, deps)) === 'live' ? issued : undefined
}

async function judgeToken(
  issued: IssuedAccessToken,
  nowMs: EpochMs,
  deps: RedemptionDependencies,
): Promise<InspectedToken['state']> {
  if (issued.revokedAt !== undefined) return 'revoked'
  if (issued.expiresAt * 1000 <= nowMs) return 'expired'
  if (isRevokedByAct(issued, nowMs, deps)) return 'revoked'
  if (!stillStands(issued, deps) || !(await hasEntitledUser(issued, deps))) return 'revoked'
  return (await deps.issuedIdJags?.isOutdated(issued)) === true ? 'revoked' : 'live'
}

/** The process of an act may end before it has revoked what the act means. */
function isRevokedByAct(
  { issuer, issuerSubject, clientId, resource }: IssuedAccessToken,
  nowMs: EpochMs,
  { snapshot }: RedemptionDependencies,
): boolean {
  const claims = { iss: issuer, sub: issuerSubject, client_id: clientId, resource }
  return findRevocation(snapshot(), claims, nowMs / 1000) !== undefined
}

/** A user who has been disabled since gets no further by an earlier token (RAS-32). */
async function hasEntitledUser(
  { authorizationServer, accountId, issuer, issuerSubject, tenant, grantType, userClaims }: IssuedAccessToken,
  { snapshot, accounts }: RedemptionDependencies,
): Promise<boolean> {
  const isByCode = grantType !== undefined
  // There is no account of a user who is known by issuer and subject alone.
  const trust = isByCode ? undefined : findTrust(snapshot(), issuer, tenant)
  // A service account is one as long as it is listed for its workload.
  if (userClaims?.['sub_profile'] !== undefined)
    return trust !== undefined && findServiceAccount(trust, issuerSubject) === accountId
  if (trust?.provisioning === 'external') return true
  const account = await accounts.findById(authorizationServer, accountId)
  if (account?.status !== 'active') return false
  // A company that requires ID-JAG from now on means the tokens that its users have, too.
  return !isByCode || findRequiredIssuer(snapshot(), account) === undefined
}

/** A token ends with the trust and the client it rests on, at once and without asking the issuer (SEC-33, REV-08). */
function stillStands(
  { issuer, tenant, clientId, grantType }: IssuedAccessToken,
  { snapshot, describedClients }: RedemptionDependencies,
): boolean {
  const { trusted, clients, definition } = snapshot()
  const client = clients.get(clientId)
  const stands = client === undefined ? describedClients?.isAllowed(clientId) : client.active
  if (grantType !== undefined) return stands === true && definition.authorizationCode !== undefined
  const trust = trusted
    .get(issuer)
    ?.some((entry) => entry.active && (entry.tenant === undefined || entry.tenant === tenant))
  return trust === true && stands === true && client?.issuers?.includes(issuer) !== false
}

/** @returns what a client may know of a token: all of its own, of others what an API needs; undefined where nothing */
function showTo(
  clientId: string,
  issued: IssuedAccessToken,
  { snapshot }: RedemptionDependencies,
): IssuedAccessToken | undefined {
  if (issued.clientId === clientId) return issued
  const { introspects = [] } = snapshot().clients.get(clientId) ?? {}
  const resources = issued.resource.filter((id) => introspects.includes(id))
  return resources.length === 0 ? undefined : showFor(resources, issued)
}

/** An API gets the authorization details that are about its own resources, or about none in particular (AT-06). */
function showFor(resources: readonly string[], issued: IssuedAccessToken): IssuedAccessToken {
  const details = issued.authorizationDetails?.filter(
    ({ locations }) => !Array.isArray(locations) || resources.some((id) => locations.includes(id)),
  )
  return { ...issued, authorizationDetails: details?.length === 0 ? undefined : details }
}

function describe(issued: IssuedAccessToken, issuer: string): Readonly<Record<string, unknown>> {
  return {
    ...issued.userClaims,
    active: true,
    iss: issuer,
    sub: issued.accountId,
    aud: renderAudience(issued.resource),
    client_id: issued.clientId,
    jti: issued.id,
    iat: issued.issuedAt,
    exp: issued.expiresAt,
    token_type: issued.dpopThumbprint === undefined ? 'Bearer' : 'DPoP',
    ...(issued.scope.length === 0 ? {} : { scope: renderScope(issued.scope) }),
    ...(issued.authorizationDetails === undefined
      ? {}
      : { authorization_details: issued.authorizationDetails }),
    ...(issued.dpopThumbprint === undefined ? {} : { cnf: { jkt: issued.dpopThumbprint } }),
    ...(issued.act === undefined ? {} : { act: issued.act }),
    ...(issued.authTime === undefined ? {} : { auth_time: issued.authTime }),
    ...(issued.acr === undefined ? {} : { acr: issued.acr }),
    ...(issued.amr === undefined ? {} : { amr: issued.amr }),
  }
}
