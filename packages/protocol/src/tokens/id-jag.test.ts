import { describe, expect, it } from 'vitest'

import { findActorProblem, inspectIdJag, readConfirmation, readResourceClaim } from './id-jag.ts'

const JKT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'
const OTHER = 'A'.repeat(43)

describe('readConfirmation (DPOP-10, RFC 7800)', () => {
  it.each<[string, unknown, string | undefined, object]>([
    ['nothing', undefined, undefined, {}],
    ['a thumbprint', { jkt: JKT }, undefined, { jkt: JKT }],
    ['a key that the caller supports', { jwk: {} }, JKT, { jkt: JKT }],
    ['a key and its thumbprint', { jwk: {}, jkt: JKT }, JKT, { jkt: JKT }],
    ['a thumbprint where a key is supported', { jkt: JKT }, OTHER, { jkt: JKT }],
    ['a string', 'jkt', undefined, { problem: 'cnf is not an object' }],
    ['null', null, undefined, { problem: 'cnf is not an object' }],
    [
      'a key that the caller does not support',
      { jwk: {} },
      undefined,
      { problem: 'cnf member not implemented: jwk' },
    ],
    [
      'an unknown method',
      { jkt: JKT, 'x5t#S256': 'x' },
      JKT,
      { problem: 'cnf member not implemented: x5t#S256' },
    ],
    ['no method', {}, undefined, { problem: 'cnf.jkt is not a SHA-256 thumbprint' }],
    ['a number', { jkt: 7 }, undefined, { problem: 'cnf.jkt is not a SHA-256 thumbprint' }],
    [
      'one character too few',
      { jkt: JKT.slice(1) },
      undefined,
      { problem: 'cnf.jkt is not a SHA-256 thumbprint' },
    ],
    [
      'one character too many',
      { jkt: `${JKT}A` },
      undefined,
      { problem: 'cnf.jkt is not a SHA-256 thumbprint' },
    ],
    [
      'one character too many at the start',
      { jkt: `=${JKT}` },
      undefined,
      { problem: 'cnf.jkt is not a SHA-256 thumbprint' },
    ],
    [
      'a key with another thumbprint',
      { jwk: {}, jkt: OTHER },
      JKT,
      { problem: 'cnf.jkt and cnf.jwk are different keys' },
    ],
  ])('reads %s', (_, cnf, thumbprint, expected) => {
    expect(readConfirmation(cnf, thumbprint)).toEqual(expected)
  })
})

it.each<[unknown, readonly string[] | undefined]>([
  [undefined, []],
  ['https://a.test/', ['https://a.test/']],
  [['https://a.test/'], ['https://a.test/']],
  [
    ['https://a.test/', 'urn:b', 'https://a.test/'],
    ['https://a.test/', 'urn:b'],
  ],
  [[], undefined],
  ['', undefined],
  ['/relative', undefined],
  [['https://a.test/', '/relative'], undefined],
  [['https://a.test/', 7], undefined],
  [7, undefined],
  [null, undefined],
  [{ a: 'https://a.test/' }, undefined],
])('the resource claim %j names %j (RFC 8707)', (claim, resources) => {
  expect(readResourceClaim(claim)).toEqual(resources)
})

it.each<[unknown, string | undefined]>([
  [undefined, undefined],
  [{ sub: 'a' }, undefined],
  [{ sub: 'a', iss: 'i', sub_profile: 'ai_agent' }, undefined],
  ['a', 'act is not an object'],
  [{}, 'act has no sub'],
  [{ sub: '' }, 'act has no sub'],
  [{ sub: 'a', iss: 7 }, 'act.iss is not a string'],
  [{ sub: 'a', act: { iss: 'i' } }, 'act has no sub'],
])('the actor %j is refused for: %s (ACT-06)', (act, problem) => {
  expect(findActorProblem(act)).toBe(problem)
})

it.each([
  ['sub', 255],
  ['iss', 512],
  ['sub_profile', 255],
] as const)('act.%s of an actor, at any depth, has at most %i characters (ACT-06)', (member, most) => {
  const act = (length: number) => ({ sub: 'now', act: { sub: 'first', [member]: 'x'.repeat(length) } })
  expect(findActorProblem(act(most))).toBeUndefined()
  expect(findActorProblem(act(most + 1))).toBe(`act.${member} is longer than ${most} characters`)
})

describe('inspectIdJag', () => {
  const NOW = 1_800_000_000
  const claims = {
    iss: 'https://idp.test',
    sub: 's',
    aud: 'https://as.test',
    client_id: 'c',
    jti: 'j',
    iat: NOW,
    exp: NOW + 300,
  }
  const inspect = (change: object) =>
    inspectIdJag(
      { ...claims, ...change },
      {
        issuer: 'https://as.test',
        clientId: 'c',
        now: NOW,
        clockSkewSeconds: 30,
        maxLifetimeSeconds: 300,
      },
    ).flatMap(({ id, code }) => (code === undefined ? [] : [id]))

  it.each<[string, object, readonly string[]]>([
    ['no fault', {}, []],
    [
      'a client id of 512 characters, of another client',
      { client_id: 'c'.repeat(512) },
      ['assertion.client'],
    ],
    [
      'a client id that is too long',
      { client_id: 'c'.repeat(513) },
      ['assertion.claims', 'assertion.client'],
    ],
    ['a subject that is too long', { sub: 's'.repeat(256) }, ['assertion.claims']],
    ['a subject of 255 characters', { sub: 's'.repeat(255) }, []],
    ['an identifier that is too long', { jti: 'j'.repeat(257) }, ['assertion.claims']],
    ['a scope that is a list', { scope: ['a'] }, ['assertion.claims']],
    [
      'half a second in iat',
      { iat: NOW + 0.5 },
      ['assertion.claims', 'assertion.start', 'assertion.lifetime'],
    ],
    ['an acr that is not a string', { acr: 7 }, ['assertion.claims']],
    ['an amr that is one string', { amr: 'pwd' }, ['assertion.claims']],
    ['an amr with a number', { amr: ['pwd', 7] }, ['assertion.claims']],
    ['an empty amr', { amr: [] }, []],
    ['an auth_time that is a string', { auth_time: String(NOW) }, ['assertion.claims']],
    ['nbf at the end of the skew', { nbf: NOW + 30 }, []],
    ['nbf beyond the skew', { nbf: NOW + 31 }, ['assertion.start']],
    ['an auth_time at the end of the skew', { auth_time: NOW + 30 }, []],
    ['an auth_time beyond the skew', { auth_time: NOW + 31 }, ['assertion.start']],
    ['an auth_time of long ago', { auth_time: 1 }, []],
    ['nbf that is a string', { nbf: 'now' }, ['assertion.claims', 'assertion.start']],
    ['a lifetime of a second', { exp: NOW + 1 }, []],
    ['no lifetime', { exp: NOW }, ['assertion.lifetime']],
    ['a lifetime a second too long', { exp: NOW + 301 }, ['assertion.lifetime']],
    ['the maximum age', { iat: NOW - 330, exp: NOW - 30 }, ['assertion.expiry']],
    [
      'one second beyond the maximum age',
      { iat: NOW - 331, exp: NOW - 31 },
      ['assertion.expiry', 'assertion.lifetime'],
    ],
    ['a session that ends in a second', { session_expiry: NOW + 1 }, []],
    ['a session that has ended', { session_expiry: NOW }, ['assertion.session']],
  ])('finds %s', (_, change, found) => {
    expect(inspect(change)).toEqual(found)
  })
})
