// ID-JAGs issued under a revoked access grant end, unless their user has access over the same connection otherwise.
import type { EvaluatedUser } from '@crosswalk/policy'
import { expect, it } from 'vitest'

import type { AccessGrantRecord } from './records.ts'
import { listRevocations } from './revocations.ts'

const ISSUER = 'https://as.todo.test'
const bob = { id: 'bob', groups: [] } as unknown as EvaluatedUser
const connection = (id: string, clientId: string) =>
  [
    id,
    {
      definition: {
        id,
        app: 'agent',
        resourceApp: 'todo',
        clientId,
        resources: [],
        assignments: { users: [], groups: [] },
      },
    },
  ] as const

const revoked = {
  ...{ id: 'acg-1', connection: 'agent-todo', user: 'bob', app: 'agent', resourceApp: 'todo' },
  ...{ state: 'revoked', over: { at: '2026-06-15T08:00:00.000Z', by: 'alice' } },
} as unknown as AccessGrantRecord

function list(other: Partial<AccessGrantRecord>) {
  const world = {
    holds: new Map(),
    blocks: new Map(),
    accessGrants: new Map([
      ['acg-1', revoked],
      ['acg-2', { ...revoked, id: 'acg-2', over: undefined, state: 'active', ...other } as AccessGrantRecord],
    ]),
    connections: new Map([connection('agent-todo', 'agent-there'), connection('robot-todo', 'robot-there')]),
    'resource-apps': new Map([['todo', { definition: { id: 'todo', issuer: ISSUER, subject: 'pairwise' } }]]),
  } as unknown as Parameters<typeof listRevocations>[0] & Parameters<typeof listRevocations>[2]['world']
  const parts = { world, issuer: 'https://idp.test', pairwise: (_audience: string, id: string) => `p-${id}` }
  return listRevocations(world, new Map([['bob', bob]]), parts).get(ISSUER) ?? []
}

it.each<[string, Partial<AccessGrantRecord>]>([
  ['over another connection', { connection: 'robot-todo' }],
  ['of another user', { user: 'carol' }],
  ['that ended too', { state: 'ended' }],
])('a grant %s keeps nothing alive', (_, other) => {
  expect(list(other)).toEqual([
    {
      ...{ id: 'acg-1', issuer: 'https://idp.test', clientId: 'agent-there', subject: 'p-bob' },
      until: '2026-06-15T08:06:00.000Z',
    },
  ])
})

it('an active grant over the same connection keeps them alive', () => {
  expect(list({})).toEqual([])
})
