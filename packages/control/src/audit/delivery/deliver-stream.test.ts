import type { RecordedEvent } from '@crosswalk/storage'
import { describe, expect, it } from 'vitest'

import { createDelivery, type DeliveryParts, isWanted, LEASE_MS } from './deliver-stream.ts'

const NOW = 1_800_000_000_000

interface Given {
  readonly failures?: number
  /** false: another process holds the stream */
  readonly held?: boolean
  readonly types?: readonly string[]
  /** Characters of each event */
  readonly characters?: number
  /** The number of events of each chain; every second one is `signin.failed`, the others `idjag.issued` */
  readonly chains?: Readonly<Record<string, number>>
}

/** A stream with its stored state, a clock that the test moves, and a receiver that refuses some chains */
function follow(given: Given) {
  const { held = true, types, characters = 10 } = given
  const chains = new Map(Object.entries(given.chains ?? { idp: 3 }))
  const state = { failures: given.failures ?? 0, dueAt: 0 }
  const cursors = new Map<string, number>()
  const refused = new Set<string>()
  /** Events that the receiver rejects whenever it sees them, as `CHAIN SEQ` */
  const rejected = new Set<string>()
  const abandoned: string[] = []
  const test = {
    nowMs: NOW,
    chains,
    cursors,
    refused,
    rejected,
    abandoned,
    turns: [] as string[],
    waits: [] as number[],
  }
  /** As `CHAIN SEQ,…` */
  let batches: string[] = []
  const read = (chain: string) =>
    Array.from({ length: chains.get(chain) ?? 0 }, (_, index) => ({
      ...{ chain, seq: index + 1, body: 'x'.repeat(characters) },
      event: { type: index % 2 === 1 ? 'signin.failed' : 'idjag.issued' },
    }))
  const parts = {
    holder: 'me',
    isClosing: () => false,
    onTurn: async (_: string, turn: string) => void test.turns.push(turn),
    onAbandoned: async (_: string, { chain, seq }: RecordedEvent, error: string) =>
      void abandoned.push(`${chain} ${seq}: ${error}`),
    storage: {
      expiry: { readTimeMs: async () => test.nowMs },
      events: {
        heads: async () => [...chains].map(([chain, seq]) => ({ chain, seq })),
        readAfter: async ({ chain, afterSeq }: { chain: string; afterSeq: number }, most: number) =>
          read(chain)
            .filter(({ seq }) => seq > afterSeq)
            .slice(0, most),
      },
      auditStreams: {
        async hold({ leaseMs, holder, now }: { leaseMs: number; holder: string; now: number }) {
          expect([leaseMs, holder, now]).toEqual([LEASE_MS, 'me', test.nowMs])
          return held ? { ...state } : undefined
        },
        cursors: async () => new Map(cursors),
        find: async () => state,
        async advance({ chain, from, to }: { chain: string; from: number; to: number }) {
          expect(from).toBe(cursors.get(chain) ?? 0)
          cursors.set(chain, to)
          return true
        },
        recover: async () => void (state.failures = 0),
        async fail({ dueAt }: { dueAt: number }) {
          test.waits.push(dueAt - test.nowMs)
          state.failures += 1
          state.dueAt = dueAt
        },
      },
    },
  } as unknown as DeliveryParts
  const send = async ({ chain, events }: { chain: string; events: readonly { seq: number }[] }) => {
    batches.push(`${chain} ${events.map(({ seq }) => seq)}`)
    if (refused.has(chain)) return { error: 'refused', isRejected: false }
    const isRejected = events.some(({ seq }) => rejected.has(`${chain} ${seq}`))
    return isRejected ? { error: 'rejected', isRejected } : undefined
  }
  const round = createDelivery({ id: 'siem', types, sink: { batchEvents: 2, send } as never }, parts)
  return Object.assign(test, {
    /** Runs one round. @returns its batches */
    async round() {
      batches = []
      await round()
      return batches
    },
  })
}

describe('delivery of events to a stream', () => {
  it('sends the wanted events in batches, and skips the others', async () => {
    const stream = follow({ types: ['idjag.*'] })
    expect(await stream.round()).toEqual(['idp 1', 'idp 3'])
    expect(stream.cursors).toEqual(new Map([['idp', 3]]))
    expect(await follow({ types: ['signin.failed'] }).round()).toEqual(['idp 2'])
  })

  it('sends nothing if another process has the stream', async () => {
    expect(await follow({ held: false }).round()).toEqual([])
  })

  it.each([
    [0, 1000],
    [1, 2000],
    [8, 256_000],
    [9, 300_000],
    [1000, 300_000],
  ])('after %i failures in a row the next attempt waits for %i ms', async (failures, wait) => {
    const stream = follow({ failures })
    stream.refused.add('idp')
    expect(await stream.round()).toEqual(['idp 1,2'])
    expect(stream).toMatchObject({ waits: [wait], turns: failures === 0 ? ['failed'] : [] })
    stream.nowMs += wait - 1
    expect(await stream.round()).toEqual([])
    stream.nowMs += 1
    expect(await stream.round()).toEqual(['idp 1,2'])
  })

  it.each([
    [200_000, ['idp 1,2', 'idp 3']],
    [200_001, ['idp 1', 'idp 2', 'idp 3']],
    [1_000_000, ['idp 1', 'idp 2', 'idp 3']],
  ])('sends events of %i characters in batches of %j', async (characters, batches) => {
    expect(await follow({ characters }).round()).toEqual(batches)
  })

  it('sends a batch of each chain in turn, so that none waits for a long one', async () => {
    expect(await follow({ chains: { admin: 5, idp: 3 } }).round()).toEqual([
      ...['admin 1,2', 'idp 1,2'],
      ...['admin 3,4', 'idp 3'],
      'admin 5',
    ])
  })

  it('a refused chain waits, the others continue', async () => {
    const stream = follow({ chains: { admin: 3, idp: 3 } })
    stream.refused.add('admin')
    expect(await stream.round()).toEqual(['admin 1,2', 'idp 1,2', 'idp 3'])
    stream.chains.set('idp', 4)
    expect(await stream.round()).toEqual(['idp 4'])
    stream.nowMs += 1000
    expect(await stream.round()).toEqual(['admin 1,2'])
    expect(stream.waits).toEqual([1000, 2000])
    stream.nowMs += 2000
    stream.refused.clear()
    expect(await stream.round()).toEqual(['admin 1,2', 'admin 3'])
    expect(stream.turns).toEqual(['failed', 'recovered'])
  })

  it('a round with several refused chains is one failure', async () => {
    const stream = follow({ chains: { admin: 3, idp: 3 } })
    for (const chain of ['admin', 'idp']) stream.refused.add(chain)
    expect(await stream.round()).toEqual(['admin 1,2', 'idp 1,2'])
    expect(stream).toMatchObject({ waits: [1000], turns: ['failed'] })
  })

  it('recovers once everything is delivered, not while another chain is refused', async () => {
    const stream = follow({ failures: 3, chains: { admin: 3, idp: 3 } })
    stream.refused.add('admin')
    await stream.round()
    expect(stream.turns).toEqual([])
    // An administrator skips what was refused.
    stream.cursors.set('admin', 3)
    stream.chains.set('idp', 4)
    await stream.round()
    expect(stream.turns).toEqual(['recovered'])
  })

  describe('an event that the receiver rejects', () => {
    const waitAndRound = async (stream: ReturnType<typeof follow>) => {
      stream.nowMs += 300_000
      return stream.round()
    }

    it('is found by smaller batches, so that the events before it are delivered', async () => {
      const stream = follow({ chains: { idp: 4 } })
      stream.rejected.add('idp 2')
      expect(await stream.round()).toEqual(['idp 1,2', 'idp 1', 'idp 2,3', 'idp 2'])
      expect(stream).toMatchObject({ cursors: new Map([['idp', 1]]), waits: [1000], turns: ['failed'] })
      expect(await waitAndRound(stream)).toEqual(['idp 2'])
      stream.rejected.clear()
      expect(await waitAndRound(stream)).toEqual(['idp 2', 'idp 3,4'])
      expect(stream).toMatchObject({ turns: ['failed', 'recovered'], abandoned: [] })
    })

    it('is abandoned after five rejections if the receiver accepts a later one, and the log records it', async () => {
      const stream = follow({ chains: { idp: 5 } })
      for (const event of ['idp 2', 'idp 3']) stream.rejected.add(event)
      await stream.round()
      for (let time = 2; time < 5; time += 1) expect(await waitAndRound(stream)).toEqual(['idp 2'])
      expect(stream.abandoned).toEqual([])
      const last = await waitAndRound(stream)
      expect(last.slice(0, 3)).toEqual(['idp 2', 'idp 3', 'idp 4'])
      expect(stream.abandoned).toEqual(['idp 2: rejected'])
      for (let time = 2; time <= 5; time += 1) await waitAndRound(stream)
      expect(stream).toMatchObject({
        abandoned: ['idp 2: rejected', 'idp 3: rejected'],
        cursors: new Map([['idp', 5]]),
      })
      await waitAndRound(stream)
      expect(stream.turns.at(-1)).toBe('recovered')
    })

    it.each([
      ['rejects all others too', ['idp 2', 'idp 3', 'idp 4']],
      ['has no later one to accept', ['idp 4']],
    ])('is never abandoned if the receiver %s', async (_, events) => {
      const stream = follow({ chains: { idp: 4 } })
      for (const event of events) stream.rejected.add(event)
      for (let time = 0; time < 20; time += 1) await waitAndRound(stream)
      expect(stream.abandoned).toEqual([])
      stream.rejected.clear()
      await waitAndRound(stream)
      expect(stream.cursors).toEqual(new Map([['idp', 4]]))
    })

    it('is never abandoned by a receiver that is unreachable', async () => {
      const stream = follow({})
      stream.refused.add('idp')
      for (let time = 0; time < 20; time += 1) expect(await waitAndRound(stream)).toEqual(['idp 1,2'])
      expect(stream.abandoned).toEqual([])
    })
  })

  it('has not recovered if there was nothing to send', async () => {
    const stream = follow({ failures: 3, types: ['none'] })
    await stream.round()
    expect(stream.turns).toEqual([])
  })
})

it.each([
  ['idjag.issued', undefined, true],
  ['idjag.issued', ['idjag.issued'], true],
  ['idjag.issued', ['idjag.*'], true],
  ['idjagx.issued', ['idjag.*'], false],
  ['idjag.issued', ['idjag'], false],
  ['idjag.issued', [], false],
])('%s is wanted by %j: %s', (type, types, wanted) => {
  expect(isWanted(type, types)).toBe(wanted)
})
