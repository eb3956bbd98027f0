// Which ID-JAGs of the log contain removed access: by user and scope, among a bounded number of events.
import type { ReviewItem } from '@crosswalk/admin-api'
import type { EventQuery } from '@crosswalk/storage'
import { expect, it } from 'vitest'

import { countIssuedSince, findLastIssued, listRecentUsers } from './find-issued.ts'

const DECIDED = Date.parse('2026-06-15T08:00:00.000Z')
const SKEW_MS = 30_000
const item = {
  connection: 'con',
  decision: { effectiveAt: new Date(DECIDED).toISOString() },
} as ReviewItem

interface Issued {
  readonly at: number
  readonly user?: string
  readonly scopes?: readonly string[]
}

/** @param issued - newest first */
function partsWith(issued: readonly Issued[]) {
  const list = async ({ since = 0, until = Infinity, limit, cursor = '0' }: EventQuery) => {
    const found = issued.filter(({ at }) => at >= since && at < until)
    const end = Number(cursor) + limit
    const items = found.slice(Number(cursor), end).map(({ at, user = 'usr_bob', scopes = ['read'] }) => ({
      event: {
        time: new Date(at).toISOString(),
        on_behalf_of: { user_ref: user },
        action: { scopes_granted: scopes },
      },
    }))
    return { items, next: end < found.length ? String(end) : undefined }
  }
  const configuration = { clockSkewSeconds: SKEW_MS / 1000 }
  return { configuration, storage: { events: { list } } } as unknown as Parameters<typeof countIssuedSince>[0]
}

const ALL = { scopes: undefined, users: undefined, revokes: true }

it.each([
  ['any', ALL, 2],
  ['of one user', { ...ALL, users: ['usr_bob'] }, 1],
  ['of another user', { ...ALL, users: ['usr_carol'] }, 0],
  ['with one of the scopes', { ...ALL, scopes: ['write', 'delete'] }, 1],
  ['with another scope', { ...ALL, scopes: ['delete'] }, 0],
])('ID-JAGs since the decision: %s', async (_, removed, count) => {
  const parts = partsWith([
    { at: DECIDED + SKEW_MS + 1 },
    { at: DECIDED + SKEW_MS, user: 'usr_alice', scopes: ['read', 'write'] },
    { at: DECIDED + SKEW_MS - 1 },
  ])
  expect(await countIssuedSince(parts, item, removed)).toBe(count)
})

const BEFORE_MS = 300_000

it.each([
  ['none', [], undefined],
  ['the oldest that counts', [{ at: DECIDED - BEFORE_MS }], DECIDED - BEFORE_MS],
  ['an older one', [{ at: DECIDED - BEFORE_MS - 1 }], undefined],
  ['one within the tolerance of clocks', [{ at: DECIDED + SKEW_MS - 1 }], DECIDED + SKEW_MS - 1],
  ['a later one', [{ at: DECIDED + SKEW_MS }], undefined],
])('the last ID-JAG before the decision: %s', async (_, issued, expected) => {
  expect(await findLastIssued(partsWith(issued), item, ALL, BEFORE_MS)).toBe(expected)
})

it.each([
  [999, undefined],
  [1000, DECIDED + SKEW_MS],
])('after %d others, the last ID-JAG is unknown or none', async (count, expected) => {
  const others = Array.from({ length: count }, () => ({ at: DECIDED - 1, scopes: ['read'] }))
  const removed = { ...ALL, scopes: ['write'] }
  expect(await findLastIssued(partsWith(others), item, removed, BEFORE_MS)).toBe(expected)
})

it('lists the users of the newest, each once and up to a limit', async () => {
  const users = ['usr_bob', 'usr_alice', 'usr_bob', 'usr_carol']
  const parts = partsWith(users.map((user, index) => ({ at: DECIDED - index, user })))
  expect(await listRecentUsers(parts, item, 2)).toEqual(['usr_bob', 'usr_alice'])
  expect(await listRecentUsers(parts, item, 9)).toEqual(['usr_bob', 'usr_alice', 'usr_carol'])
})
