// The lag of a stream is a time by the database's clock, whatever the clock of the server that describes it.
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { expect, it } from 'vitest'

import { createAuditStreams } from './audit-streams.ts'

const EVENT_MS = Date.parse('2026-11-29T12:00:00Z')
const HOUR_MS = 3_600_000

it.each([
  ['is right', 0],
  ['is an hour ahead', HOUR_MS],
  ['is an hour behind', -HOUR_MS],
])('the lag is the same if the clock of this server %s', async (_, aheadMs) => {
  const databaseMs = EVENT_MS + 90_000
  const storage = {
    events: {
      heads: async () => [{ log: 'idp', chain: 'idp', seq: 7 }],
      readAfter: async () => [{ event: { time: new Date(EVENT_MS).toISOString() } }],
    },
    auditStreams: {
      find: async () => undefined,
      cursors: async () => new Map([['idp', 4]]),
      hold: async () => undefined,
      release: async () => undefined,
    },
    expiry: { readTimeMs: async () => databaseMs },
  }
  const streams = createAuditStreams({
    definitions: [{ id: 'siem', type: 'file', path: join(tmpdir(), 'unused'), format: 'ndjson' }],
    storage,
    clock: { nowMs: () => databaseMs + aheadMs },
    onFault: (fault: unknown) => expect(fault).toBeUndefined(),
  } as never)
  try {
    expect(await streams.describe()).toMatchObject([{ state: 'behind', lagEvents: 3, lagSeconds: 90 }])
  } finally {
    await streams.close()
  }
})
