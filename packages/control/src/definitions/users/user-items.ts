// Users as defined, whatever their source: the database, the configuration file, or a draft.
import { type Item, type UserRecord } from '../records.ts'
import { keysOfUser } from './user-keys.ts'

export type UserItem = Item<UserRecord>

/** Reads users without keeping them in memory. */
export interface UserItems {
  /** Ids of users from the configuration file */
  readonly ofFile: ReadonlySet<string>
  /** @returns the existing users by id, in any order */
  find(ids: readonly string[]): Promise<ReadonlyMap<string, UserItem>>
  /** @returns the ids that exist, in any order */
  filterIds(ids: readonly string[]): Promise<readonly string[]>
  /** @returns ids of the users with a key (see `user-keys.ts`), sorted; the first `limit` if given */
  findIds(key: string, limit?: number): Promise<readonly string[]>
  /** @returns the keys with a prefix, sorted; may include keys that no user has now */
  listKeys(prefix: string): Promise<readonly string[]>
  count(): Promise<number>
  /** @returns the number of users that `findIds` would find */
  countByKey(key: string): Promise<number>
  /**
   * All users in the order of their ids, in chunks, so that other work gets its turn.
   *
   * @param after - starts after this id
   * @param isWanted - filters raw definitions before they are parsed
   */
  each(options?: IterateOptions): AsyncIterable<UserItem>
}

export interface IterateOptions {
  readonly after?: string | undefined
  readonly isWanted?: ((definition: Readonly<Record<string, unknown>>) => boolean) | undefined
  /** Signal of the caller: iteration stops when the caller is gone */
  readonly signal?: AbortSignal | undefined
}

/** @returns all users by id, in the order of ids; for short-lived use, because it holds every user in memory */
export async function readItems(users: UserItems): Promise<ReadonlyMap<string, UserItem>> {
  const all = new Map<string, UserItem>()
  for await (const item of users.each()) all.set(item.definition.id, item)
  return all
}

/** For users of the file, a draft or the past: few, or held only briefly. */
export function itemsInMemory(items: ReadonlyMap<string, UserItem>): UserItems {
  let known: ReadonlyMap<string, readonly string[]> | undefined
  const index = () => (known ??= indexKeys(items))
  return {
    ofFile: new Set([...items].flatMap(([id, { owner }]) => (owner === 'file' ? [id] : []))),
    async find(ids) {
      return new Map(
        ids.flatMap((id) => {
          const item = items.get(id)
          return item === undefined ? [] : [[id, item] as const]
        }),
      )
    },
    filterIds: async (ids) => ids.filter((id) => items.has(id)),
    findIds: async (key, limit) => (index().get(key) ?? []).slice(0, limit),
    listKeys: async (prefix) => [...index().keys()].filter((key) => key.startsWith(prefix)).sort(),
    count: async () => items.size,
    countByKey: async (key) => index().get(key)?.length ?? 0,
    async *each({ after = '', isWanted = () => true } = {}) {
      for (const id of [...items.keys()].sort()) {
        const item = id > after ? items.get(id) : undefined
        if (item !== undefined && isWanted({ ...item.definition })) yield item
      }
    },
  }
}

function indexKeys(items: ReadonlyMap<string, UserItem>): ReadonlyMap<string, readonly string[]> {
  const index = new Map<string, string[]>()
  for (const id of [...items.keys()].sort())
    for (const key of new Set(keysOfUser((items.get(id) as UserItem).definition))) {
      const ids = index.get(key)
      if (ids === undefined) index.set(key, [id])
      else ids.push(id)
    }
  return index
}

/**
 * @param front - takes precedence over `back`
 * @param removed - ids to hide in `back`
 */
export function layerItems(
  front: ReadonlyMap<string, UserItem>,
  back: UserItems,
  removed: ReadonlySet<string> = new Set(),
): UserItems {
  if (front.size === 0 && removed.size === 0) return back
  const before = itemsInMemory(front)
  const isBehind = (id: string) => !front.has(id) && !removed.has(id)
  const listHidden = () => back.filterIds([...front.keys(), ...removed])
  return {
    ofFile: new Set([...before.ofFile, ...[...back.ofFile].filter(isBehind)]),
    async find(ids) {
      return new Map([...(await back.find(ids.filter(isBehind))), ...(await before.find(ids))])
    },
    async filterIds(ids) {
      return [...ids.filter((id) => front.has(id)), ...(await back.filterIds(ids.filter(isBehind)))]
    },
    async findIds(key, limit) {
      // As many more as may be hidden
      const wanted = limit === undefined ? undefined : limit + front.size + removed.size
      const [own, behind] = await Promise.all([before.findIds(key), back.findIds(key, wanted)])
      return [...own, ...behind.filter(isBehind)].sort().slice(0, limit)
    },
    async listKeys(prefix) {
      const [own, behind] = await Promise.all([before.listKeys(prefix), back.listKeys(prefix)])
      return [...new Set([...own, ...behind])].sort()
    },
    async count() {
      const hidden = await listHidden()
      return front.size + (await back.count()) - hidden.length
    },
    async countByKey(key) {
      const own = await before.countByKey(key)
      if ((await listHidden()).length === 0) return own + (await back.countByKey(key))
      return own + (await back.findIds(key)).filter(isBehind).length
    },
    async *each(options) {
      const waiting = before.each(options)[Symbol.asyncIterator]()
      let next = await waiting.next()
      for await (const item of back.each(options)) {
        const { id } = item.definition
        while (next.done !== true && next.value.definition.id < id) {
          yield next.value
          next = await waiting.next()
        }
        if (isBehind(id)) yield item
      }
      for (; next.done !== true; next = await waiting.next()) yield next.value
    },
  }
}
