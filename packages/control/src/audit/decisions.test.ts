// Which decisions callers may filter by, and which they see: those about apps that their role covers.
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

const items = (...definitions: readonly { readonly id: string }[]) =>
  new Map(definitions.map((definition) => [definition.id, { definition }]))
const connect = (app: string, clientId: string) => ({
  id: `${app}-todo0`,
  app,
  resourceApp: 'todo0',
  clientId,
})
const world = {
  connections: items(connect('agent0', 'own'), connect('wiki', 'shared'), {
    ...connect('agent0', 'shared'),
    ...{ id: 'agent0-notes0', resourceApp: 'notes0' },
  }),
  'resource-apps': items(...['todo0', 'notes0'].map((id) => ({ id, issuer: 'https://as.test' }))),
  'authorization-servers': items({ id: 'vendor', issuer: 'https://as.test' } as { readonly id: string }),
}

it.each([
  ['its app alone', 'own', 1],
  ['its app and another one with the same client id', 'shared', 0],
  ['a client of no app that is known here', 'unknown', 0],
])('the owner of an app sees of a decision about %s', async (_, id, seen) => {
  const decision = {
    ...{
      decision_id: 'dec_1',
      stage: 'ras.redemption',
      code: 'XAA2000',
      kind: 'allowed',
      policies: [],
      checks: [],
    },
    ...{ summary: {}, request: { requesting_app: { id } }, narrowed: [], remedies: [], granted: null },
    resolution: { candidates: [], resource_app: 'vendor' },
  }
  const events = {
    list: async () => ({ items: [{ event: { decision } }], next: undefined }),
    findByDecision: async () => [{ event: { decision } }],
  }
  const { 'decisions.list': listAll, 'decisions.read': read } = createDecisionHandlers({
    ...{ storage: { events }, directory: { current: () => ({ world }) }, recentRefusals: () => [] },
  } as unknown as SharedParts)
  const count = async (caller: Caller) => {
    const context = { caller } as never
    const listed = (await listAll({ query: { limit: 1 } } as never, context)) as {
      readonly body: { readonly items: readonly object[] }
    }
    const found = await read({ params: { id: 'dec_1' } } as never, context)
    return [listed.body.items.length, 'body' in found ? 1 : 0]
  }
  expect(await count({ id: 'tok_1', role: 'app-owner', apps: ['agent0'] })).toEqual([seen, seen])
  expect(await count({ id: 'tok_2', role: 'owner' })).toEqual([1, 1])
})
