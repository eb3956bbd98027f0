// The object store on both databases. Every transaction first updates the single counter row, so that writers are
// serialized and a revision is never visible before all changes up to it.
import type { Kysely, Selectable, Transaction } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import { appendEvent } from '../ledger/append-event.ts'
import type { ObjectTable, Tables } from '../schema/tables.ts'
import { createChangeFeed } from './change-feed.ts'
import { addKeys, countByKey, dropKeys, findByKey, hasNewer, listKeys, replaceKeys } from './object-keys.ts'
import type {
  Basis,
  ObjectChange,
  ObjectOutcome,
  ObjectPut,
  ObjectStep,
  ObjectStore,
  StoredObject,
} from './object-store.ts'
import { createPasswordHashes } from './password-hashes.ts'
import { findRevision, raiseRevision } from './revision.ts'
import { insertSecurityEvents, type StoredOutbox } from './security-event-outbox.ts'

/** Fingerprint of a password that is not from the configuration file */
const OF_DATABASE = 'database'

/** The state of an object after a change; a null body removes it. */
interface NextState {
  readonly owner: string | undefined
  readonly body: string | null
  readonly keys?: readonly string[] | undefined
}

/** Rolls back the transaction of a conflicting change. */
class Conflict extends Error {
  readonly revision: number

  constructor(revision: number) {
    super('the object was changed by another writer')
    this.revision = revision
  }
}

export function createObjectStore(
  engine: Engine,
  outbox: Pick<StoredOutbox, 'announce'>,
): ObjectStore & { close(): Promise<void> } {
  const { db } = engine
  const readRevision = () => findRevision(db)
  const feed = createChangeFeed(engine, readRevision)

  async function change(
    requests: readonly (readonly [ObjectChange, NextState])[],
    basis: Basis | undefined,
  ): Promise<ObjectOutcome> {
    try {
      const revision = await db.transaction().execute(async (transaction) => {
        let last = 0
        for (const [request, next] of requests) {
          const revision = await raiseRevision(transaction, engine.traits)
          if (last === 0 && basis !== undefined) await refuseOutdated(transaction, basis, revision - 1)
          await apply(engine, transaction, request, { ...next, revision })
          last = revision
        }
        return last
      })
      feed.announce(revision)
      outbox.announce(requests.flatMap(([{ securityEvents = [] }]) => securityEvents))
      return { ok: true, revision }
    } catch (error) {
      if (error instanceof Conflict) return { ok: false, conflict: error.revision }
      throw error
    }
  }

  return {
    revision: readRevision,
    ...createObjectReader(engine),
    put: (put, basis) => change([[put, stateOf(put)]], basis),
    remove: (removal, basis) => change([[removal, REMOVED]], basis),
    changeAll: async (steps, basis) =>
      steps.length === 0
        ? { ok: true, revision: await readRevision() }
        : change(
            steps.map((step) => [step, stateOf(step)]),
            basis,
          ),
    onChange: (listener) => feed.onChange(listener),
    close: () => feed.close(),
  }
}

const REMOVED: NextState = { owner: undefined, body: null }

function stateOf(step: ObjectStep): NextState {
  if (!('body' in step)) return REMOVED
  const { owner, keys }: Partial<ObjectPut> = step
  return { owner, keys, body: stringify(step.body) }
}

function createObjectReader({
  db,
  traits,
}: Engine): Omit<ObjectStore, 'revision' | 'put' | 'remove' | 'changeAll' | 'onChange'> {
  const inOrder = traits.byCodeUnits('id')
  return {
    async list(collection) {
      const query = db.selectFrom('objects').selectAll().where('collection', '=', collection)
      return (await query.orderBy(inOrder).execute()).map(parseObject)
    },
    async page(collection, { after, limit }) {
      const query = db.selectFrom('objects').selectAll().where('collection', '=', collection)
      return (await query.where(inOrder, '>', after).orderBy(inOrder).limit(limit).execute()).map(parseObject)
    },
    async changesBetween(after, until) {
      const rows = await db
        .selectFrom('object_revisions')
        .selectAll()
        .where('revision', '>', after)
        .where('revision', '<=', until)
        .orderBy('revision')
        .execute()
      return rows.map(({ collection, id, revision, owner, body, at, by }) => ({
        ...{ collection, id, revision, owner, updatedAt: at, updatedBy: by },
        body: body === null ? undefined : (JSON.parse(body) as unknown),
      }))
    },
    async changedBetween(collection, after, until) {
      const rows = await db
        .selectFrom('object_revisions')
        .select('id')
        .distinct()
        .where('revision', '>', after)
        .where('revision', '<=', until)
        .where('collection', '=', collection)
        .execute()
      return rows.map(({ id }) => id)
    },
    listAt: (collection, revision, ids) => listAt(db, collection, { revision, ids }),
    async revisionAt(atMs) {
      // Newest first, so that a recent time is found without reading older revisions.
      const newest = db.selectFrom('object_revisions').select('revision').orderBy('revision', 'desc').limit(1)
      const row = await newest.where('at', '<=', atMs).executeTakeFirst()
      return row?.revision ?? 0
    },
    async find(collection, id) {
      const row = await findRow(db, collection, id)
      return row && parseObject(row)
    },
    async findMany(collection, ids) {
      if (ids.length === 0) return []
      const query = db.selectFrom('objects').selectAll().where('collection', '=', collection)
      return (await query.where('id', 'in', ids).orderBy(inOrder).execute()).map(parseObject)
    },
    findByKey: (collection, key) => findByKey(db, collection, key),
    countByKey: (collection, key) => countByKey(db, collection, key),
    listKeys: (collection, prefix) => listKeys(db, collection, prefix),
    async filterIds(collection, ids) {
      if (ids.length === 0) return []
      const query = db.selectFrom('objects').select('id').where('collection', '=', collection)
      return (await query.where('id', 'in', ids).orderBy(inOrder).execute()).map(({ id }) => id)
    },
    async count(collection) {
      const query = db.selectFrom('objects').select(({ fn }) => fn.countAll<number>().as('count'))
      return Number((await query.where('collection', '=', collection).executeTakeFirstOrThrow()).count)
    },
    addKeys: (collection, keysOf, ids) => addKeys(db, collection, (row) => keysOf(parseObject(row)), ids),
    async history(collection, id) {
      const rows = await db
        .selectFrom('object_revisions')
        .selectAll()
        .where('collection', '=', collection)
        .where('id', '=', id)
        .orderBy('revision', 'desc')
        .execute()
      return rows.map(({ revision, body, owner, at, by, reason }) => ({
        revision,
        body: body === null ? undefined : JSON.parse(body),
        owner,
        at,
        by,
        reason: reason ?? undefined,
      }))
    },
  }
}

/** The last revision of each object up to the given one, unless it removed the object. */
async function listAt(
  db: Kysely<Tables>,
  collection: string,
  { revision, ids }: { readonly revision: number; readonly ids: readonly string[] | undefined },
): Promise<readonly StoredObject[]> {
  if (ids?.length === 0) return []
  const last = db
    .selectFrom('object_revisions')
    .select(({ fn }) => ['id', fn.max('revision').as('revision')])
    .where('collection', '=', collection)
    .where('revision', '<=', revision)
    .$if(ids !== undefined, (all) => all.where('id', 'in', ids ?? []))
    .groupBy('id')
    .as('last')
  const rows = await db
    .selectFrom('object_revisions as then')
    .innerJoin(last, (join) =>
      join.onRef('last.id', '=', 'then.id').onRef('last.revision', '=', 'then.revision'),
    )
    .selectAll('then')
    .where('then.collection', '=', collection)
    .orderBy('then.id')
    .execute()
  return rows.flatMap(({ body, at, by, reason: _, ...row }) =>
    body === null ? [] : [parseObject({ ...row, body, updated_at: at, updated_by: by })],
  )
}

async function apply(
  engine: Engine,
  transaction: Transaction<Tables>,
  request: ObjectChange,
  next: NextState & { readonly revision: number },
): Promise<void> {
  const { collection, id } = request
  const { revision } = next
  const before = await findRow(transaction, collection, id)
  const found = before?.revision ?? 0
  if (request.ifRevision !== undefined && request.ifRevision !== found) throw new Conflict(found)
  if (next.body === null && before === undefined) throw new Conflict(0)
  const owner = next.owner ?? before?.owner ?? 'database'
  await writeState(transaction, request, { ...next, owner })
  await transaction
    .insertInto('object_revisions')
    .values({ collection, id, revision, owner, body: next.body, ...changeColumns(request) })
    .execute()
  const events = typeof request.event === 'function' ? request.event(revision) : request.event
  for (const event of events === undefined ? [] : [events].flat())
    await appendEvent(transaction, engine.traits, event)
  await insertSecurityEvents(transaction, engine.traits, request.securityEvents)
  await changePassword(transaction, request)
}

/** Call this after raising the revision: writers are serialized from then on. */
async function refuseOutdated(transaction: Transaction<Tables>, basis: Basis, now: number): Promise<void> {
  if (now <= basis.revision) return
  const changed = await transaction
    .selectFrom('object_revisions')
    .select('revision')
    .where('revision', '>', basis.revision)
    .where(({ or, eb }) => or([eb('collection', '!=', basis.lookedUp.collection), eb('body', 'is', null)]))
    .limit(1)
    .executeTakeFirst()
  if (changed !== undefined || (await hasNewer(transaction, basis.lookedUp, basis.revision)))
    throw new Conflict(now)
}

async function changePassword(
  transaction: Transaction<Tables>,
  { id, passwordHash }: ObjectChange,
): Promise<void> {
  const passwordHashes = createPasswordHashes(transaction)
  if (passwordHash === null) await passwordHashes.remove(id)
  else if (passwordHash !== undefined) await passwordHashes.replace(id, passwordHash, OF_DATABASE)
}

async function writeState(
  transaction: Transaction<Tables>,
  { collection, id, at, by }: ObjectChange,
  { owner, body, keys, revision }: NextState & { owner: string; revision: number },
): Promise<void> {
  if (body === null) {
    await dropKeys(transaction, { collection, id })
    await transaction
      .deleteFrom('objects')
      .where('collection', '=', collection)
      .where('id', '=', id)
      .execute()
    return
  }
  const state = { revision, owner, body, updated_at: at, updated_by: by }
  await transaction
    .insertInto('objects')
    .values({ collection, id, ...state })
    .onConflict((conflict) => conflict.columns(['collection', 'id']).doUpdateSet(state))
    .execute()
  if (keys !== undefined) await replaceKeys(transaction, { collection, id, revision }, keys)
}

function findRow(db: Kysely<Tables>, collection: string, id: string) {
  return db
    .selectFrom('objects')
    .selectAll()
    .where('collection', '=', collection)
    .where('id', '=', id)
    .executeTakeFirst()
}

function changeColumns({ at, by, reason }: ObjectChange) {
  return { at, by, reason: reason ?? null }
}

function stringify(body: unknown): string {
  const text: string | undefined = JSON.stringify(body)
  if (text === undefined) throw new TypeError('the body of an object must be a JSON value')
  return text
}

function parseObject(row: Selectable<ObjectTable>): StoredObject {
  return {
    collection: row.collection,
    id: row.id,
    revision: row.revision,
    owner: row.owner,
    body: JSON.parse(row.body),
    updatedAt: row.updated_at,
    updatedBy: row.updated_by,
  }
}
