// Token introspection (RFC 7662): what an API may learn about a token for one of its resources, or a client about its
// own.
import { type JsonAnswer, type ManagementRequest, refuseIncomplete } from '@crosswalk/as-core'
import { findRequiredIssuer, findRevocation, findTrust } from '@crosswalk/policy'
import { type EpochMs, findOwn, renderAudience, renderScope } from '@crosswalk/protocol'

import type { RedemptionDependencies } from './dependencies.ts'
import type { IssuedAccessToken } from './ports.ts'
import { findIssuedToken } from './token-inspection.ts'

const INACTIVE: JsonAnswer = { http: 200, body: { active: false } }

/**
 * Handles one introspection request of an authenticated client.
 *
 * @returns `active: false` for any token that is not live, or that this client may not introspect; the two are
 * indistinguishable
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

/** The same for an API in this program, which needs no credentials to introspect tokens for itself. */
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

/** @returns the origin of a token of this server, live or not; undefined for any other token */
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

/** The process that performs an act may stop before it has revoked all of its tokens. */
function isRevokedByAct(
  { issuer, issuerSubject, clientId, resource, act }: IssuedAccessToken,
  nowMs: EpochMs,
  { snapshot }: RedemptionDependencies,
): boolean {
  const claims = { iss: issuer, sub: issuerSubject, client_id: clientId, resource, act }
  return findRevocation(snapshot(), claims, nowMs / 1000) !== undefined
}

/** A user disabled since then can no longer use earlier tokens (RAS-32). */
async function hasEntitledUser(
  { authorizationServer, accountId, issuer, issuerSubject, tenant, grantType, userClaims }: IssuedAccessToken,
  { snapshot, accounts }: RedemptionDependencies,
): Promise<boolean> {
  const isByCode = grantType !== undefined
  // Users known by issuer and subject only have no account.
  const trust = isByCode ? undefined : findTrust(snapshot(), issuer, tenant)
  // A service account exists as long as its workload lists it.
  if (userClaims?.['sub_profile'] !== undefined)
    return trust !== undefined && findOwn(trust.workloads, issuerSubject) === accountId
  if (trust?.provisioning === 'external') return true
  const account = await accounts.findById(authorizationServer, accountId)
  if (account?.status !== 'active') return false
  // A company's ID-JAG requirement also applies to tokens issued before it.
  return !isByCode || findRequiredIssuer(snapshot(), account) === undefined
}

/** A token ends immediately with the trust or client it depends on, without asking the issuer (SEC-33, REV-08). */
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

/**
 * @returns what a client may learn of a token: everything about its own, otherwise what an API needs; undefined if
 * nothing
 */
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

/** An API gets the authorization details for its own resources, and those without locations (AT-06). */
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
