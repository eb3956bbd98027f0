// The definitions of a past time, from the history of the database.
import type { EpochMs } from '@crosswalk/protocol'
import type { ObjectStore } from '@crosswalk/storage'

import type { CachedItems, Items, World } from './records.ts'
import { readActs } from './stored-acts.ts'
import {
  iterateObjectsAt,
  mergeItems,
  parseStoredItem,
  type ReadObjects,
  readStoredItems,
} from './stored-items.ts'
import { itemsInMemory, type UserItem, type UserItems } from './users/user-items.ts'

export interface PastWorld {
  readonly world: World
  /** All in memory, because the database has no lookup keys of past users */
  readonly users: UserItems
}

export interface PastChoice {
  readonly revision: number
  /** Access grants that ended long before are left out. */
  readonly atMs: EpochMs
  /** Of that time, as far as it is known; see `stored-file.ts` */
  readonly file: Items
  /** Items of the database that may be the same; they are not parsed again. */
  readonly known?: CachedItems
}

export async function readPastWorld(
  objects: Pick<ObjectStore, 'pageAt'>,
  { revision, atMs, file: { users: fileUsers, ...file }, known }: PastChoice,
): Promise<PastWorld> {
  const read: ReadObjects = (collection) => iterateObjectsAt(objects, collection, revision)
  const items = await readStoredItems(read, known)
  const acts = await readActs(read, atMs)
  const users = new Map<string, UserItem>()
  for await (const object of read('users')) users.set(object.id, parseStoredItem('users', object))
  return {
    world: { revision, ...mergeItems(file, items), ...acts },
    users: itemsInMemory(new Map([...users, ...fileUsers])),
  }
}
