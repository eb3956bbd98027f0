// What is stored can be read, and as it is: a member that a schema lacks would be gone after the next restart.
import { expect, test } from 'vitest'

import { checkReadable } from './read-stored.ts'

const HOLD = {
  kind: 'app',
  target: 'agent',
  state: 'suspended',
  by: 'ada',
  since: '2026-06-15T08:00:00.000Z',
}
const check = (body: object) => () => checkReadable({ collection: 'holds', id: 'app:agent', body })

test('an object with the members of its schema is stored', () => {
  expect(check({ ...HOLD, reason: 'stolen' })).not.toThrow()
})

test.each([
  [
    'a member that the schema lacks',
    { ...HOLD, until: 'tomorrow' },
    'the schema of holds has no member until',
  ],
  ['an unreadable member', { ...HOLD, state: 'paused' }, 'holds/app:agent in the database cannot be read'],
])('an object with %s is not', (_, body, problem) => {
  expect(check(body)).toThrow(problem)
})

test('members of members count too', () => {
  const apps = { connection: 'con', user: 'usr_bob', app: 'agent', resourceApp: 'todo', scopes: ['read'] }
  const over = { by: 'ada', at: HOLD.since }
  const grant = { ...apps, id: 'acg_1', state: 'revoked', by: 'ada', at: HOLD.since, over }
  const store = (body: object) => () => checkReadable({ collection: 'access-grants', id: 'acg_1', body })
  expect(store(grant)).not.toThrow()
  expect(store({ ...grant, over: { ...over, ticket: 7 } })).toThrow('access-grants has no member over.ticket')
})
