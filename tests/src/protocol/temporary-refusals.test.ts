// Temporary failures: the caller learns how long to wait, and the record shows an error, not a denial.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { StorageFault } from '@crosswalk/as-core'
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterEach, beforeEach, expect, it, onTestFinished } from 'vitest'

import { AGENT_AT_VENDOR, company, NOTES, REDIRECT_URI, TODO } from '../support/company.ts'
import { type Answer, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { expectRefused } from './support/expect-refused.ts'
import {
  idJagClaims,
  idJagHeader,
  makeKey,
  serveDocuments,
  signJwt,
  type TestKey,
} from './support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion } from './support/proofs.ts'
import { startWorld, type World } from './support/world.ts'

const FOREIGN = 'http://127.0.0.1:9/idp'
/** A client with an unreachable jwks_uri */
const LOST = { id: 'lost', jwksUri: 'http://127.0.0.1:9/jwks' }

function define(baseUrl: string, jwksUri = LOST.jwksUri): Record<string, unknown> {
  const { apps } = company(baseUrl).idp as { apps: object[] }
  const lost = { id: LOST.id, auth: { method: 'private_key_jwt', jwksUri } }
  return company(baseUrl, {
    idp: {
      apps: [...apps, { ...lost, name: 'Lost', kind: 'service', redirectUris: [REDIRECT_URI] }],
      policies: [{ id: 'slow', effect: 'limit', limit: { perHour: 2 } }],
    },
    authorizationServer: {
      trustedIssuers: [
        { issuer: baseUrl, provisioning: 'jit' },
        { issuer: FOREIGN, jwksUri: `${FOREIGN}/jwks`, provisioning: 'jit' },
      ],
      clients: [
        {
          id: AGENT_AT_VENDOR.id,
          auth: { method: 'client_secret_basic', secret: AGENT_AT_VENDOR.secret },
        },
        lost,
      ],
    },
  })
}

let world: World
beforeEach(async () => {
  world = await startWorld((baseUrl) => define(baseUrl))
})
afterEach(() => world.stop())

const retryAfter = ({ headers }: Answer) => headers.get('retry-after')

it('an hourly limit says when the next grant is possible (IDP-39)', async () => {
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  const ask = (resource = TODO) => exchange(world.baseUrl, idToken, { resource })
  expect((await ask()).status).toBe(200)
  world.clock.moveSeconds(400)
  expect((await ask(NOTES)).status).toBe(200)
  world.clock.moveSeconds(100)
  const refused = await ask()
  await expectRefused(world, refused, { status: 429, error: 'slow_down', code: 'XAA1904' })
  const seconds = Number(retryAfter(refused))
  expect([seconds <= 3100, seconds > 3090]).toEqual([true, true])
  expect((await world.findDecision(refused)).outcome).toBe('deny')
})

it('unreachable keys give 503 with Retry-After and outcome error (RAS-44)', async () => {
  const key = await makeKey('f')
  const idJag = await signJwt(key, idJagClaims(world, FOREIGN), idJagHeader)
  const answer = await redeem(world.baseUrl, idJag)
  await expectRefused(world, answer, { status: 503, error: 'temporarily_unavailable', code: 'XAA2204' })
  expect(Number(retryAfter(answer))).toBeGreaterThan(0)
  expect((await world.findDecision(answer)).outcome).toBe('error')
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  const own = String((await exchange(world.baseUrl, idToken, { resource: TODO })).body.access_token)
  const redeemed = await redeem(world.baseUrl, own)
  expect([redeemed.status, retryAfter(redeemed)]).toEqual([200, null])
})

it('a failed first fetch of keys is retried after a second; an unknown kid is denied, or an error while the issuer is unreachable (RAS-10, RAS-44, SEC-14)', async () => {
  const [first, second, third] = [await makeKey('first'), await makeKey('second'), await makeKey('third')]
  const published: TestKey[] = []
  const documents = await serveDocuments((path) =>
    path === '/jwks' && published.length > 0
      ? { keys: published.map(({ publicJwk }) => publicJwk) }
      : undefined,
  )
  onTestFinished(() => documents.stop())
  const issuer = documents.origin
  const trust = { issuer, jwksUri: `${issuer}/jwks`, provisioning: 'jit' }
  world.redefine((baseUrl) => company(baseUrl, { authorizationServer: { trustedIssuers: [trust] } }))
  const spend = async (key: TestKey) =>
    redeem(world.baseUrl, await signJwt(key, idJagClaims(world, issuer), idJagHeader))
  const expectLater = async (answer: Answer, seconds: string, saw: string) => {
    const later = { status: 503, error: 'temporarily_unavailable', code: 'XAA2204', saw } as const
    await expectRefused(world, answer, later)
    expect(retryAfter(answer)).toBe(seconds)
  }

  const flood = await Promise.all(Array.from({ length: 20 }, () => spend(first)))
  for (const answer of flood) await expectLater(answer, '1', `${issuer}/jwks: status (404)`)
  expect(documents.hits).toHaveLength(1)
  published.push(first)
  world.clock.moveSeconds(1)
  expect((await spend(first)).status).toBe(200)

  // The issuer rotates: its new key is fetched immediately; further unknown ones wait for the interval.
  published.push(second)
  expect((await spend(second)).status).toBe(200)
  published.push(third)
  const unknown = { error: 'invalid_grant', code: 'XAA2203' } as const
  await expectRefused(world, await spend(third), unknown)
  await expectRefused(world, await spend(await makeKey('made-up')), unknown)
  expect((await spend(first)).status).toBe(200)
  world.clock.moveSeconds(10)
  expect((await spend(third)).status).toBe(200)

  // The key server goes down: known keys still work, unknown ones give an error.
  published.length = 0
  world.clock.moveSeconds(30)
  await expectLater(await spend(await makeKey('fourth')), '30', 'status (404)')
  expect((await spend(third)).status).toBe(200)
})

const UNAVAILABLE = {
  error: 'temporarily_unavailable',
  error_description: 'The server cannot answer now; try again later.',
}

async function assertFrom(
  clientId: string,
  audience: string,
  key?: TestKey,
): Promise<Record<string, string>> {
  const client_assertion = await makeClientAssertion({
    clientId,
    audience,
    key: key ?? (await makeKey('l')),
  })
  return { client_assertion_type: ASSERTION_TYPE, client_assertion }
}

it.each([
  ['exchange', '', { grant_type: GRANT_TYPE.tokenExchange }, 'XAA1106', 'XAA1101'],
  ['code grant', '', { grant_type: GRANT_TYPE.authorizationCode }, 'XAA1106', 'XAA1101'],
  ['redemption', '/as/vendor', { grant_type: GRANT_TYPE.jwtBearer, assertion: 'x' }, 'XAA2105', 'XAA2101'],
])(
  'unreachable client keys give 503 at the %s (IDP-38, RAS-44, SEC-13)',
  async (_, path, form, code, stranger) => {
    const issuer = `${world.baseUrl}${path}`
    const send = async (clientId: string) =>
      postForm(`${issuer}/token`, { ...form, ...(await assertFrom(clientId, issuer)) })
    const answer = await send(LOST.id)
    await expectRefused(world, answer, {
      status: 503,
      error: 'temporarily_unavailable',
      code,
      saw: LOST.jwksUri,
    })
    expect(answer.body).toEqual(UNAVAILABLE)
    expect(Number(retryAfter(answer))).toBeGreaterThan(0)
    expect((await world.findDecision(answer)).outcome).toBe('error')
    await expectRefused(world, await send('nobody'), {
      status: 401,
      error: 'invalid_client',
      code: stranger,
      saw: 'unknown client',
    })
  },
)

it.each([
  ['', '/par'],
  ['', '/introspect'],
  ['', '/revoke'],
  ['', '/reachable-resources'],
  ['/as/vendor', '/introspect'],
  ['/as/vendor', '/revoke'],
])('and so at %s%s', async (path, endpoint) => {
  const issuer = `${world.baseUrl}${path}`
  const send = async (clientId: string) =>
    postForm(`${issuer}${endpoint}`, { token: 'x', ...(await assertFrom(clientId, issuer)) })
  const answer = await send(LOST.id)
  expect([answer.status, answer.body, Number(retryAfter(answer)) > 0]).toEqual([503, UNAVAILABLE, true])
  expect((await send('nobody')).status).toBe(401)
})

it('client keys that become unreachable while a code is redeemed give 503 too (IDP-38)', async () => {
  const key = await makeKey('k')
  let asked = 0
  const publisher = createServer((_request, response) => {
    // The first fetch is for our client authentication, the second for the provider's.
    if (asked++ > 0) return response.writeHead(500).end()
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ keys: [key.publicJwk] }))
  })
  await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve))
  const { port } = publisher.address() as AddressInfo
  world.redefine((baseUrl) => define(baseUrl, `http://127.0.0.1:${port}/jwks`))
  const answer = await postForm(`${world.baseUrl}/token`, {
    grant_type: GRANT_TYPE.authorizationCode,
    code: 'x',
    ...(await assertFrom(LOST.id, world.baseUrl, key)),
  })
  await expectRefused(world, answer, { status: 503, error: 'temporarily_unavailable', code: 'XAA1106' })
  expect([answer.body, Number(retryAfter(answer)) > 0, asked]).toEqual([UNAVAILABLE, true, 2])
  publisher.closeAllConnections()
  publisher.close()
})

const breakDown = async () => {
  throw new Error('disk failure')
}

it('a fault gives the same response and is recorded durably, at both servers (IDP-38, RAS-42)', async () => {
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  const idJag = String((await exchange(world.baseUrl, idToken, { resource: TODO })).body.access_token)
  const { ledger, accounts } = world.storage
  const { commit } = ledger
  Object.assign(ledger, {
    commit: async () => {
      Object.assign(ledger, { commit })
      await breakDown()
    },
  })
  Object.assign(accounts, { findByIssuerSubject: breakDown })
  for (const [answer, stage] of [
    [await exchange(world.baseUrl, idToken, { resource: TODO }), 'idp.token_exchange'],
    [await redeem(world.baseUrl, idJag), 'ras.redemption'],
  ] as const) {
    expect([answer.status, answer.body.error]).toEqual([500, 'server_error'])
    const id = answer.headers.get('crosswalk-decision') ?? ''
    const [recorded] = await world.storage.events.findByDecision(id)
    expect(recorded?.event.decision).toMatchObject({
      decision_id: id,
      stage,
      outcome: 'error',
      code: 'XAA9001',
    })
  }
  expect(world.faults.map(String)).toEqual(['Error: disk failure', 'Error: disk failure'])
})

it('a database fault is at least kept in memory while the process runs (IDP-38)', async () => {
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  Object.assign(world.storage.ledger, { commit: breakDown })
  const answer = await exchange(world.baseUrl, idToken, { resource: TODO })
  expect([answer.status, answer.body.error]).toEqual([500, 'server_error'])
  expect(await world.findDecision(answer)).toMatchObject({ outcome: 'error', code: 'XAA9001' })
  expect(world.faults).toHaveLength(2)
})

it('an unreachable database is not tried twice, and callers get Retry-After', async () => {
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  const idJag = String((await exchange(world.baseUrl, idToken, { resource: TODO })).body.access_token)
  let commits = 0
  Object.assign(world.storage.ledger, {
    commit: async () => {
      commits += 1
      throw new StorageFault('unreachable', new Error('connect ECONNREFUSED'))
    },
  })
  for (const ask of [
    () => exchange(world.baseUrl, idToken, { resource: TODO }),
    () => redeem(world.baseUrl, idJag),
  ]) {
    const answer = await ask()
    expect([answer.status, answer.body]).toEqual([503, UNAVAILABLE])
    expect(Number(retryAfter(answer))).toBeGreaterThan(0)
    expect(await world.findDecision(answer)).toMatchObject({ outcome: 'error', code: 'XAA9002' })
  }
  expect([commits, world.faults.length]).toEqual([2, 2])
})
