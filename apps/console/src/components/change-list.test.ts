import { describe, expect, it } from 'vitest'

import { findDifferences, omitEmpty } from './change-list.tsx'

describe('what counts as a difference', () => {
  it.each([
    ['another order of a list of texts', { scopes: ['a', 'b'] }, { scopes: ['b', 'a'] }, []],
    ['what only the server says', { revision: 1, updatedBy: 'x' }, { revision: 2, updatedBy: 'y' }, []],
    ['a member that is undefined', { conditions: { acr: undefined } }, { conditions: {} }, []],
    ['another order of members', { a: { x: 1, y: 2 } }, { a: { y: 2, x: 1 } }, []],
    ['one scope more', { scopes: ['a'] }, { scopes: ['a', 'b'] }, ['scopes']],
    ['a member gone', { expiresAt: 'x' }, {}, ['expiresAt']],
    ['something deep inside', { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }, ['a']],
  ])('%s', (_, before, after, members) => {
    expect(findDifferences(before, after).map(({ member }) => member)).toEqual(members)
  })
})

it('omits the empty members of a new object, and keeps what is false', () => {
  const assignments = { everyone: false, users: [], groups: ['it'] }
  const app = { id: 'planner', redirectUris: [], claims: {}, auth: { keys: [] }, assignments, active: false }
  expect(omitEmpty(app)).toEqual({
    id: 'planner',
    assignments: { everyone: false, groups: ['it'] },
    active: false,
  })
})

it('includes the state of a policy, and not the operational state of a connection', () => {
  expect(findDifferences({ state: 'off' }, { state: 'enforced' })).toHaveLength(1)
  expect(findDifferences({ state: { held: {} } }, {})).toEqual([])
})
