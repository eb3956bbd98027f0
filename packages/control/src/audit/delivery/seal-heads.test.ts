// Cuts by retention are no sign of tampering, whichever node makes them and whenever.
import { buildAuditEvent } from '@crosswalk/as-core'
import { type LogHead, openStorage, type Storage } from '@crosswalk/storage'
import { expect, it, onTestFinished } from 'vitest'

import { HOLDS } from './cut-chain.ts'
import { sealHeads } from './seal-heads.ts'

const NOW = Date.parse('2026-11-27T12:00:00Z')

async function open() {
  const storage = await openStorage('sqlite::memory:')
  onTestFinished(() => storage.close())
  const write = async (count: number) => {
    for (let left = count; left > 0; left -= 1)
      await storage.ledger.commit({
        log: 'idp',
        event: buildAuditEvent(NOW, {
          ...{ type: 'idjag.issued', category: 'decision', severity: 'info', outcome: 'success' },
          actor: { kind: 'system', id: 'x' },
        }),
      })
  }
  /** As another node does it */
  const cut = async (seq: number, hash?: string) => {
    const [event] = await storage.events.readAfter({ chain: 'idp', afterSeq: seq - 1 }, 1)
    const place = { log: 'idp', chain: 'idp', seq, hash: hash ?? event?.hash ?? '' }
    await storage.auditCheckpoints.cut({ ...place, kind: 'cut', time: NOW, statement: 'signed' }, HOLDS)
  }
  const broken = new Set<string>()
  const kept: (readonly string[])[] = []
  const seal = (events: Storage['events'] = storage.events, nowMs = NOW) =>
    sealHeads({
      storage: { ...storage, events },
      seal: { sign: async ({ seq }: { seq: number }) => `signed ${seq}` },
      clock: { nowMs: () => nowMs },
      file: { append: async (newest: readonly string[]) => void kept.push(newest) },
      broken,
    } as never)
  const listSealed = async () =>
    (await storage.auditCheckpoints.list('idp')).map(({ kind, seq }) => `${kind} ${seq}`)
  const listBroken = async () => (await storage.events.list({ types: ['audit.broken'], limit: 9 })).items
  return { storage, write, cut, seal, listSealed, listBroken, kept }
}

it('seals a chain that continues after a cut of all sealed events', async () => {
  const { write, cut, seal, listSealed, listBroken } = await open()
  await write(3)
  await seal()
  await cut(3)
  await write(1)
  await seal()
  expect(await listBroken()).toEqual([])
  expect(await listSealed()).toEqual(['cut 3', 'head 3', 'head 4'])
})

it('reports no tampering if another node cuts a chain while this one checks it', async () => {
  const { storage, write, cut, seal, listSealed, listBroken } = await open()
  await write(3)
  await seal()
  await write(3)
  await seal({
    ...storage.events,
    async readAfter(...asked) {
      await cut(5)
      return storage.events.readAfter(...asked)
    },
  })
  expect(await listBroken()).toEqual([])
  await seal()
  expect(await listSealed()).toEqual(['cut 5', 'head 6'])
})

it('reports a sealed event that is missing without a cut, once', async () => {
  const { storage, write, seal, listBroken } = await open()
  await write(3)
  await seal()
  await write(1)
  for (let round = 0; round < 2; round += 1) await seal({ ...storage.events, readAfter: async () => [] })
  expect(await listBroken()).toMatchObject([{ event: { target: { id: 'idp' } } }])
})

it('reports a cut whose hash is not that of the sealed event', async () => {
  const { write, cut, seal, listBroken } = await open()
  await write(3)
  await seal()
  await cut(3, 'another')
  await write(1)
  await seal()
  expect(await listBroken()).toMatchObject([{ event: { target: { id: 'idp' } } }])
})

it('seals nothing below a cut, where only a rewritten chain can end', async () => {
  const { storage, write, cut, seal, listSealed, listBroken } = await open()
  await write(3)
  await cut(3)
  await seal()
  expect([await listBroken(), await listSealed()]).toEqual([[], ['cut 3']])
  const heads = async () => [{ log: 'idp', chain: 'idp', seq: 2, hash: 'rewritten' }]
  await seal({ ...storage.events, heads })
  expect(await listSealed()).toEqual(['cut 3'])
  expect(await listBroken()).toMatchObject([{ event: { target: { id: 'idp' } } }])
})

it('keeps every head of the last day', async () => {
  const { storage, write, seal, listSealed } = await open()
  for (const minute of [0, 1, 2]) {
    await write(1)
    await seal(storage.events, NOW + minute * 60_000)
  }
  expect(await listSealed()).toEqual(['head 1', 'head 2', 'head 3'])
})

it('keeps the newest head of a chain outside the database, whether this or another node sealed it', async () => {
  const { storage, write, cut, seal, kept } = await open()
  await write(1)
  await seal()
  await write(1)
  await storage.auditCheckpoints.add({
    ...((await storage.events.heads())[0] as LogHead),
    ...{ kind: 'head', time: NOW, statement: 'signed elsewhere' },
  })
  await seal()
  await cut(2)
  await seal()
  expect(kept).toEqual([['signed 1'], ['signed elsewhere'], ['signed elsewhere']])
})
