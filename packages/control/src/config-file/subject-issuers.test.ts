// Subject issuers that accept no token, or the tokens of strangers, are reported before anyone signs in.
import { describe, expect, it } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

type Json = Readonly<Record<string, unknown>>

const BASE = 'https://xaa.example'
const GOOD = { issuer: 'https://login.corp.example', audiences: { there: 'agent0' }, link: ['username'] }
const GOOGLE = 'https://accounts.google.com'

function problemsOf(...subjectIssuers: readonly Json[]) {
  const app = { id: 'agent0', name: 'Agent0', kind: 'agent', auth: { method: 'none' } }
  const users = [{ id: 'usr_alice', username: 'alice', groups: [] }] // signs in there, so without a password
  const text = JSON.stringify({ baseUrl: BASE, idp: { apps: [app], subjectIssuers, users } }, undefined, 1)
  const { problems } = parseConfiguration(text, 'test.json', {})
  return problems.map(({ severity, what }) => `${severity}: ${what}`)
}

describe('a subject issuer', () => {
  it('is valid', () => {
    expect(problemsOf(GOOD)).toEqual([])
    expect(problemsOf({ ...GOOD, issuer: GOOGLE, requireClaims: { hd: 'acme.example' } })).toEqual([])
  })

  it.each<[string, readonly Json[], string]>([
    ['listed twice', [GOOD, GOOD], `error: the subject issuer ${GOOD.issuer} is already used on line 16`],
    [
      'that is this IdP',
      [{ ...GOOD, issuer: BASE }],
      `error: ${BASE} is this IdP, whose own ID tokens are always accepted`,
    ],
    ['for an unknown app', [{ ...GOOD, audiences: { x: 'agent1' } }], 'error: there is no app agent1'],
    [
      'without audience',
      [{ ...GOOD, audiences: {} }],
      'warning: no audience is mapped to an app, so every ID token is refused',
    ],
    [
      'without a way to a user',
      [{ ...GOOD, link: [] }],
      'warning: no user can be found: `link` is empty, and users are not created',
    ],
    [
      'linked by e-mail without a domain',
      [{ ...GOOD, link: ['email'] }],
      'error: `email` in `link` matches no user, because no domain is listed',
    ],
    [
      'with an empty key set',
      [{ ...GOOD, jwks: { keys: [] } }],
      'error: there is no key in `jwks`, so every signature is refused',
    ],
    [
      'with two sources of keys',
      [
        {
          ...GOOD,
          jwks: { keys: [{ kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }] },
          jwksUri: `${GOOD.issuer}/k`,
        },
      ],
      'error: both jwks and jwksUri are given',
    ],
    [
      'that everyone shares',
      [{ ...GOOD, issuer: GOOGLE }],
      `warning: ${GOOGLE} signs in users of every company`,
    ],
    [
      'that everyone shares, creating users',
      [{ ...GOOD, issuer: GOOGLE, provisioning: 'jit' }],
      `error: ${GOOGLE} signs in users of every company`,
    ],
  ])('%s is reported', (_, entries, problem) => {
    expect(problemsOf(...entries)).toContainEqual(problem)
  })
})
