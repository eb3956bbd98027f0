// Users of the database, looked up on demand. Recently used ones are cached until they change.
import { inPortions } from '@crosswalk/as-core'
import type { ObjectStore, StoredObject } from '@crosswalk/storage'
import { evictOldest } from '@crosswalk/protocol'

import { IDS_AT_ONCE, iterateObjects, parseStoredItem } from '../stored-items.ts'
import type { UserItem, UserItems } from './user-items.ts'
import { keysOfUser } from './user-keys.ts'

export type UserObjects = Pick<
  ObjectStore,
  'findMany' | 'filterIds' | 'findByKey' | 'countByKey' | 'listKeys' | 'count' | 'page'
>

export interface StoredUsers extends UserItems {
  /** Drops changed or removed users from the cache. */
  forget(ids: readonly string[]): void
}

/** About five hundred bytes each */
const MAX_KEPT = 5_000

export function createStoredUsers(objects: UserObjects): StoredUsers {
  /** Ordered from least to most recently used. */
  const kept = new Map<string, UserItem>()
  /** Ids that were looked up: groups list most users, and many users more than once. */
  const existing = new Set<string>()
  let changes = 0

  function keep(id: string, item: UserItem): void {
    kept.delete(id)
    kept.set(id, item)
    evictOldest(kept, MAX_KEPT)
  }

  async function read(ids: readonly string[]): Promise<readonly UserItem[]> {
    const asOf = changes
    const items = (await objects.findMany('users', ids)).map(parseUser)
    // A user that changed during the read may have been read before the change.
    if (asOf === changes) for (const item of items) keep(item.definition.id, item)
    return items
  }

  return {
    ofFile: new Set(),
    async find(ids) {
      const found = new Map<string, UserItem>()
      const missing: string[] = []
      for (const id of ids) {
        const item = kept.get(id)
        if (item === undefined) missing.push(id)
        else {
          keep(id, item)
          found.set(id, item)
        }
      }
      for await (const some of inPortions(missing))
        for (const item of await read(some)) found.set(item.definition.id, item)
      return found
    },
    async filterIds(ids) {
      const asOf = changes
      const there = ids.filter((id) => existing.has(id))
      const unknown = there.length === ids.length ? [] : ids.filter((id) => !existing.has(id))
      for await (const some of inPortions(unknown, IDS_AT_ONCE))
        for (const id of await objects.filterIds('users', some)) {
          there.push(id)
          if (asOf === changes) existing.add(id)
        }
      return there
    },
    findIds: (key, limit) => objects.findByKey('users', key, limit),
    listKeys: (prefix) => objects.listKeys('users', prefix),
    count: () => objects.count('users'),
    countByKey: (key) => objects.countByKey('users', key),
    async *each({ after = '', isWanted = () => true, signal } = {}) {
      for await (const object of iterateObjects(objects, 'users', after))
        if (signal?.aborted === true) return
        else if (isWanted(object.body as Readonly<Record<string, unknown>>)) yield parseUser(object)
    },
    forget(ids) {
      changes += 1
      for (const id of ids) {
        kept.delete(id)
        existing.delete(id)
      }
    },
  }
}

/** @returns those of these users that existed at a revision, as they were */
export async function findUsersAt(
  objects: Pick<ObjectStore, 'findManyAt'>,
  revision: number,
  ids: readonly string[],
): Promise<readonly UserItem[]> {
  const found: UserItem[] = []
  for await (const some of inPortions(ids))
    found.push(...(await objects.findManyAt('users', revision, some)).map(parseUser))
  return found
}

/** Adds lookup keys to users that the previous release wrote. @param ids - only these; all if absent */
export async function addUserKeys(
  objects: Pick<ObjectStore, 'addKeys'>,
  ids?: readonly string[],
): Promise<void> {
  for await (const some of ids === undefined ? [undefined] : inPortions(ids))
    await objects.addKeys('users', (object) => keysOfUser(parseUser(object).definition), some)
}

function parseUser(object: StoredObject): UserItem {
  return parseStoredItem('users', object)
}
