// Which access grants of a connection a review lists, up to their last moment.
import { expect, it } from 'vitest'

import { listGrants } from './build-items.ts'

const NOW_MS = Date.parse('2026-11-28T12:00:00Z')
const GRANT = { id: 'grt_1', connection: 'agent0-todo0', user: 'usr_bob', state: 'active' }

it.each<readonly [string, object, boolean]>([
  ['without an end', {}, true],
  ['that ends in a second', { until: '2026-11-28T12:00:01Z' }, true],
  ['that ends now', { until: '2026-11-28T12:00:00Z' }, false],
  ['that was revoked', { state: 'revoked' }, false],
  ['of another connection', { connection: 'agent0-notes0' }, false],
])('an access grant %s', (_, change, isListed) => {
  const grant = { ...GRANT, ...change }
  const world = { accessGrants: new Map([[grant.id, grant]]) }
  const parts = { directory: { current: () => ({ world }) }, clock: { nowMs: () => NOW_MS } }
  expect(listGrants(parts as never, { id: 'agent0-todo0' })).toEqual(isListed ? [grant] : [])
})
