import { describe, expect, it } from 'vitest'

import { isIssuerIdentifier } from '../addresses/issuer-identifier.ts'
import { zPolicy, zResourceApp, zUser } from './idp.ts'
import { zBoolean, zInteger, zServerUrl } from './scalars.ts'
import { listIdTokenAlgorithms } from './signing.ts'

const APP = { id: 'todo0', name: 'Todo0', issuer: 'https://as.test', assignments: { everyone: true } }
const SUB_ID = { format: 'saml-nameid', issuer: 'https://saml.test', nameid: 'user.email' }
const SENT = ['https://schemas.openid.net/secevent/caep/event-type/session-revoked']

describe('a user', () => {
  const many = (count: number) => Array.from({ length: count }, (_, index) => `name-${index}`)
  const attributes = (count: number) => Object.fromEntries(many(count).map((name) => [name, true]))
  it.each<[string, object, boolean]>([
    ['5,000 groups', { groups: many(5000) }, true],
    ['5,001 groups', { groups: many(5001) }, false],
    ['500 attributes', { attributes: attributes(500) }, true],
    ['501 attributes', { attributes: attributes(501) }, false],
  ])('with %s is valid: %s', (_, change, valid) => {
    expect(zUser.safeParse({ id: 'usr_a', username: 'a', ...change }).success).toBe(valid)
  })
})

describe('a resource app', () => {
  it.each<[string, object, boolean]>([
    ['security events at an endpoint', { securityEvents: { endpoint: 'https://as.test/events' } }, true],
    ['security events for a receiver', { securityEvents: { receiver: 'todo0' } }, true],
    ['security events without a receiver', { securityEvents: {} }, false],
    [
      'selected events at an endpoint',
      { securityEvents: { endpoint: 'https://as.test/events', events: SENT } },
      true,
    ],
    ['selected events without an endpoint', { securityEvents: { receiver: 'todo0', events: SENT } }, false],
    ['a NameID', { subId: SUB_ID }, true],
    [
      'a NameID with a format',
      { subId: { ...SUB_ID, nameidFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent' } },
      true,
    ],
    [
      'a NameID that cannot identify an account',
      { subId: { ...SUB_ID, nameidFormat: 'urn:oasis:names:tc:SAML:2.0:nameid-format:transient' } },
      false,
    ],
    ...['user.id', 'user.email', 'user.username', 'user.attributes.staffId', 'pairwise'].map(
      (subject): [string, object, boolean] => [`the subject ${subject}`, { subject }, true],
    ),
    ['a subject that several users may share', { subject: 'user.name' }, false],
    ['a subject that is a list', { subject: 'user.groups' }, false],
    ['a NameID that several users may share', { subId: { ...SUB_ID, nameid: 'user.name' } }, false],
    ['a name as a claim', { claims: { name: 'user.name', groups: 'user.groups' } }, true],
    ['a claim of its own', { claims: { department: 'user.attributes.department' } }, true],
    ['its own name of the user', { claims: { aud_sub: 'user.attributes.localId' } }, true],
    ['its own name that several users may share', { claims: { aud_sub: 'user.name' } }, false],
    ['a claim that the protocol defines', { claims: { iss: 'user.id' } }, false],
    ['a claim of another kind of token', { claims: { nonce: 'user.id' } }, false],
  ])('with %s is taken: %s', (_, change, taken) => {
    expect(zResourceApp.safeParse({ ...APP, ...change }).success).toBe(taken)
  })
})

describe('a policy', () => {
  const clauses = (count: number) =>
    Object.fromEntries(Array.from({ length: count }, (_, at) => [`c${at}`, 'x']))
  it.each<[object, boolean]>([
    [{ effect: 'deny' }, true],
    [{ effect: 'deny', require: { dpop: true } }, false],
    [{ effect: 'deny', limit: { perHour: 1 } }, false],
    [{ effect: 'require', require: { dpop: true } }, true],
    [{ effect: 'require' }, false],
    [{ effect: 'limit', limit: { perHour: 1 } }, true],
    [{ effect: 'limit' }, false],
    [{ effect: 'limit', limit: { perHour: 1 }, require: { dpop: true } }, false],
  ])('%j is accepted: %s', (change, taken) => {
    expect(zPolicy.safeParse({ id: 'p', ...change }).success).toBe(taken)
  })

  it('has at most the maximum number of clauses', () => {
    const most = Array.from({ length: 200 }, (_, count) => count).filter(
      (count) => zPolicy.safeParse({ id: 'p', effect: 'deny', when: clauses(count) }).success,
    )
    expect(most.at(-1)).toBe(most.length - 1)
    expect(most.length).toBeLessThan(200)
  })
})

it.each([
  ['https://a.test', true],
  ['https://a.test/tenant', true],
  ['http://localhost:4000', true],
  ['http://app.localhost', true],
  ['http://127.0.0.1:4000/x', true],
  ['http://[::1]:4000', true],
  ['http://a.test', false],
  ['http://localhost.evil.test', false],
  ['http://127.0.0.1.evil.test', false],
  ['https://a.test?q', false],
  ['https://a.test#f', false],
  ['https://user@a.test', false],
  ['ftp://a.test', false],
  ['a.test', false],
  [' https://a.test', false],
])('%s is an issuer identifier: %s (RFC 8414 section 2)', (text, is) => {
  expect(isIssuerIdentifier(text)).toBe(is)
})

it.each([
  ['https://a.test/token?tenant=a', true],
  ['http://localhost/token?tenant=a&b', true],
  ['http://a.test/token?x=https://a.test', false],
  ['https://a.test/#f', false],
])('%s is a server URL: %s', (url, is) => {
  expect(zServerUrl.safeParse(url).success).toBe(is)
})

it.each([
  ['true', true],
  ['false', false],
  [true, true],
  [false, false],
  ['yes', undefined],
  [1, undefined],
])('%j is the boolean %s', (value, expected) => {
  expect(zBoolean.safeParse(value).data).toBe(expected)
})

it.each([
  ['7', 7],
  [7, 7],
  ['1', 1],
  ['0', undefined],
  [9, 9],
  [10, undefined],
  ['7.5', undefined],
  [' 7', undefined],
  ['7x', undefined],
])('%j is the whole number %s from 1 to 9', (value, expected) => {
  expect(zInteger(1, 9).safeParse(value).data).toBe(expected)
})

it.each([
  [undefined, ['RS256', 'ES256']],
  ['RS256', ['RS256', 'ES256']],
  ['ES256', ['ES256', 'RS256']],
  ['EdDSA', ['EdDSA', 'RS256', 'ES256']],
])('the signing algorithms of ID tokens, if %s is preferred, are %j', (preferred, algorithms) => {
  expect(listIdTokenAlgorithms(preferred)).toEqual(algorithms)
})
