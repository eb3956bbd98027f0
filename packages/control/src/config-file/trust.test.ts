// Trust settings that can never work are reported before anyone tries to use them.
import { describe, expect, it } from 'vitest'

import { parseConfiguration } from './load-configuration.ts'

type Json = Readonly<Record<string, unknown>>
interface Sides {
  readonly trust?: Json
  readonly resourceApp?: Json
  readonly client?: Json
  readonly app?: Json
}

const BASE = 'https://xaa.example'
/** RFC 7517 appendix A.1 */
const KEY = {
  kty: 'EC',
  crv: 'P-256',
  x: 'MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4',
  y: '4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM',
}
const WEAK_KEY = { kty: 'RSA', n: 'AAAA', e: 'AQAB' }

function problemsOf({ trust = {}, resourceApp = {}, client, app }: Sides) {
  const file = {
    baseUrl: BASE,
    idp: {
      apps: app === undefined ? [] : [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: app }],
      resourceApps: [{ id: 'todo0', name: 'Todo0', issuer: `${BASE}/as/vendor`, ...resourceApp }],
    },
    authorizationServers: [
      {
        id: 'vendor',
        trustedIssuers: [{ issuer: BASE, provisioning: 'jit', ...trust }],
        clients: client === undefined ? [] : [{ id: 'there', auth: client }],
      },
    ],
  }
  const text = JSON.stringify(file, undefined, 1)
  const { problems } = parseConfiguration(text, 'test.json', {})
  return problems.map(({ line, severity, what, fix }) => ({
    at: text.split('\n')[line - 1]?.trim(),
    severity,
    what,
    fix,
  }))
}

const NO_KEY = 'there is no key in `jwks`, so every signature is refused'

describe('the configuration', () => {
  it.each<[string, Sides, Sides]>([
    ['a trusted issuer', { trust: { jwks: { keys: [] } } }, { trust: { jwks: { keys: [KEY] } } }],
    [
      'a client',
      { client: { method: 'private_key_jwt', jwks: { keys: [] } } },
      { client: { method: 'private_key_jwt', jwks: { keys: [KEY] } } },
    ],
    [
      'an app',
      { app: { method: 'private_key_jwt', jwks: { keys: [] } } },
      { app: { method: 'private_key_jwt', jwks: { keys: [KEY] } } },
    ],
  ])('rejects an empty jwks of %s with its line', (_, empty, full) => {
    expect(problemsOf(empty)).toContainEqual({
      at: '"jwks": {',
      severity: 'error',
      what: NO_KEY,
      fix: 'add the public keys, or write `jwksUri:` the URL where they are',
    })
    expect(problemsOf(full).filter(({ what }) => what === NO_KEY)).toEqual([])
  })

  it('warns of a jwks without a usable key, and accepts one beside others (SEC-05)', () => {
    const trusting = (...keys: readonly Json[]) => problemsOf({ trust: { jwks: { keys } } })
    expect(trusting(WEAK_KEY, { kty: 'EC', crv: 'secp256k1' })).toEqual([
      {
        at: '"jwks": {',
        severity: 'warning',
        what: 'no key in `jwks` can verify a signature: rsa-too-small, unsupported-key-type',
        fix: 'use RSA keys of at least 2048 bits, or keys of P-256, P-384, P-521 or Ed25519',
      },
    ])
    expect(trusting(WEAK_KEY, KEY)).toEqual([])
  })

  it('warns of `provisioning: none` if no issuer creates accounts', () => {
    const [problem, ...others] = problemsOf({ trust: { provisioning: 'none' } })
    expect(others).toEqual([])
    expect(problem).toMatchObject({
      at: '"provisioning": "none"',
      severity: 'warning',
      what: expect.stringMatching(/^no issuer that authorization server vendor trusts creates accounts/),
      fix: expect.stringContaining('provisioning: jit'),
    })
    for (const provisioning of ['jit', 'external'])
      expect(problemsOf({ trust: { provisioning } })).toEqual([])
  })

  it('warns of a tenant that the authorization server does not expect', () => {
    const sides = (sent: string | undefined, expected: string | undefined) =>
      problemsOf({
        ...(sent === undefined ? {} : { resourceApp: { tenant: sent } }),
        ...(expected === undefined ? {} : { trust: { tenant: expected } }),
      })
    expect(sides('acme', 'other')).toEqual([
      {
        at: '"tenant": "acme"',
        severity: 'warning',
        what: 'the IdP sends tenant acme for resource app todo0, but its authorization server expects other',
        fix: 'write `tenant: other` here, or change `tenant` of the trusted issuer',
      },
    ])
    expect(sides(undefined, 'other')).toMatchObject([{ what: expect.stringContaining('no tenant') }])
    expect(sides('acme', 'acme')).toEqual([])
    expect(sides('acme', undefined)).toEqual([])
  })

  it('rejects `email` in `subject` without a domain', () => {
    const [problem] = problemsOf({ trust: { subject: ['email'] } })
    expect(problem).toMatchObject({
      severity: 'error',
      what: '`email` in `subject` matches no user, because no domain is listed',
      fix: 'list the domains this issuer may speak for in `emailDomains`',
    })
    expect(problemsOf({ trust: { subject: ['email'], emailDomains: ['acme.test'] } })).toEqual([])
  })
})
