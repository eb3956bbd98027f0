import { describe, expect, it } from 'vitest'

import { findDifferences, omitEmpty } from './change-list.tsx'
import { compareVersions } from './object/definition.ts'

describe('what counts as a difference', () => {
  it.each([
    ['another order of a list of texts', { scopes: ['a', 'b'] }, { scopes: ['b', 'a'] }, []],
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

it.each([
  ['apps', { id: 'a', activeOwners: ['usr_ada'], state: { effective: 'active' } }, ['id']],
  ['groups', { id: 'g', memberCount: 3, revision: 7 }, ['id']],
  ['review-schedules', { id: 's', nextAt: '2026-01-01T00:00:00Z', sentence: 'Every month' }, ['id']],
  ['policies', { id: 'p', state: 'off', sentence: 'For all apps: denied' }, ['id', 'state']],
] as const)(
  'compares what defines an object of %s, and not what only the server says',
  (collection, view, members) => {
    const differences = compareVersions(collection, view, {})
    expect(differences.map(({ member }) => member)).toEqual(members)
  },
)
