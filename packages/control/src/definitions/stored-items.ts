// Objects of the database as items. They were validated when they were stored; parsing them again fills in what a
// later release added, and refuses what no release would have written.
import { type Collection, COLLECTION_NAMES } from '@crosswalk/admin-api'
import { memoizeBounded } from '@crosswalk/protocol'
import type { ObjectStore, StoredChange, StoredObject } from '@crosswalk/storage'

import { CONTROLLED } from './collections/registry.ts'
import type { DefinitionOf, Item, Items } from './records.ts'
import { layerMaps, patchMap } from './shared-map.ts'

interface WithId {
  readonly id: string
}

/** Equal strings of many objects are held once. */
const keepOnce = memoizeBounded((text: string) => text)

/** @throws Error that names an object which no release can have stored */
export function parseStoredItem<C extends Collection>(
  collection: C,
  stored: StoredObject,
): Item<DefinitionOf<C>> {
  return {
    definition: parseStoredDefinition(collection, stored.id, stored.body),
    owner: 'database',
    revision: stored.revision,
    updatedAt: stored.updatedAt,
    updatedBy: keepOnce(stored.updatedBy),
  }
}

/** @throws Error as above; also for revisions of the past */
export function parseStoredDefinition<C extends Collection>(
  collection: C,
  id: string,
  body: unknown,
): DefinitionOf<C> {
  const parsed = CONTROLLED[collection].stored.safeParse(body)
  if (!parsed.success)
    throw new Error(`${collection}/${id} in the database cannot be read: ${parsed.error.message}`)
  return parsed.data as DefinitionOf<C>
}

export type ListObjects = ObjectStore['list']
/** Objects of a collection one by one, so that only one at a time is held in two forms. */
export type ReadObjects = ObjectStore['each']

/** Reads every collection; items that are the same as before are taken from there. */
export async function readStoredItems(read: ReadObjects, before?: Items): Promise<Items> {
  const entries: (readonly [Collection, ReadonlyMap<string, Item<WithId>>])[] = []
  for (const collection of COLLECTION_NAMES) {
    const items = new Map<string, Item<WithId>>()
    for await (const object of read(collection)) {
      const known = before?.[collection].get(object.id)
      const isSame = known?.revision === object.revision
      const item = isSame ? known : parseStoredItem(collection, object)
      // By the string of the definition, so that the id is not held twice.
      items.set(item.definition.id, item)
    }
    entries.push([collection, sortById(items)])
  }
  return Object.fromEntries(entries) as unknown as Items
}

/** In the same order whichever database sorts and whatever came last, so that plans of all processes are the same. */
function sortById<T>(items: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  const ids = [...items.keys()]
  if (ids.every((id, index) => index === 0 || (ids[index - 1] ?? '') < id)) return items
  return new Map([...items].toSorted(([id], [other]) => (id < other ? -1 : 1)))
}

export async function* oneByOne(list: Promise<readonly StoredObject[]>): ReturnType<ReadObjects> {
  yield* await list
}

/** @returns the items after some changes, in their order; what none is about stays the same */
export function applyToItems(items: Items, changes: readonly StoredChange[]): Items {
  const byCollection = Map.groupBy(changes, ({ collection }) => collection)
  const changed = COLLECTION_NAMES.flatMap((collection) => {
    const own = byCollection.get(collection)
    if (own === undefined) return []
    const next = own.map((change): readonly [string, Item<unknown> | undefined] => [
      change.id,
      change.body === undefined ? undefined : parseStoredItem(collection, change),
    ])
    return [[collection, patchMap<Item<unknown>>(items[collection], next)] as const]
  })
  return { ...items, ...Object.fromEntries(changed) } as Items
}

/** What the database defines counts where the file has the same, which is found out when either starts. */
export function mergeItems(
  file: Items,
  database: Items,
  before?: { readonly database: Items; readonly merged: Items },
): Items {
  return Object.fromEntries(
    COLLECTION_NAMES.map((collection) => [
      collection,
      before !== undefined && before.database[collection] === database[collection]
        ? before.merged[collection]
        : layerMaps<unknown>(file[collection], database[collection]),
    ]),
  ) as unknown as Items
}
