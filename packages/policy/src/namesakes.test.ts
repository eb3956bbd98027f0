// Which identifiers of users a resource compares. What follows from it is tested with the evaluator and over HTTP.
import { zResourceApp, zUser } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import {
  compareSources,
  type ComparedSources,
  findNamesakes,
  identifyAll,
  identifyUser,
} from './namesakes.ts'

const at = (issuer: string, change: object) =>
  zResourceApp.parse({ id: 'a', name: 'A', issuer: `https://${issuer}.test`, ...change })
const STAFF = 'user.attributes.staff'
const NAME = { format: 'saml-nameid', issuer: 'x:y' }

it.each([
  ['ids', [{}], []],
  [
    'addresses, which must not be the ids of ID tokens',
    [{ subject: 'user.email' }],
    [['user.email', 'user.id']],
  ],
  ['ids and addresses, each at its own issuer', [{}, { subject: 'user.email' }], [['user.email', 'user.id']]],
  ['addresses of a tenant', [{ subject: 'user.email', tenant: 'acme' }], []],
  ['pairwise identifiers', [{ subject: 'pairwise', subId: { ...NAME, nameid: 'pairwise' } }], []],
  [
    'an attribute',
    [{ subject: STAFF }],
    [
      [STAFF, 'user.id'],
      [STAFF, STAFF],
    ],
  ],
  ['an attribute as own id of the resource', [{ claims: { aud_sub: STAFF } }], [[STAFF, STAFF]]],
  ['an attribute as a SAML name', [{ subId: { ...NAME, nameid: STAFF } }], [[STAFF, STAFF]]],
  ['an attribute as another claim', [{ claims: { staff: STAFF } }], []],
])('the sources to compare for %s', (_, apps, expected) => {
  expect(compareSources(apps.map((app, index) => at(`as${index}`, app)))).toEqual(expected)
})

it.each([
  [
    'of one issuer',
    {},
    [
      ['user.email', 'user.id'],
      ['user.id', 'user.email'],
    ],
  ],
  ['of two tenants', { tenant: 'acme' }, []],
  ['for two claims', { subject: 'pairwise', claims: { aud_sub: 'user.email' } }, []],
])('the sources to compare for resource apps %s with different sources', (_, change, expected) => {
  expect(compareSources([at('as', {}), at('as', { subject: 'user.email', ...change })])).toEqual(expected)
})

it('lists each pair once for thousands of resource apps behind one issuer', () => {
  const apps = Array.from({ length: 5_000 }, (_, index) =>
    at('as', { subject: `user.attributes.a${index % 3}` }),
  )
  expect(compareSources(apps)).toHaveLength(12)
})

const userOf = (id: string, change: object = {}) => zUser.parse({ id, username: id, ...change })
const identify = async (compared: readonly ComparedSources[], ...users: ReturnType<typeof userOf>[]) => {
  const identified = await identifyAll(new Map(users.map((user) => [user.id, user])), compared)
  return Object.fromEntries([...identified].map(([id, { namesakes }]) => [id, namesakes]))
}

it.each([
  ['the same attribute', STAFF, STAFF, { attributes: { staff: '7' } }, { attributes: { staff: '7' } }, true],
  ['a number and its text', STAFF, STAFF, { attributes: { staff: 7 } }, { attributes: { staff: '7' } }, true],
  ['other attributes', STAFF, STAFF, { attributes: { staff: '7' } }, { attributes: { staff: '8' } }, false],
  [
    'attributes in another case',
    STAFF,
    STAFF,
    { attributes: { staff: 'a' } },
    { attributes: { staff: 'A' } },
    false,
  ],
  ['empty attributes', STAFF, STAFF, { attributes: { staff: '' } }, { attributes: { staff: '' } }, false],
  ['the same truth', STAFF, STAFF, { attributes: { staff: true } }, { attributes: { staff: true } }, false],
  ['no attribute', STAFF, STAFF, {}, {}, false],
  ["the other's id", STAFF, 'user.id', { attributes: { staff: 'b' } }, {}, true],
  ["the other's name in another case", STAFF, 'user.username', { attributes: { staff: 'B' } }, {}, true],
  ["the other's id in another case", STAFF, 'user.id', { attributes: { staff: 'B' } }, {}, false],
  [
    "the other's address in another case",
    STAFF,
    'user.email',
    { attributes: { staff: 'b@X.test' } },
    { email: 'B@x.test', emailVerified: true },
    true,
  ],
  [
    "the other's unverified address",
    STAFF,
    'user.email',
    { attributes: { staff: 'b@x.test' } },
    { email: 'b@x.test', emailVerified: false },
    false,
  ],
] as const)('compares users with %s', async (_, own, theirs, first, second, are) => {
  const { a } = await identify([[own, theirs]], userOf('a', first), userOf('b', second))
  expect(a).toEqual(are ? [{ own, theirs, users: ['b'] }] : [])
})

it('names others and never the user, however many there are', async () => {
  const users = ['a', 'b', 'c', 'd', 'e'].map((id) => userOf(id, { attributes: { staff: '7' } }))
  const all = await identify([[STAFF, STAFF]], ...users)
  for (const { id } of users) {
    const [namesake] = all[id] ?? []
    expect(namesake?.users.length).toBeGreaterThanOrEqual(2)
    expect(namesake?.users).not.toContain(id)
  }
})

it('asks only for values that a user has, and keeps the user', async () => {
  const asked: unknown[] = []
  const find = async (...args: unknown[]) => (asked.push(args), ['a', 'b'])
  const pairs: readonly ComparedSources[] = [
    [STAFF, 'user.id'],
    ['user.attributes.other', 'user.id'],
  ]
  const user = userOf('a', { attributes: { staff: 'b' } })
  expect(await identifyUser(user, pairs, find)).toEqual({
    ...user,
    namesakes: [{ own: STAFF, theirs: 'user.id', users: ['b'] }],
  })
  expect(asked).toEqual([['user.id', 'b']])
})

const BY_NAME = { subject: 'user.username' }

it.each([
  ['its own', {}, at('as', { subject: STAFF }), true],
  ['another one of its issuer', {}, at('as', BY_NAME), true],
  [
    'one that has its issuer as an alias',
    {},
    at('other', { ...BY_NAME, aliases: ['https://as.test'] }),
    false,
  ],
  ['one of another tenant', {}, at('as', { ...BY_NAME, tenant: 'acme' }), false],
  [
    'one with the value in another claim',
    {},
    at('as', { subject: 'pairwise', claims: { aud_sub: STAFF } }),
    false,
  ],
  ['its own, without namesakes', { namesakes: [] }, at('as', { subject: STAFF }), false],
])('looks for the identifier of a namesake at %s', (_, change, other, counts) => {
  const sources = ['user.username', STAFF]
  const user = {
    ...userOf('a'),
    namesakes: sources.map((theirs) => ({ own: STAFF, theirs, users: ['b'] })),
    ...change,
  }
  const found = findNamesakes(user, at('as', { subject: STAFF }), [other])
  expect(found).toEqual(counts ? { sources: [STAFF], users: ['b'] } : undefined)
})

it.each([
  [undefined, true],
  ['acme', false],
])('looks for the id that ID tokens have, at a resource app of tenant %s', (tenant, counts) => {
  const user = { ...userOf('a'), namesakes: [{ own: STAFF, theirs: 'user.id', users: ['b'] }] }
  const found = findNamesakes(user, at('as', { subject: STAFF, tenant }), [])
  expect(found).toEqual(counts ? { sources: [STAFF], users: ['b'] } : undefined)
})
