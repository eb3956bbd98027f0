import { describe, expect, it } from 'vitest'

import { deliverStream, type DeliveryParts, isWanted, LEASE_MS } from './deliver-stream.ts'

const NOW = 1_800_000_000_000

interface Given {
  readonly failures?: number
  readonly error?: string
  /** When the stream is due; undefined if another process holds it */
  readonly dueAt?: number | undefined
  readonly types?: readonly string[]
  /** Characters of each event */
  readonly characters?: number
  /** A chain that the receiver always accepts; there are events in it only then */
  readonly accepts?: string
}

async function deliver(given: Given) {
  const { failures = 0, error, types, characters = 10, accepts } = given
  const dueAt = 'dueAt' in given ? given.dueAt : NOW
  const calls: object[] = []
  const body = 'x'.repeat(characters)
  const log = [1, 2, 3].map((seq) => ({
    ...{ seq, body },
    event: { type: seq === 2 ? 'signin.failed' : 'idjag.issued' },
  }))
  const parts = {
    clock: { nowMs: () => NOW },
    holder: 'me',
    isClosing: () => false,
    onTurn: async (_: string, turn: string) => void calls.push({ turn }),
    storage: {
      events: {
        heads: async () =>
          ['admin', 'idp'].map((chain) => ({ chain, seq: chain === 'idp' || accepts ? 3 : 0 })),
        readAfter: async ({ afterSeq }: { afterSeq: number }, most: number) =>
          log.filter(({ seq }) => seq > afterSeq).slice(0, most),
      },
      auditStreams: {
        async hold({ leaseMs, holder }: { leaseMs: number; holder: string }) {
          expect([leaseMs, holder]).toEqual([LEASE_MS, 'me'])
          return dueAt === undefined ? undefined : { dueAt, failures }
        },
        cursors: async () => new Map([['idp', 0]]),
        find: async () => ({ failures }),
        async advance({ from, to, sent }: { from: number; to: number; sent: number }) {
          calls.push({ from, to, sent })
          return true
        },
        recover: async () => void calls.push({ failures: 0 }),
        fail: async ({ dueAt: next }: { dueAt: number }) => void calls.push({ wait: next - NOW }),
      },
    },
  } as unknown as DeliveryParts
  const sent: number[] = []
  const batches: number[] = []
  const send = async ({ chain, events }: { chain: string; events: readonly { seq: number }[] }) => {
    if (chain === accepts) return undefined
    if (error === undefined) sent.push(...events.map(({ seq }) => seq))
    batches.push(events.length)
    return error
  }
  await deliverStream({ id: 'siem', types, sink: { batchEvents: 2, send } as never }, parts)
  return { calls, sent, batches }
}

describe('delivery of events to a stream', () => {
  it('sends the wanted events in batches, and skips the others', async () => {
    expect(await deliver({ types: ['idjag.*'] })).toMatchObject({
      sent: [1, 3],
      calls: [
        { from: 0, to: 2, sent: 1 },
        { from: 2, to: 3, sent: 1 },
      ],
    })
    expect((await deliver({ types: ['signin.failed'] })).sent).toEqual([2])
  })

  it.each([
    ['another process has the stream', undefined],
    ['it is not due yet', NOW + 1],
  ])('sends nothing if %s', async (_, dueAt) => {
    expect(await deliver({ dueAt })).toEqual({ sent: [], calls: [], batches: [] })
  })

  it.each([
    [0, 1000],
    [1, 2000],
    [8, 256_000],
    [9, 300_000],
    [1000, 300_000],
  ])('after %i failures in a row the next attempt waits for %i ms', async (failures, wait) => {
    const { calls } = await deliver({ failures, error: 'refused' })
    expect(calls).toEqual([{ wait }, ...(failures === 0 ? [{ turn: 'failed' }] : [])])
  })

  it.each([
    [200_000, [2, 1]],
    [200_001, [1, 1, 1]],
    [1_000_000, [1, 1, 1]],
  ])('sends events of %i characters in batches of %j', async (characters, batches) => {
    expect(await deliver({ characters })).toMatchObject({ sent: [1, 2, 3], batches })
  })

  it('reports recovery after failures, once everything is delivered', async () => {
    const { calls } = await deliver({ failures: 3 })
    expect(calls.slice(-2)).toEqual([{ failures: 0 }, { turn: 'recovered' }])
  })

  it('has not recovered if the receiver accepts another chain only', async () => {
    const { calls } = await deliver({ failures: 3, error: 'refused', accepts: 'admin' })
    expect(calls).toEqual([{ from: 0, to: 2, sent: 2 }, { from: 2, to: 3, sent: 1 }, { wait: 8000 }])
  })

  it('has not recovered if there was nothing to send', async () => {
    expect((await deliver({ failures: 3, types: ['none'] })).calls).not.toContainEqual({ turn: 'recovered' })
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
