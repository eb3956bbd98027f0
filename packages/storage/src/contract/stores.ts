// The contract of the smaller ports: keys, password hashes, opening and closing.
import { sql } from 'kysely'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { openStorage } from '../open-storage.ts'
import { useStorage } from './fixture.ts'
import { readRows } from './run-statement.ts'
import { sampleEntry, sampleEvent, sampleKey, START_MS } from './samples.ts'

export function describeStores(kind: TestDatabaseKind): void {
  const fixture = useStorage(kind)

  test('replaces the keys of an owner only if they have not changed', async () => {
    const { keys } = fixture.storage
    const [first, second] = [
      sampleKey('k1'),
      sampleKey('k2', {
        retireAt: START_MS + 1,
        sealedPrivateJwk: undefined,
        privateKeyUri: 'pkcs11:id=%02',
      }),
    ]
    expect(await keys.replace('idp', [], [first])).toBe(true)
    expect(await keys.list('idp')).toEqual([first])
    expect(await keys.replace('idp', [], [second])).toBe(false)
    for (const change of [
      { state: 'retired' },
      { retireAt: START_MS },
      { sealedPrivateJwk: 'other' },
    ] as const)
      expect(await keys.replace('idp', [{ ...first, ...change }], [second])).toBe(false)
    expect(await keys.list('idp')).toEqual([first])
    expect(await keys.replace('idp', [first], [first, second])).toBe(true)
    expect(await keys.list('idp')).toEqual([first, second])
    expect(await keys.list('as:todo0')).toEqual([])
    await expect(keys.replace('as:todo0', [], [first])).rejects.toThrow('belongs to idp')
  })

  test('replaces keys and records the event together, or neither', async () => {
    const { keys, events } = fixture.storage
    const key = sampleKey('rotated', { owner: 'as:rotated' })
    const record = (number: number) => ({ log: 'rotations', event: sampleEvent(number) })
    const read = async () => (await events.list({ log: 'rotations', limit: 9 })).items.length
    const unwritable = { log: 'rotations', event: { ...sampleEvent(1), time: 'no time' } }
    await expect(keys.replace('as:rotated', [], [key], unwritable)).rejects.toThrow()
    expect([await keys.list('as:rotated'), await read()]).toEqual([[], 0])
    expect(await keys.replace('as:rotated', [key], [], record(2))).toBe(false)
    expect([await keys.list('as:rotated'), await read()]).toEqual([[], 0])
    expect(await keys.replace('as:rotated', [], [key], record(3))).toBe(true)
    expect([await keys.list('as:rotated'), await read()]).toEqual([[key], 1])
    expect(await keys.replace('as:emptied', [], [{ ...key, owner: 'as:emptied' }])).toBe(true)
    expect(await keys.replace('as:emptied', [{ ...key, owner: 'as:emptied' }], [])).toBe(true)
    expect(await keys.list('as:rotated')).toEqual([key])
  })

  test('exactly one of several processes starting without keys sets them', async () => {
    const processes = [fixture.storage, await fixture.openAgain(), await fixture.openAgain()]
    const key = (index: number) => sampleKey(`k-${index}`, { owner: 'as:fresh' })
    const won = await Promise.all(
      processes.map(({ keys }, index) => keys.replace('as:fresh', [], [key(index)])),
    )
    expect(won.filter(Boolean)).toHaveLength(1)
    expect(await fixture.storage.keys.list('as:fresh')).toEqual([key(won.indexOf(true))])
  })

  test('keeps password hashes with their origin', async () => {
    const { passwordHashes } = fixture.storage
    expect(await passwordHashes.find('usr_alice')).toBeUndefined()
    await passwordHashes.replace('usr_alice', '$argon2id$1', 'print-1')
    await passwordHashes.replace('usr_alice', '$argon2id$2', 'print-2')
    expect(await passwordHashes.find('usr_alice')).toBe('$argon2id$2')
    expect(await passwordHashes.fingerprint('usr_alice')).toBe('print-2')
    await passwordHashes.replace('usr_bob', '$argon2id$3', 'print-3')
    await passwordHashes.remove('usr_alice')
    expect(await passwordHashes.find('usr_alice')).toBeUndefined()
    expect(await passwordHashes.find('usr_bob')).toBe('$argon2id$3')
  })

  test('replacing keys outdates grants decided before it; a failed replacement does not', async () => {
    const { keys, ledger, objects } = fixture.storage
    const before = await objects.revision()
    const grant = (number: number) =>
      ledger.commit(sampleEntry(number, { log: 'as:keys', definedAt: before }))
    expect(await keys.replace('as:keys', [sampleKey('never-there')], [])).toBe(false)
    expect(await grant(1)).toMatchObject({ committed: true })
    expect(await keys.replace('as:keys', [], [sampleKey('new', { owner: 'as:keys' })])).toBe(true)
    expect(await objects.revision()).toBe(before + 1)
    expect(await grant(2)).toEqual({ committed: false, changedAt: before + 1 })
  })

  test('several processes can open a new database concurrently', async () => {
    const url = await kind.create()
    const opened = await Promise.all(Array.from({ length: 4 }, () => openStorage(url)))
    await Promise.all(opened.map((storage) => storage.ping()))
    await Promise.all(opened.map((storage) => storage.close()))
  })

  test('closing waits for pending commits', async () => {
    const url = await kind.create()
    const storage = await openStorage(url)
    const pending = storage.ledger.commit(sampleEntry(1))
    await storage.close()
    expect(await pending).toEqual({ committed: true, chain: 'idp', seq: 1 })
    await expect(storage.ping()).rejects.toThrow()
  })

  if (kind.name === 'postgres')
    test('closing ends every connection', async () => {
      const url = await kind.create()
      const countOpen = async () => {
        const { rows } = await readRows<{ open: number }>(
          url,
          sql`select count(*) as open from pg_stat_activity
            where datname = current_database() and pid <> pg_backend_pid()`,
        )
        return Number(rows[0]?.open)
      }
      const storage = await openStorage(url)
      await storage.ledger.commit(sampleEntry(1))
      const stop = await storage.objects.onChange(() => undefined)
      await storage.events.list({ limit: 1 })
      expect(await countOpen()).toBeGreaterThan(2)
      stop()
      await storage.close()
      await expect.poll(countOpen).toBe(0)
    })
}
