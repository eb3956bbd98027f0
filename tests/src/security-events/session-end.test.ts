// Signing out ends the session's access at authorization servers of the same process, without security events.
import { GRANT_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterEach, expect, it } from 'vitest'

import { itOnDatabases, testDatabaseKinds } from '../../../tools/test-databases.ts'
import { type Jar, signOut } from '../support/cookie-jar.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const OTHER = { id: 'other', secret: 'other secret' }

const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')

let server: TestServer
afterEach(async () => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server.stop()
})

/** Each call uses a new browser, so that a user has several sessions. */
async function begin(username: string, jar: Jar, client = AGENT) {
  const { code, codeVerifier } = await signIn(
    {
      authorizationEndpoint: `${server.baseUrl}/authorize`,
      clientId: client.id,
      redirectUri: REDIRECT_URI,
      username,
      password: PASSWORD,
      extra: { scope: 'openid offline_access' },
    },
    jar,
  )
  const form = {
    grant_type: GRANT_TYPE.authorizationCode,
    code: code ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
  const askForTokens = (sent: Readonly<Record<string, string>>) =>
    postForm(`${server.baseUrl}/token`, sent, { authorization: basic(client) })
  const { body } = await askForTokens(form)
  const redeemCode = () => askForTokens(form)
  const revoke = () =>
    postForm(
      `${server.baseUrl}/revoke`,
      { token: String(body.refresh_token) },
      { authorization: basic(client) },
    )
  const refresh = () =>
    askForTokens({ grant_type: GRANT_TYPE.refreshToken, refresh_token: String(body.refresh_token) })
  const ask = async () =>
    String(
      (await exchange(server.baseUrl, String(body.id_token), { resource: TODO }, client)).body.access_token,
    )
  const [idJag, accessToken] = [await ask(), (await redeem(server.baseUrl, await ask())).body.access_token]
  const idToken = String(body.id_token)
  const { sid } = decodeJwt(idToken)
  return { idToken, sid, idJag, accessToken: String(accessToken), redeemCode, refresh, revoke }
}

async function look({ idJag, accessToken }: { idJag: string; accessToken: string }) {
  const headers = { authorization: basic(AGENT_AT_VENDOR) }
  const asked = await postForm(`${server.baseUrl}/as/vendor/introspect`, { token: accessToken }, headers)
  return { live: asked.body.active, redeemed: await findCode(await redeem(server.baseUrl, idJag)) }
}

/** @returns the code in the record of a decision */
async function findCode({ headers }: { readonly headers: Headers }) {
  const id = headers.get('crosswalk-decision') ?? ''
  const [recorded] = await server.events((reader) => reader.findByDecision(id))
  return recorded?.event.code
}

itOnDatabases(
  'ends the ID-JAGs and access tokens of that session only, on $name (REV-03, RT-07)',
  async ({ create }) => {
    server = await startTestServer({ file: (baseUrl) => company(baseUrl), database: await create() })
    const [desk, phone]: [Jar, Jar] = [new Map(), new Map()]
    const [atDesk, atPhone] = [await begin('alice', desk), await begin('alice', phone)]
    const others = await begin('carol', new Map())
    expect(atDesk.sid).not.toBe(atPhone.sid)
    expect((await signOut(server.baseUrl, desk)).status).toBe(303)
    expect(await look(atDesk)).toEqual({ live: false, redeemed: 'XAA2216' })
    expect(await look(atPhone)).toEqual({ live: true, redeemed: 'XAA0000' })
    expect(await look(others)).toEqual({ live: true, redeemed: 'XAA0000' })
    const events = await server.events((reader) => reader.list({ types: ['token.revoked'], limit: 10 }))
    expect(events.items.map(({ event: { actor, change } }) => ({ actor, change }))).toEqual([
      { actor: { kind: 'user', id: 'usr_alice' }, change: { revoked_tokens: 1, ended_sessions: true } },
    ])
    const again = await begin('alice', desk)
    expect(await look(again)).toEqual({ live: true, redeemed: 'XAA0000' })
  },
)

it.skipIf(postgres === undefined)(
  'ends the access of a session on a node whose clock is half an hour ahead (REV-03, RT-07)',
  async () => {
    let aheadMs = 0
    server = await startTestServer({
      file: (baseUrl) => company(baseUrl),
      database: (await postgres?.create()) ?? '',
      clock: { nowMs: () => Date.now() + aheadMs },
    })
    const jar: Jar = new Map()
    const atDesk = await begin('alice', jar)
    aheadMs = 1_800_000
    expect((await signOut(server.baseUrl, jar)).status).toBe(303)
    aheadMs = 0
    expect(await look(atDesk)).toEqual({ live: false, redeemed: 'XAA2216' })
  },
)

itOnDatabases(
  'ends the access of one app when its code or refresh token is used twice, or revoked, on $name (RT-06)',
  async ({ create }) => {
    server = await startTestServer({ file: (baseUrl) => company(baseUrl), database: await create() })
    const jar: Jar = new Map()
    for (const [use, error] of [
      ['redeemCode', 'invalid_grant'],
      ['refresh', 'invalid_grant'],
      ['revoke', undefined],
    ] as const) {
      const [ended, elsewhere] = [await begin('alice', jar), await begin('alice', new Map())]
      if (use === 'refresh') expect((await ended.refresh()).status).toBe(200)
      expect((await ended[use]()).body.error).toBe(error)
      const refused = await exchange(server.baseUrl, ended.idToken, { resource: TODO })
      expect([use, await findCode(refused)]).toEqual([use, 'XAA1205'])
      expect(await look(ended)).toEqual({ live: false, redeemed: 'XAA2216' })
      expect(await look(elsewhere)).toEqual({ live: true, redeemed: 'XAA0000' })
    }
    const { items } = await server.events((reader) => reader.list({ types: ['token.revoked'], limit: 10 }))
    expect(items.map(({ event }) => [event.actor, event.on_behalf_of?.user_ref])).toEqual(
      items.map(() => [{ kind: 'app', id: AGENT.id, client_id: AGENT.id }, 'usr_alice']),
    )
    expect(items).toHaveLength(3)
    // The browser is still signed in, so the next access needs no password, and works.
    expect(await look(await begin('alice', jar))).toEqual({ live: true, redeemed: 'XAA0000' })
  },
)

it('ends the access of one app when the user signs out of that app only (REV-03, RT-07)', async () => {
  server = await startTestServer({
    file(baseUrl) {
      const { connections } = company(baseUrl).idp as { connections: object[] }
      const other = { ...connections[0], id: 'other-todo0', app: OTHER.id }
      return company(baseUrl, { idp: { connections: [...connections, other] } })
    },
  })
  const jar: Jar = new Map()
  const [agent, other] = [await begin('alice', jar), await begin('alice', jar, OTHER)]
  const elsewhere = await begin('alice', new Map())
  expect((await signOut(server.baseUrl, jar, { hint: agent.idToken, everywhere: false })).status).toBe(303)
  expect(await look(agent)).toEqual({ live: false, redeemed: 'XAA2216' })
  expect(await look(other)).toEqual({ live: true, redeemed: 'XAA0000' })
  expect(await look(elsewhere)).toEqual({ live: true, redeemed: 'XAA0000' })
  const again = await begin('alice', jar)
  expect(await look(again)).toEqual({ live: true, redeemed: 'XAA0000' })
})
