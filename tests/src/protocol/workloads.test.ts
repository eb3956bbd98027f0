// Workloads without a user, over real HTTP: an app acts for itself, as a service account at the resource and never as a user.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { company, TODO } from '../support/company.ts'
import { type Answer, basic, postForm } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { makeKey, signJwt, type TestKey } from './support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion } from './support/proofs.ts'

const AT_VENDOR = { id: 'report-at-vendor', secret: 'secret of the report at the vendor' }
const API = { id: 'todo0-api', secret: 'todo0 api secret' }

function withWorkload(key: TestKey, workloads?: Readonly<Record<string, string>>, spiffe: object = {}) {
  return (baseUrl: string): Record<string, unknown> => {
    const file = company(baseUrl) as {
      idp: { apps: object[]; connections: object[] }
      authorizationServers: [{ trustedIssuers: object[]; clients: object[] }]
    }
    const [vendor] = file.authorizationServers
    file.idp.apps.push({
      ...{ id: 'report', name: 'Nightly report', kind: 'service' },
      auth: { method: 'private_key_jwt', jwks: { keys: [key.publicJwk] }, ...spiffe },
    })
    file.idp.connections.push({
      ...{
        id: 'report-todo0',
        app: 'report',
        resourceApp: 'todo0',
        clientId: AT_VENDOR.id,
        status: 'active',
      },
      ...{ resources: [TODO], scopes: ['todos.read'], subject: 'workload' },
    })
    vendor.trustedIssuers[0] = {
      ...vendor.trustedIssuers[0],
      ...(workloads === undefined ? {} : { workloads }),
    }
    vendor.clients.push({
      id: AT_VENDOR.id,
      auth: { method: 'client_secret_basic', secret: AT_VENDOR.secret },
    })
    return file as unknown as Record<string, unknown>
  }
}

async function ask({ baseUrl }: TestServer, key: TestKey, change: object = {}): Promise<Answer> {
  const assertion = await makeClientAssertion({ clientId: 'report', audience: baseUrl, key })
  return postForm(`${baseUrl}/token`, {
    grant_type: GRANT_TYPE.tokenExchange,
    requested_token_type: TOKEN_TYPE.idJag,
    audience: `${baseUrl}/as/vendor`,
    resource: TODO,
    subject_token: assertion,
    subject_token_type: TOKEN_TYPE.jwt,
    client_assertion: assertion,
    client_assertion_type: ASSERTION_TYPE,
    ...change,
  })
}

const redeemAt = ({ baseUrl }: TestServer, idJag: unknown) =>
  postForm(
    `${baseUrl}/as/vendor/token`,
    { grant_type: GRANT_TYPE.jwtBearer, assertion: String(idJag) },
    { authorization: basic(AT_VENDOR) },
  )

describeOnDatabases('$name', (kind) => {
  let key: TestKey
  let server: TestServer
  let admin: Admin
  beforeAll(async () => {
    key = await makeKey('k')
    const file = withWorkload(key, { 'workload/report': 'svc_report' })
    server = await startTestServer({ file, database: await kind.create() })
    admin = adminOf(server.baseUrl)
  })
  afterAll(() => server.stop())

  const introspect = async (token: string) =>
    (await postForm(`${server.baseUrl}/as/vendor/introspect`, { token }, { authorization: basic(API) })).body

  it('is a service account in ID-JAG, access token and introspection (JAG-25)', async () => {
    const issued = await ask(server, key)
    expect(decodeJwt(String(issued.body.access_token))).toMatchObject({
      sub: 'workload/report',
      sub_profile: 'service',
    })
    const redeemed = await redeemAt(server, issued.body.access_token)
    const token = String(redeemed.body.access_token)
    expect(decodeJwt(token)).toMatchObject({ sub: 'svc_report', sub_profile: 'service', scope: 'todos.read' })
    expect(await introspect(token)).toMatchObject({ active: true, sub: 'svc_report', sub_profile: 'service' })
    const { body } = await admin('GET', `/decisions/${issued.headers.get('crosswalk-decision') ?? ''}`)
    expect(body).toMatchObject({
      request: { subject: { ref: 'workload/report', token_type: 'workload', display: 'workload/report' } },
    })
  })

  it('uses its assertion once, also as subject token (IDP-26)', async () => {
    const assertion = await makeClientAssertion({ clientId: 'report', audience: server.baseUrl, key })
    const both = { subject_token: assertion, client_assertion: assertion }
    expect((await ask(server, key, both)).status).toBe(200)
    expect((await ask(server, key, both)).body.error).toBe('invalid_client')
  })

  it('uses an assertion once across all endpoints', async () => {
    const introspectWith = async (client_assertion: string) => {
      const form = { token: 'x', client_assertion, client_assertion_type: ASSERTION_TYPE }
      return (await postForm(`${server.baseUrl}/introspect`, form)).status
    }
    const make = () => makeClientAssertion({ clientId: 'report', audience: server.baseUrl, key })
    const assertion = await make()
    const issued = await ask(server, key, { subject_token: assertion, client_assertion: assertion })
    expect(issued.status).toBe(200)
    expect(await introspectWith(assertion)).toBe(401)
    const another = await make()
    expect([await introspectWith(another), await introspectWith(another)]).toEqual([200, 401])
  })

  it('is the subject by the assertion that authenticates it, and by no other JWT', async () => {
    const subject_token = await makeClientAssertion({ clientId: 'report', audience: server.baseUrl, key })
    const refused = await ask(server, key, { subject_token })
    expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant'])
    const id = refused.headers.get('crosswalk-decision') ?? ''
    const { body } = await admin('GET', `/decisions/${id}`)
    expect(body.code).toBe('XAA1221')
  })

  it('loses its live token and its next request to the kill switch', async () => {
    const { body } = await redeemAt(server, (await ask(server, key)).body.access_token)
    const token = String(body.access_token)
    expect((await introspect(token)).active).toBe(true)
    const target = { kind: 'app', id: 'report' }
    const killed = await admin('POST', '/kill', { body: { target, reason: 'test' } })
    expect((await introspect(token)).active).toBe(false)
    expect((await ask(server, key)).body.error).toBe('access_denied')
    await admin('POST', `/kill/${String(killed.body.id)}/lift`, { body: { reason: 'test' } })
    expect((await ask(server, key)).status).toBe(200)
  })
})

describe('a workload with a SPIFFE identity', () => {
  const ID = 'spiffe://acme.example/jobs/report'
  let key: TestKey
  let server: TestServer
  beforeAll(async () => {
    key = await makeKey('k')
    const spiffe = { spiffeId: ID }
    server = await startTestServer({ file: withWorkload(key, { 'workload/report': 'svc_report' }, spiffe) })
  })
  afterAll(() => server.stop())

  async function askWith(change: Readonly<Record<string, unknown>> = {}, form: object = {}, by = key) {
    const now = Math.floor(Date.now() / 1000)
    const svid = await signJwt(by, { sub: ID, aud: server.baseUrl, iat: now, exp: now + 300, ...change }, {})
    const type = 'urn:ietf:params:oauth:client-assertion-type:jwt-spiffe'
    const both = { client_assertion: svid, subject_token: svid, client_assertion_type: type }
    return ask(server, key, { ...both, client_id: 'report', ...form })
  }

  it('authenticates with its JWT-SVID until that expires', async () => {
    const issued = await askWith()
    expect(decodeJwt(String(issued.body.access_token))).toMatchObject({ sub: 'workload/report' })
    expect((await askWith({ exp: Math.floor(Date.now() / 1000) + 3600 })).status).toBe(200)
  })

  it.each<readonly [string, () => Promise<Answer>]>([
    ['of another workload', () => askWith({ sub: `${ID}/other` })],
    ['of the same path in another trust domain', () => askWith({ sub: 'spiffe://evil.example/jobs/report' })],
    ['that names the app itself', () => askWith({ sub: 'report', iss: 'report', jti: 'j' })],
    ['for another audience', () => askWith({ aud: 'https://other.example' })],
    ['for two audiences', () => askWith({ aud: [server.baseUrl, 'https://other.example'] })],
    ['that has expired', () => askWith({ exp: Math.floor(Date.now() / 1000) - 31 })],
    ['that lives too long', () => askWith({ exp: Math.floor(Date.now() / 1000) + 3700 })],
    ['without an expiry', () => askWith({ exp: undefined })],
    ['signed with another key', async () => askWith({}, {}, await makeKey('k'))],
    ['without the app', () => askWith({}, { client_id: '' })],
  ])('is rejected with a JWT-SVID %s', async (_, attempt) => {
    const answer = await attempt()
    expect([answer.status, answer.body.error]).toEqual([401, 'invalid_client'])
  })
})

describe('the keys of a SPIFFE trust domain', () => {
  const ID = 'spiffe://acme.example/jobs/report'

  it.each<readonly [string, string | undefined, object, number]>([
    ['for JWT-SVIDs', 'jwt-svid', { spiffeId: ID }, 200],
    ['without a use', undefined, { spiffeId: ID }, 200],
    ['for X.509-SVIDs', 'x509-svid', { spiffeId: ID }, 401],
    ['for JWT-SVIDs, of an app without a SPIFFE ID', 'jwt-svid', {}, 401],
  ])('%s: %s with %j gets %i', async (_, use, spiffe, status) => {
    const made = await makeKey('k')
    const key = { ...made, publicJwk: { ...made.publicJwk, use } } as TestKey
    const file = withWorkload(key, { 'workload/report': 'svc_report' }, spiffe)
    const server = await startTestServer({ file: (baseUrl) => JSON.parse(JSON.stringify(file(baseUrl))) })
    try {
      const now = Math.floor(Date.now() / 1000)
      const svid = await signJwt(key, { sub: ID, aud: server.baseUrl, iat: now, exp: now + 300 })
      const form = { client_assertion: svid, subject_token: svid, client_id: 'report' }
      const answer = await ask(server, key, 'spiffeId' in spiffe ? form : {})
      expect(answer.status).toBe(status)
    } finally {
      await server.stop()
    }
  })
})

describe('a server that lists no workload', () => {
  it('rejects workloads instead of treating them as users', async () => {
    const key = await makeKey('k')
    const server = await startTestServer({ file: withWorkload(key) })
    try {
      const issued = await ask(server, key)
      expect(issued.status).toBe(200)
      const refused = await redeemAt(server, issued.body.access_token)
      expect([refused.status, refused.body.error]).toEqual([400, 'invalid_grant'])
      const id = refused.headers.get('crosswalk-decision') ?? ''
      const { body } = await adminOf(server.baseUrl)('GET', `/decisions/${id}`)
      expect(body).toMatchObject({ code: 'XAA2306' })
    } finally {
      await server.stop()
    }
  })
})
