import { expect, it } from 'vitest'

import {
  type AccessRequest,
  findSameRequests,
  fromAccessRequests,
  fromExpiringConnection,
  type InboxItem,
  sortQueue,
} from './inbox-items.ts'

const item = (id: string, due: string | null, since: string | null = null) =>
  ({ kind: 'expiring', id, due, since }) as InboxItem

it('sorts by due date, items without one last, then oldest first', () => {
  const queue = [
    item('no date', null),
    item('late', '2026-03-02T00:00:00Z'),
    item('young', '2026-03-01T00:00:00Z', '2026-02-02T00:00:00Z'),
    item('of no age', '2026-03-01T00:00:00Z'),
    item('old', '2026-03-01T00:00:00Z', '2026-02-01T00:00:00Z'),
  ]
  expect(sortQueue(queue).map(({ id }) => id)).toEqual(['old', 'young', 'of no age', 'late', 'no date'])
})

it('has the expiry of a request, and the arrival of an expiring connection', () => {
  const [request] = fromAccessRequests(
    [{ id: 'req_1', scopes: [], askedAt: '2026-03-01T08:00:00Z' } as never],
    'me',
  )
  expect(request).toMatchObject({ since: '2026-03-01T08:00:00Z', due: '2026-03-15T08:00:00.000Z' })
  const ending = fromExpiringConnection({ connection: 'one', expiresAt: '2026-03-15T08:00:00Z' } as never)
  expect(ending).toMatchObject({ id: 'expiring:one', since: '2026-03-01T08:00:00.000Z' })
})

const BASE = { app: 'agent0', resourceApp: 'todo0', scopes: ['a', 'b'], held: undefined }
const ask = (id: string, day: number, change: object = {}) =>
  ({ ...BASE, id, askedAt: `2026-03-0${day}T08:00:00Z`, ...change }) as AccessRequest

it('joins requests for the same access, the oldest first, from the time of that one', () => {
  const items = fromAccessRequests(
    [
      ask('late', 3, { scopes: ['b', 'a'] }),
      ask('app', 2, { app: 'other' }),
      ask('early', 1),
      ask('target', 2, { resourceApp: 'notes0' }),
      ask('fewer', 2, { scopes: ['a'] }),
      ask('meaning', 2, { held: [{ scope: 'a', state: 'changed' }] }),
      ask('days', 2, { days: 7 }),
    ],
    'me',
  )
  const joined = items.map((item) => (item.kind === 'request' ? item.requests.map(({ id }) => id) : []))
  expect(joined).toEqual([['early', 'late'], ['app'], ['target'], ['fewer'], ['meaning'], ['days']])
  expect(items[0]).toMatchObject({ id: 'early', since: '2026-03-01T08:00:00Z' })
})

it('finds other requests for the same access, not the request itself', () => {
  const [one, two, other] = [ask('one', 1), ask('two', 2, { scopes: ['b', 'a'] }), ask('x', 3, { app: 'x' })]
  expect(findSameRequests(one, [one, two, other])).toEqual([two])
  expect(findSameRequests(other, [one, two, other])).toEqual([])
})

it('has what the user is asked by name first, and the escalation as due date', () => {
  const escalation = { at: '2026-03-02T08:00:00Z', to: ['olga'] }
  const items = fromAccessRequests(
    [
      ask('for all', 1),
      ask('for others', 1, { app: 'x', asked: { users: ['rita'], rules: ['one'] } }),
      ask('for me', 3, { app: 'y', asked: { users: ['rita', 'me'], rules: [], escalation } }),
    ],
    'me',
  )
  expect(sortQueue([item('soon', '2026-03-01T00:00:00Z'), ...items]).map(({ id, due }) => [id, due])).toEqual(
    [
      ['for me', escalation.at],
      ['soon', '2026-03-01T00:00:00Z'],
      ['for all', '2026-03-15T08:00:00.000Z'],
      ['for others', '2026-03-15T08:00:00.000Z'],
    ],
  )
})
