// Which identifiers of users a resource compares. What follows from it is tested with the evaluator and over HTTP.
import { zResourceApp } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { compareSources } from './namesakes.ts'

const at = (issuer: string, change: object) =>
  zResourceApp.parse({ id: 'a', name: 'A', issuer: `https://${issuer}.test`, ...change })
const STAFF = 'user.attributes.staff'

it.each([
  ['ids, names and addresses, each at its own issuer', [{}, { subject: 'user.email' }], []],
  [
    'pairwise identifiers',
    [{ subject: 'pairwise', subId: { format: 'saml-nameid', issuer: 'x:y', nameid: 'pairwise' } }],
    [],
  ],
  ['an attribute', [{ subject: STAFF }], [[STAFF, STAFF]]],
  ['an attribute as own id of the resource', [{ claims: { aud_sub: STAFF } }], [[STAFF, STAFF]]],
  ['an attribute as another claim', [{ claims: { staff: STAFF } }], []],
])('the sources to compare for %s', (_, apps, expected) => {
  expect(compareSources(apps.map((app, index) => at(`as${index}`, app)))).toEqual(expected)
})

it.each([
  [
    'of one issuer',
    {},
    [
      ['user.id', 'user.email'],
      ['user.email', 'user.id'],
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
  expect(compareSources(apps)).toHaveLength(9)
})
