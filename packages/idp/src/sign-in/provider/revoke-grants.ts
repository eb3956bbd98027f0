// What ends together with the grant of an app.
import type { OutgoingSecurityEvent } from '@crosswalk/as-core'
import type { AccessToken, Client, ClientCredentials, KoaContextWithOIDC, RefreshToken } from 'oidc-provider'

import { revokeGrant } from './adapter.ts'
import type { SignInPorts, TokenFamily } from '../contract.ts'
import { findPresented, readFamily } from './issuance.ts'
import { nameSession } from './sessions.ts'

type Ports = Pick<SignInPorts, 'store' | 'revokeSession' | 'ofSessionEnd'>
type RevocableToken = AccessToken | ClientCredentials | RefreshToken

/** Asked before a grant is revoked: what ends with it ends first, so that a fault leaves the grant to a second attempt. */
export function createRevokeGrantPolicy(ports: Ports) {
  return async ({ oidc }: KoaContextWithOIDC): Promise<boolean> => {
    const { route, session, client, params, entities } = oidc
    const isOfOneApp = route === 'end_session_confirm' && params?.['logout'] === undefined
    if (isOfOneApp && session?.accountId !== undefined && client !== undefined) {
      const { accountId: userId, uid } = session
      await ports.revokeSession?.({ userId, session: nameSession(uid), clientId: client.clientId })
    }
    const family = route === 'token' ? findPresented() : undefined
    if (family !== undefined) await revokeStolenFamily(ports, family)
    // Revoking an access token keeps the grant, as is the default.
    return !(route === 'revocation' && entities.AccessToken !== undefined)
  }
}

/**
 * A client may revoke its own tokens. With a refresh token, everything ends that the same sign-in led to (RFC 7009 section
 * 2.1): before the library deletes the token, so that a fault leaves it to a second attempt.
 */
export function createRevocationPolicy(ports: Ports) {
  return async (_ctx: KoaContextWithOIDC, { clientId }: Client, token: RevocableToken): Promise<boolean> => {
    if (token.clientId !== clientId) return false
    const family = token.kind === 'RefreshToken' ? readFamily({ ...token }) : undefined
    if (family !== undefined) await revokeFamily(ports, family)
    return true
  }
}

/**
 * Ends a family of which a code or refresh token was used twice: one of the two users stole it, so neither keeps anything
 * (RFC 6749 section 4.1.2, RFC 9700 section 4.14.2). Servers elsewhere learn that the user's session ended, because no
 * event names the tokens of one sign-in; apps that still have a sign-in simply get new tokens there.
 */
export async function revokeStolenFamily(ports: Ports, family: TokenFamily): Promise<void> {
  await revokeFamily(ports, family, await ports.ofSessionEnd?.(family.userId, 'system'))
}

/**
 * What the ID tokens of the family were exchanged for ends first, so that a fault leaves the rest to a second attempt, and
 * once more afterwards, which finds what was issued in between.
 */
async function revokeFamily(
  { store, revokeSession }: Ports,
  { grantId, userId, clientId, sid }: TokenFamily,
  securityEvents?: readonly OutgoingSecurityEvent[],
): Promise<void> {
  const revokeExchanged = async () => {
    if (sid !== undefined) await revokeSession?.({ userId, clientId, session: nameSession(sid), byApp: true })
  }
  await revokeExchanged()
  await revokeGrant(store, grantId, securityEvents)
  await revokeExchanged()
}
