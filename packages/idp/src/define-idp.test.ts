import { describe, expect, it, test } from 'vitest'

import { defineIdp, type IdpDefinition, InvalidDefinition } from './define-idp.ts'
import { verifyPassword } from './sign-in/passwords.ts'

const everyone = { everyone: true }
const GOOD: IdpDefinition = {
  issuer: 'https://idp.acme.test',
  users: [
    {
      id: 'usr_alice',
      username: 'alice',
      password: 'pw of alice',
      email: 'alice@acme.test',
      emailVerified: true,
      attributes: { staff: 7 },
    },
    { id: 'usr_bob', username: 'bob', email: 'bob@acme.test' },
  ],
  apps: [{ id: 'agent0', name: 'Agent0', kind: 'agent', auth: { method: 'none' }, assignments: everyone }],
  resourceApps: [{ id: 'todo0', name: 'Todo0', issuer: 'https://as.todo0.test' }],
  connections: [{ id: 'c1', app: 'agent0', resourceApp: 'todo0', clientId: 'x', status: 'active' }],
}

const SAML_ISSUER = {
  entityId: 'urn:corp',
  certificates: ['x'],
  audiences: { 'urn:agent0': 'agent0' },
  nameId: 'username',
}

function problemsOf(definition: IdpDefinition): readonly string[] {
  try {
    defineIdp(definition)
    return []
  } catch (error) {
    if (error instanceof InvalidDefinition) return error.problems
    throw error
  }
}

it('fills in defaults', () => {
  const { config, snapshot } = defineIdp(GOOD)
  expect(config).toMatchObject({
    baseUrl: 'https://idp.acme.test',
    idTokenTtlSeconds: 600,
    failedSignInsBeforeDelay: 10,
  })
  expect(snapshot()).toMatchObject({ idJagTtlSeconds: 300, revision: 1 })
  expect(snapshot().connections.size).toBe(1)
})

describe('refuses invalid definitions', () => {
  test.each<[string, Partial<IdpDefinition>, RegExp]>([
    ['an issuer over http', { issuer: 'http://idp.acme.test' }, /^issuer: /],
    ['a base URL with a path', { baseUrl: 'https://acme.test/idp' }, /^baseUrl: /],
    ['an ID-JAG lifetime that is too long', { idJagTtlSeconds: 301 }, /^idJagTtlSeconds: /],
    ['a connection from an undefined app', { apps: [] }, /names agent0 as app/],
    ['a connection to an undefined resource app', { resourceApps: [] }, /names todo0 as resourceApp/],
    ['an unknown member', { apps: [{ ...GOOD.apps[0], colour: 'red' } as never] }, /^apps\.0.*colour/],
    ['a duplicate id', { apps: [...GOOD.apps, ...GOOD.apps] }, /apps\.1\.id: agent0 is defined twice/],
    [
      'a SAML issuer with an unknown nameId',
      { saml: { issuers: [{ ...SAML_ISSUER, nameId: 'shoe size' }] } },
      /^saml\.issuers\.0\.nameId: /,
    ],
    [
      'an invalid SAML certificate',
      { saml: { issuers: [SAML_ISSUER] } },
      /the certificate of urn:corp is not a PEM/,
    ],
    [
      'a window without a time zone',
      {
        connections: [
          { id: 'c', app: 'agent0', resourceApp: 'todo0', conditions: { window: '07:00-20:00' } },
        ],
      },
      /the window of c: .* write days, hours and a time zone/,
    ],
    [
      'a configured second factor',
      { users: [{ id: 'u', username: 'u', totpSecret: 'A'.repeat(26) }] },
      /enrol themselves/,
    ],
    [
      'a schema that cannot be compiled',
      {
        resourceApps: [
          {
            ...(GOOD.resourceApps[0] as object),
            authorizationDetailsTypes: [{ type: 'file', schema: { type: 'nonsense' } }],
          } as never,
        ],
      },
      /^resourceApps: the schema of file at todo0: /,
    ],
    ['a clock skew over a minute', { clockSkewSeconds: 61 }, /^clockSkewSeconds: must be 0 to 60/],
    ['ID tokens for less than a minute', { idTokenTtlSeconds: 59 }, /^idTokenTtlSeconds: /],
  ])('%s', (_, change, problem) => {
    expect(problemsOf({ ...GOOD, ...change }).join('\n')).toMatch(problem)
  })

  it('reporting all problems together', () => {
    expect(problemsOf({ ...GOOD, apps: [], resourceApps: [] })).toHaveLength(2)
  })

  it.each([
    { idJagTtlSeconds: 1 },
    { idJagTtlSeconds: 300 },
    { clockSkewSeconds: 60, idTokenTtlSeconds: 60 },
    { clockSkewSeconds: 0, idTokenTtlSeconds: 86_400 },
    { issuer: 'http://127.0.0.1:4000' },
    { policies: [] },
  ])('but accepts %j', (change) => {
    expect(problemsOf({ ...GOOD, ...change })).toEqual([])
  })
})

describe('an app that chooses the algorithm of its ID tokens', () => {
  const apps = GOOD.apps.map((app) => ({ ...app, idTokenSigningAlg: 'RS256' as const }))

  it.each([undefined, 'PS256' as const, () => ['ES256', 'RS256'] as const])(
    'gets it if there is a key for it',
    (signingAlgorithm) => {
      expect(problemsOf({ ...GOOD, apps, ...(signingAlgorithm && { signingAlgorithm }) })).toEqual([])
    },
  )

  it('is refused if no key has that algorithm', () => {
    expect(problemsOf({ ...GOOD, apps, signingAlgorithm: () => 'ES256' })).toEqual([
      expect.stringContaining('wants ID tokens signed with RS256'),
    ])
  })
})

it.each([
  [undefined, 'ES256', ['RS256', 'ES256']],
  ['PS256' as const, 'PS256', ['PS256', 'RS256', 'ES256']],
])('by the algorithm %s signs ID-JAGs with %s only', (signingAlgorithm, idJag, idToken) => {
  const { config } = defineIdp({ ...GOOD, ...(signingAlgorithm && { signingAlgorithm }) })
  const choose = config.signingAlgorithm as (purpose: string) => unknown
  expect([choose('id-jag'), choose('id-token')]).toEqual([idJag, idToken])
})

it('PKCE can be optional for an app with a secret, but not for a public client', () => {
  const [app] = GOOD.apps
  const pkce = 'optional' as const
  expect(problemsOf({ ...GOOD, apps: [{ ...app, pkce, auth: { method: 'none' } }] as never })).toEqual([
    expect.stringContaining('PKCE is never optional'),
  ])
  const auth = { method: 'client_secret_basic', secret: 'a secret of 32 characters or more' }
  expect(problemsOf({ ...GOOD, apps: [{ ...app, pkce, auth }] as never })).toEqual([])
})

describe('configured users', () => {
  const { users, passwordHashes } = defineIdp(GOOD)

  it('sign in by name or verified email address, and contain no secret', async () => {
    const alice = await users.findByLogin('alice')
    expect(alice).toMatchObject({ id: 'usr_alice', active: true })
    expect(alice).not.toHaveProperty('password')
    expect(await users.findByLogin('alice@acme.test')).toEqual(alice)
    expect(await users.findByLogin('bob@acme.test')).toBeUndefined()
    expect(await users.findByAttribute('staff', '7')).toEqual([])
  })

  it('have an argon2id hash if they have a password', async () => {
    const hash = (await passwordHashes.find('usr_alice')) ?? ''
    expect(hash).toMatch(/^\$argon2id\$/)
    expect(await verifyPassword(hash, 'pw of alice')).toBe(true)
    expect(await passwordHashes.find('usr_bob')).toBeUndefined()
  })

  it('have the same hash in every process, because a sign-in may start in one and end in another', async () => {
    const elsewhere = defineIdp(GOOD)
    expect(await elsewhere.passwordHashes.find('usr_alice')).toBe(await passwordHashes.find('usr_alice'))
  })
})

const OWN_USERS = GOOD.users as Exclude<IdpDefinition['users'], { findById: unknown }>
const readAttribute = (user: object, name: string) =>
  (user as { readonly attributes?: Readonly<Record<string, unknown>> }).attributes?.[name]
/** A service that finds users more loosely than it is asked to. */
const SERVICE: IdpDefinition['users'] = {
  findById: async (id) => OWN_USERS.find((user) => user.id === id.toLowerCase()),
  findByLogin: async (login) =>
    OWN_USERS.find(({ username, email }) =>
      [username, email].some((it) => it?.startsWith(login.slice(0, 3).toLowerCase())),
    ),
  findPasswordHash: async () => undefined,
  findByAttribute: async (name) => OWN_USERS.filter((user) => readAttribute(user, name) !== undefined),
}

describe.each([
  ['a list', GOOD.users],
  ['a service', SERVICE],
])('in %s', (_, given) => {
  const { users } = defineIdp({ ...GOOD, users: given })

  it.each([
    ['user.id', 'usr_alice', ['usr_alice']],
    ['user.id', 'USR_ALICE', []],
    // As many resources compare them
    ['user.username', 'ALICE', ['usr_alice']],
    ['user.email', 'Alice@ACME.test', ['usr_alice']],
    ['user.email', 'alice@other.test', []],
    ['user.attributes.staff', '7', ['usr_alice']],
    ['user.attributes.staff', '8', []],
    ['user.attributes.constructor', '7', []],
  ])('users whose %s is %s: %j', async (source, text, ids) => {
    expect(await users.findByValue(source, text)).toEqual(ids)
  })
})

it('looks up users of a custom source at every use', async () => {
  const active = new Set(['usr_alice'])
  const user = (id: string) => ({ id, username: id.replace('usr_', ''), active: active.has(id) })
  const { users, passwordHashes } = defineIdp({
    ...GOOD,
    users: {
      findById: async (id) => user(id),
      findByLogin: async (login) => (login === 'alice' ? user('usr_alice') : undefined),
      findPasswordHash: async () => 'a hash',
    },
  })
  expect(await users.findById('usr_alice')).toMatchObject({ active: true, groups: [] })
  active.clear()
  expect(await users.findById('usr_alice')).toMatchObject({ active: false })
  expect(await users.findByLogin('bob')).toBeUndefined()
  expect(await passwordHashes.find('usr_alice')).toBe('a hash')
})

it('finds no user if the service returns null, as many database clients do', async () => {
  const find = async () => null
  const { users, passwordHashes } = defineIdp({
    ...GOOD,
    users: { findById: find, findByLogin: find, findPasswordHash: find },
  })
  expect([
    await users.findById('usr_alice'),
    await users.findByLogin('alice'),
    await passwordHashes.find('usr_alice'),
  ]).toEqual([undefined, undefined, undefined])
})

it('reports a service that cannot look users up, as a fault that passes', async () => {
  const fail = async () => {
    throw new Error('connect ECONNREFUSED')
  }
  const { users, passwordHashes } = defineIdp({
    ...GOOD,
    users: { findById: fail, findByLogin: fail, findPasswordHash: fail, findByAttribute: fail },
  })
  const lookUps = [
    users.findById('usr_alice'),
    users.findByLogin('alice'),
    users.findByAttribute('staff', '7'),
    passwordHashes.find('usr_alice'),
  ]
  const message = 'users cannot be looked up: connect ECONNREFUSED'
  for (const one of lookUps) await expect(one).rejects.toMatchObject({ name: 'UserLookupFault', message })
})
