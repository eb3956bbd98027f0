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
    },
    jar,
  )
  const form = {
    grant_type: GRANT_TYPE.authorizationCode,
    code: code ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
  const { body } = await postForm(`${server.baseUrl}/token`, form, { authorization: basic(client) })
  const ask = async () =>
    String(
      (await exchange(server.baseUrl, String(body.id_token), { resource: TODO }, client)).body.access_token,
    )
  const [idJag, accessToken] = [await ask(), (await redeem(server.baseUrl, await ask())).body.access_token]
  const idToken = String(body.id_token)
  return { idToken, sid: decodeJwt(idToken).sid, idJag, accessToken: String(accessToken) }
}

async function look({ idJag, accessToken }: { idJag: string; accessToken: string }) {
  const headers = { authorization: basic(AGENT_AT_VENDOR) }
  const asked = await postForm(`${server.baseUrl}/as/vendor/introspect`, { token: accessToken }, headers)
  const redeemed = await redeem(server.baseUrl, idJag)
  const id = redeemed.headers.get('crosswalk-decision') ?? ''
  const [recorded] = await server.events((reader) => reader.findByDecision(id))
  return { live: asked.body.active, redeemed: recorded?.event.code }
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
