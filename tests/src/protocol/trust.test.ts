// Issuers that a Resource Authorization Server trusts, and their keys: cases that need their own issuers and clients.
import { buildAuditEvent } from '@crosswalk/as-core'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT_AT_VENDOR, company } from '../support/company.ts'
import { basic, postForm, redeem } from '../support/flow.ts'
import { expectRefused } from './support/expect-refused.ts'
import {
  type DocumentServer,
  idJagClaims,
  idJagHeader,
  makeKey,
  serveDocuments,
  signJwt,
  type TestKey,
} from './support/foreign-issuer.ts'
import { startWorld, type World } from './support/world.ts'

const A = 'https://a.idp.test'
const B = 'https://b.idp.test'
const C = 'https://c.idp.test'
const OFF = 'https://off.idp.test'
const entry = (issuer: string, key: TestKey, change = {}) => ({
  issuer,
  jwks: { keys: [key.publicJwk] },
  subject: ['iss_sub'],
  provisioning: 'jit',
  ...change,
})

let world: World
let ofA: TestKey
let ofB: TestKey
const file =
  (trustedIssuers: readonly unknown[], clients: readonly unknown[] = []) =>
  (baseUrl: string) =>
    company(baseUrl, {
      authorizationServer: {
        trustedIssuers,
        clients: [
          { id: AGENT_AT_VENDOR.id, auth: { method: 'client_secret_basic', secret: AGENT_AT_VENDOR.secret } },
          ...clients,
        ],
      },
    })
const idJag = (issuer: string, key: TestKey, change = {}) =>
  signJwt(key, idJagClaims(world, issuer, change), idJagHeader)

beforeAll(async () => {
  ofA = await makeKey('shared-kid')
  ofB = await makeKey('shared-kid')
  const onlyA = { method: 'client_secret_basic', secret: 'only a' }
  world = await startWorld(
    file(
      [entry(A, ofA), entry(B, ofB), entry(OFF, ofA, { active: false })],
      [{ id: 'only-a', auth: onlyA, issuers: [A] }],
    ),
  )
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

it('names each actor in its own token by issuer, and repeats nothing else about them (ACT-05, ACT-06)', async () => {
  const extra = { email: 'first@a.test', note: 'x'.repeat(5000) }
  const act = {
    ...{ sub: 'agent', sub_profile: 'ai_agent', ...extra },
    act: { iss: 'https://earlier.test', sub: 'first', ...extra },
  }
  const { status, body } = await redeem(world.baseUrl, await idJag(A, ofA, { act }))
  expect(status).toBe(200)
  const named = {
    ...{ iss: A, sub: 'agent', sub_profile: 'ai_agent' },
    act: { iss: 'https://earlier.test', sub: 'first' },
  }
  expect(decodeJwt(String(body.access_token)).act).toEqual(named)
  const seen = await postForm(
    `${world.baseUrl}/as/vendor/introspect`,
    { token: String(body.access_token) },
    { authorization: basic(AGENT_AT_VENDOR) },
  )
  expect(seen.body.act).toEqual(named)
  const long = await redeem(world.baseUrl, await idJag(A, ofA, { act: { sub: 'a'.repeat(256) } }))
  await expectRefused(world, long, { error: 'invalid_grant', code: 'XAA2218' })
})

describe('keys and their issuers', () => {
  it('ras-sig-25: a key of one issuer is not valid for another, even with the same kid (SEC-04, RAS-10)', async () => {
    expect((await redeem(world.baseUrl, await idJag(A, ofA))).status).toBe(200)
    expect((await redeem(world.baseUrl, await idJag(B, ofB))).status).toBe(200)
    const crossed = await redeem(world.baseUrl, await idJag(B, ofA))
    await expectRefused(world, crossed, { error: 'invalid_grant', code: 'XAA2203' })
  })

  it('ras-clm-56: an issuer not trusted for this client is rejected (RAS-08, RAS-34)', async () => {
    const only = { id: 'only-a', secret: 'only a' }
    const good = await redeem(world.baseUrl, await idJag(A, ofA, { client_id: only.id }), {}, only)
    expect(good.status).toBe(200)
    const other = await redeem(world.baseUrl, await idJag(B, ofB, { client_id: only.id }), {}, only)
    await expectRefused(world, other, { error: 'invalid_grant', code: 'XAA2104' })
  })

  it('ras-clm-57: a disabled issuer is rejected like an unknown one (RAS-08, SEC-33)', async () => {
    const off = await redeem(world.baseUrl, await idJag(OFF, ofA))
    await expectRefused(world, off, { error: 'invalid_grant', code: 'XAA2202' })
    const unknown = await redeem(world.baseUrl, await idJag('https://nobody.test', ofA))
    await expectRefused(world, unknown, { error: 'invalid_grant', code: 'XAA2202' })
    expect(unknown.body).toEqual(off.body)
    expect((await redeem(world.baseUrl, await idJag(A, ofA))).status).toBe(200)
  })

  it('ras-clm-58: with an empty trust list nothing is accepted (SEC-32)', async () => {
    const before = file([entry(A, ofA), entry(B, ofB)])
    world.redefine(before)
    expect((await redeem(world.baseUrl, await idJag(A, ofA))).status).toBe(200)
    world.redefine(file([]))
    const refused = await redeem(world.baseUrl, await idJag(A, ofA))
    await expectRefused(world, refused, { error: 'invalid_grant', code: 'XAA2202' })
    world.redefine(before)
  })
})

describe('issuers with remote keys', () => {
  let documents: DocumentServer
  let issuer: string
  let claimed: string
  let keys: TestKey[]

  beforeAll(async () => {
    keys = [await makeKey('first')]
    documents = await serveDocuments((path, origin) =>
      path === '/jwks'
        ? { keys: keys.map(({ publicJwk }) => publicJwk) }
        : path.includes('/.well-known/')
          ? { issuer: claimed, jwks_uri: `${origin}/jwks`, token_endpoint: `${origin}/token` }
          : undefined,
    )
    issuer = documents.origin
    claimed = issuer
  })
  afterAll(() => documents.stop())

  it('ras-sig-33: metadata that names another issuer yields no keys (SEC-16, META-14)', async () => {
    const lying = `${issuer}/tenant`
    world.redefine(file([{ issuer: lying, provisioning: 'jit' }, entry(A, ofA)]))
    const refused = await redeem(world.baseUrl, await idJag(lying, keys[0] as TestKey))
    await expectRefused(world, refused, { error: 'invalid_grant', code: 'XAA2203', saw: 'keys-refused' })
    expect(documents.hits).not.toContain('/jwks')
    world.redefine(file([{ issuer, provisioning: 'jit' }, entry(A, ofA)]))
    expect((await redeem(world.baseUrl, await idJag(issuer, keys[0] as TestKey))).status).toBe(200)
    expect(documents.hits).toContain('/jwks')
  })

  it('accepts a new key after one fetch, and drops a removed one in time (RAS-10, SEC-14, SEC-15)', async () => {
    const [first] = keys as [TestKey]
    const second = await makeKey('second')
    keys.push(second)
    world.clock.moveSeconds(31)
    expect((await redeem(world.baseUrl, await idJag(issuer, second))).status).toBe(200)
    expect((await redeem(world.baseUrl, await idJag(issuer, first))).status).toBe(200)
    keys.shift()
    world.clock.moveSeconds(601)
    const removed = await redeem(world.baseUrl, await idJag(issuer, first))
    await expectRefused(world, removed, { error: 'invalid_grant', code: 'XAA2203', saw: 'unknown-key' })
    expect((await redeem(world.baseUrl, await idJag(issuer, second))).status).toBe(200)
  })

  it('never fetches keys that a token points to (RAS-09, RAS-40, SEC-13)', async () => {
    const seen = documents.hits.length
    const stranger = await makeKey('stranger')
    const header = { ...idJagHeader, jku: `${issuer}/jku`, x5u: `${issuer}/x5u`, jwk: stranger.publicJwk }
    const pointing = await signJwt(stranger, idJagClaims(world, C), header)
    await expectRefused(world, await redeem(world.baseUrl, pointing), {
      error: 'invalid_grant',
      code: 'XAA2202',
    })
    const trusted = await signJwt(stranger, idJagClaims(world, A), { ...header, kid: 'shared-kid' })
    await expectRefused(world, await redeem(world.baseUrl, trusted), {
      error: 'invalid_grant',
      code: 'XAA2203',
    })
    expect(documents.hits.slice(seen)).toEqual([])
    expect((await redeem(world.baseUrl, await idJag(A, ofA))).status).toBe(200)
  })
})

describe('accounts', () => {
  it('ras-clm-60: a disabled account is denied, whatever the issuer states (RAS-32, RAS-34)', async () => {
    world.redefine(file([entry(A, ofA)]))
    const sub = 'zoe'
    const first = await redeem(world.baseUrl, await idJag(A, ofA, { sub }))
    expect(first.status).toBe(200)
    const token = String(first.body.access_token)
    const isActive = async () =>
      (
        await postForm(
          `${world.baseUrl}/as/vendor/introspect`,
          { token },
          { authorization: basic(AGENT_AT_VENDOR) },
        )
      ).body.active
    expect(await isActive()).toBe(true)
    const account = await world.storage.accounts.findByIssuerSubject('vendor', A, undefined, sub)
    const at = world.clock.nowMs()
    const event = buildAuditEvent(at, {
      type: 'account.disabled',
      category: 'people',
      severity: 'notice',
      outcome: 'success',
      actor: { kind: 'admin', id: 'admin' },
    })
    const change = { status: 'disabled', at, event: { log: 'admin', event } } as const
    await world.storage.accounts.setStatus('vendor', account?.id ?? '', change)
    const refused = await redeem(world.baseUrl, await idJag(A, ofA, { sub }))
    await expectRefused(world, refused, { error: 'invalid_grant', code: 'XAA2303' })
    expect(await isActive()).toBe(false)
    expect((await redeem(world.baseUrl, await idJag(A, ofA))).status).toBe(200)
  })

  it('separates users of two tenants of one issuer, and requires a tenant if there are two (TEN-03, TEN-07, TEN-08)', async () => {
    world.redefine(file([entry(A, ofA, { tenant: 't1' }), entry(A, ofA, { tenant: 't2' })]))
    const accountOf = async (tenant: string) => {
      const answer = await redeem(world.baseUrl, await idJag(A, ofA, { sub: 'same', tenant }))
      expect(answer.status).toBe(200)
      return (await world.findDecision(answer)).resolution.account
    }
    expect(await accountOf('t1')).not.toBe(await accountOf('t2'))
    expect(await accountOf('t1')).toBe(await accountOf('t1'))
    for (const tenant of [undefined, 't3', 'T1']) {
      const refused = await redeem(world.baseUrl, await idJag(A, ofA, { sub: 'same', tenant }))
      await expectRefused(world, refused, { error: 'invalid_grant', code: 'XAA2214' })
    }
    const list = await redeem(world.baseUrl, await idJag(A, ofA, { sub: 'same', tenant: ['t1'] }))
    await expectRefused(world, list, { error: 'invalid_grant', code: 'XAA2210' })
  })

  it('links by e-mail only for an issuer of that domain, and never takes an account over (RAS-30, SEC-35)', async () => {
    const byEmail = { subject: ['iss_sub', 'email'], emailDomains: ['acme.test'] }
    world.redefine(
      file([
        entry(A, ofA, byEmail),
        entry(B, ofB, { ...byEmail, emailDomains: ['b.test'], provisioning: 'none' }),
      ]),
    )
    const email = 'eve@acme.test'
    const first = await redeem(
      world.baseUrl,
      await idJag(A, ofA, { sub: 'eve', email, email_verified: true }),
    )
    expect(first.status).toBe(200)
    const foreign = await redeem(
      world.baseUrl,
      await idJag(B, ofB, { sub: 'x', email, email_verified: true }),
    )
    await expectRefused(world, foreign, { error: 'invalid_grant', code: 'XAA2305' })
    world.redefine(file([entry(A, ofA, byEmail), entry(B, ofB, { ...byEmail, provisioning: 'none' })]))
    const unverified = await redeem(
      world.baseUrl,
      await idJag(B, ofB, { sub: 'x', email, email_verified: false }),
    )
    await expectRefused(world, unverified, { error: 'invalid_grant', code: 'XAA2305' })
    const listed = await redeem(world.baseUrl, await idJag(B, ofB, { sub: 'x', email, email_verified: true }))
    expect((await world.findDecision(listed)).resolution.account).toBe(
      (await world.findDecision(first)).resolution.account,
    )
  })

  it('accepts aud_sub only with the tenant it belongs to (TEN-05, JAG-18)', async () => {
    const served = (audTenant?: string) => (baseUrl: string) =>
      company(baseUrl, {
        authorizationServer: {
          trustedIssuers: [entry(A, ofA, { subject: ['aud_sub'] })],
          clients: [
            {
              id: AGENT_AT_VENDOR.id,
              auth: { method: 'client_secret_basic', secret: AGENT_AT_VENDOR.secret },
            },
          ],
          ...(audTenant === undefined ? {} : { audTenant }),
        },
      })
    const accountOf = async (sub: string, change: object) => {
      const answer = await redeem(world.baseUrl, await idJag(A, ofA, { sub, aud_sub: 'u-1', ...change }))
      return (await world.findDecision(answer)).resolution.account
    }
    world.redefine(served('t-42'))
    const first = await accountOf('first', { aud_tenant: 't-42' })
    expect(first).toBeDefined()
    expect(await accountOf('second', { aud_tenant: 't-42' })).toBe(first)
    expect(await accountOf('third', {})).not.toBe(first)
    world.redefine(served())
    expect(await accountOf('fourth', {})).toBe(first)
  })
})
