// The contract of credentials for other services: one of each kind per user and resource app, not found once revoked.
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import type { NewCredential } from '../stores/stored-credentials.ts'
import { useStorage } from './fixture.ts'
import { sampleEvent, START_MS } from './samples.ts'

let number = 0
const event = (type = 'vault.stored') => ({ log: 'admin', event: sampleEvent((number += 1), { type }) })

function sample(change: Partial<NewCredential> = {}): NewCredential {
  return {
    id: `crd_${(number += 1)}`,
    resourceApp: 'calendar',
    userId: 'usr_alice',
    kind: 'oauth',
    sealed: `sealed-${number}`,
    storedAt: START_MS,
    storedBy: 'usr_alice',
    ...change,
  }
}

export function describeStoredCredentials(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('holds one of each kind, user and resource app; a new one replaces it', async () => {
    const { credentials, events } = fixture.storage
    const [first, second] = [sample(), sample()]
    const key = sample({ kind: 'apiKey', userId: undefined })
    const other = sample({ userId: 'usr_bob', resourceApp: 'drive' })
    for (const one of [first, second, key, other]) await credentials.put(one, event())
    expect(await credentials.find(first)).toEqual({ ...second, failures: 0 })
    expect(await credentials.find({ ...first, userId: 'usr_bob' })).toBeUndefined()
    expect((await credentials.list({})).map(({ id }) => id)).toEqual([key.id, second.id, other.id])
    expect(await credentials.list({ userId: 'usr_bob' })).toMatchObject([{ id: other.id }])
    expect(await credentials.list({ resourceApp: 'calendar', id: key.id })).toMatchObject([
      { id: key.id, userId: undefined },
    ])
    await credentials.used(key.id, START_MS + 7)
    expect(await credentials.find(key)).toMatchObject({ usedAt: START_MS + 7 })
    expect(await credentials.find(first)).not.toHaveProperty('usedAt')
    const secret = sample({ kind: 'clientSecret', userId: undefined })
    await credentials.put(secret, event())
    for (const one of [key, secret]) expect(await credentials.find(one)).toMatchObject({ id: one.id })
    expect((await events.verify('admin')).ok).toBe(true)
  })

  test('a replaced credential stays as revoked, if requested, so that the service can be notified', async () => {
    const { credentials } = fixture.storage
    const [old, next] = [sample({ userId: 'usr_fay' }), sample({ userId: 'usr_fay', storedAt: START_MS + 1 })]
    const due = async () =>
      (await credentials.listRevoked(START_MS)).filter(({ userId }) => userId === 'usr_fay')
    const others = [
      sample({ userId: 'usr_gus' }),
      sample({ userId: 'usr_fay', kind: 'apiKey' }),
      sample({ userId: 'usr_fay', resourceApp: 'drive' }),
    ]
    for (const other of others) await credentials.put(other, event())
    await credentials.put(old, event(), { earlier: 'revoked' })
    expect(await due()).toEqual([])
    await credentials.put(next, event(), { earlier: 'revoked' })
    for (const other of others) expect(await credentials.find(other)).toMatchObject({ id: other.id })
    expect(await credentials.find(old)).toMatchObject({ id: next.id })
    expect(await due()).toMatchObject([{ id: old.id, sealed: old.sealed, revokedAt: START_MS + 1 }])
    await credentials.put(sample({ userId: 'usr_fay' }), event())
    expect(await due()).toMatchObject([{ id: old.id }])
    // Not retried: only a held credential can be replaced.
    await expect(credentials.put(old, event(), { earlier: 'revoked' })).rejects.toThrow(/unique/i)
  })

  test('nothing is stored under definitions that have changed since, and nothing replaced', async () => {
    const { credentials, events, objects } = fixture.storage
    const [held, next] = [sample({ userId: 'usr_liz' }), sample({ userId: 'usr_liz' })]
    await credentials.put(held, event())
    const definedAt = await objects.revision()
    await objects.put({ collection: 'users', id: 'usr_liz', body: {}, by: 'adm', at: START_MS })
    const stored = { log: 'admin', types: ['vault.stored.liz'], limit: 9 }
    const put = (at: number) =>
      credentials.put(next, event('vault.stored.liz'), { earlier: 'revoked', definedAt: at })
    expect(await put(definedAt)).toBe(false)
    expect(await credentials.find(held)).toMatchObject({ id: held.id })
    expect((await events.list(stored)).items).toEqual([])
    expect(await put(definedAt + 1)).toBe(true)
    expect(await credentials.find(held)).toMatchObject({ id: next.id })
    expect((await events.list(stored)).items).toHaveLength(1)
  })

  test('a claim that fails extends nothing', async () => {
    const { credentials } = fixture.storage
    const { id } = sample({ userId: 'usr_gil' })
    await credentials.put(sample({ id, userId: 'usr_gil' }), event())
    expect(await credentials.claim(id, START_MS, START_MS + 10)).toBe(true)
    expect(await credentials.claim(id, START_MS + 9, START_MS + 100)).toBe(false)
    expect(await credentials.claim(id, START_MS + 10, START_MS + 20)).toBe(true)
  })

  test('each step succeeds once if several processes store, refresh or revoke concurrently', async () => {
    const other = (await fixture.openAgain()).credentials
    const { credentials } = fixture.storage
    const one = sample({ userId: 'usr_carol' })
    await Promise.all(
      [one, ...Array.from({ length: 9 }, () => sample({ userId: 'usr_carol' }))].map((each, index) =>
        (index % 2 === 0 ? credentials : other).put(each, event()),
      ),
    )
    const found = await credentials.find(one)
    if (found === undefined) throw new Error('no credential is held')
    const { id, sealed } = found
    const both = async (work: (store: typeof other, index: number) => Promise<boolean>) =>
      (await Promise.all([credentials, other].map(work))).filter(Boolean).length
    expect(await both((store, index) => store.replace(id, sealed, `new-${index}`))).toBe(1)
    expect(await both((store) => store.claim(id, START_MS, START_MS + 10))).toBe(1)
    expect(await both((store) => store.claim(id, START_MS + 10, START_MS + 20))).toBe(1)
    await credentials.release(id, START_MS + 10)
    expect(await credentials.claim(id, START_MS, START_MS + 10)).toBe(false)
    await credentials.release(id, START_MS + 20)
    expect(await credentials.claim(id, START_MS, START_MS + 10)).toBe(true)
    expect(await both((store) => store.revoke(id, START_MS, event('vault.revoked')))).toBe(1)
    const revocations = { log: 'admin', types: ['vault.revoked'], limit: 10 }
    expect((await fixture.storage.events.list(revocations)).items).toHaveLength(1)
    expect(await credentials.find(one)).toBeUndefined()
    expect(await credentials.replace(id, 'new-0', 'x')).toBe(false)
  })

  test('a change of one credential leaves every other unchanged', async () => {
    const { credentials } = fixture.storage
    const [kept, keptRevoked] = [sample({ userId: 'usr_hal' }), sample({ userId: 'usr_ivy' })]
    const [one, revoked] = [sample({ userId: 'usr_jan' }), sample({ userId: 'usr_kim' })]
    for (const each of [kept, keptRevoked, one, revoked]) {
      await credentials.put(each, event())
      expect(await credentials.claim(each.id, START_MS, START_MS + 10)).toBe(true)
    }
    for (const { id } of [keptRevoked, revoked]) await credentials.revoke(id, START_MS, event())
    await credentials.release(one.id, START_MS + 10)
    expect(await credentials.replace(one.id, one.sealed, 'new')).toBe(true)
    expect(await credentials.replace(one.id, kept.sealed, 'new')).toBe(false)
    expect(await credentials.reseal(one.id, kept.sealed, 'new')).toBe(false)
    await credentials.revoke(one.id, START_MS, event())
    await credentials.postpone(revoked.id, START_MS + 90)
    await credentials.forget(revoked.id)
    expect(await credentials.find(kept)).toEqual({ ...kept, failures: 0 })
    expect(await credentials.claim(kept.id, START_MS + 9, START_MS + 20)).toBe(false)
    const due = await credentials.listRevoked(START_MS + 10)
    expect(due.filter(({ userId }) => userId === 'usr_ivy')).toMatchObject([
      { id: keptRevoked.id, failures: 0 },
    ])
    const listOf = async (query: object) =>
      (await credentials.listRevoked(START_MS + 10, query)).filter(({ id }) => id === keptRevoked.id)
    const place = { resourceApp: 'calendar', kind: 'oauth' }
    expect(await listOf(place)).toHaveLength(1)
    for (const other of [{ resourceApp: 'drive' }, { kind: 'clientSecret' }])
      expect(await listOf({ ...place, ...other })).toEqual([])
  })

  test('the service is not notified until an ongoing refresh has finished', async () => {
    const { credentials } = fixture.storage
    const one = sample({ userId: 'usr_erin' })
    await credentials.put(one, event())
    expect(await credentials.claim(one.id, START_MS, START_MS + 10)).toBe(true)
    await credentials.revoke(one.id, START_MS, event())
    const due = async (now: number) =>
      (await credentials.listRevoked(now)).filter(({ userId }) => userId === 'usr_erin')
    expect(await due(START_MS + 9)).toEqual([])
    expect(await due(START_MS + 10)).toMatchObject([{ id: one.id }])
    expect(await credentials.reseal(one.id, one.sealed, 'refreshed')).toBe(true)
    await credentials.release(one.id, START_MS + 10)
    expect(await due(START_MS)).toMatchObject([{ id: one.id, sealed: 'refreshed' }])
  })

  test('lists at most 50 revoked credentials, those that were revoked first', async () => {
    const { credentials } = fixture.storage
    const ids: string[] = []
    for (let index = 0; index < 51; index += 1) {
      const each = sample({ resourceApp: 'limit', userId: `usr_${index}` })
      ids.unshift(each.id)
      await credentials.put(each, event())
      await credentials.revoke(each.id, START_MS + 51 - index, event())
    }
    const due = await credentials.listRevoked(START_MS, { resourceApp: 'limit' })
    expect(due.map(({ id }) => id)).toEqual(ids.slice(0, 50))
  })

  test('a revoked credential stays until the service is notified, next to a new one', async () => {
    const { credentials, events } = fixture.storage
    const old = sample({ userId: 'usr_dora' })
    await credentials.put(old, event())
    await credentials.forget(old.id)
    expect(await credentials.find(old)).toBeDefined()
    const countRevocations = async () =>
      (await events.list({ log: 'admin', types: ['vault.revoked'], limit: 99 })).items.length
    const before = await countRevocations()
    expect(await credentials.revoke(old.id, START_MS, event('vault.revoked'))).toBe(true)
    expect(await countRevocations()).toBe(before + 1)
    expect(await credentials.revoke(old.id, START_MS, event('vault.revoked'))).toBe(false)
    expect(await countRevocations()).toBe(before + 1)
    const next = sample({ userId: 'usr_dora' })
    await credentials.put(next, event())
    const due = async (now: number) =>
      (await credentials.listRevoked(now)).filter(({ userId }) => userId === 'usr_dora')
    expect(await due(START_MS)).toMatchObject([{ id: old.id, sealed: old.sealed, revokedAt: START_MS }])
    await credentials.postpone(old.id, START_MS + 50)
    expect(await due(START_MS + 49)).toEqual([])
    expect(await due(START_MS + 50)).toMatchObject([{ failures: 1 }])
    await credentials.postpone(old.id, START_MS + 50)
    expect(await due(START_MS + 50)).toMatchObject([{ failures: 2 }])
    await credentials.forget(old.id, event())
    expect(await due(START_MS + 50)).toEqual([])
    expect(await credentials.find(next)).toMatchObject({ id: next.id })
  })
}
