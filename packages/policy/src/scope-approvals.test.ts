// The state of a scope that needs approval: approved for its current meaning, whichever approval that was; otherwise
// compared with the latest approval.
import { zResourceApp, zScopeApproval } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { DEFINITIONS } from './testing/exchange-world.ts'
import { compileApprovals } from './scope-approvals.ts'

const [connection] = DEFINITIONS.connections
if (connection === undefined) throw new Error('the world has a connection')
const NOW = { description: 'Write', risk: 1, tools: ['add', 'remove'] } as const

const approvalOf = (meaning: object) =>
  zScopeApproval.parse({
    ...{ connection: connection.id, scope: 'todos.write', by: 'usr_ada', at: '2027-01-01T00:00:00Z' },
    meaning: { ...NOW, ...meaning },
  })

function find(...meanings: readonly object[]) {
  const resourceApp = zResourceApp.parse({
    ...DEFINITIONS.resourceApps[0],
    scopeMeanings: { 'todos.write': { ...NOW, needsApproval: true } },
  })
  return compileApprovals([resourceApp], meanings.map(approvalOf))(connection as never)?.get('todos.write')
}

it.each<[string, readonly object[], object]>([
  ['never approved', [], { state: 'needed' }],
  ['approved', [{}], { state: 'approved' }],
  ['approved, and approved again with another meaning', [{}, { risk: 2 }], { state: 'approved' }],
  ['approved with its tools in another order', [{ tools: ['remove', 'add'] }], { state: 'approved' }],
  ['approved with fewer tools', [{ tools: ['add'] }], { state: 'changed' }],
  [
    'approved with two other meanings',
    [{ risk: 2 }, { risk: 3 }],
    { state: 'changed', approval: { meaning: { risk: 3 } } },
  ],
])('a scope that was %s', (_, meanings, state) => {
  expect(find(...meanings)).toMatchObject(state)
})
