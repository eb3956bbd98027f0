// What this server knows of an access token presented to it: its stored origin, if the token is genuine.
import { type DecodedJws, digest, type KeyChoice, observeJwt } from '@crosswalk/as-core'
import { isTyp, isVerified, JWT_TYP } from '@crosswalk/protocol'

import type { RedemptionDependencies } from './dependencies.ts'
import type { IssuedAccessToken } from './ports.ts'

/** @returns the origin of a token issued by this server, live or not; undefined for anything else */
export async function findIssuedToken(
  token: string,
  { snapshot, signingKeys, knownAccessTokens, accessTokens }: RedemptionDependencies,
): Promise<IssuedAccessToken | undefined> {
  const { id, issuer } = snapshot()
  if (!token.includes('.')) return accessTokens.find(id, digest(token))
  const choose = ({ header }: DecodedJws): KeyChoice | undefined => {
    const key = signingKeys.findVerificationKey('access-token', header.kid)
    return key === undefined
      ? undefined
      : { algorithms: key.algorithms, find: () => ({ accepted: true, value: key }) }
  }
  const jwt = await observeJwt(token, choose, knownAccessTokens)
  if (!isVerified(jwt) || !isTyp(jwt.typ, JWT_TYP.accessToken) || jwt.claims.iss !== issuer) return undefined
  return typeof jwt.claims.jti === 'string' ? accessTokens.find(id, jwt.claims.jti) : undefined
}
