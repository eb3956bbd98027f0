// Revokes the access token that a proof came to, where its authorization server lets its clients do that (RFC 7009).
import type { AccessToken } from '@crosswalk/client'
import * as oidc from 'openid-client'

import { type Connecting, connectClient } from './connect-client.ts'

export interface TokenHeld extends Connecting {
  readonly token: AccessToken
}

/** @returns until when it goes on living, as RFC 3339, where it could not be revoked */
export async function revokeToken({ token, ...connecting }: TokenHeld): Promise<string | undefined> {
  try {
    await oidc.tokenRevocation(await connectClient(connecting, 'oauth2'), token.value.reveal())
    return undefined
  } catch {
    // No such endpoint, or no answer: then its own end is what can be said.
    return new Date(token.expiresAt * 1000).toISOString()
  }
}
