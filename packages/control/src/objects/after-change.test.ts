// A request that deactivates a user is often repeated after a fault. The repetition revokes what the first attempt left
// live.
import type { AuditEvent } from '@crosswalk/as-core'
import { expect, it } from 'vitest'

import type { UserRecord } from '../definitions/records.ts'
import { revokeAfterChange } from './after-change.ts'
import type { Target } from './target.ts'

const user = (active: boolean): UserRecord => ({
  ...{ id: 'usr_eve', username: 'eve', groups: [], attributes: {}, emailVerified: false },
  ...{ hasPassword: true, active },
})

/** What a user leaves behind */
const STORED = ['passwordHashes', 'secondFactors', 'upstreamLinks']

async function change(before: UserRecord, after: UserRecord | undefined, live: number) {
  let left = live
  const ended: string[] = []
  const forgotten: string[] = []
  const events: AuditEvent[] = []
  const parts = {
    directory: { current: () => ({ world: { accessGrants: new Map(), tokens: new Map() } }) },
    clock: { nowMs: () => 0 },
    storage: {
      ledger: { commit: async ({ event }: { event: AuditEvent }) => void events.push(event) },
      ...Object.fromEntries(STORED.map((name) => [name, { remove: async () => void forgotten.push(name) }])),
    },
    vault: { revoke: async () => 0 },
    revoker: {
      endSessions: async (id: string) => void ended.push(id),
      async revokeUser() {
        const found = left
        left = 0
        return found
      },
    },
  }
  const context = { caller: { id: 'adm', role: 'owner' } }
  const target = { parts, context, collection: 'users' } as unknown as Target<'users'>
  await revokeAfterChange(target, { before, after })
  return { left, ended, forgotten, recorded: events.map(({ change: it }) => it) }
}

const recorded = (count: number) => [{ revoked_tokens: count, ended_sessions: true }]

it.each([
  [
    'the first time',
    user(true),
    user(false),
    2,
    { left: 0, ended: ['usr_eve'], forgotten: [], recorded: recorded(2) },
  ],
  ['again, with tokens left', user(false), user(false), 1, { ended: ['usr_eve'], recorded: recorded(1) }],
  ['again, with no tokens left', user(false), user(false), 0, { ended: ['usr_eve'], recorded: [] }],
  [
    'by removal, while inactive',
    user(false),
    undefined,
    1,
    { left: 0, recorded: recorded(1), forgotten: STORED },
  ],
])('a user who is deactivated %s', async (_, before, after, live, expected) => {
  expect(await change(before, after, live)).toMatchObject(expected)
})

it.each([
  ['stays active', user(true), user(true)],
  ['is active again', user(false), user(true)],
])('a user who %s keeps live tokens and sessions', async (_, before, after) => {
  expect(await change(before, after, 1)).toEqual({ left: 1, ended: [], forgotten: [], recorded: [] })
})
