// Embedded servers explain denials to their program, through `onDecision` and, in development, on standard error. The caller learns nothing more,
// except the names of parameters that are missing or unsupported.
import { createIdp } from '@crosswalk/idp'
import { type DecisionRecord, GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { createResourceAs, type ResourceAsDefinition } from '@crosswalk/resource-as'
import { openPorts, type Ports } from '@crosswalk/storage'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import {
  idJagClaims,
  idJagHeader,
  makeKey,
  signJwt,
  type TestKey,
} from '../protocol/support/foreign-issuer.ts'
import { basic } from '../support/flow.ts'

const IDP = 'https://idp.acme.test'
const ISSUER = 'https://as.todo0.test'
const API = 'https://todo0.test/api'
const CLIENT = { id: 'agent0-at-todo0', secret: 'secret of agent0-at-todo0' }
const AUTHORIZATION = { authorization: basic(CLIENT) }

let ports: Ports
let key: TestKey
let written: string[]
beforeEach(async () => {
  ports = await openPorts('sqlite::memory:')
  key = await makeKey('k')
  written = []
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => written.push(String(text)) > 0)
})
afterEach(async () => {
  vi.unstubAllEnvs()
  vi.restoreAllMocks()
  await ports.close()
})

const define = (change: Partial<ResourceAsDefinition> = {}): ResourceAsDefinition => ({
  issuer: ISSUER,
  trustedIssuers: [{ issuer: IDP, jwks: { keys: [key.publicJwk] } }],
  clients: [{ id: CLIENT.id, auth: { method: 'client_secret_basic', secret: CLIENT.secret } }],
  resources: [{ id: API, scopes: ['todos.read'] }],
  users: { byId: () => undefined, bySubject: () => ({ id: 'u-1', active: false }) },
  ...change,
})

type Server = { fetch(request: Request): Promise<Response> }

async function post(server: Server, path: string, form: Record<string, string>, headers = {}) {
  const body = new URLSearchParams(form)
  return await server.fetch(new Request(`${ISSUER}${path}`, { method: 'POST', headers, body }))
}

async function redeem(server: Server, claims: Record<string, unknown> = {}, issuer = IDP) {
  const own = { aud: ISSUER, client_id: CLIENT.id, resource: API, scope: 'todos.read', ...claims }
  const world = { baseUrl: ISSUER, clock: ports.clock }
  const assertion = await signJwt(key, idJagClaims(world, issuer, own), idJagHeader)
  return await post(server, '/as/main/token', { grant_type: GRANT_TYPE.jwtBearer, assertion }, AUTHORIZATION)
}

describe('a refusal of the Resource AS', () => {
  it('is passed to the program with its record, and not printed as well', async () => {
    const told: DecisionRecord[] = []
    const server = await createResourceAs(define(), { ...ports, onDecision: (it) => void told.push(it) })
    const refused = await redeem(server)
    expect(await refused.json()).toEqual({
      error: 'invalid_grant',
      error_description: 'The grant or token presented is not valid here.',
    })
    expect(told).toMatchObject([
      {
        ...{ code: 'XAA2303', decision_id: refused.headers.get('crosswalk-decision'), outcome: 'deny' },
        summary: { user: expect.stringContaining('as.todo0.test') },
      },
    ])
    expect(written).toEqual([])
  })

  it('is also passed on without authentication, and so is a grant', async () => {
    const codes: string[] = []
    const users = { byId: () => 'u-1', bySubject: () => 'u-1' }
    const onDecision = ({ code }: DecisionRecord) => void codes.push(code)
    const server = await createResourceAs(define({ users }), { ...ports, onDecision })
    await post(server, '/as/main/token', { grant_type: GRANT_TYPE.jwtBearer, assertion: 'x' })
    await post(server, '/as/main/token', { grant_type: 'unheard-of' }, AUTHORIZATION)
    expect((await redeem(server)).status).toBe(200)
    expect(codes).toEqual(['XAA2101', 'XAA2001', 'XAA0000'])
  })

  it.each([
    ['a disabled user', {}, IDP, /deny XAA2303\..*disabled.*Fix: Enable the account/],
    [
      'an untrusted issuer',
      {},
      'https://evil.test',
      /deny XAA2202\..*Fix: Add the issuer to the trusted issuers/,
    ],
    [
      'an expired ID-JAG, with the clocks',
      { iat: 1_000_000_000, exp: 1_000_000_300 },
      IDP,
      /deny XAA2206\..*needs exp after \d+: now \d+ by the clock of this server, less 30 s of skew, has 1000000300\. Fix: .*clocks/,
    ],
  ])('is explained on one line of standard error: %s', async (_, claims, issuer, line) => {
    vi.stubEnv('NODE_ENV', 'development')
    await redeem(await createResourceAs(define(), ports), claims, issuer)
    expect(written).toEqual([expect.stringMatching(line)])
    expect(written[0]).toMatch(/^crosswalk as:main: [^\n]+\n$/)
  })

  it('prints nothing in production', async () => {
    vi.stubEnv('NODE_ENV', 'production')
    expect((await redeem(await createResourceAs(define(), ports))).status).toBe(400)
    expect(written).toEqual([])
  })

  it('suggests allowLoopback if keys of an issuer on this machine are not fetched', async () => {
    vi.stubEnv('NODE_ENV', 'development')
    const issuer = 'http://127.0.0.1:4000'
    const server = await createResourceAs(define({ trustedIssuers: [{ issuer }] }), ports)
    const refused = await redeem(server, {}, issuer)
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
    expect(written).toEqual([
      expect.stringMatching(
        /error XAA2204\..*127\.0\.0\.1:4000.* unless allowLoopback is set, for development/,
      ),
    ])
  })
})

it('a denial of the IdP is passed on and printed likewise', async () => {
  vi.stubEnv('NODE_ENV', 'development')
  const company = {
    issuer: IDP,
    users: [{ id: 'usr_alice', username: 'alice', password: 'correct horse battery staple' }],
    apps: [],
    resourceApps: [],
    connections: [],
  }
  const codes: string[] = []
  const form = { grant_type: GRANT_TYPE.tokenExchange }
  const onDecision = ({ code }: DecisionRecord) => void codes.push(code)
  await post(await createIdp(company, { ...ports, onDecision }), '/token', form, AUTHORIZATION)
  expect([codes, written]).toEqual([['XAA1101'], []])
  await post(await createIdp(company, ports), '/token', form, AUTHORIZATION)
  expect(written).toEqual([expect.stringMatching(/^crosswalk idp: deny XAA1101\. .*Fix: Use the client id/)])
})

async function companyWithAgent0() {
  const auth = { method: 'client_secret_basic' as const, secret: 'secret of agent0' }
  const redirectUris = ['https://agent.test/callback']
  const agent0 = { id: 'agent0', name: 'Agent0', kind: 'agent' as const, redirectUris, auth }
  const company = { issuer: IDP, users: [], apps: [agent0], resourceApps: [], connections: [] }
  const idp = await createIdp(company, ports)
  const authorization = basic({ id: 'agent0', secret: auth.secret })
  const ask = async (form: Record<string, string>) =>
    (await (await post(idp, '/token', form, { authorization })).json()) as object
  return { ask }
}

describe('a request without required parameters', () => {
  const ask = async (path: string, form: Record<string, string>) =>
    (await (await post(await createResourceAs(define(), ports), path, form, AUTHORIZATION)).json()) as object

  it.each([
    ['/as/main/token', {}, 'grant_type'],
    ['/as/main/token', { grant_type: GRANT_TYPE.jwtBearer }, 'assertion'],
    ['/as/main/introspect', {}, 'token'],
    ['/as/main/revoke', {}, 'token'],
  ])('at %s with %j is told about %s', async (path, form, missing) => {
    expect(await ask(path, form)).toEqual({
      error: 'invalid_request',
      error_description: `Missing parameter: ${missing}.`,
    })
  })

  it('is told about several at once', async () => {
    const { ask: askIdp } = await companyWithAgent0()
    const subject = { subject_token: 'x', subject_token_type: TOKEN_TYPE.idToken }
    expect(await askIdp({ grant_type: GRANT_TYPE.tokenExchange, ...subject })).toEqual({
      error: 'invalid_request',
      error_description: 'Missing parameters: requested_token_type, audience.',
    })
  })

  it('is told which parameter has an unsupported value', async () => {
    const { ask: askIdp } = await companyWithAgent0()
    const exchange = { grant_type: GRANT_TYPE.tokenExchange, audience: 'https://as.todo0.test' }
    const types = { requested_token_type: TOKEN_TYPE.idJag, subject_token_type: TOKEN_TYPE.idToken }
    const form = { ...exchange, ...types, subject_token: 'x' }
    for (const name of ['requested_token_type', 'subject_token_type', 'actor_token'])
      expect(await askIdp({ ...form, [name]: 'id-jag' })).toEqual({
        error: 'invalid_request',
        error_description: `Unsupported value of the parameter ${name}.`,
      })
  })

  it('is told how to send them', async () => {
    const server = await createResourceAs(define(), ports)
    const headers = { authorization: AUTHORIZATION.authorization, 'content-type': 'application/json' }
    const request = new Request(`${ISSUER}/as/main/token`, { method: 'POST', headers, body: '{}' })
    expect(await (await server.fetch(request)).json()).toEqual({
      error: 'invalid_request',
      error_description: 'The body must be application/x-www-form-urlencoded.',
    })
  })

  it('is told nothing without authentication', async () => {
    const server = await createResourceAs(define(), ports)
    const answer = await post(server, '/as/main/token', { grant_type: GRANT_TYPE.jwtBearer })
    expect(await answer.json()).toMatchObject({ error: 'invalid_client' })
  })
})
