import type { Invitation } from '@crosswalk/admin-api'
import { zResourceApp } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { planAtIdentityProvider } from './plan-at-identity-provider.ts'

const ISSUER = 'https://as.test'
const RESOURCES = [{ id: 'https://api.test', scopes: ['read'] }]
const KNOWN = { id: 'vendor', name: 'Vendor', issuer: ISSUER, resources: RESOURCES }

function plan(
  known: readonly object[],
  server: object = {},
  wishes: object = {},
  connected: readonly string[] = [],
) {
  const definitions = known.map((one) => zResourceApp.parse(one))
  const world = {
    apps: new Map([['agent0', {}]]),
    connections: new Map(connected.map((id) => [id, {}])),
    'resource-apps': new Map(definitions.map((definition) => [definition.id, { definition }])),
  }
  const parts = { directory: { current: () => ({ world }) }, configuration: { baseUrl: 'https://idp.test' } }
  const invitation = {
    app: { name: 'Agent0', clientId: 'agent0' },
    resourceApp: { name: 'Vendor' },
    authorizationServer: { issuer: ISSUER, resources: RESOURCES, ...server },
  } as unknown as Invitation
  const planned = planAtIdentityProvider(parts as never, invitation, wishes as never)
  if (!planned.accepted) throw new Error(planned.refusal)
  const { idp: { resourceApps, connections } = {} } = planned.value.document
  return { resourceApps, connections, notes: planned.value.notes }
}

it('completes the resource app of the authorization server', () => {
  const resources = [{ id: 'https://api.test', scopes: ['write'] }]
  expect(plan([KNOWN], { resources })).toMatchObject({
    resourceApps: [{ id: 'vendor', resources: [{ id: 'https://api.test', scopes: ['read', 'write'] }] }],
  })
})

it('adds scopes only to the resource that has them, and leaves the others', () => {
  const other = { id: 'https://other.test', scopes: ['read'] }
  const added = { id: 'https://added.test', scopes: ['count'] }
  const resources = [{ ...other, scopes: ['write'] }, added]
  const known = { ...KNOWN, resources: [...RESOURCES, other] }
  expect(plan([known], { resources }).resourceApps).toMatchObject([
    { resources: [...RESOURCES, { ...other, scopes: ['read', 'write'] }, added] },
  ])
})

it('leaves the resource app of another tenant as it is', () => {
  expect(plan([{ ...KNOWN, audTenant: 'a' }], { audTenant: 'b' })).toMatchObject({
    resourceApps: [{ id: 'vendor-2', audTenant: 'b' }],
    connections: [{ resourceApp: 'vendor-2' }],
  })
})

it('keeps a connection that exists, when the invitation is accepted once more', () => {
  const everyone = { assignments: { everyone: true, users: [], groups: [] } }
  expect(plan([KNOWN], {}, everyone, ['agent0-vendor'])).toEqual({
    resourceApps: [expect.objectContaining({ id: 'vendor' })],
    connections: undefined,
    notes: [
      'Connection agent0-vendor already exists and is kept.',
      'Check who can be represented at vendor: its assignments are kept.',
    ],
  })
  expect(plan([KNOWN], {}, everyone, ['agent0-other']).connections).toMatchObject([{ id: 'agent0-vendor' }])
})

it('is for an app that exists', () => {
  expect(plan([], {}, { app: 'agent0' }).connections).toMatchObject([{ app: 'agent0' }])
  expect(() => plan([], {}, { app: 'other' })).toThrow('There is no app other here.')
})

it.each([
  ['nobody', undefined, 'draft'],
  ['no user or group', { everyone: false, users: [], groups: [] }, 'draft'],
  ['a user', { everyone: false, users: ['usr_alice'], groups: [] }, 'active'],
  ['a group', { everyone: false, users: [], groups: ['engineering'] }, 'active'],
])('a connection for %s is planned: %j, %s', (_, assignments, status) => {
  const { connections, notes } = plan([], {}, assignments === undefined ? {} : { assignments })
  expect(connections).toMatchObject([{ status }])
  expect(notes).toHaveLength(status === 'draft' ? 1 : 0)
})
