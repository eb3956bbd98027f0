// Every member of a filter excludes some events. A period is tested at both edges.
import { describe, expect, it } from 'vitest'

import { matchesFilter, readParties } from './event-filter.ts'

type Recorded = Parameters<typeof matchesFilter>[0]
type Filter = Parameters<typeof matchesFilter>[1]

const TIME = '2026-11-29T12:00:00Z'
const AT_MS = Date.parse(TIME)
const EVENT = {
  ...{ time: TIME, type: 'idjag.issued', outcome: 'success', code: 'XAA0000' },
  actor: { kind: 'agent', id: 'agent0' },
  on_behalf_of: { user_ref: 'usr_alice' },
  decision: { request: {}, resolution: { resource_app: 'todo0', connection: 'agent0-todo0' } },
} as unknown as Recorded['event']
const isMatch = (filter: object) => matchesFilter({ event: EVENT } as Recorded, filter as Filter)

describe('a filter', () => {
  it('without members takes every event', () => {
    expect(isMatch({})).toBe(true)
  })

  it.each([
    ['outcome', 'success', 'denied'],
    ['codes', ['XAA0000'], 'XAA1901'],
    ['app', 'agent0', 'agent1'],
    ['resourceApp', 'todo0', 'notes0'],
    ['connection', 'agent0-todo0', 'agent0-notes0'],
    ['user', 'usr_alice', 'usr_bob'],
    ['types', ['other', 'idjag.issued'], ['other']],
    ['since', AT_MS, AT_MS + 1],
    ['until', AT_MS + 1, AT_MS],
  ])('by %s takes %j, not %j', (member, taken, left) => {
    expect([isMatch({ [member]: taken }), isMatch({ [member]: left })]).toEqual([true, false])
  })
})

it.each([
  ['a user', { actor: { kind: 'user', id: 'usr_bob' }, on_behalf_of: undefined }, { user: 'usr_bob' }],
  ['a user for whom an app acted', {}, { user: 'usr_alice', app: 'agent0' }],
  [
    'an administrator, who is neither',
    { actor: { kind: 'admin', id: 'boss' }, on_behalf_of: undefined },
    { user: undefined, app: undefined },
  ],
  ['the connection of the delegation first', { delegation: { connection: 'x' } }, { connection: 'x' }],
])('names %s', (_, change, parties) => {
  expect(readParties({ ...EVENT, ...change } as Recorded['event'])).toMatchObject(parties)
})
