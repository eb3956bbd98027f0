import { describe, expect, it, test } from 'vitest'

import { defineResourceAs, InvalidDefinition, type ResourceAsDefinition } from './define-resource-as.ts'

const ISSUER = 'https://as.todo0.test'
const TRUSTED = [{ issuer: 'https://idp.acme.test' }]
const NOBODY = () => undefined
const GOOD: ResourceAsDefinition = { issuer: ISSUER, trustedIssuers: TRUSTED }

function problemsOf(definition: ResourceAsDefinition): readonly string[] {
  try {
    defineResourceAs(definition)
    return []
  } catch (error) {
    if (error instanceof InvalidDefinition) return error.problems
    throw error
  }
}

it('completes a partial definition with the defaults of the configuration file', () => {
  const { config, snapshot, accounts } = defineResourceAs({ ...GOOD, issuer: 'https://vendor.test/tasks' })
  expect(config).toEqual({
    id: 'main',
    issuer: 'https://vendor.test/tasks',
    baseUrl: 'https://vendor.test',
    signingAlgorithm: 'ES256',
    clockSkewSeconds: 30,
    tokenRequestsPerMinutePerClient: 0,
  })
  expect(snapshot().definition).toMatchObject({ accessTokenTtlSeconds: 600, replay: 'single-use' })
  expect(snapshot().trusted.get('https://idp.acme.test')).toMatchObject([
    { provisioning: 'none', subject: ['iss_sub'] },
  ])
  expect(accounts).toBeUndefined()
})

it.each([
  [{}, 'vendor.test/tasks'],
  [{ id: 'tasks' }, 'tasks'],
])('decisions of %j name the server %s', (more, name) => {
  const { snapshot } = defineResourceAs({ ...GOOD, issuer: 'https://vendor.test/tasks', ...more })
  expect(snapshot().name).toBe(name)
})

describe('refuses invalid definitions', () => {
  test.each<[string, Partial<ResourceAsDefinition>, RegExp]>([
    ['an issuer that is not a URL', { issuer: 'todo0' }, /^issuer: /],
    ['a base URL with a path', { baseUrl: 'https://vendor.test/as' }, /^baseUrl: must be an origin/],
    ['a skew beyond a minute', { clockSkewSeconds: 61 }, /^clockSkewSeconds: /],
    ['a negative skew', { clockSkewSeconds: -1 }, /^clockSkewSeconds: /],
    ['a lifetime of zero', { accessTokenTtlSeconds: 0 }, /^accessTokenTtlSeconds: /],
    ['an unknown member', { ttl: 1 } as never, /ttl/],
    [
      'a resolver that is never called',
      { users: { byId: NOBODY, byVerifiedEmail: NOBODY } },
      /^users\.byVerifiedEmail: never called/,
    ],
    [
      'users without look-up by id, since a disabled one would keep access',
      { users: { bySubject: NOBODY } as never },
      /^users\.byId: required/,
    ],
    [
      'the e-mail strategy for an issuer without domains',
      { trustedIssuers: [{ issuer: 'https://idp.acme.test', subject: ['email'] }] },
      /^trustedIssuers\.0\.emailDomains: is empty/,
    ],
    [
      'an issuer defined twice',
      { trustedIssuers: [{ issuer: 'https://idp.acme.test' }, { issuer: 'https://idp.acme.test' }] },
      /^trustedIssuers\.1: https:\/\/idp\.acme\.test is defined twice/,
    ],
    [
      'an issuer defined twice for one tenant',
      {
        trustedIssuers: [
          { issuer: 'https://idp.acme.test', tenant: 'a' },
          { issuer: 'https://idp.acme.test', tenant: 'a' },
        ],
      },
      /^trustedIssuers\.1: https:\/\/idp\.acme\.test for the tenant a is defined twice/,
    ],
    [
      'a resource defined twice',
      { resources: [{ id: 'https://todo.test/api' }, { id: 'https://todo.test/api' }] },
      /^resources\.1: .* is defined twice/,
    ],
    [
      'claims of accounts that it does not store',
      {
        users: { byId: NOBODY, bySubject: NOBODY },
        resources: [{ id: 'https://todo.test/api', claims: { name: 'account.name' } }],
      },
      /^resources\.0\.claims\.name: account\.name is not known/,
    ],
    [
      'its own accounts in addition to users of the service',
      {
        trustedIssuers: [{ ...TRUSTED[0], issuer: TRUSTED[0]?.issuer ?? '', provisioning: 'jit' }],
        users: { byId: NOBODY },
      },
      /use none/,
    ],
  ])('%s', (_, change, problem) => {
    expect(problemsOf({ ...GOOD, ...change })).toEqual([expect.stringMatching(problem)])
  })

  it('reports all problems together', () => {
    expect(problemsOf({ ...GOOD, clockSkewSeconds: 61, baseUrl: 'x' })).toHaveLength(2)
  })

  it.each([
    { clockSkewSeconds: 0 },
    { clockSkewSeconds: 60 },
    { baseUrl: 'https://elsewhere.test' },
    {
      trustedIssuers: [
        { issuer: 'https://idp.acme.test' },
        { issuer: 'https://idp.acme.test', tenant: 'a' },
        { issuer: 'https://idp.acme.test', tenant: 'b' },
      ],
    },
    { users: { byId: NOBODY, bySubject: () => 'u-1' } },
    {
      trustedIssuers: [
        { issuer: 'https://idp.acme.test', subject: ['email'] as ['email'], emailDomains: ['acme.test'] },
      ],
    },
  ])('accepts %j', (change) => {
    expect(problemsOf({ ...GOOD, ...change })).toEqual([])
  })
})

describe('users of the service', () => {
  const ALICE = { issuer: 'https://idp.acme.test', subject: 'usr_alice' }
  const asked: unknown[] = []
  const { accounts } = defineResourceAs({
    issuer: ISSUER,
    trustedIssuers: [
      {
        issuer: 'https://idp.acme.test',
        subject: ['iss_sub', 'aud_sub', 'email'],
        emailDomains: ['acme.test'],
      },
    ],
    users: {
      byId: (id) => ({ 'u-1': { id: 'u-1', active: true }, 'u-3': 'u-3' })[id] ?? 'another user',
      bySubject: (identity) => {
        asked.push(identity)
        return identity.subject === 'usr_alice' ? 'u-1' : undefined
      },
      byOwnId: async (ownId) => ({ id: ownId, active: false }),
      byVerifiedEmail: (email) => (email === 'alice@acme.test' ? 'u-1' : undefined),
    },
  })

  it('are looked up by verified values', async () => {
    expect(
      await accounts?.findByIssuerSubject('main', 'https://idp.acme.test', 'acme', 'usr_alice'),
    ).toMatchObject({
      id: 'u-1',
      status: 'active',
    })
    expect(asked).toEqual([{ issuer: 'https://idp.acme.test', subject: 'usr_alice', tenant: 'acme' }])
    expect(
      await accounts?.findByIssuerSubject('main', 'https://idp.acme.test', undefined, 'usr_bob'),
    ).toBeUndefined()
    expect(asked.at(-1)).not.toHaveProperty('tenant')
  })

  it('are disabled if the service says so', async () => {
    expect(await accounts?.findByOwnId('main', 'u-9', ALICE)).toMatchObject([
      { id: 'u-9', status: 'disabled' },
    ])
  })

  it('are found by exactly the requested id, or not at all', async () => {
    expect(await accounts?.findById('main', 'u-1')).toMatchObject({ id: 'u-1', status: 'active' })
    expect(await accounts?.findById('main', 'u-2')).toBeUndefined()
    // An id alone stands for an active user.
    expect(await accounts?.findById('main', 'u-3')).toMatchObject({ id: 'u-3', status: 'active' })
  })

  it('are found by e-mail only if one matches', async () => {
    expect(await accounts?.findByVerifiedEmail('main', 'alice@acme.test', ALICE)).toHaveLength(1)
    expect(await accounts?.findByVerifiedEmail('main', 'eve@acme.test', ALICE)).toEqual([])
  })

  it('are not found if the service returns null, as many database clients do', async () => {
    const trustedIssuers = [
      {
        issuer: ALICE.issuer,
        subject: ['iss_sub' as const, 'aud_sub' as const, 'email' as const],
        emailDomains: ['acme.test'],
      },
    ]
    const find = async () => null
    const users = { byId: find, bySubject: find, byOwnId: find, byVerifiedEmail: find }
    const { accounts: empty } = defineResourceAs({ issuer: ISSUER, trustedIssuers, users })
    expect(await empty?.findByIssuerSubject('main', ALICE.issuer, undefined, ALICE.subject)).toBeUndefined()
    expect(await empty?.findById('main', 'u-1')).toBeUndefined()
    expect(await empty?.findByOwnId('main', 'u-1', ALICE)).toEqual([])
    expect(await empty?.findByVerifiedEmail('main', 'alice@acme.test', ALICE)).toEqual([])
  })
})
