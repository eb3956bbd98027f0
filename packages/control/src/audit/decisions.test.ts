import type { Caller } from '../http/context.ts'
import { expect, it } from 'vitest'

import type { SharedParts } from '../parts.ts'
import { createDecisionHandlers } from './decisions.ts'

const handlers = createDecisionHandlers({
  storage: { events: { list: async () => ({ items: [], next: undefined }) } },
  directory: {
    current: () => ({
      users: { findById: async () => undefined, findByLogin: async () => undefined },
      world: { connections: new Map(), 'resource-apps': new Map(), 'authorization-servers': new Map() },
    }),
  },
} as unknown as SharedParts)

const list = (caller: Caller, query: object) =>
  handlers['decisions.list']({ query: { limit: 10, ...query } } as never, { caller } as never)

const developer: Caller = { id: 'tok_1', role: 'developer', apps: ['agent0'] }

it.each([
  ['code', { code: 'XAA1503' }],
  ['user', { user: 'alice' }],
  ['code and user', { code: 'XAA1503', user: 'alice' }],
])('a developer cannot filter by %s to learn what a record hides', async (_, query) => {
  expect(await list(developer, query)).toMatchObject({ problem: { status: 403 } })
  expect(await list({ id: 'tok_2', role: 'owner' }, query)).toMatchObject({ status: 200 })
})

it('a developer can filter by anything else', async () => {
  expect(await list(developer, { outcome: 'deny' })).toEqual({ status: 200, body: { items: [], next: null } })
})
