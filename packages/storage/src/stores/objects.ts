// Writes objects on both databases. Every transaction first updates the single counter row, so that writers are
// serialized and a revision is never visible before all changes up to it.
import { inTurns, type LoggedEvent, mapInTurns } from '@crosswalk/as-core'
import { chunk } from '@crosswalk/protocol'
import type { Insertable, Transaction } from 'kysely'

import type { Engine } from '../dialects/dialect.ts'
import { appendEvents } from '../ledger/append-event.ts'
import type { ObjectRevisionTable, Tables } from '../schema/tables.ts'
import { createChangeFeed } from './change-feed.ts'
import { hasNewer, type ObjectKeys, replaceKeys } from './object-keys.ts'
import { createObjectReader } from './object-reader.ts'
import {
  findHeads,
  nameObject,
  type ObjectHead,
  type ObjectRow,
  ROWS_AT_ONCE,
  writeRows,
} from './object-rows.ts'
import type {
  Basis,
  CheckObject,
  ObjectChange,
  ObjectOutcome,
  ObjectPut,
  ObjectStep,
  ObjectStore,
} from './object-store.ts'
import { createPasswordHashes } from './password-hashes.ts'
import { findRevision, raiseRevision } from './revision.ts'
import { dropStream, insertSecurityEvents, type StoredOutbox } from './security-event-outbox.ts'
import { createUpstreamLinks } from './upstream-links.ts'

/** Fingerprint of a password that is not from the configuration file */
const OF_DATABASE = 'database'

/** The state of an object after a change; a null body removes it. */
interface NextState {
  readonly owner: string | undefined
  readonly body: string | null
  readonly keys?: readonly string[] | undefined
}

interface NextRevision extends NextState {
  readonly revision: number
  /** The revision that the change is based on, if any */
  readonly seen: number | undefined
  /** The first revision of this transaction */
  readonly first: number
}

/** The objects of a transaction, by `nameObject`, after the changes so far */
interface Progress {
  readonly heads: Map<string, ObjectHead>
  /** To be written at the end, once for each object */
  readonly rows: Map<string, ObjectRow>
  /** To be replaced at the end; objects whose keys stay are absent */
  readonly keys: Map<string, ObjectKeys>
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
  checkObject?: CheckObject,
): ObjectStore & { close(): Promise<void> } {
  const { db } = engine
  const readRevision = () => findRevision(db)
  const feed = createChangeFeed(engine, readRevision)

  function stateOf(step: ObjectStep): NextState {
    if (!('body' in step)) return REMOVED
    const { owner, keys }: Partial<ObjectPut> = step
    const body = stringify(step.body)
    checkObject?.({ collection: step.collection, id: step.id, body: JSON.parse(body) })
    return { owner, keys, body }
  }

  async function change(
    requests: readonly (readonly [ObjectChange, NextState])[],
    basis: Basis | undefined,
  ): Promise<ObjectOutcome> {
    try {
      const revision = await db.transaction().execute(async (transaction) => {
        const last = await raiseRevision(transaction, engine.traits, requests.length)
        const first = last - requests.length + 1
        if (basis !== undefined) await refuseOutdated(transaction, basis, first - 1)
        const names = requests.map(([request]) => request)
        const heads = await findHeads(transaction, names)
        const progress: Progress = { heads, rows: new Map(), keys: new Map() }
        const revisions: Insertable<ObjectRevisionTable>[] = []
        const events: LoggedEvent[] = []
        for await (const [request, next] of inTurns(requests)) {
          const revision = first + revisions.length
          const states = { ...next, revision, seen: basis?.revision, first }
          const found = progress.heads.get(nameObject(request))?.revision ?? 0
          revisions.push(judge(request, states, progress))
          await writeRest(engine, transaction, request, found)
          events.push(...buildEvents(request, revision))
        }
        await writeRows(transaction, [...progress.rows.values()])
        await replaceKeys(transaction, [...progress.keys.values()])
        await insertRevisions(transaction, revisions)
        await appendEvents(transaction, engine.traits, events)
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
        : change(await mapInTurns(steps, (step) => [step, stateOf(step)] as const), basis),
    onChange: (listener) => feed.onChange(listener),
    close: () => feed.close(),
  }
}

const REMOVED: NextState = { owner: undefined, body: null }

/** Notes what becomes of the object. @returns the revision @throws Conflict */
function judge(
  request: ObjectChange,
  { seen = Infinity, first, revision, body, owner: given, keys: newKeys }: NextRevision,
  { heads, rows, keys }: Progress,
): Insertable<ObjectRevisionTable> {
  const { collection, id, at, by, reason = null } = request
  const name = nameObject(request)
  const before = heads.get(name)
  const found = before?.revision ?? 0
  if (request.ifRevision !== undefined && request.ifRevision !== found) throw new Conflict(found)
  if (found > seen && found < first) throw new Conflict(found)
  if (body === null && before === undefined) throw new Conflict(0)
  const owner = given ?? before?.owner ?? 'database'
  if (body === null) heads.delete(name)
  else heads.set(name, { revision, owner })
  rows.set(name, { collection, id, revision, owner, body, updated_at: at, updated_by: by })
  const replaced = body === null ? [] : newKeys
  if (replaced !== undefined) keys.set(name, { collection, id, revision, keys: replaced })
  return { collection, id, revision, owner, body, at, by, reason }
}

/** Writes everything but objects, keys, revisions and events, which are written together. */
async function writeRest(
  engine: Engine,
  transaction: Transaction<Tables>,
  request: ObjectChange,
  found: number,
): Promise<void> {
  if (request.droppedStream !== undefined) await dropStream(transaction, request.droppedStream)
  await insertSecurityEvents(transaction, engine.traits, request.securityEvents)
  await changePassword(transaction, request)
  await addLink(transaction, request, found)
}

function buildEvents({ event = [] }: ObjectChange, revision: number): readonly LoggedEvent[] {
  return [typeof event === 'function' ? event(revision) : event].flat()
}

async function insertRevisions(
  transaction: Transaction<Tables>,
  revisions: readonly Insertable<ObjectRevisionTable>[],
): Promise<void> {
  for (const some of chunk(revisions, ROWS_AT_ONCE))
    await transaction.insertInto('object_revisions').values(some).execute()
}

async function addLink(
  transaction: Transaction<Tables>,
  { id, upstreamLink }: ObjectChange,
  revision: number,
): Promise<void> {
  if (upstreamLink === undefined) return
  if (!(await createUpstreamLinks(transaction).add({ ...upstreamLink, userId: id })))
    throw new Conflict(revision)
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

function stringify(body: unknown): string {
  const text: string | undefined = JSON.stringify(body)
  if (text === undefined) throw new TypeError('the body of an object must be a JSON value')
  return text
}
