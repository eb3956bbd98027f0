// Access tokens compared with their ID-JAGs, over logs in memory.
import type { Redemption } from '@crosswalk/storage'
import { expect, it } from 'vitest'
import { DAY_MS } from '@crosswalk/protocol'

import { createWiderRedemptions } from './wider-redemptions.ts'

const NOW = Date.parse('2026-06-15T12:00:00.000Z')

function logOf(...redemptions: readonly Partial<Redemption>[]) {
  const log = redemptions.map((one, index) => ({
    ...{ log: 'as:todo0', client: 'agent-there', at: NOW, decisionId: `dec_${index}`, grantId: 'one' },
    ...{ scopes: ['read'] },
    ...one,
  }))
  return createWiderRedemptions({
    listRedemptions: async ({ since, until }) => log.filter(({ at }) => at >= since && at < until),
  })
}

const grants = [
  { grantId: 'one', scopes: ['read', 'write'] },
  { grantId: 'none', scopes: [] },
  { grantId: undefined, scopes: [] },
]

it.each<readonly [string, Partial<Redemption>, readonly string[]]>([
  ['for less', { scopes: ['read'] }, []],
  ['for as much', { scopes: ['write', 'read'] }, []],
  ['for no scope', { scopes: [] }, []],
  ['for more', { scopes: ['read', 'delete', 'write', 'own'] }, ['delete own']],
  ['for a scope when the ID-JAG has none', { grantId: 'none' }, ['read']],
  ['for an unknown ID-JAG', { grantId: 'other', scopes: ['delete'] }, []],
  ['without an ID-JAG', { grantId: undefined, scopes: ['delete'] }, []],
  ['24 hours ago', { scopes: ['delete'], at: NOW - DAY_MS }, []],
  ['a moment later', { scopes: ['delete'], at: NOW - DAY_MS + 1 }, ['delete']],
])('an access token %s', async (_, redemption, beyond) => {
  const found = await logOf(redemption).read(NOW, grants)
  expect(found.map((one) => one.beyond.join(' '))).toEqual(beyond)
})

it('is remembered for 24 hours, even when its ID-JAG is no longer among the newest', async () => {
  const redemptions = logOf({ scopes: ['delete'] })
  expect(await redemptions.read(NOW, grants)).toHaveLength(1)
  expect(await redemptions.read(NOW + 5_000, grants)).toHaveLength(1)
  expect(await redemptions.read(NOW + DAY_MS - 1, [])).toHaveLength(1)
  expect(await redemptions.read(NOW + DAY_MS, [])).toEqual([])
})
