// What is asked of a running server: whether the nodes behind one address share their signing keys, by what parallel requests
// list, and which apps and connections need supervision.
import type { AdminClient } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { askForSharedKeys, gatherOversight } from './own-server.ts'

it.each<[string, readonly (readonly string[])[], boolean]>([
  ['all the same', [['a']], true],
  ['one rotated since', [['a', 'b'], ['b']], true],
  ['none in common', [['a'], ['b']], false],
  // It has not signed anything yet.
  ['one node without keys', [['a'], []], true],
  ['a node without keys that answers first', [[], ['a'], ['b']], false],
  ['no keys at all', [[]], true],
])('%s', async (_, nodes, shared) => {
  let asked = 0
  const call = async () => {
    const kids = nodes[asked % nodes.length] ?? []
    asked += 1
    return { status: 200, body: { items: kids.map((kid) => ({ kid })) } }
  }
  expect(await askForSharedKeys({ call } as unknown as AdminClient)).toBe(shared)
  expect(asked).toBeGreaterThanOrEqual(nodes.length)
})

it('supervises active agents and connections only', async () => {
  const app = (id: string, change: object = {}) => ({
    ...{ id, owner: 'file', kind: 'agent', active: true, activeOwners: [], ...change },
  })
  const connection = (id: string, status: string, expiresAt?: string) => ({
    id,
    owner: 'file',
    status,
    expiresAt,
  })
  const bodies: Readonly<Record<string, object>> = {
    'apps.list': [
      app('unowned'),
      app('owned', { activeOwners: ['usr_alice'] }),
      app('retired', { active: false }),
      app('website', { kind: 'web' }),
    ],
    'connections.list': [
      connection('endless', 'active'),
      connection('ending', 'active', '2027-01-01T00:00:00Z'),
      connection('suspended', 'suspended'),
      connection('draft', 'draft'),
    ],
  }
  const call = async (route: string) => ({
    status: 200,
    body: { items: bodies[route] ?? [], next: null, ok: true, events: 0, logs: [] },
  })
  const asked = { server: 'https://idp.test', question: undefined, nowMs: 0 }
  expect(await gatherOversight({ call } as unknown as AdminClient, asked)).toMatchObject({
    ...{ agents: 2, agentsWithoutOwner: [{ id: 'unowned' }] },
    ...{ connections: 2, endlessConnections: [{ id: 'endless' }] },
  })
})
