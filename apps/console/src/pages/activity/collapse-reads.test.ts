import { expect, it } from 'vitest'

import { collapseReads } from './collapse-reads.ts'

const event = (type: string, id = 'usr_ada') => ({ type, actor: { id } })

it('merges reads of one actor between two changes, and keeps changes', () => {
  const rows = collapseReads([
    event('audit.read'),
    event('simulation.run'),
    event('audit.read'),
    event('policy.changed'),
    event('policy.changed'),
    event('audit.read'),
    event('audit.read', 'usr_grace'),
    event('simulation.run'),
  ])
  expect(rows.map(({ type, actor, times }) => `${type} ${actor.id} ${times}`)).toEqual([
    'audit.read usr_ada 2',
    'simulation.run usr_ada 1',
    'policy.changed usr_ada 1',
    'policy.changed usr_ada 1',
    'audit.read usr_ada 1',
    'audit.read usr_grace 1',
    'simulation.run usr_ada 1',
  ])
})
