// Verification while retention removes events: what is missing counts as missing only if no cut explains it.
import { createSealing } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import type { HandlerContext } from '../http/context.ts'
import { createVerificationHandlers } from './audit-verification.ts'
import { createCheckpointSeal } from './delivery/checkpoint-seal.ts'

/** @param cuts - how often another node cuts the chain, each time after this one has read the checkpoints */
async function verifyDuring(cuts: number) {
  const seal = createCheckpointSeal(createSealing(Buffer.alloc(32)))
  const cutAt = async (seq: number) => {
    const place = { log: 'idp', chain: 'idp', seq, hash: `h${seq}`, kind: 'cut' } as const
    return { ...place, statement: await seal.sign({ ...place, time: '2026-11-27T12:00:00Z' }) }
  }
  let made = 0
  const handlers = createVerificationHandlers({
    storage: {
      auditCheckpoints: { list: async () => [await cutAt(made)] },
      events: {
        heads: async () => [{ log: 'idp', chain: 'idp', seq: 9 }],
        verify: async (_chain: string, { cut }: { cut?: { seq: number } } = {}) => {
          if (made < cuts) made += 1
          const ok = cut?.seq === made && made < 9
          const head = { seq: 9, hash: 'h9' }
          return { ok, events: 0, head, ...(ok ? {} : { firstBad: { seq: 1, why: 'missing' } }) }
        },
      },
      ledger: { commit: async () => undefined },
    },
    directory: { current: () => ({ world: { 'authorization-servers': new Map() } }) },
    configuration: { audit: { checkpoints: {} } },
    clock: { nowMs: () => 0 },
    auditKeeper: { seal },
  } as never)
  const context = { caller: { id: 'usr_ada', role: 'owner' }, headers: new Headers() }
  const answer = await handlers['audit.verify']({} as never, context as unknown as HandlerContext)
  const { logs } = (answer as { body: { logs: readonly { chain: string; ok: boolean; begins: number }[] } })
    .body
  return logs.find(({ chain }) => chain === 'idp')
}

it.each([0, 1, 2, 5])('verifies a chain that is cut %d times in the meantime', async (cuts) => {
  expect(await verifyDuring(cuts)).toMatchObject({ ok: true, begins: cuts + 1 })
})

it('reports what is missing once the chain is no longer cut', async () => {
  expect(await verifyDuring(9)).toMatchObject({ ok: false, firstBad: { seq: 1 } })
})
