// Credentials for other services: at most one of each kind is held per user and resource app. A revoked credential
// stays, sealed, until the service has been notified. Other code seals and opens them.
import type { LoggedEvent } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'
import type { ExpressionBuilder, Selectable, Transaction } from 'kysely'

import { appendEvent } from '../ledger/append-event.ts'
import type { StoredCredentialTable } from '../schema/stored-credentials.ts'
import type { Database, Tables } from '../schema/tables.ts'
import { lockRevision } from './revision.ts'

export type CredentialKind = 'oauth' | 'apiKey' | 'clientSecret'

export interface CredentialPlace {
  readonly resourceApp: string
  /** Undefined if it belongs to the resource app itself */
  readonly userId: string | undefined
  readonly kind: CredentialKind
}

export interface StoredCredential extends CredentialPlace {
  readonly id: string
  readonly sealed: string
  readonly storedAt: EpochMs
  /** Id of the user or administrator who stored it */
  readonly storedBy: string
  readonly usedAt?: EpochMs
  readonly revokedAt?: EpochMs
  /** Number of failed attempts to notify the service of the revocation */
  readonly failures: number
}

export type NewCredential = Omit<StoredCredential, 'usedAt' | 'revokedAt' | 'failures'>

/** Matches held credentials by all given members. */
export interface CredentialQuery {
  readonly id?: string | undefined
  readonly resourceApp?: string | undefined
  readonly userId?: string | undefined
}

export interface PutAbout {
  /** What happens to an earlier credential; `revoked` means that the service is notified, as with `revoke` */
  readonly earlier?: 'deleted' | 'revoked'
  /** The revision of definitions under which the credential may be stored */
  readonly definedAt?: number
}

/** Durable when resolved; a given event becomes durable together with its change. */
export interface StoredCredentials {
  /** Sorted by resource app and user */
  list(query: CredentialQuery): Promise<readonly StoredCredential[]>
  find(place: CredentialPlace): Promise<StoredCredential | undefined>
  /**
   * Stores a credential and replaces an earlier one.
   * @returns false, and changes nothing, if definitions have changed since `definedAt`
   */
  put(credential: NewCredential, event: LoggedEvent, about?: PutAbout): Promise<boolean>
  /** Updates the content of a credential, such as a refreshed token. @returns false if it has changed since */
  replace(id: string, seen: string, sealed: string): Promise<boolean>
  /**
   * Revokes a credential, so that it is no longer found; reserved work completes first. @returns false if it was not
   * held
   */
  revoke(id: string, at: EpochMs, event: LoggedEvent): Promise<boolean>
  used(id: string, at: EpochMs): Promise<void>
  /** Reserves work that only one process may do. @returns false if another process has reserved it */
  claim(id: string, now: EpochMs, until: EpochMs): Promise<boolean>
  /** @param until - as reserved; a later reservation by another process stays */
  release(id: string, until: EpochMs): Promise<void>
  /** Revoked credentials that no process works on, oldest first; a limited number */
  listRevoked(
    now: EpochMs,
    query?: Partial<Pick<CredentialPlace, 'resourceApp' | 'kind'>>,
  ): Promise<readonly StoredCredential[]>
  /** Notifying the service failed; retried at `dueAt`. */
  postpone(id: string, dueAt: EpochMs): Promise<void>
  /** Deletes a revoked credential. */
  forget(id: string, event?: LoggedEvent): Promise<void>
  /** Held and revoked credentials, sorted by id, a limited number after a given id */
  listSealed(afterId: string): Promise<readonly Pick<StoredCredential, 'id' | 'sealed'>[]>
  /**
   * Replaces the sealed content of a held or revoked credential, resealed or updated. @returns false if it has changed
   * since
   */
  reseal(id: string, seen: string, sealed: string): Promise<boolean>
}

const PAGE_ROWS = 1000
const MAX_DUE = 50

export function createStoredCredentials({ db, traits }: Database): StoredCredentials {
  const change = () => db.updateTable('stored_credentials')
  const held = () => db.selectFrom('stored_credentials').selectAll().where('revoked_at', 'is', null)
  return {
    async list(query) {
      const rows = held().where((builder) => builder.and(listConditions(builder, query)))
      return (await rows.orderBy('resource_app').orderBy('user_id').execute()).map(parseRow)
    },
    async find({ resourceApp, userId = '', kind }) {
      const row = await held()
        .where('resource_app', '=', resourceApp)
        .where('user_id', '=', userId)
        .where('kind', '=', kind)
        .executeTakeFirst()
      return row && parseRow(row)
    },
    put: (credential, event, { earlier = 'deleted', definedAt } = {}) =>
      db.transaction().execute(async (transaction) => {
        if (definedAt !== undefined && (await lockRevision(transaction)) > definedAt) return false
        // Another process may store one in between.
        do await removeEarlier(transaction, credential, earlier)
        while (!(await insertNew(transaction, credential)))
        await appendEvent(transaction, traits, event)
        return true
      }),
    async replace(id, seen, sealed) {
      const { numUpdatedRows } = await change()
        .set({ sealed })
        .where('id', '=', id)
        .where('sealed', '=', seen)
        .where('revoked_at', 'is', null)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    revoke: (id, at, event) =>
      db.transaction().execute(async (transaction) => {
        const { numUpdatedRows } = await transaction
          .updateTable('stored_credentials')
          .set({ revoked_at: at })
          .where('id', '=', id)
          .where('revoked_at', 'is', null)
          .executeTakeFirst()
        if (numUpdatedRows > 0n) await appendEvent(transaction, traits, event)
        return numUpdatedRows > 0n
      }),
    async used(id, at) {
      await change().set({ used_at: at }).where('id', '=', id).execute()
    },
    async claim(id, now, until) {
      const { numUpdatedRows } = await change()
        .set({ busy_until: until })
        .where('id', '=', id)
        .where('busy_until', '<=', now)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async release(id, until) {
      await change().set({ busy_until: 0 }).where('id', '=', id).where('busy_until', '=', until).execute()
    },
    async listRevoked(now, { resourceApp, kind } = {}) {
      const rows = await db
        .selectFrom('stored_credentials')
        .selectAll()
        .where('revoked_at', 'is not', null)
        .where('busy_until', '<=', now)
        .$if(resourceApp !== undefined, (all) => all.where('resource_app', '=', resourceApp ?? ''))
        .$if(kind !== undefined, (all) => all.where('kind', '=', kind ?? ''))
        .orderBy('revoked_at')
        .limit(MAX_DUE)
        .execute()
      return rows.map(parseRow)
    },
    async postpone(id, dueAt) {
      await change()
        .set(({ eb }) => ({ busy_until: dueAt, failures: eb('failures', '+', 1) }))
        .where('id', '=', id)
        .execute()
    },
    forget: (id, event) =>
      db.transaction().execute(async (transaction) => {
        const { numDeletedRows } = await transaction
          .deleteFrom('stored_credentials')
          .where('id', '=', id)
          .where('revoked_at', 'is not', null)
          .executeTakeFirst()
        if (numDeletedRows > 0n && event !== undefined) await appendEvent(transaction, traits, event)
      }),
    listSealed: (afterId) =>
      db
        .selectFrom('stored_credentials')
        .select(['id', 'sealed'])
        .where('id', '>', afterId)
        .orderBy('id')
        .limit(PAGE_ROWS)
        .execute(),
    async reseal(id, seen, sealed) {
      const { numUpdatedRows } = await change()
        .set({ sealed })
        .where('id', '=', id)
        .where('sealed', '=', seen)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
  }
}

function placeOf({ resourceApp, userId = '', kind }: CredentialPlace) {
  return { resource_app: resourceApp, user_id: userId, kind }
}

async function removeEarlier(
  transaction: Transaction<Tables>,
  credential: NewCredential,
  earlier: 'deleted' | 'revoked',
): Promise<void> {
  const isEarlier = (builder: ExpressionBuilder<Tables, 'stored_credentials'>) =>
    builder.and([builder.and(placeOf(credential)), builder('revoked_at', 'is', null)])
  await (
    earlier === 'deleted'
      ? transaction.deleteFrom('stored_credentials').where(isEarlier)
      : transaction
          .updateTable('stored_credentials')
          .set({ revoked_at: credential.storedAt })
          .where(isEarlier)
  ).execute()
}

/**
 * @returns false if one is held in this place. Any other conflict is an error that removing the held one cannot
 *   resolve.
 */
async function insertNew(transaction: Transaction<Tables>, credential: NewCredential): Promise<boolean> {
  const { id, sealed, storedAt, storedBy } = credential
  const { numInsertedOrUpdatedRows } = await transaction
    .insertInto('stored_credentials')
    .values({
      ...{ ...placeOf(credential), id, sealed, stored_at: storedAt, stored_by: storedBy },
      ...{ used_at: null, busy_until: 0, revoked_at: null, failures: 0 },
    })
    .onConflict((conflict) =>
      conflict.columns(['resource_app', 'user_id', 'kind']).where('revoked_at', 'is', null).doNothing(),
    )
    .executeTakeFirst()
  return numInsertedOrUpdatedRows === 1n
}

function listConditions(
  builder: ExpressionBuilder<Tables, 'stored_credentials'>,
  { id, resourceApp, userId }: CredentialQuery,
) {
  return [
    ...(id === undefined ? [] : [builder('id', '=', id)]),
    ...(resourceApp === undefined ? [] : [builder('resource_app', '=', resourceApp)]),
    ...(userId === undefined ? [] : [builder('user_id', '=', userId)]),
  ]
}

function parseRow(row: Selectable<StoredCredentialTable>): StoredCredential {
  return {
    id: row.id,
    resourceApp: row.resource_app,
    userId: row.user_id === '' ? undefined : row.user_id,
    kind: row.kind as CredentialKind,
    sealed: row.sealed,
    storedAt: Number(row.stored_at),
    storedBy: row.stored_by,
    ...(row.used_at === null ? {} : { usedAt: Number(row.used_at) }),
    ...(row.revoked_at === null ? {} : { revokedAt: Number(row.revoked_at) }),
    failures: Number(row.failures),
  }
}
