// Incremental compilation gives the same result as compiling everything.
import { COLLECTION_NAMES } from '@crosswalk/admin-api'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'

import {
  type EarlierCompilation,
  type CompiledWorld,
  compileWorld,
  type WorldSettings,
} from './compile-world.ts'
import { holdId, type Items, type World } from './records.ts'
import { patchMap } from './shared-map.ts'
import { parseStoredDefinition } from './stored-items.ts'
import { itemsInMemory } from './users/user-items.ts'

const ISSUER = 'https://idp.example'
const AUDIENCE = 'https://notes.example'
const SETTINGS: WorldSettings = {
  exchange: { issuer: ISSUER, idJagTtlSeconds: 300, clockSkewSeconds: 60, acrValues: [] },
  ...{ ownApps: [], scopeApprovals: [], clockSkewSeconds: 60 },
  pairwise: (audience, user) => `${audience} ${user}`,
}

const id = fc.constantFrom('a', 'b')
const by = { by: 'x', since: '2026-01-01T00:00:00Z' }
const parties = { app: 'a', resourceApp: 'a', user: 'a' }
/** What a step changes; users are kept outside the world */
type Place = keyof World | 'users'
const STEPS: readonly (readonly [Place, fc.Arbitrary<readonly [string, unknown]>])[] = [
  [
    'users',
    fc
      .constantFrom('a', 'b', 'c')
      .chain((one) => define('users', { id: one, username: one, hasPassword: false }, 'groups')),
  ],
  ['groups', id.chain((one) => define('groups', { id: one }, 'members'))],
  ['apps', define('apps', { id: 'a', name: 'A', kind: 'web', auth: { method: 'none' } }, 'owners')],
  [
    'resource-apps',
    define('resource-apps', { id: 'a', name: 'A', issuer: AUDIENCE, subject: 'user.username' }, 'aliases'),
  ],
  [
    'connections',
    fc
      .tuple(id, id)
      .chain(([one, app]) =>
        define('connections', { id: one, app, resourceApp: one, clientId: 'c' }, 'scopes'),
      ),
  ],
  [
    'authorization-servers',
    define(
      'authorization-servers',
      { id: 'a', issuer: AUDIENCE, clients: [], trustedIssuers: [] },
      'trusted',
    ),
  ],
  [
    'holds',
    fc
      .tuple(fc.constantFrom('user', 'app', 'connection'), id)
      .map(([kind, target]) => [holdId(kind, target), { kind, target, state: 'suspended', ...by }]),
  ],
  ['blocks', id.map((one) => [one, { id: one, kind: 'app', target: 'a', onlyFor: 'c', by: 'x' }])],
  [
    'accessGrants',
    fc.tuple(id, fc.constantFrom('active', 'revoked')).map(([one, state]) => [
      one,
      {
        ...parties,
        id: one,
        connection: one,
        user: one,
        scopes: [],
        state,
        over: { by: 'x', at: by.since },
      },
    ]),
  ],
  ['openRequests', id.map((one) => [one, { ...parties, id: one, user: one, scopes: [] }])],
  [
    'approvals',
    id.map((one) => [one, { ...parties, connection: one, scope: 'write', meaning: MEANING, digest: 'd' }]),
  ],
]
const MEANING = { description: 'Write', risk: 2 }

type Body = Readonly<Record<string, unknown>> & { readonly id: string }

/**
 * A definition whose list member has some of two names; with `write`, resource apps have a scope that needs approval.
 */
function define(collection: (typeof COLLECTION_NAMES)[number], body: Body, member: string) {
  return fc.subarray(['a', 'b']).map((names): readonly [string, unknown] => {
    const lists = member === 'trusted' ? {} : { [member]: member === 'aliases' ? names.map(toUrl) : names }
    const scopeMeanings =
      member === 'aliases' && names.length > 0
        ? { scopeMeanings: { write: { ...MEANING, needsApproval: true } } }
        : {}
    const resources =
      member === 'aliases' ? { resources: [{ id: AUDIENCE, scopes: ['write', 'a', 'b'] }] } : {}
    const whole = { ...body, ...lists, ...scopeMeanings, ...resources }
    const definition = parseStoredDefinition(collection, body.id, whole)
    return [body.id, { definition, owner: 'database', revision: 1 }]
  })
}

function toUrl(name: string): string {
  return `https://${name}.example`
}

const ACTS = ['holds', 'blocks', 'tokens', 'streams', 'openRequests', 'approvals', 'accessGrants'] as const
const EMPTY = Object.fromEntries([
  ...[...COLLECTION_NAMES, ...ACTS].map((name) => [name, new Map()] as const),
  ['revision', 0],
]) as unknown as Everything

const STEP_KINDS = STEPS.map(([name, entry]) =>
  fc.tuple(entry, fc.boolean()).map(([[key, value], stays]) => ({ name, key, value, stays })),
)
const zStep = fc.oneof(...STEP_KINDS)
type Step = typeof zStep extends fc.Arbitrary<infer T> ? T : never

type Everything = World & Pick<Items, 'users'>

function takeStep(world: Everything, { name, key, value, stays }: Step): Everything {
  const before = world[name] as ReadonlyMap<string, unknown>
  return {
    ...world,
    revision: world.revision + 1,
    [name]: patchMap(before, [[key, stays ? value : undefined]]),
  }
}

function compile({ users, ...world }: Everything, before?: EarlierCompilation): Promise<CompiledWorld> {
  return compileWorld(world, itemsInMemory(users), SETTINGS, before)
}

/** The same content in plain maps, ordered by id. */
function copy(world: Everything): Everything {
  return Object.fromEntries(
    Object.entries(world).map(([name, value]) => [
      name,
      value instanceof Object ? new Map(value as never) : value,
    ]),
  ) as unknown as Everything
}

/** Omits the rules, which are functions; no step changes policies. */
async function show({ exchange, redemption, revocations, users, activeOwners }: CompiledWorld) {
  const connections = Object.fromEntries(exchange?.connections ?? [])
  return {
    exchange: { ...exchange, connections, rules: undefined },
    ...{ redemption, revocations, activeOwners },
    users: [...(await users.readAllForExchange([]))],
    members: await Promise.all(['a', 'b'].map((group) => users.listMembers(group))),
  }
}

it('gives the same result incrementally as from scratch', async () => {
  const zFirst = fc.tuple(...STEP_KINDS).map((steps) => steps.map((step) => ({ ...step, stays: true })))
  const zSteps = fc.array(zStep, { minLength: 1, maxLength: 8 })
  const property = fc.asyncProperty(zFirst, zSteps, async (first, steps) => {
    let world = first.reduce(takeStep, EMPTY)
    let compiled = await compile(world)
    for (const step of steps) {
      world = takeStep(world, step)
      const changedUsers = new Set(step.name === 'users' ? [step.key] : [])
      compiled = await compile(world, { compiled, changedUsers })
      expect(await show(compiled)).toEqual(await show(await compile(copy(world))))
    }
  })
  await fc.assert(property, { numRuns: 200 })
})
