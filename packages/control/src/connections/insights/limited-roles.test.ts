// What a role that covers some apps does not learn about the others.
import { expect, it, vi } from 'vitest'

import type { Caller } from '../../http/context.ts'
import { createDecisionSummaryHandler } from './decision-summary.ts'
import { createFactHandlers } from './facts.ts'

const ANSWER = { app: ['mine', 'others'], connection: ['mine-todo', 'others-todo'] }
const EVERYONE = { everyone: true, users: [], groups: [] }
const items = (named: readonly string[], definitionOf: (id: string) => object) =>
  new Map(named.map((id) => [id, { definition: definitionOf(id) }]))
const world = {
  apps: items(ANSWER.app, (id) => ({ id, assignments: EVERYONE })),
  connections: items(ANSWER.connection, (id) => ({
    ...{ id, app: id.split('-')[0], resourceApp: 'todo', assignments: EVERYONE },
  })),
  'resource-apps': items(['todo'], (id) => ({ id, assignments: EVERYONE })),
  'access-grants': new Map(),
  blocks: new Map(),
}
const users = {
  items: { count: async () => 0 },
  listInactive: async () => new Set(),
  list: async () => [],
  findMany: async (ids: readonly string[]) =>
    new Map(ids.map((id) => [id, { id, groups: [], active: true }])),
}
const read = vi.fn(async (_: string, ids: readonly string[]) => new Map(ids.map((id) => [id, undefined])))
const parts = {
  clock: { nowMs: () => 0 },
  directory: { current: () => ({ world, users }) },
  storage: { lastUses: { read }, events: { count: async () => [] } },
} as never
const MANAGER: Caller = { id: 'rita', role: 'connection-manager' }
const LIMITED: Caller = { ...MANAGER, apps: ['mine'] }

it.each([
  [MANAGER, 200],
  [LIMITED, 403],
])('sums of decisions, which cover all apps: %j gets %i', async (caller, status) => {
  const summary = createDecisionSummaryHandler(parts)
  const answer = (await summary({ query: {} } as never, { caller } as never)) as object
  expect('problem' in answer ? answer.problem : answer).toMatchObject({ status })
})

it.each([
  ['app', 'apps.facts', { ...LIMITED, role: 'app-owner' }],
  ['connection', 'connections.facts', LIMITED],
] as const)('facts about each %s of others are not read', async (kind, route, limited) => {
  const facts = createFactHandlers(parts)[route]
  const ids = ANSWER[kind].join(kind === 'app' ? '\n' : ',')
  for (const [caller, expected] of [
    [{ ...limited, apps: undefined }, ANSWER[kind]],
    [limited, ANSWER[kind].slice(0, 1)],
  ] as const) {
    read.mockClear()
    const { body } = (await facts({ query: { ids } } as never, { caller } as never)) as unknown as {
      body: { items: { id: string }[] }
    }
    expect(body.items.map(({ id }) => id)).toEqual(expected)
    expect(read).toHaveBeenCalledExactlyOnceWith(kind, expected)
  }
})

it.each([
  [MANAGER, { id: 'usr_ann', connections: 2, blocked: false, lastUsedAt: null, lastDeniedAt: null }],
  [LIMITED, { id: 'usr_ann', connections: 1, blocked: false }],
])('when any app last acted for a user: %j gets %j', async (caller, expected) => {
  const facts = createFactHandlers(parts)['users.facts']
  const answer = await facts({ query: { ids: 'usr_ann' } } as never, { caller } as never)
  expect(answer).toEqual({ status: 200, body: { items: [expected] } })
})
