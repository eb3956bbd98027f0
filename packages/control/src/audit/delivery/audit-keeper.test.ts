// What happens while retention reads a month, which takes minutes.
import { createSealing } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { createAuditKeeper } from './audit-keeper.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-11-27T12:00:00Z')

function createWorld() {
  const steps: string[] = []
  const reading = Promise.withResolvers<object>()
  const heads = [{ log: 'idp', chain: 'idp', seq: 900, hash: 'h900' }]
  const keeper = createAuditKeeper({
    configuration: { audit: { checkpoints: { everySeconds: 3_600 }, retentionDays: 30 } },
    sealing: createSealing(Buffer.alloc(32)),
    clock: { nowMs: () => NOW },
    streams: { passed: async () => undefined },
    onFault: (fault: unknown) => steps.push(String(fault)),
    storage: {
      events: { heads: async () => heads },
      expiry: { readTimeMs: async () => NOW },
      objects: { find: async () => undefined },
      ledger: { commit: async () => steps.push('recorded') },
      auditCheckpoints: {
        list: async () => [],
        add: async () => steps.push('sealed'),
        thin: async () => undefined,
        findOld: ({ before }: { before: number }) =>
          Promise.resolve(before < NOW - 100 * DAY_MS ? undefined : reading.promise),
      },
      auditPeriods: {
        asLeader: (work: () => Promise<unknown>) => work(),
        findOldest: async () => ({ name: 'month', from: NOW - 120 * DAY_MS, to: NOW - 90 * DAY_MS }),
        listEnds: async () => [{ chain: 'idp', seq: 900 }],
        cut: async () => steps.push('cut'),
      },
    },
  } as never)
  return { keeper, steps, read: () => reading.resolve({ seq: 500, hash: 'h500', count: 500, sound: true }) }
}

it('heads are sealed during retention, and closing aborts it without a cut', async () => {
  const { keeper, steps, read } = createWorld()
  const retained = keeper.retainNow()
  await keeper.sealNow()
  expect(steps).toEqual(['sealed'])
  const closed = keeper.close()
  read()
  await closed
  expect((await retained).size).toBe(0)
  expect(steps).toEqual(['sealed', 'sealed'])
})

it('a second round joins the one in progress', async () => {
  const { keeper, read } = createWorld()
  const first = keeper.retainNow()
  expect(keeper.retainNow()).toBe(first)
  const closed = keeper.close()
  read()
  await closed
  expect(keeper.retainNow()).not.toBe(first)
})
