// On PostgreSQL, each process that writes a log has its own chain: no process waits for another, every replay key is
// used once, each chain is complete, and a batch without surprises takes one round trip.
import pg from 'pg'
import { afterEach, describe, expect, it } from 'vitest'

import { startFaultyProxy } from '../../../../../tools/faulty-proxy.ts'
import { testDatabaseKinds } from '../../../../../tools/test-databases.ts'
import { sampleAccount, sampleEntry, sampleReplayKey, sampleToken } from '../../contract/samples.ts'
import { verifyLog } from '../../contract/verify-log.ts'
import { openStorage } from '../../open-storage.ts'
import type { Storage } from '../../storage.ts'

const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')
const opened: { close(): Promise<void> }[] = []

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close()
})

async function open(url: string): Promise<Storage> {
  const storage = await openStorage(url, { poolSize: 2 })
  opened.push(storage)
  return storage
}

describe.runIf(postgres !== undefined)('PostgreSQL', () => {
  it('lets five processes write a log, each on its own chain, and accepts each replay key once (RAS-19)', async () => {
    const url = await postgres!.create()
    const storages = await Promise.all(Array.from({ length: 5 }, () => open(url)))
    const winners = new Map<string, number>()
    let committed = 0
    const lastChains = new Map<number, string>()
    await Promise.all(
      storages.map(async (storage, process) => {
        for (let round = 0; round < 25; round += 1) {
          const outcomes = await Promise.all(
            Array.from({ length: 6 }, (_, place) => {
              // Each process tries two keys and one account that all others try as well, each in its own order.
              const shared = `shared-${round}-${(place + process) % 6}`
              const own = `${process}-${round}-${place}`
              const key = place % 3 === 0 ? shared : own
              return storage.ledger
                .commit(
                  sampleEntry(round, {
                    log: place === 1 ? 'as:todo0' : 'idp',
                    replayKeys: [sampleReplayKey(key)],
                    accessToken: sampleToken(round, { id: own }),
                    account: sampleAccount(`acc-${shared}`),
                  }),
                )
                .then((outcome) => ({ key, outcome }))
            }),
          )
          for (const { key, outcome } of outcomes) {
            if (!outcome.committed) {
              expect(outcome.used?.key).toBe(key)
              continue
            }
            committed += 1
            winners.set(key, (winners.get(key) ?? 0) + 1)
            if (outcome.chain.startsWith('idp')) lastChains.set(process, outcome.chain)
          }
        }
      }),
    )
    expect([...winners.values()].filter((count) => count !== 1)).toEqual([])
    const [first] = storages
    const verdicts = await Promise.all(['idp', 'as:todo0'].map((log) => verifyLog(first!.events, log)))
    expect(verdicts.flatMap(({ bad }) => bad)).toEqual([])
    expect(verdicts.reduce((sum, { events }) => sum + events, 0)).toBe(committed)
    // A process that meets another on a chain moves on, so they end on different chains.
    expect(new Set(lastChains.values()).size).toBe(storages.length)
  })

  it('writes a batch in one round trip, and uses a transaction if it meets a used replay key', async () => {
    const proxy = await startFaultyProxy(await postgres!.create())
    opened.push(proxy)
    const { ledger, events } = await open(proxy.url)
    const commit = (number: number, keys: readonly string[] = [`entry-${number}`]) =>
      ledger.commit(
        sampleEntry(number, {
          replayKeys: keys.map((key) => sampleReplayKey(key)),
          accessToken: sampleToken(number),
          account: sampleAccount(`acc-${number}`),
          definedAt: 0,
        }),
      )
    const count = async (work: () => Promise<unknown>) => {
      const before = proxy.roundTrips()
      await work()
      return proxy.roundTrips() - before
    }
    // The connection does not know its chain and statements yet.
    await commit(1)
    expect(await count(() => commit(2))).toBe(1)
    expect(await count(() => Promise.all([3, 4, 5].map((number) => commit(number))))).toBe(1)
    expect(await count(() => ledger.consume([sampleReplayKey('alone')]))).toBe(1)
    // First all keys of a batch are used, then some of them.
    expect(
      await count(async () => expect(await commit(6, ['entry-2'])).toMatchObject({ committed: false })),
    ).toBe(6)
    expect(
      await count(async () =>
        expect(await commit(7, ['new', 'entry-2'])).toMatchObject({ committed: false }),
      ),
    ).toBe(7)
    expect(await commit(8, ['new'])).toMatchObject({ committed: true, chain: 'idp', seq: 6 })
    expect(await verifyLog(events, 'idp')).toMatchObject({ ok: true, events: 6, chains: ['idp'] })
  })

  it('stays on its chain when changes by administrators are written there', async () => {
    const storage = await open(await postgres!.create())
    const { ledger, objects, events } = storage
    const { event } = sampleEntry(1)
    if ('record' in event) throw new Error('a plain event')
    for (const number of [1, 2, 3]) {
      await ledger.commit(sampleEntry(number, { log: 'admin' }))
      await objects.put({
        collection: 'c',
        id: 'o',
        at: number,
        by: 'adm',
        body: {},
        event: { log: 'admin', event },
      })
    }
    expect(await verifyLog(events, 'admin')).toMatchObject({ ok: true, events: 6, chains: ['admin'] })
  })

  it('reuses a chain that is no longer written, so that restarts add none', async () => {
    const url = await postgres!.create()
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    opened.push({ close: () => client.end() })
    const chainOf = async (storage: Storage, number: number) => {
      const outcome = await storage.ledger.commit(sampleEntry(number))
      return outcome.committed ? outcome.chain : undefined
    }
    const first = await open(url)
    expect(await chainOf(first, 1)).toBe('idp')
    // A new process takes the first chain, and the process that was there moves on.
    const second = await open(url)
    expect(await chainOf(second, 2)).toBe('idp')
    expect(await chainOf(first, 3)).toBe('idp/1')
    expect([await chainOf(second, 4), await chainOf(first, 5)]).toEqual(['idp', 'idp/1'])
    await client.query(`update audit_heads set written_at = written_at - 3 where chain = 'idp/1'`)
    const third = await open(url)
    expect(await chainOf(third, 6)).toBe('idp')
    expect(await chainOf(second, 7)).toBe('idp/1')
    expect((await verifyLog(first.events, 'idp')).chains).toEqual(['idp', 'idp/1'])
  })
})
