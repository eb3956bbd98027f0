// Whether the nodes behind one address share their signing keys, by what parallel requests list.
import type { AdminClient } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'

import { askForSharedKeys } from './own-server.ts'

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
