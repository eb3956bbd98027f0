// The claims of a granted ID-JAG: the grant, the subject in the resource's terms, and the claims of its contract,
// nothing else (JAG-23). Used by the endpoint and by the simulator's preview; it cannot sign.
import {
  type EpochSeconds,
  type IdJagClaims,
  RESERVED_ID_JAG_CLAIMS,
  type Granted,
  renderScope,
  type ResourceAppDefinition,
} from '@crosswalk/protocol'

import type { SignInFact } from '../exchange-facts.ts'
import { type EvaluatedUser, readUserSource } from '../users.ts'

export interface IdJagParts {
  readonly issuer: string
  readonly granted: Granted
  readonly resourceApp: ResourceAppDefinition
  readonly user: EvaluatedUser
  readonly signIn: SignInFact
  readonly jti: string
  readonly now: EpochSeconds
  /**
   * A stable identifier of the user for one audience, unlinkable to those for other audiences (OIDC Core section 8.1)
   */
  pairwise(audience: string, userId: string): string
}

/**
 * Builds the claims of an ID-JAG.
 *
 * `auth_time`, `acr` and `amr` describe the real sign-in, not of the exchange (JAG-16); `iat` is floored and
 * `exp` counted from it, so that the lifetime is exactly what was granted.
 */
export function buildIdJagClaims(parts: IdJagParts): IdJagClaims {
  const { granted, signIn } = parts
  const iat = Math.floor(parts.now)
  const [onlyResource] = granted.resource
  return {
    ...buildStatements(parts),
    iss: parts.issuer,
    sub: readSubject(parts),
    aud: granted.audience,
    client_id: granted.client_id,
    jti: parts.jti,
    iat,
    exp: iat + granted.lifetime_seconds,
    session_expiry: granted.session_expiry,
    ...(granted.resource.length === 0
      ? {}
      : {
          resource:
            granted.resource.length === 1 && onlyResource !== undefined ? onlyResource : granted.resource,
        }),
    ...(granted.scope.length === 0 ? {} : { scope: renderScope(granted.scope) }),
    authorization_details: granted.authorization_details,
    cnf: granted.cnf,
    act: granted.act,
    sub_profile: granted.subject.profile,
    auth_time: signIn.authTime,
    acr: signIn.acr,
    amr: signIn.amr,
  }
}

/** What the IdP states about the user, besides the subject and the sign-in. */
export function buildStatements(
  parts: Pick<IdJagParts, 'granted' | 'resourceApp' | 'user' | 'pairwise'>,
): Record<string, unknown> {
  const { tenant, audTenant } = parts.resourceApp
  const tenants = { tenant, aud_tenant: audTenant }
  // The ID-JAG of an app carries no user claims (JAG-25).
  if (parts.granted.subject.profile !== undefined) return tenants
  return { ...contractClaims(parts), ...tenants, sub_id: readSubId(parts) }
}

function readSubject({ granted, resourceApp, user, pairwise }: IdJagParts): string {
  return resourceApp.subject === 'pairwise' && granted.subject.profile === undefined
    ? pairwise(granted.audience, user.id)
    : (granted.subject.value ?? user.id)
}

/** Only if configured: it tells the resource a name that it might not otherwise know (SAML-07, SAML-11). */
function readSubId({
  granted,
  resourceApp,
  user,
  pairwise,
}: Pick<IdJagParts, 'granted' | 'resourceApp' | 'user' | 'pairwise'>): IdJagClaims['sub_id'] {
  const { subId } = resourceApp
  if (subId === undefined) return undefined
  const nameid =
    subId.nameid === 'pairwise' ? pairwise(granted.audience, user.id) : readUserSource(subId.nameid, user)
  if (nameid === undefined) return undefined
  return {
    format: subId.format,
    issuer: subId.issuer,
    nameid: String(nameid),
    ...(subId.nameidFormat === undefined ? {} : { nameid_format: subId.nameidFormat }),
    ...(subId.nameQualifier === undefined ? {} : { name_qualifier: subId.nameQualifier }),
    ...(subId.spNameQualifier === undefined ? {} : { sp_name_qualifier: subId.spNameQualifier }),
  }
}

/** The claim contract of the resource app; claims without a value for this user are omitted. */
function contractClaims({
  resourceApp,
  user,
}: Pick<IdJagParts, 'resourceApp' | 'user'>): Record<string, unknown> {
  const claims: Record<string, unknown> = {}
  for (const [name, source] of Object.entries(resourceApp.claims)) {
    const value = readUserSource(source, user)
    if (value === undefined || RESERVED_ID_JAG_CLAIMS.has(name)) continue
    claims[name] = name === 'aud_sub' ? String(value) : value
    // Only a verified address is ever sent; the flag lets the resource rely on that (JAG-19).
    if (name === 'email' && source === 'user.email') claims.email_verified = true
  }
  return claims
}
