import { zAuthorizationServer } from '@crosswalk/protocol'
import { describe, expect, it, test } from 'vitest'

import { evaluateRedemption } from '../evaluate-redemption.ts'
import type { AccountFact } from '../redemption-facts.ts'
import { IDP, makeClaims, makeFacts, makeSnapshot, RESOURCE, SERVER } from '../testing/redemption-world.ts'
import { buildUserClaims, MAX_USER_CLAIM_BYTES, readProfile } from './user-claims.ts'

const OTHER = 'https://notes.vendor.test/mcp'
const resource = (id: string, claims: Readonly<Record<string, string>> = {}) => ({
  id,
  scopes: ['todos.read'],
  claims,
})
const withClaims = (claims: Readonly<Record<string, string>>, trust: object = {}) =>
  makeSnapshot({
    resources: [resource(RESOURCE, claims)],
    trustedIssuers: [{ issuer: IDP, provisioning: 'jit', ...trust }],
  })

const ABOUT = {
  email: 'alice@acme.test',
  email_verified: true,
  name: 'Alice Chen',
  tenant: 'acme',
  department: 'R&D',
  groups: ['engineering'],
}

interface Case {
  readonly claims: Readonly<Record<string, string>>
  readonly idJag?: Readonly<Record<string, unknown>>
  readonly trust?: object
  readonly account?: AccountFact
}

function build({ claims, idJag = ABOUT, trust, account = { state: 'not-looked-up' } }: Case) {
  const snapshot = withClaims(claims, trust)
  const [entry] = snapshot.definition.trustedIssuers
  if (entry === undefined) throw new Error('one issuer is trusted')
  return buildUserClaims(
    { resource: [RESOURCE], idJag: makeClaims(idJag), trust: entry, profile: readProfile(account) },
    snapshot,
  )
}

describe('the user claims of an access token', () => {
  it('is empty unless the resource lists claims', () => {
    expect(build({ claims: {} })).toBeUndefined()
  })

  it('is what the resource lists, taken from the ID-JAG', () => {
    const claims = {
      name: 'idJag.name',
      tenant: 'idJag.tenant',
      unit: 'idJag.department',
      groups: 'idJag.groups',
      sub_id: 'idJag.iss_sub',
      phone: 'idJag.phone',
      'urn:acme:unit': 'idJag.department',
    }
    expect(build({ claims })).toEqual({
      name: 'Alice Chen',
      tenant: 'acme',
      unit: 'R&D',
      groups: ['engineering'],
      sub_id: { format: 'iss_sub', iss: IDP, sub: 'usr_alice' },
      'urn:acme:unit': 'R&D',
    })
  })

  test.each([
    ['a domain of the issuer', { emailDomains: ['ACME.test'] }, {}, true],
    ['an unlisted domain', { emailDomains: ['other.test'] }, {}, false],
    ['no domain listed', {}, {}, false],
    [
      'an address that the issuer did not verify',
      { emailDomains: ['acme.test'] },
      { email_verified: false },
      false,
    ],
    ['a flag that is a string', { emailDomains: ['acme.test'] }, { email_verified: 'true' }, false],
    ['no flag', { emailDomains: ['acme.test'] }, { email_verified: undefined }, false],
    ['a subdomain of a listed domain', { emailDomains: ['acme.test'] }, { email: 'a@x.acme.test' }, false],
  ])('e-mail with %s has the right verified flag', (_, trust, change, verified) => {
    const email = (change as { email?: string }).email ?? ABOUT.email
    expect(build({ claims: { email: 'idJag.email' }, trust, idJag: { ...ABOUT, ...change } })).toEqual({
      email,
      email_verified: verified,
    })
  })

  it('never flags as verified an address from another claim', () => {
    const trust = { emailDomains: ['acme.test'] }
    expect(
      build({ claims: { email: 'idJag.upn' }, trust, idJag: { ...ABOUT, upn: 'boss@acme.test' } }),
    ).toEqual({
      email: 'boss@acme.test',
      email_verified: false,
    })
  })

  test.each([
    ['found', { state: 'found', id: 'acc_1', active: true, linkingSteps: [] }],
    ['new', { state: 'new', id: 'acc_1', linkingSteps: [] }],
  ] as const)('can come from the account, if it is %s', (_, account) => {
    const claims = { email: 'account.email', name: 'account.name' }
    const profile = { email: 'alice@todo.test', emailVerified: true, name: 'Alice at Todo' }
    expect(build({ claims, account: { ...account, profile } })).toEqual({
      email: 'alice@todo.test',
      email_verified: true,
      name: 'Alice at Todo',
    })
    expect(build({ claims, account })).toEqual({})
  })

  it('names an external user by issuer, subject and tenant, listed or not', () => {
    const trust = { provisioning: 'external' }
    const named = { sub_id: { format: 'iss_sub', iss: IDP, sub: 'usr_alice' }, tenant: 'acme' }
    expect(build({ claims: {}, trust })).toEqual(named)
    expect(build({ claims: { name: 'idJag.name' }, trust })).toEqual({ ...named, name: 'Alice Chen' })
    expect(build({ claims: {}, trust, idJag: {} })).toEqual({ sub_id: named.sub_id })
  })

  it('is, for a token of several resources, only what all of them list from the same source', () => {
    const snapshot = makeSnapshot({
      resources: [
        resource(RESOURCE, { name: 'idJag.name', email: 'idJag.email', unit: 'idJag.department' }),
        resource(OTHER, { name: 'idJag.name', unit: 'idJag.team' }),
      ],
    })
    const [trust] = snapshot.definition.trustedIssuers
    if (trust === undefined) throw new Error('one issuer is trusted')
    const parts = { idJag: makeClaims({ ...ABOUT, team: 'A' }), trust }
    const names = (...ids: string[]) =>
      Object.keys(buildUserClaims({ ...parts, resource: ids }, snapshot) ?? {})
    expect(names(RESOURCE, OTHER)).toEqual(['name'])
    expect(names(OTHER, RESOURCE)).toEqual(['name'])
    expect(names(OTHER)).toEqual(['name', 'unit'])
    expect(names(RESOURCE)).toEqual(['name', 'email', 'email_verified', 'unit'])
  })
})

describe('the size of claims about the user', () => {
  const snapshot = withClaims({ note: 'idJag.note' })
  const around = JSON.stringify({ note: '' }).length
  const decide = (note: string) => evaluateRedemption(makeFacts({ note }), snapshot)

  it('is refused above the limit, with the reason, and granted at the limit', () => {
    const largest = 'x'.repeat(MAX_USER_CLAIM_BYTES - around)
    expect(decide(largest).outcome).toBe('allow')
    const refused = decide(`${largest}x`)
    expect(refused).toMatchObject({ outcome: 'deny', code: 'XAA2222', wire: { error: 'invalid_grant' } })
    expect(refused.checks).toContainEqual({
      id: 'user.claims',
      result: 'fail',
      code: 'XAA2222',
      expected: 'at most 4096 bytes',
      actual: MAX_USER_CLAIM_BYTES + 1,
    })
  })

  it('is counted in bytes', () => {
    expect(decide('ü'.repeat((MAX_USER_CLAIM_BYTES - around) / 2 + 1)).code).toBe('XAA2222')
  })

  it('is not checked if the resource lists nothing, and values never appear in the record', () => {
    const plain = evaluateRedemption(makeFacts({ note: 'x'.repeat(9000) }), makeSnapshot())
    expect(plain.outcome).toBe('allow')
    expect(plain.checks.map(({ id }) => id)).not.toContain('user.claims')
    expect(JSON.stringify(decide('secret note'))).not.toContain('secret note')
  })
})

describe('the claims that a resource may list', () => {
  const parse = (claims: unknown) =>
    zAuthorizationServer.safeParse({ ...SERVER, resources: [{ id: RESOURCE, claims }] })

  test.each(['iss', 'sub', 'aud', 'client_id', 'scope', 'exp', 'act', 'cnf', 'active', 'email_verified'])(
    '%s is reserved',
    (name) => {
      const parsed = parse({ [name]: 'idJag.name' })
      expect(parsed.success ? [] : parsed.error.issues.map(({ path }) => path.join('.'))).toEqual([
        `resources.0.claims.${name}`,
      ])
    },
  )

  test.each([
    [{ name: 'user.name' }],
    [{ name: 'account.id' }],
    [{ name: 'idJag.' }],
    [{ 'a b': 'idJag.name' }],
    [{ sub_id: 'idJag.sub_id' }],
    [{ who: 'idJag.iss_sub' }],
    [Object.fromEntries(Array.from({ length: 33 }, (_, at) => [`c${at}`, 'idJag.name']))],
  ])('%j is refused', (claims) => expect(parse(claims).success).toBe(false))

  it('are at most 32', () => {
    const most = Object.fromEntries(Array.from({ length: 32 }, (_, at) => [`c${at}`, 'idJag.name']))
    expect(parse(most).success).toBe(true)
  })
})
