// Users are cached until they change, and a change during a read is never missed.
import { zUser } from '@crosswalk/protocol'
import { openStorage, type StoredObject } from '@crosswalk/storage'
import { expect, it, vi } from 'vitest'

import { addUserKeys, createStoredUsers } from './stored-users.ts'
import { nameKey } from './user-keys.ts'

function storeUser(id: string, username = id): StoredObject {
  const body = { id, username, hasPassword: false }
  return { collection: 'users', id, revision: 1, owner: 'database', body, updatedAt: 1, updatedBy: 'adm' }
}

/** Reads users with a variable name, and records each read. */
function openCounted() {
  const read: string[] = []
  let name = 'first'
  const opened = Promise.withResolvers<void>()
  let gate: Promise<void> = Promise.resolve()
  const users = createStoredUsers({
    async findMany(_: string, ids: readonly string[]) {
      read.push(...ids)
      const found = ids.map((id) => storeUser(id, name))
      await gate
      return found
    },
  } as never)
  const find = async (id: string) => (await users.find([id])).get(id)?.definition.username
  return {
    ...{ users, read, find, rename: (to: string) => (name = to), open: opened.resolve },
    holdBack: () => void (gate = opened.promise),
  }
}

it('reads a user once, and again after a change', async () => {
  const { users, read, find, rename } = openCounted()
  expect([await find('a'), await find('a')]).toEqual(['first', 'first'])
  expect(read).toEqual(['a'])
  rename('second')
  expect(await find('a')).toBe('first')
  users.forget(['b'])
  expect(await find('a')).toBe('first')
  users.forget(['a'])
  expect(await find('a')).toBe('second')
  expect(read).toEqual(['a', 'a'])
})

it('looks up once which ids exist, and again those that changed', async () => {
  const stored = new Set(['a', 'b'])
  const filterIds = vi.fn(async (_: string, ids: readonly string[]) => ids.filter((id) => stored.has(id)))
  const users = createStoredUsers({ filterIds } as never)
  expect(await users.filterIds(['a', 'gone'])).toEqual(['a'])
  expect((await users.filterIds(['a', 'b', 'gone'])).toSorted()).toEqual(['a', 'b'])
  stored.delete('a')
  users.forget(['a'])
  expect(await users.filterIds(['a', 'b'])).toEqual(['b'])
  expect(filterIds.mock.calls.map(([, ids]) => ids)).toEqual([['a', 'gone'], ['b', 'gone'], ['a']])
})

it('does not cache an id that was removed during the lookup', async () => {
  const answers = [Promise.withResolvers<readonly string[]>(), Promise.withResolvers<readonly string[]>()]
  const filterIds = vi.fn(() => answers[filterIds.mock.calls.length - 1]?.promise)
  const users = createStoredUsers({ filterIds } as never)
  const looking = users.filterIds(['a'])
  users.forget(['a'])
  answers[0]?.resolve(['a'])
  expect(await looking).toEqual(['a'])
  answers[1]?.resolve([])
  expect(await users.filterIds(['a'])).toEqual([])
})

it('does not cache a user that changed during the read', async () => {
  const { users, read, find, rename, holdBack, open } = openCounted()
  holdBack()
  const reading = find('a')
  await vi.waitFor(() => expect(read).toEqual(['a']))
  rename('second')
  users.forget(['a'])
  open()
  expect(await reading).toBe('first')
  expect(await find('a')).toBe('second')
})

it.each([
  ['5000 others', 4_999, 0],
  ['5001 others', 5_000, 1],
])('keeps a user while %s are looked up', async (_, others, again) => {
  const { users, read } = openCounted()
  await users.find(['a'])
  await users.find(Array.from({ length: others }, (_user, index) => `u${index}`))
  read.length = 0
  await users.find(['a'])
  expect(read).toHaveLength(again)
})

it('finds users by name that the previous release wrote', async () => {
  const storage = await openStorage('sqlite::memory:')
  const { objects } = storage
  const users = createStoredUsers(objects)
  const body = { id: 'usr_a', username: 'Ann', hasPassword: false }
  await objects.put({ collection: 'users', id: 'usr_a', body, by: 'adm', at: 1 })
  expect(await users.findIds(nameKey('ANN'))).toEqual([])
  await addUserKeys(objects)
  expect(await users.findIds(nameKey('ANN'))).toEqual(['usr_a'])
  await storage.close()
})

it('reads a group name that an earlier release stored and this one refuses', async () => {
  const name = 'sales\u202Eteam'
  expect(zUser.safeParse({ id: 'usr_a', username: 'ann', groups: [name] }).success).toBe(false)
  const storage = await openStorage('sqlite::memory:')
  const body = { id: 'usr_a', username: 'ann', hasPassword: false, groups: [name] }
  await storage.objects.put({ collection: 'users', id: 'usr_a', body, by: 'adm', at: 1 })
  const found = await createStoredUsers(storage.objects).find(['usr_a'])
  expect(found.get('usr_a')?.definition.groups).toEqual([name])
  await storage.close()
})
