// Builds the access token that a decision granted, and the origin record by which it can be withdrawn.
import { type AccessTokenOrigin, digest, randomToken, type Signer } from '@crosswalk/authorization-server'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import {
  type AccessTokenClaims,
  type DecisionRecord,
  type EpochSeconds,
  type Granted,
  isObject,
  JWT_TYP,
  renderAudience,
  renderScope,
} from '@crosswalk/protocol'

export interface AccessTokenParts {
  readonly snapshot: RedemptionSnapshot
  readonly record: DecisionRecord
  readonly granted: Granted
  /** Claims of the verified ID-JAG */
  readonly idJag: Readonly<Record<string, unknown>>
  readonly accountId: string
  readonly now: EpochSeconds
}

export interface DraftAccessToken {
  readonly origin: AccessTokenOrigin
  /** Makes the token; called only after the origin is durable */
  render(signer: Signer): string
}

const OPAQUE_PREFIX = 'xat_'

/** @see RFC 9068 section 2.2; requirements AT-01 to AT-08 */
export function draftAccessToken(parts: AccessTokenParts): DraftAccessToken {
  const { snapshot, granted, idJag, accountId, record } = parts
  const { accessTokenFormat: format } = snapshot.definition
  const secret = randomToken()
  const opaque = `${OPAQUE_PREFIX}${secret}${randomToken()}`
  const iat = Math.floor(parts.now)
  const claims = buildClaims(parts, secret, iat)
  const origin: AccessTokenOrigin = {
    id: format === 'jwt' ? secret : digest(opaque),
    authorizationServer: snapshot.id,
    format,
    clientId: granted.client_id,
    accountId,
    issuer: String(idJag.iss),
    issuerSubject: String(idJag.sub),
    ...(typeof idJag.tenant === 'string' ? { tenant: idJag.tenant } : {}),
    grantId: digest(String(idJag.jti)),
    resource: granted.resource,
    scope: granted.scope,
    ...(granted.authorization_details === undefined
      ? {}
      : { authorizationDetails: granted.authorization_details }),
    ...(claims.act === undefined ? {} : { act: claims.act }),
    ...(granted.cnf === undefined ? {} : { dpopThumbprint: granted.cnf.jkt }),
    ...(claims.auth_time === undefined ? {} : { authTime: claims.auth_time }),
    ...(claims.acr === undefined ? {} : { acr: claims.acr }),
    issuedAt: iat,
    expiresAt: claims.exp,
    decisionId: record.decision_id,
  }
  return {
    origin,
    render: (signer) =>
      format === 'jwt' ? signer.signJws({ typ: JWT_TYP.accessToken }, { ...claims }) : opaque,
  }
}

function buildClaims(
  { snapshot, granted, idJag, accountId }: AccessTokenParts,
  jti: string,
  iat: EpochSeconds,
): AccessTokenClaims {
  return {
    iss: snapshot.issuer,
    sub: accountId,
    aud: renderAudience(granted.resource),
    client_id: granted.client_id,
    jti,
    iat,
    exp: iat + granted.lifetime_seconds,
    ...(granted.scope.length === 0 ? {} : { scope: renderScope(granted.scope) }),
    ...(granted.authorization_details === undefined
      ? {}
      : { authorization_details: granted.authorization_details }),
    ...(granted.cnf === undefined ? {} : { cnf: granted.cnf }),
    ...(isObject(idJag.act) ? { act: idJag.act } : {}),
    ...(typeof idJag.auth_time === 'number' ? { auth_time: idJag.auth_time } : {}),
    ...(typeof idJag.acr === 'string' ? { acr: idJag.acr } : {}),
    ...(isTextArray(idJag.amr) ? { amr: idJag.amr } : {}),
  }
}

function isTextArray(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string')
}
