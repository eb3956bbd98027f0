// A revoked or blocked connection is not deleted or moved by those who may not resume it.
import type { Role } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import type { SharedParts } from '../parts.ts'
import { refuseEvasion } from './stopped-connection.ts'

const NOW = Date.parse('2026-06-15T08:00:00.000Z')
const CONNECTION = { id: 'con', app: 'agent', resourceApp: 'todo' } as ConnectionDefinition
const MANAGER = 'connection-manager'

interface Stop {
  readonly hold?: string
  readonly block?: { readonly kind: string; readonly target: string; readonly until?: string }
}

function change(after: object | undefined, { hold, block }: Stop, role: Role = MANAGER) {
  const world = {
    holds: new Map(hold === undefined ? [] : [['connection:con', { state: hold }]]),
    blocks: new Map(block === undefined ? [] : [['blk', block]]),
  }
  const parts = { directory: { current: () => ({ world }) }, clock: { nowMs: () => NOW } }
  const moved = after === undefined ? undefined : { ...CONNECTION, ...after }
  return refuseEvasion(
    parts as unknown as SharedParts,
    { id: 'eve', role },
    { before: CONNECTION, after: moved },
  )
}

const REVOKED = { hold: 'revoked' }
const REFUSED = { problem: { status: 403 } }

describe('a revoked connection', () => {
  it.each([
    ['deleted', undefined],
    ['moved to another app', { app: 'other' }],
    ['moved to another resource app', { resourceApp: 'other' }],
  ])('is not %s by a role that may not resume it', (_, after) => {
    expect(change(after, REVOKED)).toMatchObject(REFUSED)
    expect(change(after, REVOKED, 'administrator')).toBeUndefined()
    expect(change(after, {})).toBeUndefined()
  })

  it('may change otherwise', () => {
    expect(change({ scopes: ['read'] }, REVOKED)).toBeUndefined()
  })
})

it.each<[string, Stop, object | undefined]>([
  ['suspended', { hold: 'suspended' }, undefined],
  ['blocked', { block: { kind: 'connection', target: 'con' } }, REFUSED],
  [
    'blocked until now',
    { block: { kind: 'connection', target: 'con', until: new Date(NOW).toISOString() } },
    undefined,
  ],
  ['not the one that is blocked', { block: { kind: 'connection', target: 'other' } }, undefined],
  ['of a blocked server', { block: { kind: 'everything', target: '' } }, undefined],
])('a connection that is %s: deleting it gives %j', (_, stop, expected) => {
  const refusal = change(undefined, stop)
  if (expected === undefined) expect(refusal).toBeUndefined()
  else expect(refusal).toMatchObject(expected)
})
