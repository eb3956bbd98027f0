// What proofs cost is bounded, and a changed log is not proven. Proofs of a real log: tests/src/oversight.
import { MAX_FOLLOWING } from '@crosswalk/admin-api'
import { hashText, linkHash, type RecordedEvent } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import type { HandlerContext } from '../http/context.ts'
import { createCheckpointSeal } from './delivery/checkpoint-seal.ts'
import { createInclusionProofHandlers } from './prove-event.ts'

type Parts = Parameters<typeof createInclusionProofHandlers>[0]

const seal = createCheckpointSeal({ keyedDigest: () => Buffer.alloc(32, 'own').toString('base64url') })
const CONTEXT = {
  caller: { id: 'usr_ada', role: 'owner' },
  headers: new Headers(),
} as unknown as HandlerContext

const EVENT = {
  ...{ schema: 'xaa.event/v1', id: 'evt_1', time: '2026-11-29T08:00:00Z' },
  ...{ type: 'signin.succeeded', category: 'session', severity: 'info', outcome: 'success' },
}

/** A chain of `length` events with the same text, sealed at its end. */
async function createLog(length: number, change: (event: RecordedEvent) => RecordedEvent = (event) => event) {
  const body = JSON.stringify(EVENT)
  const events: RecordedEvent[] = []
  let hash = ''
  for (let seq = 1; seq <= length; seq += 1) {
    const prevHash = hash
    hash = linkHash(prevHash, 'idp', seq, hashText(body))
    events.push(
      change({ log: 'idp', chain: 'idp', seq, prevHash, hash, body, event: JSON.parse('{}') as never }),
    )
  }
  const head = {
    log: 'idp',
    chain: 'idp',
    seq: length,
    hash,
    kind: 'head',
    time: '2026-11-29T08:01:00Z',
  } as const
  const checkpoint = { ...head, statement: await seal.sign(head) }
  const recorded: string[] = []
  const handlers = createInclusionProofHandlers({
    clock: { nowMs: () => 0 },
    auditKeeper: { seal, sealNow: async () => undefined },
    storage: {
      auditCheckpoints: { list: async () => [checkpoint] },
      ledger: { commit: async ({ event }: { event: { type: string } }) => recorded.push(event.type) },
      events: {
        readAfter: async ({ afterSeq }: { afterSeq: number }) => events.slice(afterSeq, afterSeq + 1),
        async *stream({ afterSeq }: { afterSeq: number }) {
          yield* events.slice(afterSeq)
        },
      },
    },
  } as unknown as Parts)
  const prove = async (event: string) =>
    (await handlers['audit.prove']({ query: { event } } as never, CONTEXT)) as {
      status?: number
      body?: { following: string[] }
      problem?: { status: number; detail: string }
    }
  return { prove, recorded }
}

it('proves an event up to the limit of later events, and none beyond', async () => {
  const { prove, recorded } = await createLog(MAX_FOLLOWING + 2)
  expect((await prove('idp#2')).body?.following).toHaveLength(MAX_FOLLOWING)
  expect(recorded).toEqual(['audit.proven'])
  expect((await prove('idp#1')).problem).toMatchObject({
    status: 422,
    detail: expect.stringContaining(`${MAX_FOLLOWING + 1} events later`),
  })
  expect(recorded).toEqual(['audit.proven'])
})

it.each([2, 3])('proves nothing while event %i of the log is changed', async (changed) => {
  const { prove, recorded } = await createLog(4, (event) =>
    event.seq === changed ? { ...event, body: `${event.body} ` } : event,
  )
  expect((await prove('idp#2')).problem).toMatchObject({
    status: 409,
    detail: expect.stringContaining('npx crosswalk audit verify'),
  })
  expect(recorded).toEqual([])
  expect((await prove('idp#4')).status).toBe(200)
})

it('makes one proof at a time', async () => {
  const { prove } = await createLog(4)
  const [first, other, same] = await Promise.all([prove('idp#1'), prove('idp#2'), prove('idp#1')])
  expect([first?.status, other?.problem?.status, same?.status]).toEqual([200, 503, 200])
})
