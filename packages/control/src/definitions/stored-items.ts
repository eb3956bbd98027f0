// Objects of the database as items. They were validated when they were stored; parsing them again fills in what a
// later release added, and refuses what no release would have written.
import { type Collection, COLLECTION_NAMES } from '@crosswalk/admin-api'
import type { ObjectStore, StoredChange, StoredObject } from '@crosswalk/storage'

import { CONTROLLED } from './collections/registry.ts'
import type { DefinitionOf, Item, Items } from './records.ts'

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
    updatedBy: stored.updatedBy,
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

/** In the same order whichever database sorts and whatever came last, so that plans of all processes are the same. */
function byId({ id }: { readonly id: string }, other: { readonly id: string }): number {
  return id < other.id ? -1 : 1
}

/** Reads every collection; items that are the same as before are taken from there. */
export async function readStoredItems(list: ListObjects, before?: Items): Promise<Items> {
  const entries = await Promise.all(
    COLLECTION_NAMES.map(async (collection) => {
      const stored = (await list(collection)).toSorted(byId)
      const items = stored.map((object) => {
        const known = before?.[collection].get(object.id)
        const same = known?.revision === object.revision
        return [object.id, same ? known : parseStoredItem(collection, object)] as const
      })
      return [collection, new Map<string, Item<unknown>>(items)] as const
    }),
  )
  return Object.fromEntries(entries) as unknown as Items
}

/** @returns the items after some changes, in their order; the same collections where none is about them */
export function applyToItems(items: Items, changes: readonly StoredChange[]): Items {
  const byCollection = Map.groupBy(changes, ({ collection }) => collection)
  const changed = COLLECTION_NAMES.flatMap((collection) => {
    const own = byCollection.get(collection)
    if (own === undefined) return []
    const next = new Map<string, Item<unknown>>(items[collection])
    for (const change of own) {
      if (change.body === undefined) next.delete(change.id)
      else next.set(change.id, parseStoredItem(collection, change))
    }
    const isLonger = own.some(({ id }) => !items[collection].has(id))
    return [[collection, isLonger ? sortById(next) : next] as const]
  })
  return { ...items, ...Object.fromEntries(changed) } as Items
}

function sortById<T>(items: ReadonlyMap<string, T>): ReadonlyMap<string, T> {
  return new Map([...items].toSorted(([id], [other]) => byId({ id }, { id: other })))
}

/** @param before - merged from the same file: what the database has the same as then stays the same map */
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
        : new Map<string, unknown>([...file[collection], ...database[collection]]),
    ]),
  ) as unknown as Items
}
