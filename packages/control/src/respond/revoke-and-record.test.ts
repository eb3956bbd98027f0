// Each revocation is recorded with the number of tokens that it found, also those that were issued while it ran.
import type { AuditEvent, LedgerEntry } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import { systemContext } from '../http/context.ts'
import { revokeAndRecord } from './revoke-and-record.ts'

it.each<[string, readonly [number, number], boolean, readonly object[]]>([
  [
    'tokens of grants decided before it are recorded, too',
    [2, 1],
    false,
    [
      { revoked_tokens: 2, ended_sessions: true },
      { revoked_tokens: 1, ended_sessions: false },
    ],
  ],
  ['no token was live', [0, 0], false, [{ revoked_tokens: 0, ended_sessions: true }]],
  ['no token was live, and only those are of interest', [0, 0], true, []],
  [
    'only a late token was live, and only those are of interest',
    [0, 1],
    true,
    [{ revoked_tokens: 1, ended_sessions: false }],
  ],
])('%s', async (_, [first, second], onlyIfAny, recorded) => {
  const changes: unknown[] = []
  const commit = async ({ event }: LedgerEntry) => {
    changes.push((event as AuditEvent).change)
    return { committed: true, chain: 'admin', seq: 1 }
  }
  const parts = { storage: { ledger: { commit } }, clock: { nowMs: () => 0 } } as never
  const about = { target: { kind: 'user', id: 'usr_eve' }, endedSessions: true, onlyIfAny }
  const counts = [first, second]
  const revoke = async () => counts.shift() ?? 0
  expect(await revokeAndRecord(parts, systemContext('a test'), about, revoke)).toBe(first + second)
  expect(changes).toEqual(recorded)
})
