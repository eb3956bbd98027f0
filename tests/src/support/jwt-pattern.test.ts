// The pattern by which many tests look for leaked tokens.
import { expect, it } from 'vitest'

import { JWT } from './jwt-pattern.ts'

const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

it.each([
  { alg: 'ES256', kid: 'k1' },
  { typ: 'oauth-id-jag+jwt', alg: 'ES256' },
  { kid: 'k1', alg: 'RS256' },
])('matches a JWT whose header is %j, also if it is cut off', (header) => {
  expect(`token=${encode(header)}.${encode({ sub: 'usr_alice' })}.c2lnbmF0dXJl`).toMatch(JWT)
  expect(encode(header)).toMatch(JWT)
})

it('matches a JWT whose header begins with any other member', () => {
  expect(`${encode({ crit: ['b64'], alg: 'ES256' })}.${encode({})}.`).toMatch(JWT)
})

it('does not match an id that happens to contain the same letters', () => {
  expect('acc_vw78DXSFeyJmlg0e9rgVjsGOaUW8C').not.toMatch(JWT)
})
