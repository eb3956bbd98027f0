// Which clock decides how old events are.
import { expect, it, vi } from 'vitest'

import { retain } from './retain.ts'

const DAY_MS = 86_400_000
const NOW = Date.parse('2026-11-27T12:00:00Z')

it.each([
  ['ahead', 400 * DAY_MS],
  ['behind', -400 * DAY_MS],
])('a node whose clock is %s changes nothing: the clock of the database decides', async (_, skewMs) => {
  const findOld = vi.fn(async () => undefined)
  await retain({
    storage: {
      events: { heads: async () => [{ log: 'idp', chain: 'idp', seq: 7 }] },
      expiry: { readTimeMs: async () => NOW },
      auditCheckpoints: { findOld },
      auditPeriods: {
        asLeader: (work: () => Promise<unknown>) => work(),
        findOldest: async () => undefined,
      },
      objects: { find: async () => undefined },
      ledger: {},
    },
    streams: { passed: async () => undefined },
    seal: {},
    clock: { nowMs: () => NOW + skewMs },
    retentionDays: 30,
    isClosing: () => false,
  } as never)
  expect(findOld).toHaveBeenCalledWith({ chain: 'idp', before: NOW - 30 * DAY_MS, upTo: 7, limit: 500 })
})
