// The user signed in in the browser of a request, whatever the app.
import type { Provider, Session } from 'oidc-provider'

import type { User } from '../ports.ts'
import type { SignInPorts } from './contract.ts'
import type { Context } from './respond.ts'

export interface BrowserSession {
  readonly user: User
  /** The session id, which apps also know */
  readonly uid: string
}

/** @returns undefined if there is no session, it has ended, or the user is no longer active */
export async function findBrowserSession(
  ctx: Context,
  { provider, ports }: { readonly provider: Provider; readonly ports: Pick<SignInPorts, 'users'> },
): Promise<BrowserSession | undefined> {
  const sessions = provider.Session as unknown as { get(ctx: Context): Promise<Session> }
  const { accountId, uid } = await sessions.get(ctx)
  const user = accountId === undefined ? undefined : await ports.users.findById(accountId)
  return user?.active === true ? { user, uid } : undefined
}
