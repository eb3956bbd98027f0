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
const CRM = { id: 'crm', name: 'CRM', resources: [] }
const CREDENTIALS = 'credentials {"userId":"usr_eve"}'

async function change(
  before: object,
  after: object | undefined,
  live: number,
  collection: 'users' | 'resource-apps' = 'users',
) {
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
    vault: {
      revoke: async (_: unknown, of: object) => void forgotten.push(`credentials ${JSON.stringify(of)}`),
    },
    revoker: {
      endSessions: async (id: string) => void ended.push(id),
      revokeUnassigned: async () => 0,
      async revokeUser() {
        const found = left
        left = 0
        return found
      },
    },
  }
  const context = { caller: { id: 'adm', role: 'owner' } }
  const target = { parts, context, collection } as unknown as Target<'users'>
  await revokeAfterChange(target, { before: before as UserRecord, after: after as UserRecord | undefined })
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
    { left: 0, recorded: recorded(1), forgotten: [...STORED, CREDENTIALS] },
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

it.each([
  ['removed', undefined, ['credentials {"resourceApp":"crm"}']],
  ['changed', { ...CRM, name: 'The CRM' }, []],
])('the stored credentials of a resource app that is %s', async (_, after, forgotten) => {
  expect(await change(CRM, after, 0, 'resource-apps')).toMatchObject({ forgotten })
})
