// Introspection answers: a live token, then tokens that each differ from it in the one thing that makes them inactive.
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'

import { type AccessTokenOrigin, createKnownJwts, digest, importVerificationKey } from '@crosswalk/as-core'
import { compileRedemptionSnapshot, type Revocation } from '@crosswalk/policy'
import { zAuthorizationServer } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import type { RedemptionDependencies } from './dependencies.ts'
import { introspect, introspectFor } from './introspection.ts'
import type { IssuedAccessToken } from './ports.ts'

const [TODO, NOTES] = ['https://todo.test/api', 'https://notes.test/api']
const IDP = 'https://idp.test'
const NOW = 1_800_000_000
const TOKEN = 'xat_opaque'
const auth = { method: 'client_secret_basic', secret: 's' }

const ORIGIN: AccessTokenOrigin = {
  id: digest(TOKEN),
  authorizationServer: 'main',
  format: 'opaque',
  clientId: 'agent0',
  accountId: 'acc-1',
  issuer: IDP,
  issuerSubject: 'alice',
  tenant: 'acme',
  grantId: 'g',
  grantIssuedAt: NOW - 11,
  resource: [TODO],
  scope: ['todos.read'],
  issuedAt: NOW - 10,
  expiresAt: NOW + 10,
  decisionId: 'dec_1',
}

const BY_CODE = { grantType: 'authorization_code' } as const
const OF_WORKLOAD = { accountId: 'svc_1', userClaims: { sub_profile: 'ai_agent' } } as const

interface Change {
  readonly token?: Partial<IssuedAccessToken>
  readonly trust?: object
  readonly client?: object
  readonly server?: object
  readonly revocation?: Omit<Revocation, 'id'>
  readonly account?: 'active' | 'disabled' | 'missing'
  readonly isOutdated?: boolean
  readonly nowMs?: number
}

function createDeps({
  token,
  trust,
  client,
  server,
  revocation,
  account = 'active',
  isOutdated = false,
  nowMs = NOW * 1000,
}: Change) {
  const snapshot = compileRedemptionSnapshot(
    1,
    { issuer: 'https://as.test', clockSkewSeconds: 30 },
    zAuthorizationServer.parse({
      id: 'main',
      trustedIssuers: [{ issuer: IDP, tenant: 'acme', provisioning: 'jit', ...trust }],
      clients: [
        { id: 'agent0', auth, ...client },
        { id: 'todo-api', auth, introspects: [TODO] },
        { id: 'notes-api', auth, introspects: [NOTES] },
      ],
      resources: [
        { id: TODO, scopes: ['todos.read'] },
        { id: NOTES, scopes: ['notes.read'] },
      ],
      ...server,
    }),
    revocation === undefined ? [] : [{ id: 'act', ...revocation }],
  )
  const issued = { ...ORIGIN, ...token }
  return {
    clock: { nowMs: () => nowMs },
    snapshot: () => snapshot,
    issuedIdJags: { isOutdated: async () => isOutdated },
    accessTokens: { find: async (_server: string, id: string) => (id === issued.id ? issued : undefined) },
    accounts: {
      findById: (server: string, id: string) =>
        account === 'missing' || server !== 'main' || id !== 'acc-1' ? undefined : { id, status: account },
    },
  } as unknown as RedemptionDependencies
}

const isActive = async (change: Change = {}, resource = TODO, token = TOKEN) =>
  (await introspectFor(resource, token, createDeps(change))).active

describe('a token is live', () => {
  it.each<[string, Change]>([
    ['after it was issued', {}],
    ['until its last millisecond', { nowMs: ORIGIN.expiresAt * 1000 - 1 }],
    ['for any tenant of an issuer that is trusted for all', { trust: { tenant: undefined } }],
    [
      'if its issuer is trusted for several tenants',
      {
        server: {
          trustedIssuers: ['acme', 'other'].map((tenant) => ({ issuer: IDP, tenant, provisioning: 'jit' })),
        },
      },
    ],
    [
      'without an account, if users are known by issuer and subject only',
      {
        trust: { provisioning: 'external' },
        account: 'missing',
      },
    ],
    ['for a client that is limited to this issuer', { client: { issuers: [IDP] } }],
    [
      'of a workload with this service account',
      { token: OF_WORKLOAD, trust: { workloads: { alice: 'svc_1' } }, account: 'missing' },
    ],
    ['of the code flow', { token: BY_CODE, server: { authorizationCode: {} } }],
    ['if an act affects another user', { revocation: { issuer: IDP, subject: 'bob' } }],
    [
      'if an act affects another actor',
      { revocation: { issuer: IDP, actor: 'bot' }, token: { act: { iss: IDP, sub: 'agent0' } } },
    ],
    ['if an act has ended', { revocation: { issuer: IDP, until: new Date(NOW * 1000).toISOString() } }],
  ])('%s', async (_, change) => {
    expect(await isActive(change)).toBe(true)
  })
})

describe('a token is inactive', () => {
  it.each<[string, Change]>([
    ['from the moment it expires', { nowMs: ORIGIN.expiresAt * 1000 }],
    ['once it was revoked', { token: { revokedAt: NOW * 1000 - 1 } }],
    ['once an act revokes it', { revocation: { issuer: IDP, subject: 'alice' } }],
    [
      'as long as an act revokes it',
      { revocation: { issuer: IDP, until: new Date((NOW + 1) * 1000).toISOString() } },
    ],
    ['once an act revokes its resource', { revocation: { issuer: IDP, resources: [TODO] } }],
    [
      'once an act revokes what its actor does for others',
      { revocation: { issuer: IDP, actor: 'bot' }, token: { act: { iss: IDP, sub: 'bot' } } },
    ],
    ['once its IdP in this program denies the access', { isOutdated: true }],
    ['once its user was disabled (RAS-32)', { account: 'disabled' }],
    ['once its user was removed (RAS-32)', { account: 'missing' }],
    ['once its issuer is no longer trusted (SEC-33)', { trust: { active: false } }],
    ['once its issuer is trusted for another tenant only', { trust: { tenant: 'other' } }],
    ['once its client was disabled', { client: { active: false } }],
    ['once its client may not redeem ID-JAGs of its issuer', { client: { issuers: ['https://other.test'] } }],
    ['once its client is no longer registered', { client: { id: 'another' } }],
    ['once its workload is no longer accepted', { token: OF_WORKLOAD }],
    [
      'once its workload has another service account',
      { token: OF_WORKLOAD, trust: { workloads: { alice: 'svc_2' } } },
    ],
    ['once the code flow that issued it is off', { token: BY_CODE }],
    [
      'of the code flow, once its client was disabled',
      { token: BY_CODE, server: { authorizationCode: {} }, client: { active: false } },
    ],
    [
      'of the code flow, once its user was removed, even if ID-JAGs need no account',
      {
        ...{ token: BY_CODE, server: { authorizationCode: {} } },
        ...{ trust: { provisioning: 'external' }, account: 'missing' },
      },
    ],
  ])('%s', async (_, change) => {
    expect(await isActive(change)).toBe(false)
    expect(await isActive()).toBe(true)
  })

  it('if it is a different token', async () => {
    expect(await isActive({}, TODO, 'xat_another')).toBe(false)
  })
})

describe('a JWT is live', () => {
  const [own, other] = [generateKeyPairSync('ed25519'), generateKeyPairSync('ed25519')]
  const imported = importVerificationKey(own.publicKey.export({ format: 'jwk' }))
  const key = imported.accepted ? imported.value : undefined
  const claims = { iss: 'https://as.test', jti: 'jti-1' }

  function signJwt(change: object, header: object, privateKey: KeyObject): string {
    const parts = [
      { alg: 'EdDSA', typ: 'at+jwt', kid: 'k', ...header },
      { ...claims, ...change },
    ]
    const input = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.')
    return `${input}.${sign(null, Buffer.from(input), privateKey).toString('base64url')}`
  }

  it.each<[boolean, string, object, object, KeyObject]>([
    [true, 'as issued', {}, {}, own.privateKey],
    [false, 'under another issuer identifier', { iss: 'https://former.test' }, {}, own.privateKey],
    [false, 'with an unknown id', { jti: 'jti-2' }, {}, own.privateKey],
    [false, 'without an id', { jti: undefined }, {}, own.privateKey],
    [false, 'of another type', {}, { typ: 'JWT' }, own.privateKey],
    [false, 'with another key', {}, {}, other.privateKey],
    [false, 'with an unknown kid', {}, { kid: 'other' }, own.privateKey],
  ])('%s: %s', async (active, _, change, header, privateKey) => {
    const deps = {
      ...createDeps({ token: { id: 'jti-1' } }),
      knownAccessTokens: createKnownJwts(),
      signingKeys: {
        findVerificationKey: (purpose: string, kid: string) =>
          purpose === 'access-token' && kid === 'k' ? key : undefined,
      },
    } as unknown as RedemptionDependencies
    const answer = await introspectFor(TODO, signJwt(change, header, privateKey), deps)
    expect(answer.active).toBe(active)
  })
})

describe('RAS-23, RS-02: who may introspect a token', () => {
  it('an API in this program learns nothing about tokens for other APIs', async () => {
    expect(await introspectFor(NOTES, TOKEN, createDeps({}))).toEqual({ active: false })
    expect(await introspectFor(TODO, TOKEN, createDeps({}))).toMatchObject({ active: true, aud: TODO })
    expect(await isActive({ token: { resource: [TODO, NOTES] } }, NOTES)).toBe(true)
  })

  it.each([
    ['agent0', true],
    ['todo-api', true],
    ['notes-api', false],
    ['nobody', false],
  ])('%s asks: %s', async (clientId, active) => {
    const form = { get: () => TOKEN, all: () => [TOKEN], repeated: [], raw: '' }
    const answer = await introspect({ form, clientId, nowMs: NOW * 1000 }, createDeps({}))
    expect(answer).toMatchObject({ http: 200, body: { active } })
    if (!active) expect(answer.body).toEqual({ active: false })
  })

  it('a request without a token is incomplete', async () => {
    const form = { get: () => undefined, all: () => [], repeated: [], raw: '' }
    const answer = await introspect({ form, clientId: 'agent0', nowMs: NOW * 1000 }, createDeps({}))
    expect(answer).toMatchObject({ http: 400, body: { error: 'invalid_request' } })
  })

  it('details for other APIs are omitted, and those without locations stay (AT-06)', async () => {
    const [mine, other, general] = [
      { type: 't', locations: [TODO] },
      { type: 't', locations: [NOTES] },
      { type: 't' },
    ]
    const token = { resource: [TODO, NOTES], authorizationDetails: [mine, other, general] }
    expect(await introspectFor(TODO, TOKEN, createDeps({ token }))).toMatchObject({
      authorization_details: [mine, general],
    })
    const both = {
      clients: [
        { id: 'api', auth, introspects: [TODO, NOTES] },
        { id: 'agent0', auth },
      ],
    }
    const form = { get: () => TOKEN, all: () => [TOKEN], repeated: [], raw: '' }
    const question = { form, clientId: 'api', nowMs: NOW * 1000 }
    expect((await introspect(question, createDeps({ token, server: both }))).body).toMatchObject({
      authorization_details: [mine, other, general],
    })
    const onlyOther = { token: { ...token, authorizationDetails: [other] } }
    expect(await introspectFor(TODO, TOKEN, createDeps(onlyOther))).not.toHaveProperty(
      'authorization_details',
    )
  })
})

describe('the response', () => {
  const always = {
    ...{ active: true, iss: 'https://as.test', sub: 'acc-1', aud: TODO, client_id: 'agent0', jti: ORIGIN.id },
    ...{ iat: NOW - 10, exp: NOW + 10, scope: 'todos.read' },
  }

  it('says about an ordinary token who may use it where, and until when', async () => {
    expect(await introspectFor(TODO, TOKEN, createDeps({}))).toEqual({ ...always, token_type: 'Bearer' })
  })

  it('has no scope if the token has none', async () => {
    const answer = await introspectFor(TODO, TOKEN, createDeps({ token: { scope: [] } }))
    expect(answer).toMatchObject({ active: true, aud: TODO })
    expect(answer).not.toHaveProperty('scope')
  })

  it('adds the key, the actor, the sign-in and the claims of the user', async () => {
    const act = { iss: IDP, sub: 'agent0' }
    const signIn = { authTime: NOW - 60, acr: 'mfa', amr: ['pwd', 'otp'] }
    const token = { dpopThumbprint: 'jkt', act, ...signIn, userClaims: { email: 'alice@acme.test' } }
    expect(await introspectFor(TODO, TOKEN, createDeps({ token }))).toEqual({
      ...{ ...always, token_type: 'DPoP', cnf: { jkt: 'jkt' }, act, email: 'alice@acme.test' },
      ...{ auth_time: NOW - 60, acr: 'mfa', amr: ['pwd', 'otp'] },
    })
  })

  it('lets no claim of the user replace one of the token', async () => {
    const token = { userClaims: { active: false, sub: 'acc-2', exp: 0 } }
    expect(await introspectFor(TODO, TOKEN, createDeps({ token }))).toMatchObject(always)
  })
})
