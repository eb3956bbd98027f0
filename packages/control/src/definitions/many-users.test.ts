// Twenty thousand users: how many of them one change looks at, and what memory each takes.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import type { ObjectStore, StoredObject } from '@crosswalk/storage'
import { COLLECTION_NAMES } from '@crosswalk/admin-api'
import { describe, expect, it } from 'vitest'

import type { Configuration } from '../config-file/configuration.ts'
import { parseConfiguration } from '../config-file/load-configuration.ts'
import { checkCandidate, withDefinition, withoutDefinition } from './check-world.ts'
import { compileWorld } from './compile-world.ts'
import { createDirectory, type Directory } from './directory.ts'
import { findChangedUsers } from './user-index.ts'
import type { Item, UserRecord, World } from './records.ts'
import { parseStoredDefinition } from './stored-items.ts'
import { buildSettings } from './world-settings.ts'

const USERS = 20_000
const configuration = readConfiguration()
const SEALING = { keyedDigest: () => 'not made' }

function readConfiguration(): Configuration {
  const text = '{"baseUrl":"http://127.0.0.1:4000","idp":{}}'
  const { configuration: read } = parseConfiguration(text, 'crosswalk.json', {})
  if (read === undefined) throw new Error('the configuration of the test is wrong')
  return read
}

function describeUser(index: number) {
  return {
    ...{ id: `usr_${100_000 + index}`, username: `user${index}`, name: `User ${index}`, hasPassword: false },
    ...{ email: `user${index}@example.com`, emailVerified: true, groups: [`a group of many ${index % 100}`] },
    attributes: { department: `department-${index % 20}` },
  }
}

describe('a change of one user', () => {
  /** Counts the entries that were read one by one. */
  class CountedMap extends Map<string, Item<UserRecord>> {
    read = 0;

    override *entries(): MapIterator<[string, Item<UserRecord>]> {
      for (const entry of super.entries()) {
        this.read += 1
        yield entry
      }
    }

    override [Symbol.iterator]() {
      return this.entries()
    }

    override *keys(): MapIterator<string> {
      for (const [key] of this.entries()) yield key
    }

    override *values(): MapIterator<Item<UserRecord>> {
      for (const [, value] of this.entries()) yield value
    }

    override get(key: string) {
      this.read += 1
      return super.get(key)
    }
  }

  const users = new CountedMap()
  for (let index = 0; index < USERS; index += 1) {
    const definition = parseStoredDefinition('users', '', describeUser(index))
    users.set(definition.id, { definition, owner: 'database', revision: 1 })
  }
  const ACTS = ['holds', 'blocks', 'tokens', 'streams', 'openRequests', 'approvals', 'accessGrants']
  const empty = [...COLLECTION_NAMES, ...ACTS].map((name) => [name, new Map()] as const)
  const world = { ...Object.fromEntries(empty), users, revision: 1 } as unknown as World
  const settings = buildSettings({ configuration, sealing: SEALING })
  const before = compileWorld(world, settings)
  const count = (work: () => unknown) => {
    users.read = 0
    work()
    return users.read
  }
  const compileAfter = (next: Pick<World, 'users'>) =>
    compileWorld({ ...world, ...next, revision: 2 }, settings, before)
  const next = describeUser(7)

  it.each([
    ['new', { ...next, id: 'usr_new', username: 'new', email: 'new@example.com' }],
    ['changed', { ...next, name: 'Other', groups: ['group-8'] }],
    ['taken', { ...next, id: 'usr_new' }],
  ])('is checked and comes into force by itself: %s', (_, body) => {
    const candidate = { collection: 'users', definition: parseStoredDefinition('users', '', body) } as const
    expect(count(() => checkCandidate(before, candidate, configuration))).toBeLessThan(20)
    const changed = { ...world, ...withDefinition(world, candidate) }
    expect(count(() => findChangedUsers(world, changed))).toBeLessThan(20)
    expect(count(() => compileAfter(changed))).toBeLessThan(20)
  })

  it('is removed by itself, where compiling everything looks at all', () => {
    const removed = withoutDefinition(world, 'users', next.id)
    expect(count(() => compileAfter(removed))).toBeLessThan(20)
    expect(compileAfter(removed).people.size).toBe(USERS - 1)
    expect(count(() => compileWorld({ ...world, ...removed }, settings))).toBeGreaterThanOrEqual(USERS)
  })
})

describe('a directory of many users', () => {
  const store: Pick<ObjectStore, 'revision' | 'list' | 'each' | 'onChange'> = {
    revision: async () => USERS,
    list: async () => [],
    async *each(collection) {
      for (let index = 0; collection === 'users' && index < USERS; index += 1) yield storeUser(index)
    },
    onChange: async () => () => undefined,
  }

  function storeUser(index: number): StoredObject {
    const body: unknown = JSON.parse(JSON.stringify(describeUser(index)))
    const change = {
      revision: index + 1,
      updatedAt: 1_700_000_000_000 + index,
      updatedBy: `scim:${index % 2}`,
    }
    return { collection: 'users', id: describeUser(index).id, owner: 'database', body, ...change }
  }

  it('takes less than 540 bytes of memory for each', async () => {
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const measure = () => {
      collect()
      return process.memoryUsage().heapUsed
    }
    const hasher = { hash: () => 'not made', verify: () => false }
    const empty = measure()
    const directory: Directory = await createDirectory({
      ...{ configuration, hasher, sealing: SEALING, objects: store as ObjectStore },
      onFault: (fault) => expect.unreachable(String(fault)),
    })
    const bytes = (measure() - empty) / USERS
    expect(directory.current().people.size).toBe(USERS)
    expect(bytes).toBeGreaterThan(100)
    expect(bytes).toBeLessThan(540)
    const { id, email } = describeUser(USERS - 1)
    expect(await directory.current().users.findByLogin(email)).toMatchObject({ id })
    directory.close()
  })
})
