// Notifies services of tokens that were revoked here (RFC 7009), in the background, for up to a day.
import { type OauthClient, UNSUPPORTED_TOKEN_TYPE } from '@crosswalk/as-core/oidc'
import { DAY_MS, HOUR_MS } from '@crosswalk/protocol'
import type { CredentialPlace, StoredCredential } from '@crosswalk/storage'

import { systemContext } from '../http/context.ts'
import { buildEvent } from './store-credential.ts'
import {
  EVER,
  isOauth,
  type OauthContent,
  openContent,
  openRevocationClient,
  type VaultParts,
} from './vault-parts.ts'

const CLAIM_MS = 30_000
const FIRST_RETRY_MS = 1_000
const LAST_RETRY_MS = HOUR_MS
const GIVE_UP_MS = DAY_MS

export async function notifyServices(parts: VaultParts): Promise<void> {
  const { credentials, expiry } = parts.storage
  if ((await credentials.listRevoked(EVER)).length === 0) return
  for (const revoked of await credentials.listRevoked(await expiry.readTimeMs())) {
    if (revoked.kind !== 'oauth') continue
    // Read again, because the services before it may have been slow.
    const now = await expiry.readTimeMs()
    if (await credentials.claim(revoked.id, now, now + CLAIM_MS)) await notifyService(parts, revoked)
  }
  // The client secret is needed until the last of its tokens has been handled.
  for (const { id, kind, resourceApp } of await credentials.listRevoked(EVER)) {
    if (kind === 'oauth') continue
    const waiting = await credentials.listRevoked(EVER, { resourceApp, kind: 'oauth' })
    if (waiting.length === 0) await credentials.forget(id)
  }
}

async function notifyService(parts: VaultParts, revoked: StoredCredential): Promise<void> {
  const { credentials, expiry } = parts.storage
  const { id, resourceApp, failures, revokedAt = 0 } = revoked
  const problem = await notify(parts, revoked).catch((fault: unknown) => String(fault))
  if (problem === undefined) return credentials.forget(id)
  parts.onFault(new Error(`${resourceApp}: ${problem}`), 'vault')
  const now = await expiry.readTimeMs()
  if (now - revokedAt < GIVE_UP_MS)
    return credentials.postpone(id, now + Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** failures))
  const context = systemContext('the service could not be notified of the revocation')
  await credentials.forget(id, buildEvent(parts, context, { credential: revoked, verb: 'revocation_failed' }))
}

/** @returns why the notification failed, undefined if it succeeded or is not needed */
async function notify(parts: VaultParts, revoked: StoredCredential): Promise<string | undefined> {
  const content = openContent(parts, revoked)
  const { brokered } = content
  if (!('accessToken' in content) || !isOauth(brokered)) return undefined
  if (brokered.credential.revocationEndpoint === undefined) return undefined
  const client = await openRevocationClient(parts, revoked.resourceApp, brokered)
  if (client === undefined) return 'no client secret is stored for this revocation endpoint'
  return revokeTokens(client, content, await listTokensInUse(parts, revoked))
}

/** @param inUse - tokens to leave @returns why a token lives on, undefined if all are revoked */
export async function revokeTokens(
  client: OauthClient,
  content: OauthContent,
  inUse: readonly unknown[],
): Promise<string | undefined> {
  // Also the access token: not every service revokes it with the refresh token.
  for (const token of [content.refreshToken, content.accessToken]) {
    const refusal = token === undefined || inUse.includes(token) ? undefined : await client.revoke(token)
    if (refusal === undefined) continue
    const problem = 'detail' in refusal ? refusal.detail : refusal.error
    // RFC 7009 section 2 requires revocation of refresh tokens only; the access token ends soon.
    if (token !== content.accessToken || problem !== UNSUPPORTED_TOKEN_TYPE) return problem
  }
  return undefined
}

/** A service may issue the same tokens again to a user who reconnects. */
export async function listTokensInUse(
  parts: VaultParts,
  place: CredentialPlace,
): Promise<readonly (string | undefined)[]> {
  const held = await parts.storage.credentials.find(place)
  const content = held && openContent(parts, held)
  return content !== undefined && 'accessToken' in content ? [content.refreshToken, content.accessToken] : []
}
