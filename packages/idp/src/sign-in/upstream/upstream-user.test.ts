import { zUpstream } from '@crosswalk/protocol'
import { describe, expect, test } from 'vitest'

import { listMissing, readAssertionClaims, readUpstreamUser, readSignIn } from './upstream-user.ts'

const NOW = 1_800_000_000
const upstream = (change: object = {}) =>
  zUpstream.parse({
    id: 'corp',
    type: 'oidc',
    issuer: 'https://login.corp.test',
    clientId: 'crosswalk',
    clientSecret: 'secret',
    ...change,
  })

describe('the user', () => {
  test('is read only from the configured claims', () => {
    const claims = {
      sub: 's',
      upn: 'alice',
      mail: 'a@x.test',
      email_verified: true,
      cn: 'Alice',
      roles: ['a'],
    }
    const names = { username: 'upn', email: 'mail', name: 'cn', groups: 'roles' }
    expect(readUpstreamUser(claims, upstream({ claims: names }))).toEqual({
      subject: 's',
      username: 'alice',
      email: 'a@x.test',
      emailVerified: true,
      name: 'Alice',
      groups: ['a'],
    })
    expect(readUpstreamUser(claims, upstream())).toMatchObject({ username: undefined, groups: undefined })
  })

  test.each([
    ['none', ['mail']],
    ['jit', ['mail', 'preferred_username']],
  ])('lacks the claims that link it and, with provisioning %s, its user name', (provisioning, missing) => {
    const definition = upstream({ link: ['email'], claims: { email: 'mail' }, provisioning })
    expect(listMissing(readUpstreamUser({ sub: 's' }, definition), definition)).toEqual(missing)
  })

  test('has no bidirectional control characters in the display name, and no user name or groups with them', () => {
    const claims = {
      sub: 's',
      preferred_username: 'bob\u202e',
      name: 'Bob\n\u202eAdmin',
      g: ['a', 'adm\u2066in'],
    }
    expect(readUpstreamUser(claims, upstream({ claims: { groups: 'g' } }))).toMatchObject({
      username: undefined,
      name: 'Bob Admin',
      groups: ['a'],
    })
  })

  test.each([
    ['another address in the claim that it is about', 'mallory@x.test', false],
    ['the same address in that claim', 'alice@x.test', true],
    ['no such claim', undefined, true],
  ])('an address of another claim is verified by email_verified with %s', (_, email, verified) => {
    const claims = { sub: 's', preferred_username: 'alice@x.test', email, email_verified: true }
    const named = { claims: { email: 'preferred_username' } }
    expect(readUpstreamUser(claims, upstream(named)).emailVerified).toBe(verified)
  })

  test.each([
    [undefined, false],
    [false, false],
    ['true', false],
    [1, false],
    [true, true],
  ])('email_verified %j is %s', (value, verified) => {
    const claims = { sub: 's', email: 'a@x.test', email_verified: value }
    expect(readUpstreamUser(claims, upstream()).emailVerified).toBe(verified)
  })

  test.each([
    [
      ['a', 'b', 'a'],
      ['a', 'b'],
    ],
    ['a', ['a']],
    [undefined, []],
    [
      ['a', 1, null, '', 'x'.repeat(257), 'x'.repeat(256)],
      ['a', 'x'.repeat(256)],
    ],
    [Array.from({ length: 501 }, (_, index) => `g${index}`), expect.objectContaining({ length: 500 })],
  ])('groups %#', (value, groups) => {
    const { groups: read } = readUpstreamUser({ sub: 's', g: value }, upstream({ claims: { groups: 'g' } }))
    expect(read).toEqual(groups)
  })

  test.each([[''], ['x'.repeat(257)], [7], [null], [['alice']]])('user name %j is ignored', (value) => {
    expect(readUpstreamUser({ sub: 's', preferred_username: value }, upstream()).username).toBeUndefined()
  })
})

describe('the sign-in', () => {
  test.each([
    ['amr mfa', { amr: ['pwd', 'mfa'] }, {}, 'mfa'],
    ['acr mfa', { acr: 'mfa' }, {}, 'mfa'],
    ['acr of the list', { acr: 'urn:gold' }, { mfa: ['urn:gold'] }, 'mfa'],
    ['amr of the list', { acr: '1', amr: ['fpt'] }, { mfa: ['fpt'] }, 'mfa'],
    ['mfa that is not in the list', { acr: 'mfa', amr: ['mfa'] }, { mfa: ['urn:gold'] }, undefined],
    ['another acr', { acr: 'urn:silver', amr: ['pwd'] }, {}, 'urn:silver'],
    ['an acr that is not a string', { acr: 2 }, {}, undefined],
    ['an amr that is not a list', { amr: 'mfa' }, {}, undefined],
    ['no claims', {}, {}, undefined],
  ])('with %s has acr', (_, claims, change, acr) => {
    expect(readSignIn({ sub: 's', ...claims }, upstream(change), NOW).acr).toBe(acr)
  })

  test.each([
    [NOW - 1, NOW - 1],
    [NOW, NOW],
    [NOW + 1, NOW],
    [String(NOW), undefined],
    [1.5, undefined],
    [undefined, undefined],
  ])('at %j was at %j', (authTime, at) => {
    expect(readSignIn({ sub: 's', auth_time: authTime }, upstream(), NOW).at).toBe(at)
  })

  test.each([
    [NOW, NOW],
    [99_999_999_999, 99_999_999_999],
    [100_000_000_000, undefined],
    [String(NOW), undefined],
    [undefined, undefined],
  ])('with session_expiry %j ends at %j', (end, endsAt) => {
    expect(readSignIn({ sub: 's', session_expiry: end }, upstream(), NOW).endsAt).toBe(endsAt)
  })

  test('keeps the methods unchanged', () => {
    expect(readSignIn({ sub: 's', amr: ['pwd', 3, 'otp'] }, upstream(), NOW).amr).toEqual(['pwd', 'otp'])
  })
})

test('no attribute of an assertion replaces its subject, or says that an address is verified', () => {
  const assertion = { nameId: { value: 'alice' }, authnStatements: [] }
  const named = ['sub', 'NameID', 'email_verified', 'email'].map((name) => [name, ['bob']] as const)
  const { signIn, all } = readAssertionClaims(assertion as never, new Map(named), {
    emailVerified: false,
  } as never)
  expect(signIn).toEqual({ sub: 'alice' })
  expect(all).toEqual({ sub: 'alice', NameID: 'alice', email_verified: false, email: 'bob' })
})

test('an administrator says about the configured attribute that its addresses are verified', () => {
  const claims = { sub: 's', mail: 'alice@x.test', email: 'private@y.test', email_verified: true }
  const named = { ...upstream().claims, email: 'mail' }
  expect(readUpstreamUser(claims, { type: 'saml', claims: named }).emailVerified).toBe(true)
  expect(readUpstreamUser(claims, { type: 'oidc', claims: named }).emailVerified).toBe(false)
})
