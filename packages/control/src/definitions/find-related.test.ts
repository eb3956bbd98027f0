// Checking a change against related objects gives the same findings as checking it against all objects.
import { COLLECTION_NAMES } from '@crosswalk/admin-api'
import * as fc from 'fast-check'
import { expect, it, vi } from 'vitest'

import { checkAmong, checkCandidate } from './check-world.ts'
import { type Candidate, findRelated } from './find-related.ts'
import type { Items, World } from './records.ts'
import { parseStoredDefinition } from './stored-items.ts'
import { itemsInMemory } from './users/user-items.ts'
import type { Users } from './users/users.ts'

const id = fc.constantFrom('a', 'b', 'c', 'd')
const ids = fc.uniqueArray(id, { maxLength: 3 })
const name = fc.constantFrom('a', 'B', '\uff41', 'b ', 'a@x.example', 'A@x.example', 'b@x.example')
const email = fc.option(fc.constantFrom('a@x.example', 'A@x.example', 'b@x.example'), { nil: undefined })
const assignments = fc.record({ users: ids, groups: ids })
const issuer = fc.constantFrom('https://one.example', 'https://two.example')
const resource = fc.constantFrom('https://one.example/api', 'https://two.example/api')
const scopes = fc.uniqueArray(fc.constantFrom('read', 'write'), { maxLength: 2 })
const auth = fc.constantFrom({ method: 'none' }, { method: 'client_secret_basic', secretHash: 'x' })

const INPUTS = {
  users: fc.record({ id, username: name, email, hasPassword: fc.boolean(), groups: ids }),
  groups: fc.record({ id, members: ids }),
  apps: fc.record({
    ...{ id, auth, assignments },
    name: fc.constant('N'),
    kind: fc.constant('web'),
    owners: ids,
  }),
  'resource-apps': fc.record({
    ...{ id, issuer, assignments, name: fc.constant('N') },
    aliases: fc.uniqueArray(issuer, { maxLength: 1 }),
    resources: fc.uniqueArray(fc.record({ id: resource, scopes }), { maxLength: 2 }),
    securityEvents: fc.option(
      fc.record({ endpoint: fc.constant('https://one.example/events'), receiver: id }),
      { nil: undefined },
    ),
  }),
  connections: fc.record({
    ...{ id, app: id, resourceApp: id, assignments, scopes, actors: ids },
    clientId: fc.option(id, { nil: undefined }),
    resources: fc.uniqueArray(resource, { maxLength: 2 }),
    status: fc.constantFrom('draft', 'active'),
  }),
} as const
const COLLECTIONS = Object.keys(INPUTS) as (keyof typeof INPUTS)[]

function parse(collection: keyof typeof INPUTS, body: { readonly id: string }): Candidate {
  const definition = parseStoredDefinition(collection, body.id, JSON.parse(JSON.stringify(body)))
  return { collection, definition } as Candidate
}

const zItems = fc.record(
  Object.fromEntries(
    COLLECTIONS.map((it) => [
      it,
      fc.uniqueArray(INPUTS[it] as fc.Arbitrary<{ id: string }>, { maxLength: 4, selector: (one) => one.id }),
    ]),
  ),
)
const zCandidate = fc.oneof(
  ...COLLECTIONS.map((it) => (INPUTS[it] as fc.Arbitrary<{ id: string }>).map((body) => parse(it, body))),
)

const SETTINGS = { baseUrl: 'https://xaa.example' } as Parameters<typeof checkAmong>[2]
const NOTHING = Object.fromEntries(COLLECTION_NAMES.map((it) => [it, new Map()])) as unknown as Items

/** Items that can be created one after another; those that conflict with earlier ones are skipped. */
async function buildItems(
  bodies: Readonly<Record<string, readonly { readonly id: string }[]>>,
): Promise<Items> {
  const candidates = COLLECTIONS.flatMap((it) =>
    (bodies[it] ?? []).toSorted((one, other) => (one.id < other.id ? -1 : 1)).map((body) => parse(it, body)),
  )
  let items = NOTHING
  for (const candidate of candidates) {
    const { own, others } = await checkAmong(items, candidate, SETTINGS)
    if (own.length + others.length === 0) items = withItem(items, candidate)
  }
  return items
}

function withItem(items: Items, { collection, definition }: Candidate): Items {
  const item = { definition, owner: 'database', revision: 0 } as const
  return { ...items, [collection]: new Map<string, unknown>([...items[collection], [definition.id, item]]) }
}

function compiledOf({ users, ...world }: Items) {
  return { world: world as unknown as World, users: { items: itemsInMemory(users) } as Users }
}

it('finds the same among all and among related objects', async () => {
  let clashes = 0
  const property = fc.asyncProperty(zItems, zCandidate, async (bodies, candidate) => {
    const items = await buildItems(bodies)
    const found = await checkCandidate(compiledOf(items), candidate, SETTINGS)
    expect(found).toEqual(await checkAmong(items, candidate, SETTINGS))
    if (found.own.length > 0 || found.others.length > 0) clashes += 1
  })
  await fc.assert(property, { numRuns: 500 })
  expect(clashes).toBeGreaterThan(50)
})

it('compares a user only with users of the same name or address', async () => {
  const user = (one: string, username: string, address?: string) => ({
    ...{ id: one, username, hasPassword: false },
    ...(address === undefined ? {} : { email: address }),
  })
  const items = await buildItems({
    users: [
      user('a', 'anna'),
      user('b', 'x', 'Bob@x.example'),
      user('c', 'carol'),
      user('d', 'bob@x.example'),
    ],
  })
  const candidate = parse('users', user('new', 'CAROL', 'bob@X.example'))
  const related = await findRelated(compiledOf(items), candidate)
  expect([...related.users.keys()]).toEqual(['b', 'c'])
})

it('looks up only the new members of a group, and counts all of them in findings', async () => {
  const items = await buildItems({
    users: ['a', 'b', 'c'].map((one) => ({ id: one, username: one, hasPassword: false })),
    groups: [{ id: 'team', members: ['a', 'b'] }],
  } as never)
  const compiled = compiledOf(items)
  const filterIds = vi.spyOn(compiled.users.items, 'filterIds')
  const check = (members: readonly string[]) =>
    checkCandidate(compiled, parse('groups', { id: 'team', members } as never), SETTINGS)
  expect((await check(['b', 'c'])).own).toEqual([])
  expect((await check(['a'])).own).toEqual([])
  expect(filterIds.mock.calls).toEqual([[['c']], [[]]])
  expect((await check(['a', 'b', 'c', 'd'])).own).toMatchObject([{ path: ['members', 3] }])
})
