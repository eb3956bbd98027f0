import { describe, expect, it } from 'vitest'

import { deliverStream, type DeliveryParts, isWanted, LEASE_MS } from './deliver-stream.ts'

const NOW = 1_800_000_000_000

interface Given {
  readonly failures?: number
  readonly error?: string
  /** When the stream is due; undefined if another process holds it */
  readonly dueAt?: number | undefined
  readonly types?: readonly string[]
}

async function deliver(given: Given) {
  const { failures = 0, error, types } = given
  const dueAt = 'dueAt' in given ? given.dueAt : NOW
  const calls: object[] = []
  const log = [1, 2, 3].map((seq) => ({ seq, event: { type: seq === 2 ? 'signin.failed' : 'idjag.issued' } }))
  const parts = {
    clock: { nowMs: () => NOW },
    holder: 'me',
    isClosing: () => false,
    onTurn: async (_: string, turn: string) => void calls.push({ turn }),
    storage: {
      events: {
        heads: async () => [{ chain: 'idp', seq: 3 }],
        readAfter: async ({ afterSeq }: { afterSeq: number }, most: number) =>
          log.filter(({ seq }) => seq > afterSeq).slice(0, most),
      },
      auditStreams: {
        async hold({ leaseMs, holder }: { leaseMs: number; holder: string }) {
          expect([leaseMs, holder]).toEqual([LEASE_MS, 'me'])
          return dueAt === undefined ? undefined : { dueAt }
        },
        cursors: async () => new Map([['idp', 0]]),
        find: async () => ({ failures }),
        async advance({ from, to, sent }: { from: number; to: number; sent: number }) {
          calls.push({ from, to, sent })
          return true
        },
        fail: async ({ dueAt: next }: { dueAt: number }) => void calls.push({ wait: next - NOW }),
      },
    },
  } as unknown as DeliveryParts
  const sent: number[] = []
  const send = async ({ events }: { events: readonly { seq: number }[] }) => {
    if (error === undefined) sent.push(...events.map(({ seq }) => seq))
    return error
  }
  await deliverStream({ id: 'siem', types, sink: { batchEvents: 2, send } as never }, parts)
  return { calls, sent }
}

describe('delivery of events to a stream', () => {
  it('sends the wanted events in batches, and skips the others', async () => {
    expect(await deliver({ types: ['idjag.*'] })).toEqual({
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
    expect(await deliver({ dueAt })).toEqual({ sent: [], calls: [] })
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

  it('reports recovery after failures', async () => {
    expect((await deliver({ failures: 3 })).calls).toContainEqual({ turn: 'recovered' })
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
