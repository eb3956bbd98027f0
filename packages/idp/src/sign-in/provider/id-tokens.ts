// Issues ID tokens and logout tokens with the current keys, in place of the library, which fixes its keys at start,
// sends no `typ`, and omits `at_hash` at the token endpoint.
import { createHash } from 'node:crypto'

import { decodeCompactJws, type Signer, type SigningKey, verifySignature } from '@crosswalk/as-core'
import { type EpochSeconds, JWT_TYP } from '@crosswalk/protocol'
import type { Client, IdToken, Provider } from 'oidc-provider'

import type { SignInApp, SignInConfig, SignInPorts } from '../contract.ts'
import type { Ending } from './session-end.ts'

const ID_TOKEN_TYP = 'JWT'
const LOGOUT_TOKEN_TTL_SECONDS = 120

/** Issues all ID tokens and logout tokens of `provider`, and verifies every `id_token_hint`, with our keys. */
export function signWithCurrentKeys(provider: Provider, config: SignInConfig, ports: SignInPorts): void {
  provider.IdToken.prototype.issue = async function issue(this: IdToken, { use }) {
    if (use !== 'idtoken' && use !== 'logout') throw new Error(`no ${use} tokens are issued here`)
    // Another process may have dropped a stolen key.
    await ports.untilNewest?.()
    const app = ports.apps.find(this.client.clientId)
    const signer = chooseSigner(ports, app)
    const claims = await this.payload()
    const now = Math.floor(ports.clock.nowMs() / 1000)
    const registered = { iss: config.issuer, aud: this.client.clientId, iat: now }
    if (use === 'logout')
      return signer.signJws(
        { typ: JWT_TYP.logoutToken },
        { ...claims, ...registered, exp: now + LOGOUT_TOKEN_TTL_SECONDS },
      )
    const end = findSessionEnd(this)
    const ttlSeconds = app?.idTokenTtlSeconds ?? config.idTokenTtlSeconds
    return signer.signJws(
      { typ: ID_TOKEN_TYP },
      {
        ...claims,
        ...registered,
        at_hash: hashAccessToken(this, signer.algorithm),
        session_expiry: end,
        exp: Math.min(now + ttlSeconds, end ?? Number.POSITIVE_INFINITY),
      },
    )
  }
  provider.IdToken.validate = (token, client) => verifyHint(token, client, config.issuer, ports.signingKeys())
}

/** @returns when the session ends at the latest; undefined if the provider where the user signed in states no end */
function findSessionEnd({ ctx }: IdToken): EpochSeconds | undefined {
  return ((ctx.oidc.entities.Grant ?? {}) as Ending).endsAt
}

/** The key for the algorithm that the app chose, or the default key. */
function chooseSigner({ signingKeys }: SignInPorts, app: SignInApp | undefined): Signer {
  const signers = signingKeys().map(({ signer }) => signer)
  const signer = signers.find(({ algorithm }) => algorithm === app?.idTokenSigningAlg) ?? signers[0]
  if (signer === undefined) throw new Error('there is no signing key for ID tokens')
  return signer
}

/** OpenID Connect Core section 3.1.3.6: the left half of the hash that belongs to the signature algorithm. */
function hashAccessToken(token: IdToken, algorithm: string): string | undefined {
  // Access tokens are opaque: the id of the stored token is its value.
  const value = token.ctx.oidc.entities.AccessToken?.jti
  if (value === undefined) return undefined
  const bits = /(256|384|512)$/.exec(algorithm)?.[1] ?? '512'
  const hash = createHash(`sha${bits}`).update(value).digest()
  return hash.subarray(0, hash.length / 2).toString('base64url')
}

/** An `id_token_hint` may have expired, but everything else must be valid. Throws otherwise. */
async function verifyHint(token: string, client: Client, issuer: string, keys: readonly SigningKey[]) {
  const decoded = decodeCompactJws(token)
  if (!decoded.accepted) throw new Error(decoded.refusal)
  const { header, claims } = decoded.value
  const found = keys.find(({ verificationKey }) => verificationKey.kid === header.kid)
  if (found === undefined) throw new Error('signed with an unknown key')
  const { verificationKey: key, signer } = found
  const verified = verifySignature({ decoded: decoded.value, key, algorithms: [signer.algorithm] })
  if (!verified.accepted) throw new Error(verified.refusal)
  if (header.typ !== ID_TOKEN_TYP) throw new Error('not an ID token')
  if (claims['iss'] !== issuer) throw new Error('issued by another issuer')
  if (claims['aud'] !== client.clientId) throw new Error('issued to another app')
  if (typeof claims['sub'] !== 'string') throw new Error('without subject')
  return { header: { ...header }, payload: { ...claims } }
}
