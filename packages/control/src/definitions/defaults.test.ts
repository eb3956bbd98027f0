// A definition without its defaults gets the same ones back, at every depth.
import { COLLECTIONS, type Collection } from '@crosswalk/admin-api'
import { expect, it } from 'vitest'
import { z } from 'zod'

import { fillDefaults, omitDefaults } from './defaults.ts'

const SAMPLES: readonly (readonly [Collection, object])[] = [
  ['users', { id: 'ada', username: 'ada', name: 'Ada' }],
  ['groups', { id: 'readers' }],
  [
    'resource-apps',
    { id: 'todo0', name: 'Todo0', issuer: 'https://as.test', resources: [{ id: 'https://t.test' }] },
  ],
  ['connections', { id: 'c', app: 'agent0', resourceApp: 'todo0' }],
  ['approval-rules', { id: 'r', effect: 'ask', ask: { users: ['ada'] } }],
]

it.each(SAMPLES)('%s', (collection, sample) => {
  const { input } = COLLECTIONS[collection]
  const parsed = input.parse(sample)
  const short = omitDefaults(input, parsed)
  expect(short).not.toEqual(parsed)
  expect(fillDefaults(input, short)).toEqual(parsed)
})

it('of a later release are added, and what it no longer knows is kept', () => {
  const later = z.strictObject({ list: z.array(z.object({ level: z.number().default(3) })).default([]) })
  expect(fillDefaults(later, { list: [{ old: 1 }], gone: true })).toEqual({
    list: [{ level: 3, old: 1 }],
    gone: true,
  })
  expect(fillDefaults(later, {})).toEqual({ list: [] })
})
