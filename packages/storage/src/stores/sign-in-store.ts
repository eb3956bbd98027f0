// Records of the sign-in provider, which interprets them; here they expire and are consumed once.
import { type Clock, digest } from '@crosswalk/as-core'
import type { SignInStore } from '@crosswalk/idp'
import type { ExpressionBuilder, Kysely, Selectable } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import type { SignInRecordTable, Tables } from '../schema/tables.ts'
import { parsePayload, type RecordName } from '../ledger/sealed-payload.ts'
import { buildSignInRow } from '../ledger/sign-in-rows.ts'
import { insertSecurityEvents, type StoredOutbox } from './security-event-outbox.ts'

type Column = 'id' | 'uid' | 'user_code'
type Row = Pick<Selectable<SignInRecordTable>, 'payload' | 'consumed_at'>
type Builder = ExpressionBuilder<Tables, 'sign_in_records'>

export function createSignInStore(
  { db, traits, prepareRead }: Pick<Engine, 'db' | 'traits' | 'prepareRead'>,
  clock: Clock,
  outbox: Pick<StoredOutbox, 'announce'>,
): SignInStore {
  const nowSeconds = (): number => clock.nowMs() / 1000
  const live = (builder: Builder) =>
    builder.or([builder('expires_at', 'is', null), builder('expires_at', '>', nowSeconds())])
  // A token exchange looks up the session and the grant of its subject token.
  const findBy = (column: Column) => {
    const read = prepareRead(
      db
        .selectFrom('sign_in_records')
        .select(['payload', 'consumed_at'])
        .where('model', '=', '')
        .where(column, '=', '')
        .where(live)
        .compile(),
      ([row]) => row,
    )
    return async (model: string, value: string) => {
      const row = await read([model, column === 'id' ? digest(value) : value, nowSeconds()])
      return row && readRow(row, column === 'id' ? { model, id: value } : undefined)
    }
  }
  const readAllByUid = prepareRead(
    db
      .selectFrom('sign_in_records')
      .select(['model', 'payload', 'consumed_at'])
      .where('uid', '=', '')
      .where(live)
      .compile(),
    (rows) => rows.map((row) => ({ model: row.model, payload: readRow(row) })),
  )
  return {
    async upsert(model, id, payload, expiresInSeconds) {
      const expiresAt = expiresInSeconds === undefined ? undefined : nowSeconds() + expiresInSeconds
      await save(db, buildSignInRow({ model, id, payload, expiresAt }))
    },
    async saveLater(model, id, payload, expiresAt) {
      const row = buildSignInRow({ model, id, payload, expiresAt })
      const { numInsertedOrUpdatedRows = 0n } = await save(db, row, { onlyLater: true })
      return numInsertedOrUpdatedRows > 0n
    },
    async update(model, id, { id: nextId, payload, expiresInSeconds }) {
      const expiresAt = expiresInSeconds === undefined ? undefined : nowSeconds() + expiresInSeconds
      const row = buildSignInRow({ model, id: nextId, payload, expiresAt })
      // Update in place: a removal by grant that waits for this statement then finds the row.
      await db
        .updateTable('sign_in_records')
        .set({ id: row.id, ...listSaved(row) })
        .where('model', '=', model)
        .where('id', '=', digest(id))
        .execute()
    },
    find: findBy('id'),
    findByUid: findBy('uid'),
    findAllByUid: (uid) => readAllByUid([uid, nowSeconds()]),
    findByUserCode: findBy('user_code'),
    async consume(model, id, at) {
      const { numUpdatedRows } = await db
        .updateTable('sign_in_records')
        .set({ consumed_at: at })
        .where('model', '=', model)
        .where('id', '=', digest(id))
        .where('consumed_at', 'is', null)
        .where(live)
        .executeTakeFirst()
      return numUpdatedRows > 0n
    },
    async destroy(model, id, securityEvents = []) {
      await db.transaction().execute(async (transaction) => {
        await transaction
          .deleteFrom('sign_in_records')
          .where('model', '=', model)
          .where('id', '=', digest(id))
          .execute()
        await insertSecurityEvents(transaction, traits, securityEvents)
      })
      outbox.announce(securityEvents)
    },
    async revokeByGrantId(model, grantId) {
      const removed = await db
        .deleteFrom('sign_in_records')
        .where('model', '=', model)
        .where('grant_id', '=', grantId)
        .returning(['payload', 'consumed_at'])
        .execute()
      return removed.map((row) => readRow(row))
    },
  }
}

/** @param onlyLater - keeps an existing record unless it expires before this one */
function save(db: Kysely<Tables>, row: SignInRecordTable, { onlyLater = false } = {}) {
  return db
    .insertInto('sign_in_records')
    .values(row)
    .onConflict((conflict) => {
      const update = conflict.columns(['model', 'id']).doUpdateSet(listSaved(row))
      return onlyLater ? update.where('sign_in_records.expires_at', '<', row.expires_at) : update
    })
    .executeTakeFirst()
}

/** Omits `consumed_at`, so that saving a used code again does not make it unused. */
function listSaved({ payload, uid, user_code, grant_id, expires_at }: SignInRecordTable) {
  return { payload, uid, user_code, grant_id, expires_at }
}

/** @param name - undefined if the record was found by something other than its id; then secret members are omitted */
function readRow(row: Row, name?: RecordName): Record<string, unknown> {
  const payload = parsePayload(row.payload, name)
  return row.consumed_at === null ? payload : { ...payload, consumed: row.consumed_at }
}
