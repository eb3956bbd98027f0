// A logout token of another identity provider works once, at any process: replayed, it does not end a later sign-in.
import { randomBytes, randomUUID } from 'node:crypto'

import { afterEach, expect } from 'vitest'

import { itOnDatabases } from '../../../tools/test-databases.ts'
import { makeKey, signJwt } from '../protocol/support/foreign-issuer.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { exchange, isLive, postForm, redeem } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const CORP = 'https://login.corp.example'
const now = () => Math.floor(Date.now() / 1000)

const started: TestServer[] = []
afterEach(async () => {
  for (const server of started.splice(0).reverse()) await server.stop()
})

/** Starts two processes with one configuration. @returns their base URLs */
async function startTwo(database: string, jwk: object): Promise<readonly [string, string]> {
  const key = randomBytes(32).toString('hex')
  const corp = { issuer: CORP, jwks: { keys: [jwk] }, audiences: { 'agent-there': AGENT.id } }
  const idp = { subjectIssuers: [{ ...corp, link: ['id'] }] }
  const start = async (shared?: string) => {
    const file = (own: string) => ({ ...company(shared ?? own, { idp }), baseUrl: shared ?? own })
    const server = await startTestServer({ file, database, key })
    started.push(server)
    return server
  }
  const one = await start()
  const other = await start(one.baseUrl)
  return [one.baseUrl, `http://127.0.0.1:${other.running.configuration.listen.port}`]
}

itOnDatabases('on $name, in two processes', async (kind) => {
  const key = await makeKey('corp')
  const [one, other] = await startTwo(await kind.create(), key.publicJwk)
  const sign = (claims: object, header = {}) =>
    signJwt(key, { iss: CORP, aud: 'agent-there', sub: 'usr_carol', exp: now() + 120, ...claims }, header)
  const signIn = async (iat: number) => {
    const idToken = await sign({ iat })
    const { body } = await exchange(one, idToken, { resource: TODO })
    return String((await redeem(one, String(body.access_token))).body.access_token)
  }
  const buildLogout = (sid: string) =>
    sign(
      {
        iat: now(),
        jti: randomUUID(),
        sid,
        events: { 'http://schemas.openid.net/event/backchannel-logout': {} },
      },
      { typ: 'logout+jwt' },
    )
  const logOut = async (baseUrl: string, logout_token: string) =>
    (await postForm(`${baseUrl}/upstream/logout`, { logout_token })).status

  const before = await signIn(now())
  const logout = await buildLogout('session-1')
  expect([await logOut(one, logout), await isLive(one, before)]).toEqual([200, false])
  const later = await signIn(now() + 2)
  expect(await isLive(one, later)).toBe(true)
  expect([await logOut(one, logout), await isLive(one, later)]).toEqual([200, true])
  expect([await logOut(other, logout), await isLive(one, later)]).toEqual([200, true])
  const ended = await started[0]?.events((events) =>
    events.list({ log: 'idp', types: ['security_event.received'], limit: 10 }),
  )
  expect(ended?.items).toHaveLength(1)
  // A fresh logout token for that user ends it.
  expect([await logOut(other, await buildLogout('session-2')), await isLive(one, later)]).toEqual([
    200,
    false,
  ])
})
