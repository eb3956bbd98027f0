// Reads a refresh token as the subject of a token exchange: judged like in the refresh grant (RT-02), never consumed
// (RT-06), and revoked with its family if it was already rotated.
import { mayUse } from '@crosswalk/policy'
import { accept, dropUndefined, refuse, type Result } from '@crosswalk/protocol'
import type { Grant, Provider, RefreshToken } from 'oidc-provider'

import type { Ending } from './session-end.ts'
import type { RefreshTokenRefusal, RefreshTokenState, SignInPorts } from '../contract.ts'
import { readFamily } from './issuance.ts'
import { revokeFamily } from './revoke-grants.ts'

export function createFindRefreshToken(provider: Provider, ports: SignInPorts) {
  return async (value: string, clientId: string): Promise<Result<RefreshTokenState, RefreshTokenRefusal>> => {
    const token = await provider.RefreshToken.find(value, { ignoreExpiration: true })
    if (token === undefined) return refuse('unknown')
    if (token.clientId !== clientId) return refuse('other-client')
    if (token.consumed !== undefined) {
      const family = readFamily({ ...token })
      if (family !== undefined) await revokeFamily(ports, family)
      return refuse('rotated')
    }
    if (token.isExpired) return refuse('expired')
    const grant = await findGrant(provider, token, ports)
    return grant === undefined ? refuse('revoked') : accept(describe(token, grant))
  }
}

/** @returns undefined if it was revoked or has ended, or the user may no longer use the app */
async function findGrant(
  provider: Provider,
  token: RefreshToken,
  ports: SignInPorts,
): Promise<(Grant & Ending) | undefined> {
  if (token.grantId === undefined || token.accountId === undefined || token.clientId === undefined)
    return undefined
  const grant = await provider.Grant.find(token.grantId)
  if (grant?.accountId !== token.accountId || grant.clientId !== token.clientId) return undefined
  const [user, app] = [await ports.users.findById(token.accountId), ports.apps.find(token.clientId)]
  // Leave blocks to the evaluator, whose record names them.
  return user === undefined || app === undefined || !mayUse(user, app) ? undefined : grant
}

function describe(token: RefreshToken, { endsAt }: Ending): RefreshTokenState {
  if (token.authTime === undefined) throw new Error('a refresh token was stored without auth_time')
  return {
    userId: token.accountId as string,
    authTime: token.authTime,
    scope: token.scope ?? '',
    ...dropUndefined({ acr: token.acr, amr: token.amr, sid: token.sid, endsAt, dpopThumbprint: token.jkt }),
  }
}
