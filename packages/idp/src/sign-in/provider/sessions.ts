// The `sid` of ID tokens, which stands for one app in one session of one user; and ending all sessions of a user.
import { dropUndefined } from '@crosswalk/protocol'
import { randomBytes } from 'node:crypto'

import { digest } from '@crosswalk/as-core'
import type { Grant, KoaContextWithOIDC, Provider, Session } from 'oidc-provider'

import type { SignInStore } from '../../ports.ts'
import { endSession, ownerKey } from './adapter.ts'
import type { SignInPorts, SignInSession } from '../contract.ts'
import { ExpectedError } from '../expected-error.ts'
import { GRANT_TTL_SECONDS } from '../lifetimes.ts'
import type { Context } from '../respond.ts'
import type { Ending } from './session-end.ts'

/**
 * Makes each `sid` contain its session, so that it can be found, and a random part per app, so that signing out of the
 * app ends it even if the user signs in to the app again in the same session.
 */
export function embedSessionInSid(provider: Provider): void {
  provider.Client.prototype.includeSid = () => true
  provider.Session.prototype.ensureClientContainer = function ensure(this: Session, clientId) {
    if (this.sidFor(clientId) === undefined) renewSid(this, clientId)
  }
}

/** Replaces the `sid` of an app in a session, so that ID tokens with the former one no longer lead to it. */
export function renewSid(session: Session, clientId: string): void {
  session.sidFor(clientId, `${session.uid}.${randomBytes(12).toString('base64url')}`)
}

/** @returns the name of the session of a `sid` in records, which reveals nothing about it */
export function nameSession(sid: string): string {
  return digest(sid.split('.')[0] ?? '')
}

/**
 * Revokes what is based on a session before it ends, because a fault then leaves the session, and the sign-out can be
 * repeated. Reports the end to others in the same transaction. A session that only gets a new id continues.
 */
export function endAccessWithSession(
  provider: Provider,
  { store, ofSessionEnd, revokeSession }: SignInPorts,
): void {
  const { destroy } = provider.Session.prototype
  provider.Session.prototype.destroy = async function destroyWithAccess(this: Session) {
    const { accountId, uid, jti } = this
    if (accountId !== undefined) {
      await revokeSession?.({ userId: accountId, session: nameSession(uid) })
      if (ofSessionEnd !== undefined)
        await store.destroy('Session', jti, await ofSessionEnd({ userId: accountId, initiator: 'user' }))
    }
    await destroy.call(this)
  }
}

/** Remembers a session with `offline_access` after it expired: stored by `sid`, valid while its grant is. */
const OFFLINE_SESSION = 'OfflineSession'

/** Lets the `sid` of this app live as long as the grant, because refresh tokens put it into new ID tokens. */
export async function keepOfflineSession(store: SignInStore, session: Session, grant: Grant): Promise<void> {
  if (grant.clientId === undefined) throw new Error('a grant without app')
  session.ensureClientContainer(grant.clientId)
  const { accountId, loginTs, acr, amr } = session
  const kept = { grantId: grant.jti, clientId: grant.clientId, accountId, loginTs, acr, amr }
  await store.upsert(OFFLINE_SESSION, String(session.sidFor(grant.clientId)), kept, GRANT_TTL_SECONDS)
}

/** The same for a grant without a browser session: its `sid` lives as long as the grant. */
export async function keepGrantWithoutSession(
  store: SignInStore,
  { sid, ...kept }: Readonly<Record<string, unknown>> & { readonly sid: string },
): Promise<void> {
  await store.upsert(OFFLINE_SESSION, sid, kept, GRANT_TTL_SECONDS)
}

export function createFindSession({ store, users }: SignInPorts) {
  return async (sid: string): Promise<SignInSession | undefined> => {
    const found = (await findLive(store, sid)) ?? (await findOffline(store, sid))
    const user = found === undefined ? undefined : await users.findById(found.userId)
    return user?.active === true ? found : undefined
  }
}

/**
 * Reads the provider's records directly, in one statement: a token exchange waits for this. A session of an app needs its
 * grant, because sign-out of the app, revocation and detected theft remove that.
 */
async function findLive(store: SignInStore, sid: string): Promise<SignInSession | undefined> {
  const uid = /^([\w-]{1,64})\.[\w-]{16}$/.exec(sid)?.[1]
  const records = uid === undefined ? [] : await store.findAllByUid(uid)
  const session = records.find(({ model }) => model === 'Session')?.payload as SessionPayload | undefined
  if (session === undefined) return undefined
  const authorizations = Object.entries(session.authorizations ?? {})
  const [clientId, { grantId } = {}] = authorizations.find(([, one]) => one.sid === sid) ?? []
  const hasGrant = records.some(({ model, payload }) => model === 'Grant' && payload['jti'] === grantId)
  return clientId === undefined || !hasGrant ? undefined : describe(session, clientId)
}

async function findOffline(store: SignInStore, sid: string): Promise<SignInSession | undefined> {
  const kept = await store.find(OFFLINE_SESSION, sid)
  if (kept === undefined) return undefined
  const grant: Ending | undefined = await store.find('Grant', String(kept['grantId']))
  if (grant === undefined) return undefined
  return describe({ ...(kept as Authentication), endsAt: grant.endsAt }, String(kept['clientId']))
}

type Authentication = Pick<Session, 'accountId' | 'loginTs' | 'acr' | 'amr'> & Ending
type SessionPayload = Authentication & Pick<Session, 'authorizations'>

function describe(
  { accountId, loginTs, acr, amr, endsAt }: Authentication,
  clientId: string,
): SignInSession | undefined {
  if (accountId === undefined || loginTs === undefined) return undefined
  return {
    userId: accountId,
    clientId,
    authTime: loginTs,
    ...dropUndefined({ acr, amr, endsAt }),
  }
}

/**
 * What becomes a session first. Then sessions: a grant created by a session at the same time is either seen here or
 * undone there (`createLoadGrant`).
 */
async function removeSessionsOfUser(
  { store }: SignInPorts,
  userId: string,
): Promise<readonly Pick<Session, 'authorizations'>[]> {
  await store.revokeByGrantId('Interaction', ownerKey(userId))
  const removed = await store.revokeByGrantId('Session', ownerKey(userId))
  await store.revokeByGrantId('Grant', ownerKey(userId))
  return removed
}

/**
 * Ends all sessions of a user, and tells apps that asked for it (OpenID Connect Back-Channel Logout), as the library does
 * when a user signs out. It does not wait for them: a slow app must not delay the end of the access.
 */
export function createEndSessionsOfUser(provider: Provider, ports: SignInPorts) {
  return async (userId: string): Promise<void> => {
    const removed = await removeSessionsOfUser(ports, userId)
    void Promise.all(removed.map((session) => tellApps(provider, userId, session)))
  }
}

/** What the types of the library lack */
interface ToldClient {
  readonly backchannelLogoutUri?: string | undefined
  backchannelLogout(userId: string, sid: string): Promise<void>
}

/** An app that cannot be reached learns of the end with its next request. */
async function tellApps(
  provider: Provider,
  userId: string,
  { authorizations = {} }: Pick<Session, 'authorizations'>,
): Promise<void> {
  for (const [clientId, { sid }] of Object.entries(authorizations)) {
    const client = (await provider.Client.find(clientId).catch(() => undefined)) as ToldClient | undefined
    if (sid === undefined || client?.backchannelLogoutUri === undefined) continue
    await client.backchannelLogout(userId, sid).catch(() => undefined)
  }
}

/**
 * Replacing a password ends the existing sessions. A sign-in with the old password may be in progress, or waiting for
 * one more request. It counts only if the password is still the same after its session was saved.
 *
 * @throws ExpectedError after ending the session
 */
export async function endIfPasswordReplaced(
  ctx: Context,
  { store, passwordHashes }: Pick<SignInPorts, 'store' | 'passwordHashes'>,
): Promise<void> {
  const { result, session } = (ctx['oidc'] ?? {}) as Partial<KoaContextWithOIDC['oidc']>
  const login = result?.login
  if (session === undefined || login?.['passwordName'] === undefined) return
  const hash = await passwordHashes.find(login.accountId)
  if (hash !== undefined && digest(hash) === login['passwordName']) return
  await endSession(store, session)
  ctx.remove('location')
  throw new ExpectedError(400, 'session_expired', 'the password has been replaced')
}
