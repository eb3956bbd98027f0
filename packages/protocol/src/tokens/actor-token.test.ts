import { describe, expect, test } from 'vitest'

import { buildActor, findActorTokenProblem, listActors, readActor } from './actor-token.ts'
import { findClientAssertionProblem } from './client-assertion.ts'
import { findActorProblem } from './id-jag.ts'

const NOW = 1_800_000_000
const expected = { issuer: 'https://idp.test', clientId: 'agent0', now: NOW, clockSkewSeconds: 30 }
const good = {
  iss: 'planner',
  sub: 'planner',
  aud: 'https://idp.test',
  client_id: 'agent0',
  iat: NOW,
  exp: NOW + 600,
  jti: 'j',
}
const judge = (change: object, typ: string | undefined = 'actor-token+jwt') =>
  findActorTokenProblem({ typ, claims: { ...good, ...change } }, expected)

describe('ACT-03 an actor token', () => {
  test.each<readonly [string, object]>([
    ['valid', {}],
    ['one audience in a list', { aud: ['https://idp.test'] }],
    ['expired within the skew', { iat: NOW - 600, exp: NOW - 29 }],
    ['from a clock ahead within the skew', { iat: NOW + 30, exp: NOW + 31 }],
    ['with nbf', { nbf: NOW }],
  ])('passes: %s', (_, change) => {
    expect(judge(change)).toBeUndefined()
  })

  test.each<readonly [string, object, string]>([
    ['no issuer', { iss: undefined, sub: undefined }, 'issuer-mismatch'],
    ['another subject', { sub: 'alice' }, 'issuer-mismatch'],
    ['another audience', { aud: 'https://idp.test/token' }, 'audience-mismatch'],
    ['two audiences', { aud: ['https://idp.test', 'https://other.test'] }, 'audience-mismatch'],
    ['another client', { client_id: 'other' }, 'client-mismatch'],
    ['no client', { client_id: undefined }, 'client-mismatch'],
    ['no expiry', { exp: undefined }, 'time-malformed'],
    ['an expiry as a string', { exp: String(NOW + 60) }, 'time-malformed'],
    ['no issue time', { iat: undefined }, 'time-malformed'],
    ['expired at the edge of the skew', { iat: NOW - 600, exp: NOW - 30 }, 'expired'],
    ['601 seconds', { exp: NOW + 601 }, 'lives-too-long'],
    ['issued beyond the skew', { iat: NOW + 31, exp: NOW + 60 }, 'not-yet-valid'],
    ['not before beyond the skew', { nbf: NOW + 31 }, 'not-yet-valid'],
    ['no jti', { jti: undefined }, 'no-usable-jti'],
  ])('is refused: %s', (_, change, problem) => {
    expect(judge(change)).toBe(problem)
  })

  test('and a client assertion are never accepted as each other (SEC-03)', () => {
    for (const typ of [undefined, 'JWT', 'client-authentication+jwt', 'at+jwt', 'oauth-id-jag+jwt'])
      expect(findActorTokenProblem({ typ, claims: good }, expected)).toBe('wrong-typ')
    const wanted = { ...expected, clientId: 'planner' }
    expect(findClientAssertionProblem({ typ: 'actor-token+jwt', claims: good }, wanted)).toBe('wrong-typ')
    expect(
      findClientAssertionProblem({ typ: 'client-authentication+jwt', claims: good }, wanted),
    ).toBeUndefined()
  })
})

describe('ACT-07, ACT-08 the act claim', () => {
  test.each([
    ['agent', 'ai_agent'],
    ['web', 'web_app'],
    ['service', 'service'],
  ] as const)('an app of kind %s is %s', (kind, profile) => {
    expect(buildActor({ issuer: 'https://idp.test', app: { id: 'a', kind } })).toEqual({
      iss: 'https://idp.test',
      sub: 'a',
      sub_profile: profile,
    })
  })

  test('keeps earlier actors, nested and unchanged, but only the outermost is the actor', () => {
    const before = { sub: 'first', act: { sub: 'earliest' } }
    const act = buildActor({ issuer: 'https://idp.test', app: { id: 'now', kind: 'agent' }, before })
    expect(act).toMatchObject({ sub: 'now', act: before })
    expect(readActor(act)).toEqual({ ref: 'now', issuer: 'https://idp.test', profile: 'ai_agent' })
    expect(findActorProblem(act)).toBeUndefined()
    expect(findActorProblem({ ...act, sub_profile: 7 })).toBe('act.sub_profile is not a string')
    const deepest = { sub: '1', act: { sub: '2', act: { sub: '3', act: { sub: '4' } } } }
    expect(findActorProblem(deepest)).toBeUndefined()
    expect(
      findActorProblem(buildActor({ issuer: 'i', app: { id: '0', kind: 'web' }, before: deepest })),
    ).toMatch(/deeper/)
  })

  test('without an issuer is of the issuer of the token, at any depth', () => {
    const act = { sub: 'now', act: { iss: 'https://other.test', sub: 'other', act: { sub: 'first' } } }
    expect(listActors(act, 'https://idp.test')).toEqual(['now', 'first'])
    expect(listActors(act, 'https://other.test')).toEqual(['now', 'other', 'first'])
  })

  test('without a subject is no actor', () => {
    for (const act of [undefined, 'agent', {}, { sub: 7 }, []]) expect(readActor(act)).toBeUndefined()
  })
})
