// What an ID token's `sid` stands for: one app in one session of one person. Also how all of a person's
// sessions end.
import { randomBytes } from 'node:crypto'

import type { Provider, Session } from 'oidc-provider'

import { ownerKey } from './adapter.ts'
import type { SignInPorts, SignInSession } from './contract.ts'

/**
 * Makes each `sid` name its session, so that it can be found, and carry a random part per app, so that signing
 * out of the app ends it even where the person signs in to the app again in the same session.
 */
export function nameSessionsInSid(provider: Provider): void {
  provider.Client.prototype.includeSid = () => true
  provider.Session.prototype.ensureClientContainer = function ensure(this: Session, clientId) {
    if (this.sidFor(clientId) !== undefined) return
    this.sidFor(clientId, `${this.uid}.${randomBytes(12).toString('base64url')}`)
  }
}

export function createFindSession(provider: Provider, ports: SignInPorts) {
  return async (sid: string): Promise<SignInSession | undefined> => {
    const uid = /^([\w-]{1,64})\.[\w-]{16}$/.exec(sid)?.[1]
    const session = uid === undefined ? undefined : await provider.Session.findByUid(uid)
    if (session?.accountId === undefined || session.loginTs === undefined) return undefined
    const clientIds = Object.keys(session.authorizations ?? {}).filter((id) => session.sidFor(id) === sid)
    if (clientIds.length === 0) return undefined
    const user = await ports.users.findById(session.accountId)
    if (user?.active !== true) return undefined
    return {
      userId: session.accountId,
      clientIds,
      authTime: session.loginTs,
      ...(session.acr === undefined ? {} : { acr: session.acr }),
      ...(session.amr === undefined ? {} : { amr: session.amr }),
    }
  }
}

/** The grants first: a session that is being used meanwhile then has nothing left to give. */
export async function endSessionsOfUser({ store }: SignInPorts, userId: string): Promise<void> {
  await store.revokeByGrantId('Grant', ownerKey(userId))
  await store.revokeByGrantId('Session', ownerKey(userId))
}
