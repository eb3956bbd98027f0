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
  readonly signInProviders?: readonly object[]
  readonly emailDomains?: readonly string[]
}

function observe({
  nameId = 'username',
  name,
  found,
  state = 'verified',
  issuer = ASSERTION.issuer,
  signInProviders = [],
  emailDomains = ['acme.test'],
}: Given) {
  const assertion = { ...ASSERTION, issuer, nameId: name === undefined ? undefined : { value: name } }
  const token = { state, assertion, detail: '' } as unknown as SamlFact
  const [first] = found
  return observeSaml('', {
    samlIssuers: { observe: () => token },
    signInProviders,
    users: {
      findById: async () => first,
      findByLogin: async () => first,
      findByAttribute: async () => found,
    },
    snapshot: () => ({ saml: [{ entityId: ASSERTION.issuer, nameId, emailDomains }] }),
  } as unknown as SamlSources)
}

async function expectUser(_: string, given: Given, userId: string | undefined) {
  const fact = await observe(given)
  expect(fact.kind === 'saml' && fact.signIn?.userId).toBe(userId)
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
])('%s', expectUser)

const BY_NAME = { name: 'ann', found: [user()] }
const BY_ADDRESS = { nameId: 'email', name: 'ann@acme.test', found: [user()] }
const BY_ID = { nameId: 'id', name: 'usr_ann', found: [user()] }
const owning = (provider: object) => ({
  emailDomains: [],
  signInProviders: [{ domains: ['acme.test'], ...provider }],
})
const ISSUER = { type: 'saml', entityId: ASSERTION.issuer }
const OTHER = { type: 'saml', entityId: 'https://other.test' }
const OIDC = { type: 'oidc', entityId: ASSERTION.issuer }

test.each<[string, Given, string | undefined]>([
  ['no provider, by user name', { ...BY_NAME, emailDomains: [] }, 'usr_ann'],
  ['the issuer, by user name', { ...BY_NAME, ...owning(ISSUER) }, 'usr_ann'],
  ['the issuer, by address', { ...BY_ADDRESS, ...owning(ISSUER) }, 'usr_ann'],
  ['another SAML provider, by user name', { ...BY_NAME, ...owning(OTHER) }, undefined],
  ['another SAML provider, by address', { ...BY_ADDRESS, ...owning(OTHER) }, undefined],
  ['an OpenID provider, by address', { ...BY_ADDRESS, ...owning(OIDC) }, undefined],
  [
    'another SAML provider, by an id that an administrator assigned',
    { ...BY_ID, ...owning(OTHER) },
    'usr_ann',
  ],
])('a user whose domain signs in at %s', expectUser)

test.each([
  ['user name', BY_NAME],
  ['address', BY_ADDRESS],
])('the issuer asserts only users of its domains, by %s', async (_, by) => {
  const fact = await observe({ ...by, emailDomains: ['corp.test'] })
  expect(fact.kind === 'saml' && fact.signIn).toBeUndefined()
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
