import { expect, it } from 'vitest'

import { createAppFinder } from './apps-of-decision.ts'

const items = <T extends { id: string }>(...definitions: readonly T[]) =>
  new Map(definitions.map((definition) => [definition.id, { definition }]))

const world = {
  connections: items(
    { id: 'agent0-todo0', app: 'agent0', resourceApp: 'todo0', clientId: 'at-vendor' },
    { id: 'wiki-todo0', app: 'wiki', resourceApp: 'todo0', clientId: 'shared' },
    { id: 'wiki-notes0', app: 'wiki', resourceApp: 'notes0', clientId: 'shared' },
    { id: 'notes-notes0', app: 'notes', resourceApp: 'notes0', clientId: 'shared' },
    { id: 'agent0-crm', app: 'agent0', resourceApp: 'crm', clientId: 'shared' },
  ),
  'resource-apps': items(
    { id: 'todo0', issuer: 'https://as.vendor.test' },
    { id: 'notes0', issuer: 'https://as.vendor.test' },
    { id: 'crm', issuer: 'https://as.crm.test' },
  ),
  'authorization-servers': items(
    { id: 'vendor', issuer: 'https://as.vendor.test' },
    { id: 'crm', issuer: 'https://as.crm.test' },
  ),
} as never

it.each([
  ['idp.token_exchange', 'agent0', { resource_app: 'todo0' }, ['agent0']],
  ['idp.token', 'agent0', {}, ['agent0']],
  ['idp.token_exchange', undefined, {}, []],
  ['ras.redemption', 'at-vendor', { resource_app: 'vendor' }, ['agent0']],
  // The client id of an app here says nothing about the clients there.
  ['ras.redemption', 'agent0', { resource_app: 'vendor' }, []],
  ['ras.redemption', 'at-vendor', { resource_app: 'crm' }, []],
  ['ras.redemption', 'at-vendor', { resource_app: 'unknown' }, []],
  ['ras.redemption', undefined, { resource_app: 'vendor' }, []],
  ['ras.redemption', 'shared', { resource_app: 'vendor' }, ['wiki', 'notes']],
  ['ras.authorization', 'shared', { resource_app: 'crm' }, ['agent0']],
  ['ras.token', 'api', { resource_app: 'todo0', connection: 'agent0-todo0' }, ['agent0']],
] as const)('%s of %j at %j is about %j', (stage, id, resolution, expected) => {
  const requesting_app = id === undefined ? null : { id, client_id: id }
  const record = { stage, request: { requesting_app }, resolution: { candidates: [], ...resolution } }
  expect(createAppFinder(world)(record as never)).toEqual(expected)
})
