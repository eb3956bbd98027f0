// Objects of the database as items. They were validated when they were stored; parsing them again fills in what a
// later release added, and refuses what no release would have written.
import { type Collection, COLLECTION_NAMES } from '@crosswalk/admin-api'
import type { ObjectChange, ObjectStore, StoredObject } from '@crosswalk/storage'

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

/** Reads every collection; items that have not changed since are taken from before. */
export async function readStoredItems(list: ListObjects, before?: Items): Promise<Items> {
  const entries = await Promise.all(
    COLLECTION_NAMES.map(async (collection) => {
      const stored = await list(collection)
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

/** @returns the items after one change, a removal where it has no body; the same where it is about something else */
export function applyToItems(
  items: Items,
  change: ObjectChange & { readonly body?: unknown },
  revision: number,
): Items {
  const collection = COLLECTION_NAMES.find((name) => name === change.collection)
  if (collection === undefined) return items
  const next = new Map<string, Item<unknown>>(items[collection])
  if (change.body === undefined) next.delete(change.id)
  else {
    const { id, body, by, at } = change
    const stored = { collection, id, revision, owner: 'database', body, updatedAt: at, updatedBy: by }
    next.set(id, parseStoredItem(collection, stored))
  }
  return { ...items, [collection]: next } as Items
}
