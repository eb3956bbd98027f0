// What ends together with the grant of an app.
import type {
  AccessToken,
  Client,
  ClientCredentials,
  KoaContextWithOIDC,
  RefreshToken,
  Session,
} from 'oidc-provider'

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
    if (isOfOneApp && session?.accountId !== undefined && client !== undefined)
      await endForApp(ports, { userId: session.accountId, clientId: client.clientId, session })
    const family = route === 'token' ? findPresented() : undefined
    if (family !== undefined) await revokeFamily(ports, family)
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

/** The user signed out of one app, whose grant the library removes afterwards. */
async function endForApp(
  { store, revokeSession, ofSessionEnd }: Ports,
  {
    userId,
    clientId,
    session,
  }: { readonly userId: string; readonly clientId: string; readonly session: Session },
): Promise<void> {
  await revokeSession?.({ userId, session: nameSession(session.uid), clientId })
  const grantId = session.grantIdFor(clientId)
  if (grantId === undefined || ofSessionEnd === undefined) return
  await store.destroy('Grant', grantId, await ofSessionEnd({ userId, clientId, initiator: 'user' }))
}

/**
 * Ends a family that its app gave up, or of which a code or refresh token was used twice: one of the two users stole it,
 * so neither keeps anything (RFC 6749 section 4.1.2, RFC 9700 section 4.14.2). What its ID tokens were exchanged for ends
 * first, for the same reason, and once more afterwards, which finds what was issued in between.
 */
export async function revokeFamily(
  { store, revokeSession, ofSessionEnd }: Ports,
  { grantId, userId, clientId, sid }: TokenFamily,
): Promise<void> {
  const revokeExchanged = async () => {
    if (sid !== undefined) await revokeSession?.({ userId, clientId, session: nameSession(sid), byApp: true })
  }
  await revokeExchanged()
  await revokeGrant(store, grantId, await ofSessionEnd?.({ userId, clientId, initiator: 'system' }))
  await revokeExchanged()
}
