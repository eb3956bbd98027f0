// Builds the access token of a grant, and its origin record, which allows revocation.
import {
  type AccessTokenOrigin,
  digest,
  draftJws,
  type DraftedJws,
  grantIdOf,
  newTokenId,
  randomToken,
  type Signer,
} from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import {
  type AccessTokenClaims,
  attributeActors,
  type DecisionRecord,
  type EpochSeconds,
  type Granted,
  isObject,
  JWT_TYP,
  renderAudience,
  renderScope,
  isTextList,
} from '@crosswalk/protocol'

export interface AccessTokenParts {
  readonly snapshot: RedemptionSnapshot
  readonly record: DecisionRecord
  readonly granted: Granted
  /** Claims of the verified ID-JAG, or an authorization code expressed as such claims */
  readonly idJag: Readonly<Record<string, unknown>>
  /** The grant type; default: an ID-JAG */
  readonly grantType?: AccessTokenOrigin['grantType']
  readonly accountId: string
  /** The user claims that the resource lists */
  readonly userClaims?: Readonly<Record<string, unknown>> | undefined
  readonly now: EpochSeconds
  /** The current key */
  signer(): Signer
}

export interface DraftAccessToken extends DraftedJws {
  readonly origin: AccessTokenOrigin
}

const OPAQUE_PREFIX = 'xat_'

/** @see RFC 9068 section 2.2; requirements AT-01 to AT-08 */
export function draftAccessToken(parts: AccessTokenParts): DraftAccessToken {
  const { snapshot, granted, idJag, accountId, record } = parts
  const { accessTokenFormat: format } = snapshot.definition
  const opaque = format === 'opaque' ? `${OPAQUE_PREFIX}${randomToken()}${randomToken()}` : undefined
  const id = opaque === undefined ? newTokenId() : digest(opaque)
  const iat = Math.floor(parts.now)
  const claims = buildClaims(parts, id, iat)
  const origin: AccessTokenOrigin = {
    id,
    authorizationServer: snapshot.id,
    format,
    grantType: parts.grantType,
    clientId: granted.client_id,
    accountId,
    issuer: String(idJag.iss),
    issuerSubject: String(idJag.sub),
    tenant: typeof idJag.tenant === 'string' ? idJag.tenant : undefined,
    grantId: grantIdOf(String(idJag.jti)),
    grantIssuedAt: Number(idJag.iat),
    resource: granted.resource,
    scope: granted.scope,
    authorizationDetails: granted.authorization_details,
    act: claims.act,
    dpopThumbprint: granted.cnf === undefined ? undefined : granted.cnf.jkt,
    authTime: claims.auth_time,
    acr: claims.acr,
    amr: claims.amr,
    userClaims: parts.userClaims,
    issuedAt: iat,
    expiresAt: claims.exp,
    decisionId: record.decision_id,
  }
  const token =
    opaque === undefined
      ? draftJws(parts.signer, { typ: JWT_TYP.accessToken }, claims)
      : { take: async () => opaque }
  return { origin, ...token }
}

function buildClaims(
  { snapshot, granted, idJag, accountId, userClaims }: AccessTokenParts,
  jti: string,
  iat: EpochSeconds,
): AccessTokenClaims {
  return {
    ...userClaims,
    iss: snapshot.issuer,
    sub: accountId,
    aud: renderAudience(granted.resource),
    client_id: granted.client_id,
    jti,
    iat,
    exp: iat + granted.lifetime_seconds,
    scope: granted.scope.length === 0 ? undefined : renderScope(granted.scope),
    authorization_details: granted.authorization_details,
    cnf: granted.cnf,
    act: readActors(idJag),
    auth_time: typeof idJag.auth_time === 'number' ? idJag.auth_time : undefined,
    acr: typeof idJag.acr === 'string' ? idJag.acr : undefined,
    amr: isTextList(idJag.amr) ? idJag.amr : undefined,
  }
}

/** An actor without `iss` is one of the issuer of the ID-JAG, and would pass for one of ours (RFC 8693 section 4.1). */
function readActors({ act, iss }: AccessTokenParts['idJag']): AccessTokenClaims['act'] {
  const actors = attributeActors(act, String(iss))
  return isObject(actors) ? actors : undefined
}

/** @see RFC 6749 section 5.1 */
export function renderTokenBody(accessToken: string, granted: Granted): Readonly<Record<string, unknown>> {
  return {
    access_token: accessToken,
    token_type: granted.cnf === undefined ? 'Bearer' : 'DPoP',
    expires_in: granted.lifetime_seconds,
    scope: renderScope(granted.scope),
    resource: granted.resource.length === 1 ? granted.resource[0] : granted.resource,
    authorization_details: granted.authorization_details,
  }
}
