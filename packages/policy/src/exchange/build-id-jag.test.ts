// The claims of an ID-JAG come only from the grant, the contract of the resource app and the sign-in.
import { type ResourceAppDefinition, zUser } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import type { EvaluatedUser } from '../users.ts'
import {
  AUDIENCE,
  DEFINITIONS,
  ISSUER,
  NOW_SECONDS,
  USERS,
  TODO_RESOURCE,
} from '../testing/exchange-world.ts'
import { buildIdJagClaims, type IdJagParts } from './build-id-jag.ts'

const [todo0] = DEFINITIONS.resourceApps
const { alice } = USERS
if (todo0 === undefined || alice === undefined) throw new Error('the test company has todo0 and alice')

const granted: IdJagParts['granted'] = {
  client_id: 'agent0-at-vendor',
  audience: AUDIENCE,
  resource: [TODO_RESOURCE],
  scope: ['todos.read', 'todos.write'],
  lifetime_seconds: 300,
  subject: { strategy: 'user.id', value: 'usr_alice' },
}

function build({
  app = {},
  user = alice as EvaluatedUser,
  ...change
}: Partial<Omit<IdJagParts, 'resourceApp'>> & { app?: Partial<ResourceAppDefinition> } = {}) {
  return buildIdJagClaims({
    issuer: ISSUER,
    granted,
    resourceApp: { ...(todo0 as ResourceAppDefinition), claims: {}, ...app },
    user,
    signIn: { userId: user.id, authTime: NOW_SECONDS - 60, acr: 'mfa', amr: ['pwd', 'otp'] },
    jti: 'jti_1',
    now: NOW_SECONDS,
    pairwise: (audience, userId) => `pair(${audience},${userId})`,
    ...change,
  })
}

/** As on the wire: members without a value are absent. */
const wire = (claims: object) => JSON.parse(JSON.stringify(claims)) as Record<string, unknown>

it('contains the grant, the subject and the sign-in, and nothing else', () => {
  expect(wire(build())).toEqual({
    iss: ISSUER,
    sub: 'usr_alice',
    aud: AUDIENCE,
    client_id: 'agent0-at-vendor',
    jti: 'jti_1',
    iat: NOW_SECONDS,
    exp: NOW_SECONDS + 300,
    resource: TODO_RESOURCE,
    scope: 'todos.read todos.write',
    auth_time: NOW_SECONDS - 60,
    acr: 'mfa',
    amr: ['pwd', 'otp'],
  })
})

it('floors iat and derives exp from it', () => {
  expect(build({ now: NOW_SECONDS + 0.999 })).toMatchObject({ iat: NOW_SECONDS, exp: NOW_SECONDS + 300 })
})

it.each<[string, readonly string[], unknown]>([
  ['no resource: no claim', [], undefined],
  ['one resource: a string', [TODO_RESOURCE], TODO_RESOURCE],
  ['two resources: a list', [TODO_RESOURCE, 'https://b.test/'], [TODO_RESOURCE, 'https://b.test/']],
])('writes resource as in RFC 8707: %s', (_, resource, expected) => {
  expect(wire(build({ granted: { ...granted, resource: [...resource] } })).resource).toEqual(expected)
})

it('omits scope if none is granted', () => {
  expect(wire(build({ granted: { ...granted, scope: [] } }))).not.toHaveProperty('scope')
})

it('copies key, actor and details from the grant, and tenants from the resource app', () => {
  const more = { cnf: { jkt: 'k' }, act: { sub: 'agent0' }, authorization_details: [{ type: 'todo_list' }] }
  expect(
    build({ granted: { ...granted, ...more }, app: { tenant: 'acme', audTenant: 't-42' } }),
  ).toMatchObject({ ...more, tenant: 'acme', aud_tenant: 't-42' })
})

describe('the subject', () => {
  it('is pairwise for the audience if configured, whatever the grant states', () => {
    expect(build({ app: { subject: 'pairwise' } }).sub).toBe(`pair(${AUDIENCE},usr_alice)`)
  })

  it('is the value that the decision records', () => {
    expect(
      build({ granted: { ...granted, subject: { strategy: 'user.email', value: 'alice@acme.test' } } }).sub,
    ).toBe('alice@acme.test')
  })
})

describe('the claim contract', () => {
  const carol = zUser.parse({
    id: 'usr_carol',
    username: 'carol',
    email: 'carol@acme.test',
    emailVerified: false,
    name: 'Carol',
    groups: ['engineering'],
    attributes: { mail: 'carol@elsewhere.test', todo: 7, vip: false },
  })

  it('sends a verified e-mail address, with its flag', () => {
    expect(build({ app: { claims: { email: 'user.email' } } })).toMatchObject({
      email: 'alice@acme.test',
      email_verified: true,
    })
  })

  it('sends neither address nor flag if the address is not verified', () => {
    const claims = wire(build({ user: carol, app: { claims: { email: 'user.email', name: 'user.name' } } }))
    expect(claims).toMatchObject({ name: 'Carol' })
    expect(claims).not.toHaveProperty('email')
    expect(claims).not.toHaveProperty('email_verified')
  })

  it('never flags as verified an address from another attribute', () => {
    const claims = wire(build({ user: carol, app: { claims: { email: 'user.attributes.mail' } } }))
    expect(claims.email).toBe('carol@elsewhere.test')
    expect(claims).not.toHaveProperty('email_verified')
  })

  it('never adds the flag because another claim has the verified address as its value', () => {
    const claims = wire(build({ app: { claims: { contact: 'user.email' } } }))
    expect(claims.contact).toBe('alice@acme.test')
    expect(claims).not.toHaveProperty('email_verified')
  })

  it.each<[string, string, unknown]>([
    ['text', 'user.username', 'carol'],
    ['a list', 'user.groups', ['engineering']],
    ['a number', 'user.attributes.todo', 7],
    ['false', 'user.attributes.vip', false],
  ])('sends %s unchanged', (_, source, value) => {
    expect(build({ user: carol, app: { claims: { x: source } } }).x).toEqual(value)
  })

  it('omits what the user does not have', () => {
    const claims = wire(build({ app: { claims: { department: 'user.attributes.department' } } }))
    expect(claims).not.toHaveProperty('department')
  })

  it('writes aud_sub as a string, since the resource compares strings', () => {
    expect(build({ user: carol, app: { claims: { aud_sub: 'user.attributes.todo' } } }).aud_sub).toBe('7')
  })

  it.each([
    'iss',
    'sub',
    'aud',
    'client_id',
    'exp',
    'iat',
    'jti',
    'scope',
    'resource',
    'cnf',
    'act',
    'tenant',
    'acr',
  ])('cannot replace %s', (name) => {
    const app = { claims: { [name]: 'user.username' } }
    expect(wire(build({ user: carol, app }))[name]).toEqual(wire(build({ user: carol }))[name])
  })
})

describe('sub_id', () => {
  const subId = {
    format: 'saml-nameid',
    issuer: 'https://saml.acme.test',
    nameid: 'user.username',
  } as const

  it('is absent unless configured', () => {
    expect(build().sub_id).toBeUndefined()
  })

  it('names the user with its qualifiers as configured', () => {
    const qualifiers = { nameidFormat: 'urn:f', nameQualifier: 'nq', spNameQualifier: 'sp' }
    expect(build({ app: { subId: { ...subId, ...qualifiers } } }).sub_id).toEqual({
      format: 'saml-nameid',
      issuer: 'https://saml.acme.test',
      nameid: 'alice',
      nameid_format: 'urn:f',
      name_qualifier: 'nq',
      sp_name_qualifier: 'sp',
    })
    expect(build({ app: { subId } }).sub_id).toEqual({ ...subId, nameid: 'alice' })
  })

  it('is pairwise for the audience if configured', () => {
    expect(build({ app: { subId: { ...subId, nameid: 'pairwise' } } }).sub_id).toMatchObject({
      nameid: `pair(${AUDIENCE},usr_alice)`,
    })
  })

  it('is absent for a user without the value', () => {
    expect(build({ app: { subId: { ...subId, nameid: 'user.attributes.none' } } }).sub_id).toBeUndefined()
  })
})
