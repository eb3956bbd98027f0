// The claims of the ID-JAG that a decision granted: what was granted, the subject in the resource's terms, and the
// claims of its contract, nothing else (JAG-23). Serves the endpoint and the simulator's preview alike; it cannot sign.
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
  /** A stable identifier of the user for one audience, that tells nothing about the user elsewhere (OIDC Core section 8.1) */
  pairwise(audience: string, userId: string): string
}

/**
 * Builds the claims of an ID-JAG.
 *
 * `auth_time`, `acr` and `amr` are those of the real sign-in, not of the exchange (JAG-16); `iat` is floored and
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

/** What the IdP states of the user, beside the subject and the sign-in. */
export function buildStatements(
  parts: Pick<IdJagParts, 'granted' | 'resourceApp' | 'user' | 'pairwise'>,
): Record<string, unknown> {
  const { tenant, audTenant } = parts.resourceApp
  const tenants = { tenant, aud_tenant: audTenant }
  // An app has no user's claims (JAG-25).
  if (parts.granted.subject.profile !== undefined) return tenants
  return { ...contractClaims(parts), ...tenants, sub_id: readSubId(parts) }
}

function readSubject({ granted, resourceApp, user, pairwise }: IdJagParts): string {
  return resourceApp.subject === 'pairwise' && granted.subject.profile === undefined
    ? pairwise(granted.audience, user.id)
    : (granted.subject.value ?? user.id)
}

/** Only where configured: it tells the resource a name it might not know otherwise (SAML-07, SAML-11). */
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

/** The claim contract of the resource app; a claim without a value for this user is left out. */
function contractClaims({
  resourceApp,
  user,
}: Pick<IdJagParts, 'resourceApp' | 'user'>): Record<string, unknown> {
  const claims: Record<string, unknown> = {}
  for (const [name, source] of Object.entries(resourceApp.claims)) {
    const value = readUserSource(source, user)
    if (value === undefined || RESERVED_ID_JAG_CLAIMS.has(name)) continue
    claims[name] = name === 'aud_sub' ? String(value) : value
    // Only a verified address is ever sent; saying so lets the resource judge (JAG-19).
    if (name === 'email' && source === 'user.email') claims.email_verified = true
  }
  return claims
}
