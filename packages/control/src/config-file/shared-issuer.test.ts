// Resource apps behind one issuer: its server identifies users by `sub` alone, so all of the apps must use the same
// one.
import { expect, it } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

const ISSUER = 'https://vendor.example'

function warningsOf(first: object, second: object): readonly string[] {
  const define = (id: string, change: object) => ({ id, name: id, issuer: ISSUER, ...change })
  const resourceApps = [define('todo0', first), define('notes0', second)]
  const { problems } = parseConfiguration(
    JSON.stringify({ baseUrl: 'https://xaa.example', idp: { resourceApps } }),
    'test.json',
    {},
  )
  return problems.filter(({ what }) => what.includes('names users by')).map(({ fix }) => fix)
}

it('warns if a name can mean two users', () => {
  const fixes = ['write `subject: user.username` here as well']
  expect(warningsOf({ subject: 'user.username' }, { subject: 'user.id' })).toEqual(fixes)
  expect(warningsOf({ subject: 'user.username' }, {})).toEqual(fixes)
})

it.each([
  [{}, {}],
  [{ subject: 'user.email' }, { subject: 'user.email' }],
  // Pairwise identifiers look like no other kind of name.
  [{ subject: 'pairwise' }, { subject: 'user.username' }],
  [{ subject: 'user.username' }, { subject: 'pairwise' }],
  [{ subject: 'user.username' }, { issuer: 'https://other.example' }],
  [{ subject: 'user.username', tenant: 'a' }, { tenant: 'b' }],
])('does not warn for %j beside %j', (first, second) => {
  expect(warningsOf(first, second)).toEqual([])
})
