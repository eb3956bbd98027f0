import { expect, it } from 'vitest'

import { type InboxItem, fromExpiringConnection, fromAccessRequest, sortQueue } from './inbox-items.ts'

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
  const request = fromAccessRequest({ id: 'req_1', askedAt: '2026-03-01T08:00:00Z' } as never)
  expect(request).toMatchObject({ since: '2026-03-01T08:00:00Z', due: '2026-03-15T08:00:00.000Z' })
  const ending = fromExpiringConnection({ connection: 'one', expiresAt: '2026-03-15T08:00:00Z' } as never)
  expect(ending).toMatchObject({ id: 'expiring:one', since: '2026-03-01T08:00:00.000Z' })
})
