// Reads objects of the database as items. They were validated when they were stored; parsing them again fills in
// defaults of later releases, and rejects objects that no release could have stored.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Collection } from '@crosswalk/admin-api'
import type { ObjectStore, StoredChange, StoredObject } from '@crosswalk/storage'

import { readStored, UnreadableObject } from './read-stored.ts'
import {
  type DefinitionOf,
  CACHED_COLLECTIONS,
  type CachedCollection,
  type CachedItems,
  type Item,
} from './records.ts'
import { layerMaps, patchMap } from './shared-map.ts'
import type { StoredName, StoredOf } from './stored-collections.ts'

/** @throws UnreadableObject */
export function parseStoredItem<C extends Collection>(
  collection: C,
  stored: StoredObject,
): Item<DefinitionOf<C>> {
  return {
    definition: parseStoredDefinition(collection, stored.id, stored.body),
    owner: 'database',
    revision: stored.revision,
    updatedAt: stored.updatedAt,
    updatedBy: stored.updatedBy,
  }
}

/** Also reads past revisions. @throws UnreadableObject */
export function parseStoredDefinition<C extends Collection>(
  collection: C,
  id: string,
  body: unknown,
): DefinitionOf<C> {
  return readStored<Collection>(collection, { id, body }) as DefinitionOf<C>
}

/** Yields the objects of a collection one by one, so that only few exist as both rows and items. */
export type ReadObjects = (collection: string) => AsyncIterable<StoredObject>

/** Objects read before other work gets its turn: a few milliseconds. */
export const BATCH_SIZE = 250

/** Ids that one statement compares without reading objects: also a few milliseconds. */
export const IDS_AT_ONCE = 1_000

/** Yields the objects of a collection after an id, ordered by id, with a turn for other work between pages. */
export async function* iterateObjects(
  objects: Pick<ObjectStore, 'page'>,
  collection: string,
  after = '',
): AsyncIterable<StoredObject> {
  for (let last = after; ;) {
    const page = await objects.page(collection, { after: last, limit: BATCH_SIZE })
    yield* page
    if (page.length < BATCH_SIZE) return
    await nextTurn()
    last = page.at(-1)?.id ?? last
  }
}

export interface StoredCollection<N extends StoredName> {
  /** By id */
  readonly found: ReadonlyMap<string, StoredOf<N>>
  readonly unreadable: readonly UnreadableObject[]
}

/** @returns the readable objects by id, and the others, so that none of them hides the rest */
export async function readCollection<N extends StoredName>(
  objects: Pick<ObjectStore, 'page'>,
  collection: N,
): Promise<StoredCollection<N>> {
  const found = new Map<string, StoredOf<N>>()
  const unreadable: UnreadableObject[] = []
  for await (const object of iterateObjects(objects, collection))
    try {
      found.set(object.id, readStored(collection, object))
    } catch (error) {
      if (!(error instanceof UnreadableObject)) throw error
      unreadable.push(error)
    }
  return { found, unreadable }
}

/** The objects that existed at a global revision, as they were. */
export function iterateObjectsAt(
  objects: Pick<ObjectStore, 'pageAt'>,
  collection: string,
  revision: number,
): AsyncIterable<StoredObject> {
  return iterateObjects({ page: (name, about) => objects.pageAt(name, revision, about) }, collection)
}

/** Reads every held collection; unchanged items are reused. */
export async function readStoredItems(read: ReadObjects, before?: CachedItems): Promise<CachedItems> {
  const entries: (readonly [CachedCollection, ReadonlyMap<string, Item<unknown>>])[] = []
  for (const collection of CACHED_COLLECTIONS) {
    const items = new Map<string, Item<unknown>>()
    for await (const object of read(collection)) {
      const known = before?.[collection].get(object.id)
      const isSame = known?.revision === object.revision
      items.set(object.id, isSame ? known : parseStoredItem(collection, object))
    }
    entries.push([collection, items])
  }
  return Object.fromEntries(entries) as unknown as CachedItems
}

/** An earlier state that cannot be read does no harm once a later one replaced it. */
export function keepLast(changes: readonly StoredChange[]): readonly StoredChange[] {
  const last = new Map<string, StoredChange>()
  for (const change of changes) {
    // Moves it to the end.
    last.delete(change.id)
    last.set(change.id, change)
  }
  return [...last.values()]
}

/** @returns the items after the changes, in order; unaffected collections stay the same object */
export function applyToItems(items: CachedItems, changes: readonly StoredChange[]): CachedItems {
  const byCollection = Map.groupBy(changes, ({ collection }) => collection)
  const changed = CACHED_COLLECTIONS.flatMap((collection) => {
    const own = byCollection.get(collection)
    if (own === undefined) return []
    const next = keepLast(own).map((change): readonly [string, Item<unknown> | undefined] => [
      change.id,
      change.body === undefined ? undefined : parseStoredItem(collection, change),
    ])
    return [[collection, patchMap<Item<unknown>>(items[collection], next)] as const]
  })
  return { ...items, ...Object.fromEntries(changed) } as CachedItems
}

/** The database takes precedence; duplicates are reported when the server starts. */
export function mergeItems(
  file: CachedItems,
  database: CachedItems,
  before?: { readonly database: CachedItems; readonly merged: CachedItems },
): CachedItems {
  return Object.fromEntries(
    CACHED_COLLECTIONS.map((collection) => [
      collection,
      before !== undefined && before.database[collection] === database[collection]
        ? before.merged[collection]
        : layerMaps<unknown>(file[collection], database[collection]),
    ]),
  ) as unknown as CachedItems
}
