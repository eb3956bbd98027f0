// Which user an assertion is about: the one whose configured member is exactly the name, and no other.
import type { SamlAssertion, SamlFact } from '@crosswalk/protocol'
import { expect, test } from 'vitest'

import { observeSaml, samlReplayKey, type SamlSources } from './observe-saml.ts'

const ASSERTION = {
  id: '_a',
  issuer: 'https://corp.test',
  notOnOrAfter: 2000,
  confirmations: [{ method: 'urn:oasis:names:tc:SAML:2.0:cm:bearer', notOnOrAfter: 2000 }],
  authnStatements: [{ instant: 1000.9, sessionNotOnOrAfter: 5000, classRef: undefined }],
} as unknown as SamlAssertion
const user = (change: object = {}) => ({
  ...{ id: 'usr_ann', username: 'ann', email: 'ann@acme.test', emailVerified: true, ...change },
})

interface Given {
  readonly nameId?: string
  readonly name: string | undefined
  readonly found: readonly object[]
  readonly state?: 'verified' | 'unverified'
  readonly issuer?: string
}

function observe({ nameId = 'username', name, found, state = 'verified', issuer = ASSERTION.issuer }: Given) {
  const assertion = { ...ASSERTION, issuer, nameId: name === undefined ? undefined : { value: name } }
  const token = { state, assertion, detail: '' } as unknown as SamlFact
  const [first] = found
  return observeSaml('', {
    samlIssuers: { observe: () => token },
    signInProviders: [],
    users: {
      findById: async () => first,
      findByLogin: async () => first,
      findByAttribute: async () => found,
    },
    snapshot: () => ({ saml: [{ entityId: ASSERTION.issuer, nameId, emailDomains: ['acme.test'] }] }),
  } as unknown as SamlSources)
}

test.each<[string, Given, string | undefined]>([
  ['a user name', { name: 'ann', found: [user()] }, 'usr_ann'],
  ['a user name in another case', { name: 'ANN', found: [user()] }, undefined],
  ['an address instead of the user name', { name: 'ann@acme.test', found: [user()] }, undefined],
  ['a verified address', { nameId: 'email', name: 'ann@acme.test', found: [user()] }, 'usr_ann'],
  [
    'an address that was not verified',
    { nameId: 'email', name: 'ann@acme.test', found: [user({ emailVerified: false })] },
    undefined,
  ],
  ['a user name instead of the address', { nameId: 'email', name: 'ann', found: [user()] }, undefined],
  ['an id', { nameId: 'id', name: 'usr_ann', found: [user()] }, 'usr_ann'],
  ['an attribute', { nameId: 'attribute:staff', name: '7', found: [user()] }, 'usr_ann'],
  [
    'an attribute of two users',
    { nameId: 'attribute:staff', name: '7', found: [user(), user({ id: 'usr_bea' })] },
    undefined,
  ],
  ['no name', { nameId: 'id', name: undefined, found: [user()] }, undefined],
  ['an empty name', { nameId: 'id', name: '', found: [user()] }, undefined],
  [
    'a name in an assertion that is not verified',
    { name: 'ann', found: [user()], state: 'unverified' },
    undefined,
  ],
  [
    'a name of an issuer that is not trusted',
    { name: 'ann', found: [user()], issuer: 'https://x.test' },
    undefined,
  ],
])('%s', async (_, given, userId) => {
  const fact = await observe(given)
  expect(fact.kind === 'saml' && fact.signIn?.userId).toBe(userId)
})

test('the statement says when the user signed in, and until when that counts', async () => {
  expect(await observe({ name: 'ann', found: [user()] })).toMatchObject({
    signIn: { userId: 'usr_ann', authTime: 1000, endsAt: 5000 },
    replayed: false,
  })
})

test('an assertion is used once at each issuer, and remembered until it is over', () => {
  const of = (change: object) => samlReplayKey({ ...ASSERTION, ...change }, 30)
  expect(of({})).toEqual(of({}))
  expect(of({}).expiresAt).toBeGreaterThanOrEqual(2030)
  expect(
    new Set([of({}), of({ id: '_b' }), of({ issuer: 'https://x.test' })].map(({ key }) => key)).size,
  ).toBe(3)
})
