// Adapts the provider library's storage to `SignInStore`, and its client registry to the current apps.
import type { Clock, OutgoingSecurityEvent } from '@crosswalk/as-core'
import type { Adapter, AdapterFactory, AdapterPayload, Grant, Provider, Session } from 'oidc-provider'

import type { SignInStore } from '../../ports.ts'
import type { Apps } from '../contract.ts'
import { buildClientMetadata } from './client-metadata.ts'
import { forgetPending, mayContinue } from '../pending-browser.ts'
import { collectConsumed, collectPresented, collectSaved, findPresented, isCollected } from './issuance.ts'
import { EXPIRED_REFRESH_TOKEN_KEPT_SECONDS } from '../lifetimes.ts'
import { errors } from './oidc-provider.ts'
import { endWithSession, hasEnded } from './session-end.ts'
import { buildUnreachable } from './unreachable-clients.ts'

export interface AdapterPorts {
  readonly store: SignInStore
  readonly clock: Clock
  readonly apps: Apps
}

/** What is revoked with a grant (RFC 6749 sections 4.1.2 and 10.5, RFC 7009 section 2.1). */
const OF_A_GRANT = ['AccessToken', 'RefreshToken', 'AuthorizationCode']

const PUSHED = 'PushedAuthorizationRequest'
/** The library's text */
const USED_URI = 'request_uri is invalid, expired, or was already used'

/**
 * The `grantId` under which sessions, grants and complete sign-ins are stored. The store deletes by it, so that one
 * statement per kind ends everything of a user. No kind has its own grant, and the library ignores the member.
 */
export function ownerKey(userId: string): string {
  return `user:${userId}`
}

/**
 * Revokes a grant and everything issued for it.
 *
 * @param securityEvents - events that report it
 */
export async function revokeGrant(
  store: SignInStore,
  grantId: string,
  securityEvents?: readonly OutgoingSecurityEvent[],
): Promise<void> {
  // The grant first, which invalidates anything that a racing request still writes.
  await store.destroy('Grant', grantId, securityEvents)
  await Promise.all(OF_A_GRANT.map((model) => store.revokeByGrantId(model, grantId)))
}

/** Ends a session and all its grants. */
export async function endSession(
  store: SignInStore,
  { jti, authorizations = {} }: Pick<Session, 'jti' | 'authorizations'>,
): Promise<void> {
  // Grants first, for the same reason.
  for (const { grantId } of Object.values(authorizations))
    if (grantId !== undefined) await revokeGrant(store, grantId)
  await store.destroy('Session', jti)
}

export function createAdapterFactory(ports: AdapterPorts): AdapterFactory {
  return (model) => (model === 'Client' ? createClientAdapter(ports) : createStoreAdapter(model, ports))
}

/**
 * The library saves the state it read: a session with every request that uses it, a grant with every code. Such a save
 * must not restore what ended in between; otherwise a stolen cookie could keep a session alive across a password
 * change.
 */
export function preventSessionRevival(
  { Session, Grant }: Provider,
  { store, clock }: Pick<AdapterPorts, 'store' | 'clock'>,
): void {
  for (const { prototype } of [Session, Grant]) {
    const save = prototype.save as (this: Session | Grant, ttl?: number) => Promise<string>
    prototype.save = async function saveUnlessEnded(this: (Session | Grant) & { oldId?: string }, ttl) {
      // Only stored records have `iat`; a new record cannot have ended.
      if (this.iat === undefined) return save.call(this, ttl)
      const { kind, jti, oldId = jti, adapter } = this
      const upsert: Adapter['upsert'] = (id, payload, expiresInSeconds) =>
        store.update(kind, oldId, {
          id,
          payload: file(kind, payload),
          expiresInSeconds: endWithSession(payload, expiresInSeconds, clock),
        })
      // The record of the former id is not destroyed, but gets the new id.
      const updating: Adapter = { ...adapter, upsert, destroy: async () => undefined }
      Object.defineProperty(this, 'adapter', { value: updating, configurable: true })
      try {
        return await save.call(this, ttl)
      } finally {
        delete (this as { adapter?: Adapter }).adapter
        delete this.oldId
      }
    }
  }
}

function createStoreAdapter(model: string, { store, clock, apps }: AdapterPorts): Adapter {
  // Codes and tokens come from strangers. PostgreSQL text cannot contain U+0000, and querying for it is a fault.
  const look = (by: 'find' | 'findByUid' | 'findByUserCode') => async (id: string) => {
    if (id.includes('\0')) return undefined
    const found = (await store[by](model, id)) as AdapterPayload | undefined
    return found === undefined || hasEnded(found, clock) ? undefined : found
  }
  return {
    async upsert(id, payload, expiresIn) {
      const expiresInSeconds = keep(model, expiresIn)
      const expiresAt = expiresInSeconds === undefined ? undefined : clock.nowMs() / 1000 + expiresInSeconds
      if (OF_A_GRANT.includes(model) && collectSaved({ model, id, payload, expiresAt })) return
      await store.upsert(model, id, file(model, payload), endWithSession(payload, expiresInSeconds, clock))
    },
    async find(id) {
      const found = await look('find')(id)
      if (found === undefined) return undefined
      if (isCollected(model)) collectPresented(found)
      const isOfAnother =
        (model === 'Grant' && isOfFormerApp(found, apps)) || (model === 'Interaction' && !mayContinue(id))
      return isOfAnother ? undefined : found
    },
    findByUid: look('findByUid'),
    findByUserCode: look('findByUserCode'),
    async destroy(id) {
      if (model === 'Interaction') forgetPending(id)
      // Used twice, the library deletes it while its family is revoked, which deletes it too. If that fails, it must be there
      // for a second attempt.
      if (model === 'RefreshToken' && findPresented() !== undefined) return
      await store.destroy(model, id)
    },
    async revokeByGrantId(grantId) {
      await store.revokeByGrantId(model, grantId)
    },
    async consume(id) {
      const at = Math.floor(clock.nowMs() / 1000)
      const isFree = isCollected(model)
        ? collectConsumed({ model, id, at }, await store.find(model, id))
        : await store.consume(model, id, at)
      // The library read it as unused, but another request was faster: the same error as for a later one.
      if (!isFree)
        throw model === PUSHED
          ? new errors.InvalidRequestUri(USED_URI)
          : new errors.InvalidGrant('already used')
    },
  }
}

/** A later app with the same id cannot use what users granted to an earlier one. */
function isOfFormerApp({ clientId = '', iat }: AdapterPayload, apps: Apps): boolean {
  return iat !== undefined && iat < (apps.find(clientId)?.registeredAt ?? 0)
}

function file(model: string, payload: AdapterPayload): AdapterPayload {
  const owner = findOwner(model, payload)
  return owner === undefined ? payload : { ...payload, grantId: ownerKey(owner) }
}

function findOwner(model: string, { accountId, result }: AdapterPayload): string | undefined {
  if (model === 'Session' || model === 'Grant') return accountId
  // A sign-in that is complete but for its last redirect.
  return model === 'Interaction' ? result?.login?.accountId : undefined
}

function keep(model: string, expiresInSeconds: number | undefined): number | undefined {
  if (model !== 'RefreshToken' || expiresInSeconds === undefined) return expiresInSeconds
  return expiresInSeconds + EXPIRED_REFRESH_TOKEN_KEPT_SECONDS
}

function createClientAdapter({ apps }: AdapterPorts): Adapter {
  const readOnly = async () => {
    throw new Error('apps are not written through the sign-in provider')
  }
  return {
    async find(id) {
      if ((await apps.load?.(id)) === false) throw buildUnreachable()
      const app = apps.find(id)
      return app?.active === true ? (buildClientMetadata(app) as AdapterPayload) : undefined
    },
    upsert: readOnly,
    findByUid: readOnly,
    findByUserCode: readOnly,
    destroy: readOnly,
    revokeByGrantId: readOnly,
    consume: readOnly,
  }
}
