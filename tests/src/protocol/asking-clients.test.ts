// Which clients may introspect and revoke at a Resource AS, and how often: each refusal next to the same request that succeeds.
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { makeKey, type TestKey } from './support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion } from './support/proofs.ts'
import { startWorld, type World } from './support/world.ts'

const API = { id: 'todo0-api', secret: 'todo0 api secret' }
const SIGNER = 'signing-api'
const PUBLIC = 'public'

let world: World
let key: TestKey
let token: string

function file(baseUrl: string, { apiIsActive = true } = {}) {
  const secret = (client: typeof API) => ({ method: 'client_secret_basic', secret: client.secret })
  const authorizationServer = {
    clients: [
      { id: AGENT_AT_VENDOR.id, auth: secret(AGENT_AT_VENDOR) },
      { id: API.id, auth: secret(API), introspects: [TODO], active: apiIsActive },
      {
        id: SIGNER,
        auth: { method: 'private_key_jwt', jwks: { keys: [key.publicJwk] } },
        introspects: [TODO],
      },
      { id: PUBLIC, auth: { method: 'none' }, introspects: [TODO] },
    ],
  }
  return company(baseUrl, { authorizationServer })
}

beforeAll(async () => {
  key = await makeKey('c')
  world = await startWorld((baseUrl) => file(baseUrl))
  const { idToken } = await signInFor(world.baseUrl, 'alice')
  const idJag = String((await exchange(world.baseUrl, idToken, { resource: TODO })).body.access_token)
  token = String((await redeem(world.baseUrl, idJag)).body.access_token)
})
afterAll(async () => {
  expect(world.faults).toEqual([])
  await world.stop()
})

const ask = (path: string, form: Readonly<Record<string, string>>, headers = {}) =>
  postForm(`${world.baseUrl}/as/vendor/${path}`, { token, ...form }, headers)

describe.each(['introspect', 'revoke'] as const)('/%s', (path) => {
  // An unknown token, since revoking would end ours.
  const about = path === 'introspect' ? {} : { token: 'of nobody' }

  it('accepts a client assertion once (REV-01, REV-02)', async () => {
    const sign = async () => ({
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await makeClientAssertion({
        clientId: SIGNER,
        audience: `${world.baseUrl}/as/vendor`,
        key,
      }),
    })
    const form = { ...about, ...(await sign()) }
    expect((await ask(path, form)).status).toBe(200)
    const again = await ask(path, form)
    expect([again.status, again.body.error]).toEqual([401, 'invalid_client'])
    expect((await ask(path, { ...about, ...(await sign()) })).status).toBe(200)
  })

  it('rejects a disabled client (REV-01, REV-02)', async () => {
    const headers = { authorization: basic(API) }
    expect((await ask(path, about, headers)).status).toBe(200)
    world.redefine((baseUrl) => file(baseUrl, { apiIsActive: false }))
    const refused = await ask(path, about, headers)
    expect([refused.status, refused.body.error]).toEqual([400, 'unauthorized_client'])
    world.redefine((baseUrl) => file(baseUrl))
    expect((await ask(path, about, headers)).status).toBe(200)
  })
})

it.each(['/as/vendor/introspect', '/as/vendor/revoke', '/reachable-resources'])(
  '%s says by which method it is asked (REV-01, REV-02)',
  async (path) => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'POST']) {
      const { status, headers } = await fetch(`${world.baseUrl}${path}`, { method })
      expect([method, status, headers.get('allow')]).toEqual(
        method === 'POST' ? [method, 400, null] : [method, 405, 'POST'],
      )
    }
  },
)

it('tells an unauthenticated client nothing about tokens (REV-02)', async () => {
  expect((await ask('introspect', {}, { authorization: basic(API) })).body.active).toBe(true)
  const named = await ask('introspect', { client_id: PUBLIC })
  expect([named.status, named.body.error, named.body.active]).toEqual([401, 'invalid_client', undefined])
})

it('does not apply the limit on token requests to introspection (SEC-36)', async () => {
  const limited = await startWorld((baseUrl) => ({
    ...company(baseUrl),
    limits: { tokenRequestsPerMinutePerClient: 2 },
  }))
  const send = (path: string) =>
    postForm(
      `${limited.baseUrl}/as/vendor/${path}`,
      path === 'token' ? { grant_type: GRANT_TYPE.jwtBearer, assertion: 'x' } : { token: 'x' },
      { authorization: basic(AGENT_AT_VENDOR) },
    )
  for (let asked = 0; asked < 5; asked += 1)
    for (const path of ['introspect', 'revoke']) expect((await send(path)).status).toBe(200)
  // Nor does introspection count towards the limit.
  const statuses = [await send('token'), await send('token'), await send('token')].map(({ status }) => status)
  expect(statuses).toEqual([400, 400, 429])
  await limited.stop()
})
