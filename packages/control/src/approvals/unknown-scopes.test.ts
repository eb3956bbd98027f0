// Requested scopes against the catalogue of a resource app.
import { expect, it } from 'vitest'

import { findUnknownScopes } from './unknown-scopes.ts'

const todo0 = {
  id: 'todo0',
  resources: [
    { id: 'https://todo0.test/api', scopes: ['read', 'write'] },
    { id: 'https://todo0.test/mcp', scopes: ['read'] },
  ],
}

it.each([
  ['known scopes', todo0, ['read', 'write'], []],
  [
    'an unknown scope, and lists each known one once',
    todo0,
    ['read', 'wrte'],
    [{ path: '/scopes', problem: 'todo0 has no scope wrte; it has read write' }],
  ],
  [
    'a scope that no connection has, without a catalogue',
    { ...todo0, resources: [] },
    ['write'],
    [{ path: '/scopes', problem: 'todo0 has no scope write; it has read' }],
  ],
])('finds %s', (_, app, scopes, mistakes) => {
  expect(findUnknownScopes(app, scopes, ['read'])).toEqual(mistakes)
})
