import type { AccessRequest } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import type { SharedParts } from '../parts.ts'
import { approve } from './approve-access.ts'

const NOW = Date.parse('2027-01-15T08:00:00.000Z')
const request = {
  user: 'usr_bob',
  app: 'agent0',
  resourceApp: 'todo0',
  scopes: ['todos.read'],
} as unknown as AccessRequest
/** No connections, so requests that pass these checks end in a conflict. */
const parts = {
  clock: { nowMs: () => NOW },
  directory: {
    current: () => ({
      users: { findById: async (id: string) => (id === 'usr_bob' ? { id } : undefined) },
      world: { connections: new Map() },
    }),
  },
} as unknown as SharedParts

it.each([
  ['2027-01-15T08:00:00.000Z', 400],
  ['2027-01-15T08:00:00.001Z', 409],
  ['2027-01-15T09:00:00.000+01:00', 400],
  [undefined, 409],
])('access that ends at %s gets status %i', async (until, status) => {
  expect(await approve(parts, {} as never, { request, revision: 1, until })).toMatchObject({
    problem: { status },
  })
})

it.each([
  [['todos.read'], 409],
  [['todos.write'], 400],
  [['todos.read', 'todos.write'], 400],
])('approving %j when todos.read was requested gets status %i', async (scopes, status) => {
  expect(await approve(parts, {} as never, { request, revision: 1, scopes })).toMatchObject({
    problem: { status },
  })
})

it.each([
  ['of a user', 'usr_bob', /^There is no connection/],
  // A configuration file may no longer name the user; otherwise, the access would be there once it does again.
  ['of a former user', 'usr_erin', /^usr_erin is no longer a user/],
])('a request %s gets its own reason', async (_, user, detail) => {
  const asked = { ...request, user }
  expect(await approve(parts, {} as never, { request: asked, revision: 1 })).toMatchObject({
    problem: { status: 409, detail: expect.stringMatching(detail) as string },
  })
})
