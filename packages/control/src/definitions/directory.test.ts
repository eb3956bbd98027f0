import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

import { createSealing, createSecretHasher } from '@crosswalk/as-core'
import { type ObjectStore, openStorage } from '@crosswalk/storage'
import { expect, it, onTestFinished, vi } from 'vitest'

import { parseConfiguration } from '../config-file/load-configuration.ts'
import { createDirectory } from './directory.ts'

const GROUP = { collection: 'groups', id: 'g', by: 'tester', at: 0, body: { id: 'g', members: [] } }

/** @param change - overrides methods of the store */
async function open(change: (store: ObjectStore) => Partial<ObjectStore>, faults: unknown[] = []) {
  const file = { baseUrl: 'http://127.0.0.1:4000', database: 'sqlite::memory:', idp: {} }
  const { configuration } = parseConfiguration(JSON.stringify(file), 'test.json', {})
  if (configuration === undefined) throw new Error('the configuration is not valid')
  const url = `sqlite:${join(await mkdtemp(join(tmpdir(), 'directory-')), 'test.db')}`
  const [storage, other] = [await openStorage(url), await openStorage(url)]
  const sealing = createSealing(new Uint8Array(32))
  const directory = await createDirectory({
    ...{ configuration, sealing, hasher: createSecretHasher(sealing) },
    objects: { ...storage.objects, ...change(storage.objects) },
    clock: { nowMs: () => Date.now() },
    onFault: (fault) => faults.push(fault),
  })
  onTestFinished(async () => {
    directory.close()
    await storage.close()
    await other.close()
    await rm(dirname(url.slice('sqlite:'.length)), { recursive: true })
  })
  return { directory, other: other.objects }
}

it('applies changes of other processes while its own change fails', async () => {
  const { directory } = await open((store) => ({
    async put() {
      await store.put(GROUP)
      throw new Error('the connection was cut')
    },
  }))
  await expect(directory.put({ ...GROUP, id: 'own' })).rejects.toThrow('cut')
  await expect.poll(() => [...directory.current().world.groups.keys()]).toEqual(['g'])
})

it('applies its own change even if the response was lost', async () => {
  const { directory } = await open((store) => ({
    async put(change) {
      await store.put(change)
      throw new Error('the connection was cut')
    },
  }))
  await expect(directory.put(GROUP)).rejects.toThrow('cut')
  await expect.poll(() => [...directory.current().world.groups.keys()]).toEqual(['g'])
})

const EVE = { id: 'usr_eve', username: 'eve', hasPassword: false }

it('finds users by name that other processes wrote, even if the previous release wrote them without keys', async () => {
  const { directory, other } = await open(() => ({}))
  const find = async (name: string) => (await directory.current().users.findByLogin(name))?.id
  const change = { collection: 'users', id: EVE.id, by: 'tester', at: 0 }
  await other.put({ ...change, body: EVE })
  await expect.poll(() => find('eve')).toBe('usr_eve')
  await other.put({ ...change, body: { ...EVE, username: 'eva' } })
  await expect.poll(() => find('eva')).toBe('usr_eve')
  expect(await find('eve')).toBeUndefined()
  await other.remove(change)
  await expect.poll(() => find('eva')).toBeUndefined()
})

it('sees changes to a user by another process', async () => {
  const { directory, other } = await open(() => ({}))
  await directory.put({ collection: 'users', id: EVE.id, by: 'tester', at: 0, body: EVE })
  const isActive = async () => (await directory.current().users.findById(EVE.id))?.active
  expect(await isActive()).toBe(true)
  await other.put({ collection: 'users', id: EVE.id, by: 'x', at: 0, body: { ...EVE, active: false } })
  await expect.poll(isActive).toBe(false)
})

it('applies an act although its user could not be read at first', async () => {
  const faults: unknown[] = []
  let left = 2
  const { directory } = await open(
    (store) => ({
      async findMany(...asked) {
        left -= 1
        if (left >= 0) throw new Error('the database is away')
        return store.findMany(...asked)
      },
    }),
    faults,
  )
  const body = { kind: 'user', target: EVE.id, state: 'suspended', by: 'x', since: '2026-01-01T00:00:00Z' }
  const hold = { collection: 'holds', id: `user:${EVE.id}`, by: 'tester', at: 0, body }
  await expect(directory.put(hold)).rejects.toThrow('away')
  await expect.poll(() => directory.current().world.holds.size, { timeout: 5_000 }).toBe(1)
  expect(faults.map(String)).toEqual(['Error: the database is away'])
})

it('runs a use case again if another process was first, and never rejects its later writes', async () => {
  const { directory, other } = await open(() => ({}))
  const seen: string[][] = []
  await directory.judgeAndWrite(async () => {
    const groups = directory.current().world.groups
    seen.push([...groups.keys()])
    if (seen.length === 1) await other.put(GROUP)
    await directory.put({ ...GROUP, id: 'judged', ifRevision: 0 })
    await other.put({ ...GROUP, id: 'later' })
    await directory.put({ ...GROUP, id: 'follows' })
  })
  expect(seen).toEqual([[], ['g']])
  await directory.catchUp()
  expect([...directory.current().world.groups.keys()].toSorted()).toEqual(['follows', 'g', 'judged', 'later'])
})

it('runs a use case again if another process changed the same object', async () => {
  const { directory, other } = await open(() => ({}))
  let runs = 0
  await directory.judgeAndWrite(async () => {
    runs += 1
    const { revision = 0 } = directory.current().world.groups.get('g') ?? {}
    if (runs === 1) await other.put(GROUP)
    await directory.put({ ...GROUP, ifRevision: revision })
  })
  expect(runs).toBe(2)
})

it('runs a use case again if another process changed the user it renames, between its two reads', async () => {
  const { directory, other } = await open(() => ({}))
  const user = { collection: 'users', id: EVE.id, by: 'tester', at: 0 }
  await directory.put({ ...user, body: EVE })
  const read = async () => (await directory.current().users.items.find([EVE.id])).get(EVE.id)
  let runs = 0
  await directory.judgeAndWrite(async () => {
    runs += 1
    const first = await read()
    if (runs === 1) {
      await other.put({ ...user, body: { ...EVE, active: false } })
      await expect.poll(async () => (await read())?.definition.active).toBe(false)
    }
    const { revision = 0 } = (await read()) ?? {}
    await directory.put({ ...user, body: { ...first?.definition, username: 'eva' }, ifRevision: revision })
  })
  expect(runs).toBe(2)
  expect((await read())?.definition).toMatchObject({ active: false, username: 'eva' })
})

it('gives up a use case if others are first for ten seconds, as if the database were too busy', async () => {
  const { directory, other } = await open(() => ({}))
  let [now, runs] = [0, 0]
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  const refused = directory.judgeAndWrite(async () => {
    runs += 1
    now += 5_000
    await other.put(GROUP)
    await directory.put({ ...GROUP, id: 'own' })
  })
  await expect(refused).rejects.toMatchObject({ name: 'StorageFault', trouble: 'busy' })
  expect(runs).toBe(3)
  expect(await other.find('groups', 'own')).toBeUndefined()
})
