// Twenty thousand users: how many of them a change reads, and how much memory each takes.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

import { type ObjectStore, openStorage, type Storage } from '@crosswalk/storage'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import type { Configuration } from '../config-file/configuration.ts'
import { parseConfiguration } from '../config-file/load-configuration.ts'
import { listObjects } from '../views/read-objects.ts'
import { draftPlan } from '../configuration/plan.ts'
import { checkCandidate } from './check-world.ts'
import { createDirectory, type Directory } from './directory.ts'
import { buildFileItems } from './file-world.ts'
import { readPastWorld } from './past-world.ts'
import { parseStoredDefinition } from './stored-items.ts'
import { keysOfUser } from './users/user-keys.ts'

const USERS = 20_000
const configuration = readConfiguration()

function readConfiguration(): Configuration {
  const text = '{"baseUrl":"http://127.0.0.1:4000","idp":{}}'
  const { configuration: read } = parseConfiguration(text, 'crosswalk.json', {})
  if (read === undefined) throw new Error('the configuration of the test is invalid')
  return read
}

function describeUser(index: number) {
  return {
    ...{ id: `usr_${100_000 + index}`, username: `user${index}`, name: `User ${index}`, hasPassword: false },
    ...{ email: `user${index}@example.com`, emailVerified: true, groups: [`a group of many ${index % 100}`] },
    attributes: { department: `department-${index % 20}` },
  }
}

const parseUser = (body: object & { readonly id: string }) => parseStoredDefinition('users', body.id, body)

describe('a directory of many users', () => {
  let storage: Storage
  let directory: Directory
  let bytesHeld = 0
  let read = 0
  /** The most that were read by one query, which blocks other requests */
  let readAtOnce = 0

  /** Counts the users that are read. */
  function count(objects: ObjectStore): ObjectStore {
    const counted = async <T extends readonly unknown[]>(found: Promise<T>) => {
      const { length } = await found
      read += length
      readAtOnce = Math.max(readAtOnce, length)
      return found
    }
    return {
      ...objects,
      findMany: (...args) => counted(objects.findMany(...args)),
      page: (...args) => counted(objects.page(...args)),
      pageAt: (...args) => counted(objects.pageAt(...args)),
      findByKey: (...args) => counted(objects.findByKey(...args)),
      filterIds: (...args) => counted(objects.filterIds(...args)),
    }
  }

  beforeAll(async () => {
    storage = await openStorage('sqlite::memory:')
    const users = Array.from({ length: USERS }, (_, index) => parseUser(describeUser(index)))
    await storage.objects.changeAll(
      users.map((body) => ({
        ...{ collection: 'users', id: body.id, body, keys: keysOfUser(body) },
        ...{ by: 'adm', at: 1 },
      })),
    )
    users.length = 0
    setFlagsFromString('--expose-gc')
    const collect = runInNewContext('gc') as () => void
    const measure = () => {
      collect()
      return process.memoryUsage().heapUsed
    }
    const empty = measure()
    const hasher = { hash: () => 'not made', verify: () => false }
    directory = await createDirectory({
      ...{
        configuration,
        hasher,
        sealing: { keyedDigest: () => 'not made' },
        objects: count(storage.objects),
        clock: { nowMs: () => Date.now() },
      },
      onFault: (fault) => expect.unreachable(String(fault)),
    })
    bytesHeld = measure() - empty
  })

  afterAll(async () => {
    directory.close()
    await storage.close()
  })

  it('keeps none of them in memory', async () => {
    expect(bytesHeld / USERS).toBeLessThan(40)
    expect(read).toBe(0)
    expect(await directory.current().users.items.count()).toBe(USERS)
    const { id, email } = describeUser(USERS - 1)
    expect(await directory.current().users.findByLogin(email)).toMatchObject({ id })
    expect(await directory.current().users.listMembers('a group of many 7')).toHaveLength(USERS / 100)
  })

  it.each([
    ['new', { ...describeUser(7), id: 'usr_new', username: 'new', email: 'new@example.com' }, 0],
    ['changed', { ...describeUser(7), name: 'Other', groups: ['group-8'] }, 0],
    ['taken', { ...describeUser(8), id: 'usr_other' }, 1],
  ])('reads few of them to check and store one that is %s', async (_, body, findings) => {
    read = 0
    const candidate = { collection: 'users', definition: parseUser(body) } as const
    const { own } = await checkCandidate(directory.current(), candidate, configuration)
    expect(own.length > 0 ? 1 : 0).toBe(findings)
    await directory.put({ collection: 'users', id: body.id, body: candidate.definition, by: 'adm', at: 2 })
    expect(await directory.current().users.findById(body.id)).toMatchObject({ name: body.name })
    expect(read).toBeGreaterThan(0)
    expect(read).toBeLessThan(20)
    await directory.remove({ collection: 'users', id: body.id, by: 'adm', at: 3 })
    expect(await directory.current().users.findById(body.id)).toBeUndefined()
  })
  it('are read in chunks as they were at a past time', async () => {
    const objects = count(storage.objects)
    const file = buildFileItems(configuration, { hash: () => 'not made', verify: () => false })
    readAtOnce = 0
    const { users } = await readPastWorld(objects, { revision: USERS, atMs: 1, file })
    expect(await users.count()).toBe(USERS)
    expect(readAtOnce).toBe(250)
  })

  it('are looked up by group and status without reading the others', async () => {
    const parts = { directory, clock: { nowMs: () => 0 } }
    const search = async (query: object) => {
      read = 0
      const context = { caller: { role: 'owner' } } as never
      const found = await listObjects(parts, 'users', { limit: 10, ...query } as never, context)
      return (found as unknown as { readonly body: { readonly items: readonly object[] } }).body.items
    }
    const group = 'a group of many 7'
    expect(await search({ group, q: 'user19907@' })).toMatchObject([{ username: 'user19907' }])
    expect(read).toBeLessThanOrEqual((2 * USERS) / 100)
    expect(await search({ group, ids: describeUser(8).id })).toEqual([])
    expect(await search({ status: 'inactive' })).toEqual([])
    expect(read).toBe(0)
  })

  it('are not read for a plan that lists none of them', async () => {
    const objects = count(storage.objects)
    const plan = (idp: Readonly<Record<string, unknown>>) => {
      read = 0
      const request = { document: { idp }, prune: false, setSecrets: false }
      return draftPlan(
        { configuration, directory, storage: { objects }, clock: { nowMs: Date.now } } as never,
        request,
      )
    }
    const { id } = describeUser(3)
    const group = (members: readonly string[]) => ({ groups: [{ id: 'team', members }] })
    expect(await plan(group([id]))).toMatchObject({ problems: [], steps: [{ change: { id: 'team' } }] })
    expect(await plan(group([id, 'usr_unknown']))).toMatchObject({
      problems: [{ path: '/idp/groups/0/members/1', problem: expect.stringContaining('usr_unknown') }],
    })
    expect(read).toBeLessThan(10)
  })

  it('are searched in chunks, for as long as the caller waits', async () => {
    const parts = { directory, clock: { nowMs: () => 0 } }
    const caller = new AbortController()
    const search = (q: string, signal: AbortSignal) =>
      listObjects(parts, 'users', { q, limit: 10 } as never, { caller: { role: 'owner' }, signal } as never)
    read = 0
    expect(await search('user19999@', caller.signal)).toMatchObject({
      body: { items: [{ username: 'user19999' }] },
    })
    expect(read).toBeGreaterThan(USERS - 10)
    read = 0
    const searching = search('no one is called so', caller.signal)
    await vi.waitFor(() => expect(read).toBeGreaterThan(0), { interval: 1 })
    caller.abort()
    expect(await searching).toEqual({ status: 200, body: { items: [], next: null } })
    expect(read).toBeLessThan(USERS / 2)
  })
})
