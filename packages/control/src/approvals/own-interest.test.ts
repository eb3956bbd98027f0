// Who may not decide about a connection, next to the same caller without that interest.
import type { ConnectionDefinition } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import type { Item } from '../definitions/records.ts'
import type { Caller } from '../http/context.ts'
import type { SharedParts } from '../parts.ts'
import { findDefinerConflict, findOwnInterest, findOwnRequest } from './own-interest.ts'

const UNASSIGNED = { everyone: false, users: [], groups: [] }
const GRANT = { id: 'g', connection: 'c', user: 'rita', state: 'active' }

interface World {
  readonly owners?: readonly string[]
  readonly grants?: readonly object[]
}

function buildParts({ owners = ['otto'], grants = [] }: World = {}): SharedParts {
  const users = { findById: async (id: string) => ({ id, groups: ['reviewers'] }) }
  const world = {
    apps: new Map([['agent0', { definition: { id: 'agent0', owners } }]]),
    accessGrants: new Map(grants.map((grant, index) => [String(index), grant])),
  }
  return { directory: { current: () => ({ world, users }) } } as unknown as SharedParts
}

function describeConnection(assignments: object = {}, updatedBy = 'ada'): Item<ConnectionDefinition> {
  const definition = { id: 'c', app: 'agent0', assignments: { ...UNASSIGNED, ...assignments } }
  return { definition, updatedBy } as unknown as Item<ConnectionDefinition>
}

const RITA: Caller = { id: 'rita', role: 'connection-manager' }

it.each<[string, string | undefined, World, object, Partial<Caller>]>([
  ['no interest', undefined, {}, {}, {}],
  ['no interest if all users have the access', undefined, {}, { everyone: true }, {}],
  ['an interest in what they defined', 'you defined this connection', {}, {}, { id: 'ada' }],
  ['an interest in their app', 'you own the app', { owners: ['rita'] }, {}, {}],
  ['an interest in an app of their role', 'your role covers the app', {}, {}, { apps: ['agent0'] }],
  ['no interest in another app of their role', undefined, {}, {}, { apps: ['bot'] }],
  ['an interest in their own access', 'you have this access yourself', {}, { users: ['rita'] }, {}],
  ['an interest in that of their group', 'you have this access yourself', {}, { groups: ['reviewers'] }, {}],
  ['an interest in a grant for them', 'you have this access yourself', { grants: [GRANT] }, {}, {}],
  ['no interest in one that ended', undefined, { grants: [{ ...GRANT, state: 'ended' }] }, {}, {}],
  ['no interest in one for another user', undefined, { grants: [{ ...GRANT, user: 'bob' }] }, {}, {}],
  ['no interest in one elsewhere', undefined, { grants: [{ ...GRANT, connection: 'd' }] }, {}, {}],
  ['the interest of its maker, as a token', 'you own the app', {}, {}, { id: 'tok_1', principal: 'otto' }],
])('a caller has %s', async (_, interest, world, assignments, caller) => {
  const item = describeConnection(assignments)
  expect(await findOwnInterest(buildParts(world), item, { ...RITA, ...caller })).toBe(interest)
})

it.each([
  ['their own access', 'the access is for you', 'rita', []],
  ['an app they own', 'you own the app', 'bob', ['rita']],
  ['nothing of theirs', undefined, 'bob', []],
])('a request for %s', (_, interest, user, owners) => {
  expect(findOwnRequest(buildParts({ owners }), { user, app: 'agent0' }, RITA)).toBe(interest)
})

/** Newest first */
type Revisions = Readonly<Record<string, Partial<ConnectionDefinition>>>

it.each<[string, Revisions, string | undefined]>([
  ['added them', { ada: {}, rita: {}, bob: { scopes: [] } }, 'you defined this connection'],
  ['moved them to this app', { ada: {}, rita: {}, bob: { app: 'bot' } }, 'you defined this connection'],
  ['moved them here', { ada: {}, rita: {}, bob: { resourceApp: 'crm' } }, 'you defined this connection'],
  ['defined the connection before that', { ada: {}, bob: {}, rita: { scopes: [] } }, undefined],
])('of the users who may approve scopes, one who %s', async (_, revisions, conflict) => {
  const definition = { id: 'c', app: 'agent0', resourceApp: 'todo0', scopes: ['pay'] }
  const history = Object.entries(revisions).map(([by, change]) => ({
    ...{ by, at: 0, body: { ...definition, ...change } },
  }))
  const objects = { history: async (collection: string) => (collection === 'connections' ? history : []) }
  const parts = { ...buildParts(), configuration: {}, storage: { objects } } as unknown as SharedParts
  const item = { definition, owner: 'database', updatedBy: 'ada' } as unknown as Item<ConnectionDefinition>
  const about = { scopes: ['pay'], caller: RITA }
  expect(await findDefinerConflict(parts, item, about)).toBe(conflict)
})
