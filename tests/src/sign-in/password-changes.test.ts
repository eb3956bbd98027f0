// Changing a password ends everything obtained with the old one: sessions, subject tokens and live access tokens.
import { randomBytes } from 'node:crypto'

import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { afterEach, expect, it } from 'vitest'

import { itOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { renderCookies } from '../support/cookie-jar.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, isLive, postForm, redeem, signInFor, type Tokens } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { signIn, walk } from '../support/form-walker.ts'
import { runSql } from '../support/run-sql.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { buildAuthorizationUrl } from './code-flow.ts'

const NEXT_PASSWORD = 'another horse battery staple'
const AS_EVE = { redirectUri: REDIRECT_URI, username: 'eve', password: PASSWORD }

let server: TestServer
afterEach(() => server.stop())

/** A user in the database, whose password can change. */
async function createEve(): Promise<Admin> {
  const admin = adminOf(server.baseUrl)
  const eve = { id: 'usr_eve', username: 'eve', groups: ['engineering'], password: PASSWORD }
  expect((await admin('POST', '/users', { body: eve })).status).toBe(201)
  return admin
}

/** Which of a user's tokens still work. */
async function look({ idToken, refreshToken }: Tokens, accessToken?: string) {
  const { baseUrl } = server
  const refresh = { subject_token_type: TOKEN_TYPE.refreshToken, resource: TODO }
  const form = { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken }
  const asked = { token: accessToken ?? '' }
  const headers = { authorization: basic(AGENT_AT_VENDOR) }
  return {
    idToken: (await exchange(baseUrl, idToken, { resource: TODO })).status,
    refreshToken: (await exchange(baseUrl, refreshToken, refresh)).status,
    accessToken: (await postForm(`${baseUrl}/as/vendor/introspect`, asked, headers)).body.active,
    refresh: (await postForm(`${baseUrl}/token`, form, { authorization: basic(AGENT) })).status,
  }
}

async function issue({ idToken }: Tokens): Promise<string> {
  return String((await exchange(server.baseUrl, idToken, { resource: TODO })).body.access_token)
}

async function cross(tokens: Tokens): Promise<string> {
  return String((await redeem(server.baseUrl, await issue(tokens))).body.access_token)
}

const ALL = { idToken: 200, refreshToken: 200, accessToken: true, refresh: 200 }
const NOTHING = { idToken: 400, refreshToken: 400, accessToken: false, refresh: 400 }

it('a reset or removal by an administrator ends all of it immediately (RT-07)', async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const admin = await createEve()
  const change = async (body: object) => {
    const { etag } = await admin('GET', '/users/usr_eve')
    expect((await admin('PATCH', '/users/usr_eve', { body, ifMatch: etag })).status).toBe(200)
  }
  const [tokens, others] = [await signInFor(server.baseUrl, 'eve'), await signInFor(server.baseUrl, 'alice')]
  const [live, othersLive] = [await cross(tokens), await cross(others)]
  await change({ name: 'Eve' })
  const { refresh: _rotated, ...before } = await look(tokens, live)
  expect(before).toEqual({ idToken: 200, refreshToken: 200, accessToken: true })

  const again = await signInFor(server.baseUrl, 'eve')
  const liveAgain = await cross(again)
  const [outstanding, ofOthers] = [await issue(again), await issue(others)]
  await change({ password: NEXT_PASSWORD })
  expect(await look(again, liveAgain)).toEqual(NOTHING)
  const refused = await redeem(server.baseUrl, outstanding)
  expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
  const { body: why } = await admin('GET', `/decisions/${refused.headers.get('crosswalk-decision')}`)
  expect(why.code).toBe('XAA2216')
  expect((await redeem(server.baseUrl, ofOthers)).status).toBe(200)
  expect((await look(tokens, live)).idToken).toBe(400)
  expect(await look(others, othersLive)).toEqual(ALL)
  const { code } = await signIn({
    authorizationEndpoint: `${server.baseUrl}/authorize`,
    clientId: AGENT.id,
    redirectUri: REDIRECT_URI,
    username: 'eve',
    password: NEXT_PASSWORD,
  })
  expect(code).not.toBeNull()

  await change({ password: PASSWORD })
  const last = await signInFor(server.baseUrl, 'eve')
  const lastLive = await cross(last)
  await change({ password: null })
  expect(await look(last, lastLive)).toEqual(NOTHING)
})

itOnDatabases('one that cannot be stored is not recorded as replaced, on $name', async ({ create }) => {
  const database = await create()
  server = await startTestServer({ file: (baseUrl) => company(baseUrl), database })
  const admin = await createEve()
  const { etag } = await admin('GET', '/users/usr_eve')
  const change = (password: string) => admin('PATCH', '/users/usr_eve', { body: { password }, ifMatch: etag })
  await runSql(database, 'alter table password_hashes rename to away')
  expect((await change(NEXT_PASSWORD)).status).toBe(503)
  await runSql(database, 'alter table away rename to password_hashes')
  expect((await admin('GET', '/users/usr_eve/history')).body.items).toHaveLength(1)
  expect((await signInFor(server.baseUrl, 'eve')).idToken).toBeDefined()
  expect((await change(NEXT_PASSWORD)).status).toBe(200)
  expect((await admin('GET', '/users/usr_eve/history')).body.items).toHaveLength(2)
})

itOnDatabases('a session in constant use ends with its password, on $name (RT-07)', async ({ create }) => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl), database: await create() })
  const admin = await createEve()
  const jar = new Map<string, string>()
  const signedIn = await walk(buildAuthorizationUrl(server.baseUrl), AS_EVE, jar)
  expect(signedIn.code).not.toBeNull()
  const cookie = renderCookies(jar)
  const ask = async () => {
    const url = buildAuthorizationUrl(server.baseUrl, { prompt: 'none' })
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    return new URL(answer.headers.get('location') ?? '').searchParams.get('error')
  }
  expect(await ask()).toBeNull()
  let isOver = false
  const uses = Array.from({ length: 6 }, async () => {
    while (!isOver) await ask()
  })
  const { etag } = await admin('GET', '/users/usr_eve')
  const body = { password: NEXT_PASSWORD }
  expect((await admin('PATCH', '/users/usr_eve', { body, ifMatch: etag })).status).toBe(200)
  await expect.poll(ask).toBe('login_required')
  isOver = true
  await Promise.all(uses)
  expect(await ask()).toBe('login_required')
})

itOnDatabases('a sign-in in progress with the old password fails, on $name (RT-07)', async ({ create }) => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl), database: await create() })
  const admin = await createEve()
  const jars: Map<string, string>[] = []
  let isOver = false
  const tries = Array.from({ length: 4 }, async () => {
    while (!isOver) {
      const jar = new Map<string, string>()
      jars.push(jar)
      await walk(buildAuthorizationUrl(server.baseUrl), AS_EVE, jar)
    }
  })
  await expect.poll(() => jars.length, { timeout: 20_000 }).toBeGreaterThan(8)
  const { etag } = await admin('GET', '/users/usr_eve')
  const body = { password: NEXT_PASSWORD }
  expect((await admin('PATCH', '/users/usr_eve', { body, ifMatch: etag })).status).toBe(200)
  isOver = true
  await Promise.all(tries)
  const url = buildAuthorizationUrl(server.baseUrl, { prompt: 'none' })
  for (const jar of jars) {
    const cookie = renderCookies(jar)
    const answer = await fetch(url, { redirect: 'manual', headers: { cookie } })
    const { searchParams } = new URL(answer.headers.get('location') ?? '')
    expect(searchParams.get('error')).toBe('login_required')
  }
})

itOnDatabases(
  'a change in the configuration file ends sessions and access at the next start, on $name (RT-07)',
  async ({ create }) => {
    const [database, key, port] = [await create(), randomBytes(32).toString('hex'), await findFreePort()]
    const start = (password: string) =>
      startTestServer({
        ...{ database, key, listen: { port } },
        file: (baseUrl) =>
          company(baseUrl, { users: { alice: { password }, bob: { groups: ['engineering'] } } }),
      })
    const refresh = async (refreshToken: string) => {
      const form = { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken }
      const answer = await postForm(`${server.baseUrl}/token`, form, { authorization: basic(AGENT) })
      return { status: answer.status, next: String(answer.body.refresh_token) }
    }
    server = await start(PASSWORD)
    const alice = await signInFor(server.baseUrl, 'alice')
    const bob = await signInFor(server.baseUrl, 'bob')
    await server.stop()
    server = await start(PASSWORD)
    const kept = await refresh(alice.refreshToken)
    expect(kept.status).toBe(200)
    const [live, livesOn, outstanding] = [await cross(alice), await cross(bob), await issue(alice)]
    await server.stop()
    server = await start(NEXT_PASSWORD)
    expect([await isLive(server.baseUrl, live), await isLive(server.baseUrl, livesOn)]).toEqual([false, true])
    expect((await redeem(server.baseUrl, outstanding)).status).toBe(400)
    const revoked = await adminOf(server.baseUrl)('GET', '/audit-events?type=token.revoked')
    expect(revoked.body.items).toMatchObject([
      { target: { kind: 'user', id: 'usr_alice' }, change: { revoked_tokens: 1 } },
    ])
    expect([(await refresh(kept.next)).status, (await refresh(bob.refreshToken)).status]).toEqual([400, 200])
  },
)
