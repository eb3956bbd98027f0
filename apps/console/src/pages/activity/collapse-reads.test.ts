import { expect, it } from 'vitest'

import { collapseReads } from './collapse-reads.ts'

const event = (type: string, id = 'usr_ada') => ({ type, actor: { id } })

it('counts reads in a row by one actor, and leaves changes alone', () => {
  const rows = collapseReads([
    event('audit.read'),
    event('audit.read'),
    event('policy.changed'),
    event('policy.changed'),
    event('audit.read'),
    event('audit.read', 'usr_grace'),
  ])
  expect(rows.map(({ type, times }) => `${type} ${times}`)).toEqual([
    'audit.read 2',
    'policy.changed 1',
    'policy.changed 1',
    'audit.read 1',
    'audit.read 1',
  ])
})
