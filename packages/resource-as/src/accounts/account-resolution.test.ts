import { digest } from '@crosswalk/as-core'
import { renderSubIdKey, zTrustedIssuer } from '@crosswalk/protocol'
import { describe, expect, it, test } from 'vitest'

import { resolveAccount } from './account-resolution.ts'
import type { Account, Accounts } from '../ports.ts'

const ISSUER = 'https://idp.test'
const SAML = 'https://saml.test'
const subId = { format: 'saml-nameid', issuer: SAML, nameid: 'alice', nameid_format: 'f' } as const
const KEY = digest(renderSubIdKey(subId))

const claims = { iss: ISSUER, sub: 'u-1', sub_id: subId }

function account(id: string, change: Partial<Account> = {}): Account {
  return {
    id,
    authorizationServer: 'todo0',
    issuer: ISSUER,
    subject: `subject-of-${id}`,
    emailVerified: true,
    createdAt: 0,
    status: 'active',
    ...change,
  }
}

type Json = Readonly<Record<string, unknown>>

function keep(kept: readonly Account[]): Accounts {
  return {
    findById: async (_server, id) => kept.find((one) => one.id === id),
    findByIssuerSubject: async (_server, issuer, _tenant, subject) =>
      kept.find((one) => one.issuer === issuer && one.subject === subject),
    findByOwnId: async (_server, ownId) => kept.filter((one) => one.audSub === ownId),
    findBySubId: async (_server, key) => kept.filter((one) => one.subIdKey === key),
    findByVerifiedEmail: async (_server, email) =>
      kept.filter((one) => one.emailVerified && one.email === email),
  }
}

function resolve(
  kept: readonly Account[],
  trust: Readonly<Record<string, unknown>> = {},
  change: Readonly<Record<string, unknown>> = {},
  { audTenant, accounts = keep(kept) }: { audTenant?: string; accounts?: Accounts } = {},
) {
  const entry = { issuer: ISSUER, subject: ['iss_sub', 'sub_id'], samlEntityId: SAML, ...trust }
  const about = { server: 'todo0', claims: { ...claims, ...change }, audTenant, nowMs: 0 }
  return resolveAccount({ ...about, trust: zTrustedIssuer.parse(entry) }, accounts)
}

const bySub = (change: Partial<Account> = {}) => account('by-sub', { subject: 'u-1', ...change })
const byName = account('by-name', { subIdKey: KEY })
const byAddress = { subject: ['email'], emailDomains: ['acme.test'] }

describe('SAML-13: sub and sub_id refer to one user', () => {
  test.each<[string, readonly Account[], Readonly<Record<string, unknown>>, object]>([
    ['both steps find the same account', [bySub({ subIdKey: KEY })], {}, { state: 'found', id: 'by-sub' }],
    ['only sub finds one, without a name', [bySub()], {}, { state: 'found', id: 'by-sub' }],
    ['only sub_id finds one', [byName], {}, { state: 'found', id: 'by-name' }],
    ['they find different accounts', [bySub(), byName], {}, { state: 'conflict' }],
    [
      'they find different accounts, with sub_id listed first',
      [bySub(), byName],
      { subject: ['sub_id', 'iss_sub'] },
      { state: 'conflict' },
    ],
    [
      'sub finds one with a name, where names are not used',
      [bySub({ subIdKey: 'other' })],
      { subject: ['iss_sub'] },
      { state: 'found', id: 'by-sub' },
    ],
    ['sub finds one known by another name', [bySub({ subIdKey: 'other' })], {}, { state: 'conflict' }],
    [
      'if sub_id is not used, the first found wins',
      [bySub(), byName],
      { subject: ['iss_sub'] },
      { state: 'found', id: 'by-sub' },
    ],
    [
      'if only sub_id is used, sub is not looked up',
      [bySub(), byName],
      { subject: ['sub_id'] },
      { state: 'found', id: 'by-name' },
    ],
    [
      'no second account is created for the same sub',
      [bySub()],
      { subject: ['sub_id'], provisioning: 'jit' },
      { state: 'conflict' },
    ],
    ['with no one, a user is made', [], { provisioning: 'jit' }, { state: 'new' }],
  ])('%s', async (_, kept, trust, fact) => {
    expect((await resolve(kept, trust)).fact).toMatchObject(fact)
  })
})

describe('SAML-08, SAML-09, SAML-10: the whole name must match', () => {
  test.each<[string, unknown, Readonly<Record<string, unknown>>]>([
    ['another nameid', { ...subId, nameid: 'Alice' }, {}],
    ['without its format', { ...subId, nameid_format: undefined }, {}],
    ['with a qualifier more', { ...subId, sp_name_qualifier: 's' }, {}],
    ['missing', undefined, {}],
    ['malformed', { ...subId, nameid: 1 }, {}],
    ['of another SAML issuer', { ...subId, issuer: 'https://saml.test/' }, {}],
    ['of an issuer without an entity id', subId, { samlEntityId: undefined }],
  ])('%s: finds no account', async (_, value, trust) => {
    const { fact } = await resolve([byName], { subject: ['sub_id'], ...trust }, { sub_id: value })
    expect(fact).toMatchObject({ state: 'missing' })
  })

  test('an issuer cannot name the user of another SAML issuer', async () => {
    const other = { ...subId, issuer: 'https://other-saml.test' }
    const kept = [account('other', { subIdKey: digest(renderSubIdKey(other)) })]
    const state = async (samlEntityId: string) =>
      (await resolve(kept, { subject: ['sub_id'], samlEntityId }, { sub_id: other })).fact.state
    expect([await state(SAML), await state(other.issuer)]).toEqual(['missing', 'found'])
  })

  test('a just-in-time account stores the name, and without a usable name none is created', async () => {
    const jit = { subject: ['sub_id'], provisioning: 'jit' }
    expect((await resolve([], jit)).newAccount).toMatchObject({ subject: 'u-1', subIdKey: KEY })
    expect(await resolve([], jit, { sub_id: undefined })).toEqual({
      fact: {
        state: 'missing',
        linkingSteps: [{ step: 'sub_id', result: 'not-usable', why: 'no sub_id claim' }],
      },
    })
  })
})

describe('RAS-30: an address links only as a strategy, verified, of a listed domain, and for one account', () => {
  const mail = (id: string, change: Partial<Account> = {}) =>
    account(id, { email: 'alice@acme.test', issuer: 'https://other.test', ...change })
  const claimed = { email: 'Alice@ACME.test', email_verified: true }
  const byEmail = { subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] }

  test.each<[string, readonly Account[], Json, Json, object]>([
    ['one account', [mail('one')], byEmail, claimed, { state: 'found', id: 'one' }],
    ['two accounts with the address', [mail('one'), mail('two')], byEmail, claimed, { state: 'ambiguous' }],
    [
      'two accounts, where one may be created',
      [mail('one'), mail('two')],
      { ...byEmail, provisioning: 'jit' },
      claimed,
      { state: 'ambiguous' },
    ],
    [
      'two accounts, one of which the issuer calls by another sub, where one may be created',
      [mail('former', { issuer: ISSUER }), mail('two')],
      { ...byEmail, provisioning: 'jit' },
      claimed,
      { state: 'ambiguous' },
    ],
    [
      'the account of this sub, looked up by address first',
      [mail('one', { issuer: ISSUER, subject: 'u-1' })],
      { ...byEmail, subject: ['email', 'iss_sub'] },
      claimed,
      { state: 'found', id: 'one', linkingSteps: [{ step: 'email', result: 'found' }] },
    ],
    [
      'another account than the one of this sub, which comes first',
      [bySub(), mail('one')],
      byEmail,
      claimed,
      { state: 'found', id: 'by-sub' },
    ],
    ['no account', [], byEmail, claimed, { state: 'missing' }],
    [
      'an account with an unverified address',
      [mail('one', { emailVerified: false })],
      byEmail,
      claimed,
      { state: 'missing' },
    ],
    [
      'an address that the issuer did not verify',
      [mail('one')],
      byEmail,
      { ...claimed, email_verified: false },
      { state: 'email-refused' },
    ],
    [
      'an address without a statement of the issuer',
      [mail('one')],
      byEmail,
      { ...claimed, email_verified: undefined },
      { state: 'email-refused' },
    ],
    [
      'an unverified address as the only strategy',
      [mail('one')],
      byAddress,
      { ...claimed, email_verified: false },
      { state: 'email-refused' },
    ],
    [
      'an address of another domain',
      [mail('one', { email: 'alice@acme.test.evil' })],
      byEmail,
      { ...claimed, email: 'alice@acme.test.evil' },
      { state: 'email-refused' },
    ],
    [
      'an address that lowercases to that of another user',
      [mail('one', { email: 'mike@acme.test' })],
      byEmail,
      { ...claimed, email: 'mi\u212ae@acme.test' },
      { state: 'email-refused' },
    ],
    [
      'an issuer without the strategy, though its domain is listed',
      [mail('one')],
      { ...byEmail, subject: ['iss_sub'] },
      claimed,
      { state: 'missing' },
    ],
  ])('%s', async (_, kept, trust, change, fact) => {
    expect((await resolve(kept, { samlEntityId: undefined, ...trust }, change)).fact).toMatchObject(fact)
  })

  test.each<[string, Json, Json, boolean]>([
    ['the strategy is listed', byEmail, claimed, true],
    ['the strategy is not listed', { ...byEmail, subject: ['iss_sub'] }, claimed, false],
    ['the domain is not listed', { ...byEmail, emailDomains: ['other.test'] }, claimed, false],
    ['the issuer did not verify it', byEmail, { ...claimed, email_verified: false }, false],
  ])('a new account has a verified address only if it could link: %s', async (_, trust, change, verified) => {
    const { newAccount } = await resolve(
      [],
      { ...trust, samlEntityId: undefined, provisioning: 'jit' },
      change as never,
    )
    expect(newAccount).toMatchObject({ email: 'Alice@ACME.test', emailVerified: verified })
  })

  describe('an address that the issuer has given to another user since', () => {
    const former = account('former', { email: 'alice@acme.test' })
    const refused = {
      step: 'email',
      result: 'not-usable',
      why: 'the address belongs to another user of this issuer',
    }

    test.each<[string, Json, Json, object]>([
      ['does not link', {}, {}, { state: 'email-refused', linkingSteps: [{ result: 'none' }, refused] }],
      ['links in another tenant', {}, { tenant: 't' }, { state: 'found', id: 'former' }],
      [
        'links where the address alone names users',
        { subject: ['email'] },
        {},
        { state: 'found', id: 'former' },
      ],
    ])('%s', async (_, trust, change, fact) => {
      const { fact: found } = await resolve([former], { ...byEmail, ...trust }, { ...claimed, ...change })
      expect(found).toMatchObject(fact)
    })

    test('goes to a new account as an unverified one', async () => {
      const trust = { ...byEmail, provisioning: 'jit' }
      const { fact, newAccount } = await resolve([former], trust, claimed)
      expect(fact).toMatchObject({ state: 'new' })
      expect(newAccount).toMatchObject({ subject: 'u-1', email: 'Alice@ACME.test', emailVerified: false })
    })
  })

  test('the identity of a user found by address is returned, so that it can be linked', async () => {
    const trust = { ...byEmail, samlEntityId: undefined }
    expect((await resolve([mail('one')], trust, { ...claimed, tenant: 't' })).unlinked).toEqual({
      issuer: ISSUER,
      subject: 'u-1',
      tenant: 't',
      email: 'alice@acme.test',
    })
    const linked = account('one', { subject: 'u-1' })
    expect((await resolve([linked], trust, claimed)).unlinked).toBeUndefined()
    // Nothing would find the user by a link.
    const withoutLinks = { ...trust, subject: ['aud_sub', 'email'] }
    const unnamed = await resolve([mail('one')], withoutLinks, { ...claimed, aud_sub: 'none' })
    expect(unnamed).toMatchObject({ fact: { state: 'found', id: 'one' } })
    expect(unnamed.unlinked).toBeUndefined()
  })
})

test.each<[string, readonly Account[], Json, Json]>([
  [
    'own id',
    [account('one', { audSub: 'u-9' }), account('two', { audSub: 'u-9' })],
    { subject: ['aud_sub'] },
    { aud_sub: 'u-9' },
  ],
  [
    'SAML name',
    [account('one', { subIdKey: KEY }), account('two', { subIdKey: KEY })],
    { subject: ['sub_id'] },
    {},
  ],
])(
  'two accounts with one %s are ambiguous, also where one may be created',
  async (_, kept, trust, change) => {
    const { fact } = await resolve(kept, { ...trust, provisioning: 'jit' }, change)
    expect(fact).toMatchObject({ state: 'ambiguous', linkingSteps: [{ result: 'several' }] })
  },
)

test.each<[string, Json, Json, Json]>([
  [
    'disabled',
    { status: 'disabled' },
    { subject: ['aud_sub'] },
    { state: 'found', id: 'by-sub', active: false },
  ],
  ['active', {}, { subject: ['aud_sub'] }, { state: 'found', id: 'by-sub', active: true }],
  ['disabled', { status: 'disabled' }, byAddress, { state: 'found', id: 'by-sub', active: false }],
])(
  'RAS-32: an account of the same issuer and subject, %s, is not created again if no strategy finds it',
  async (_, change, trust, fact) => {
    const { fact: found, newAccount } = await resolve([bySub(change)], { ...trust, provisioning: 'jit' })
    expect([found, newAccount]).toEqual([expect.objectContaining(fact), undefined])
  },
)

it('a new account takes our own identifier only from an issuer that is trusted with it', async () => {
  const make = async (...subject: readonly string[]) =>
    (await resolve([], { subject, provisioning: 'jit' }, { aud_sub: 'u-9' })).newAccount
  expect(await make('iss_sub', 'aud_sub')).toMatchObject({ audSub: 'u-9' })
  expect(await make('iss_sub')).not.toHaveProperty('audSub')
})

it.each<[string, Json, boolean]>([
  ['this tenant', { aud_tenant: 't-1' }, true],
  ['another tenant', { aud_tenant: 't-2' }, false],
  ['no tenant', {}, false],
])('TEN-05: our own identifier, for %s, is used and kept only in its tenant', async (_, change, isUsed) => {
  const trust = { subject: ['aud_sub'], provisioning: 'jit' }
  const of = (kept: readonly Account[]) =>
    resolve(kept, trust, { aud_sub: 'u-9', ...change }, { audTenant: 't-1' })
  expect((await of([account('a', { audSub: 'u-9' })])).fact.state).toBe(isUsed ? 'found' : 'new')
  expect((await of([])).newAccount?.audSub).toBe(isUsed ? 'u-9' : undefined)
})

it('TEN-05: our own identifier is used whatever tenant is named, if there is only one here', async () => {
  const { fact } = await resolve(
    [account('a', { audSub: 'u-9' })],
    { subject: ['aud_sub'] },
    {
      ...{ aud_sub: 'u-9', aud_tenant: 't-1' },
    },
  )
  expect(fact).toMatchObject({ state: 'found', id: 'a' })
})

it.each<[string, unknown, Json, string]>([
  ['255 characters', 'u'.repeat(255), { subject: ['iss_sub'], provisioning: 'jit' }, 'new'],
  ['256 characters', 'u'.repeat(256), { subject: ['iss_sub'], provisioning: 'jit' }, 'missing'],
  ['no text', 7, { subject: ['iss_sub'], provisioning: 'jit' }, 'missing'],
  ['255 characters', 'u'.repeat(255), { provisioning: 'external' }, 'external'],
  ['256 characters', 'u'.repeat(256), { provisioning: 'external' }, 'missing'],
])('a subject of %s', async (_, sub, trust, state) => {
  expect((await resolve([], trust, { sub })).fact.state).toBe(state)
})

it.each([
  ['external', 'external'],
  ['jit', 'new'],
])('the same subject in another tenant is another user: %s', async (provisioning, state) => {
  const find = async (tenant?: string) => {
    const { fact, newAccount } = await resolve([], { subject: ['iss_sub'], provisioning }, { tenant })
    expect(fact.state).toBe(state)
    if (state === 'new') expect(newAccount?.tenant).toBe(tenant)
    return 'id' in fact ? fact.id : undefined
  }
  const ids = [await find(), await find('t-1'), await find('t-2')]
  expect(new Set(ids).size).toBe(3)
  expect(await find('t-1')).toBe(ids[1])
})

it.each<[string, Json, string | undefined]>([
  ['verified, in a domain of the issuer', { email_verified: true }, 'bob@acme.test'],
  ['not verified', {}, undefined],
  ['in another domain', { email: 'Bob@other.test', email_verified: true }, undefined],
])('a service learns an address that is %s', async (_, change, email) => {
  const asked: unknown[] = []
  const accounts: Accounts = {
    ...keep([]),
    findByIssuerSubject: async (_server, _issuer, _tenant, _subject, identity) =>
      void asked.push(identity?.email),
  }
  const trust = { subject: ['iss_sub'], emailDomains: ['acme.test'] }
  await resolve([], trust, { email: 'Bob@Acme.test', ...change }, { accounts })
  expect(asked).toEqual([email])
})

it('the name and address of a new account have no characters that reverse the text around them', async () => {
  const make = async (change: Readonly<Record<string, unknown>>) =>
    (await resolve([], { subject: ['iss_sub'], provisioning: 'jit' }, change)).newAccount
  const named = { name: 'Bob', email: 'bob@acme.test' }
  expect(await make(named)).toMatchObject(named)
  const bidi = await make({ name: 'Bob\u202e', email: 'bob\u202e@acme.test' })
  expect(bidi).toMatchObject({ name: 'Bob' })
  expect(bidi).not.toHaveProperty('email')
})

test.each([
  ['ci', 'svc_ci'],
  ['constructor', undefined],
])('a workload %s has the service account %s', async (sub, id) => {
  const { fact } = await resolve([], { workloads: { ci: 'svc_ci' } }, { sub, sub_profile: 'workload' })
  expect(fact).toEqual({ state: 'workload', id })
})

test.each<[unknown, string]>([
  ['user', 'found'],
  [undefined, 'found'],
  ['service', 'workload'],
  ['ai_agent', 'workload'],
  ['', 'workload'],
  [null, 'workload'],
])('a subject of profile %j is looked up as: %s', async (profile, state) => {
  const { fact } = await resolve([bySub()], { subject: ['iss_sub'] }, { sub_profile: profile })
  expect(fact.state).toBe(state)
})
