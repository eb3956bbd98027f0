// Who is signed in in the browser that sent a request, whatever app it is for.
import type { Provider, Session } from 'oidc-provider'

import type { User } from '../ports.ts'
import type { SignInPorts } from './contract.ts'
import type { Context } from './respond.ts'

export interface BrowserSession {
  readonly user: User
  /** Names the session; apps know it, too */
  readonly uid: string
}

/** @returns undefined where there is no session, it is over, or the user is not active any more */
export async function findBrowserSession(
  ctx: Context,
  { provider, ports }: { readonly provider: Provider; readonly ports: Pick<SignInPorts, 'users'> },
): Promise<BrowserSession | undefined> {
  const sessions = provider.Session as unknown as { get(ctx: Context): Promise<Session> }
  const { accountId, uid } = await sessions.get(ctx)
  const user = accountId === undefined ? undefined : await ports.users.findById(accountId)
  return user?.active === true ? { user, uid } : undefined
}
