// Which users the provider sees, and which claims it may disclose about them. Every use checks the current state of the
// user: an inactive, blocked or unassigned user is unknown.
import type { Account, AccountClaims, FindAccount } from 'oidc-provider'

import type { User } from '../../ports.ts'
import { maySignInTo } from '../assignment.ts'
import type { SignInPorts } from '../contract.ts'

/** The claims of each scope; the issuer adds `sid`, `nonce`, `at_hash` and the registered claims. */
export const SCOPE_CLAIMS = {
  openid: ['sub', 'auth_time', 'acr', 'amr', 'azp'],
  email: ['email', 'email_verified'],
  profile: ['name', 'preferred_username'],
}

type AccountPorts = Pick<SignInPorts, 'users' | 'apps' | 'isBlocked'>

export function createFindAccount({ users, apps, isBlocked }: AccountPorts): FindAccount {
  return async (ctx, userId, token): Promise<Account | undefined> => {
    const user = await users.findById(userId)
    if (user?.active !== true) return undefined
    // The authorization endpoint checks the assignment later, where a page can explain it.
    if (token !== undefined) {
      const app = token.clientId === undefined ? undefined : apps.find(token.clientId)
      if (app === undefined || !maySignInTo(user, app, { isBlocked })) return undefined
    }
    const clientId = ctx.oidc.client?.clientId
    return { accountId: user.id, user, claims: (use) => buildClaims(user, use, clientId) }
  }
}

function buildClaims(user: User, use: string, clientId: string | undefined): AccountClaims {
  return {
    sub: user.id,
    preferred_username: user.username,
    ...(user.name === undefined ? {} : { name: user.name }),
    ...(user.email === undefined ? {} : { email: user.email, email_verified: user.emailVerified }),
    ...(use === 'id_token' && clientId !== undefined ? { azp: clientId } : {}),
  }
}
