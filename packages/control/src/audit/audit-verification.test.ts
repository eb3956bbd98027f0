// Verification while retention removes events: what is missing counts as missing only if no cut explains it.
import { type AuditEvent, createSealing, type LedgerEntry } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import type { HandlerContext } from '../http/context.ts'
import { createVerificationHandlers } from './audit-verification.ts'
import { createCheckpointSeal } from './delivery/checkpoint-seal.ts'

/** @param cuts - how often another node cuts the chain, each time after this one has read the checkpoints */
async function verifyDuring(cuts: number, foreign: readonly string[] = []) {
  const seal = createCheckpointSeal(createSealing(Buffer.alloc(32)))
  const cutAt = async (seq: number) => {
    const place = { log: 'idp', chain: 'idp', seq, hash: `h${seq}`, kind: 'cut' } as const
    return { ...place, statement: await seal.sign({ ...place, time: '2026-11-27T12:00:00Z' }) }
  }
  let made = 0
  const recorded: AuditEvent[] = []
  const handlers = createVerificationHandlers({
    storage: {
      auditCheckpoints: {
        list: async () => {
          const own = await cutAt(made)
          return [own, ...foreign.map((statement) => ({ ...own, statement }))]
        },
      },
      events: {
        heads: async () => [{ log: 'idp', chain: 'idp', seq: 9 }],
        verify: async (chain: string, { cut }: { cut?: { seq: number } } = {}) => {
          if (chain !== 'idp') return { ok: true, events: 0, head: { seq: 0, hash: '' } }
          if (made < cuts) made += 1
          const ok = cut?.seq === made && made < 9
          const head = { seq: 9, hash: 'h9' }
          return { ok, events: 0, head, ...(ok ? {} : { firstBad: { seq: 1, why: 'missing' } }) }
        },
      },
      ledger: { commit: async ({ event }: LedgerEntry) => void recorded.push(event as AuditEvent) },
    },
    directory: { current: () => ({ world: { 'authorization-servers': new Map() } }) },
    configuration: { audit: { checkpoints: {} } },
    clock: { nowMs: () => 0 },
    auditKeeper: { seal },
  } as never)
  const context = { caller: { id: 'usr_ada', role: 'owner' }, headers: new Headers() }
  const answer = await handlers['audit.verify']({} as never, context as unknown as HandlerContext)
  const { logs, ...verdict } = (
    answer as { body: { ok: boolean; logs: readonly { chain: string; ok: boolean; begins: number }[] } }
  ).body
  const { severity, outcome } = recorded[0] ?? {}
  return { ...logs.find(({ chain }) => chain === 'idp'), verdict, recorded: [severity, outcome] }
}

it.each([0, 1, 2, 5])('verifies a chain that is cut %d times in the meantime', async (cuts) => {
  expect(await verifyDuring(cuts)).toMatchObject({ ok: true, begins: cuts + 1 })
})

it('reports what is missing once the chain is no longer cut', async () => {
  expect(await verifyDuring(9)).toMatchObject({ ok: false, firstBad: { seq: 1 } })
})

it.each<[string, number, readonly string[], object]>([
  [
    'nothing is wrong',
    0,
    [],
    { verdict: { ok: true, foreignCheckpoints: 0 }, recorded: ['info', 'success'] },
  ],
  ['an event is missing', 9, [], { verdict: { ok: false }, recorded: ['critical', 'failure'] }],
  [
    'a checkpoint is not ours',
    0,
    ['x.y.z'],
    { verdict: { ok: false, foreignCheckpoints: 1 }, recorded: ['critical', 'failure'] },
  ],
])('is recorded, and fails unless everything is in order: %s', async (_, cuts, foreign, verification) => {
  expect(await verifyDuring(cuts, foreign)).toMatchObject(verification)
})

it('while one verification runs, another one is refused, and may be repeated after five seconds', async () => {
  const parts = {
    storage: { auditCheckpoints: { list: () => new Promise(() => undefined) } },
    configuration: { audit: { checkpoints: {} } },
    auditKeeper: {},
  }
  const handlers = createVerificationHandlers(parts as never)
  const context = { caller: { id: 'usr_ada', role: 'owner' }, headers: new Headers() } as never
  void handlers['audit.verify']({} as never, context)
  expect(
    await handlers['audit.verify-with']({ body: { checkpoints: ['x.y.z'] } } as never, context),
  ).toMatchObject({
    problem: { status: 503 },
    headers: { 'retry-after': '5' },
  })
})
