// Counting users of many connections reads each group once, and counts all users once, however many connections they
// are assigned to.
import { expect, it, vi } from 'vitest'

import { createUserCount } from './count-users.ts'

const NOW_MS = Date.parse('2026-11-28T12:00:00Z')
const ENGINEERING = { everyone: false, users: [], groups: ['engineering'] }
const SALES = { everyone: false, users: [], groups: ['sales'] }
const EVERYONE = { everyone: true, users: [], groups: [] }
const MEMBERS = new Map([
  [ENGINEERING, ['usr_alice', 'usr_carol', 'usr_dave']],
  [SALES, ['usr_bob']],
])

function connect(id: string, assignments: object) {
  return [id, { definition: { id, app: 'agent0', resourceApp: 'todo0', assignments } }] as const
}

it('shares the count of connections with the same assignments, except those with an access grant', async () => {
  const grant = { id: 'grt_1', connection: 'granted', user: 'usr_bob', state: 'active', scopes: [] }
  const listAssigned = vi.fn(async (assignments) => new Set(MEMBERS.get(assignments)))
  const countAll = vi.fn(async () => 5)
  const compiled = {
    world: {
      connections: new Map([
        connect('one', ENGINEERING),
        connect('two', ENGINEERING),
        connect('granted', ENGINEERING),
        connect('sales', SALES),
        connect('open', EVERYONE),
      ]),
      apps: new Map([['agent0', { definition: { assignments: EVERYONE } }]]),
      'resource-apps': new Map([['todo0', { definition: { assignments: EVERYONE } }]]),
      accessGrants: new Map([[grant.id, grant]]),
    },
    users: {
      items: { count: countAll },
      listInactive: async () => new Set(['usr_dave']),
      listAssigned,
      findMany: async (ids: string[]) => new Map(ids.map((id) => [id, { id, groups: [] }])),
    },
    exchange: { accessGrants: { get: () => [grant] } },
  }
  const count = await createUserCount({
    directory: { current: () => compiled },
    clock: { nowMs: () => NOW_MS },
  } as never)
  expect([await count('one'), await count('two'), await count('sales')]).toEqual([2, 2, 1])
  expect(listAssigned).toHaveBeenCalledTimes(2)
  expect([await count('open'), await count('open')]).toEqual([4, 4])
  expect(countAll).toHaveBeenCalledTimes(1)
  expect([await count('granted'), await count('one')]).toEqual([3, 2])
})
