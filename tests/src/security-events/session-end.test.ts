// Signing out reaches what the session gave at authorization servers of the same process, without any security event.
import { GRANT_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterEach, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

type Jar = Map<string, string>

let server: TestServer
afterEach(async () => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server.stop()
})

/** A browser of its own for each: several sessions of one person. */
async function begin(username: string, jar: Jar) {
  const { code, codeVerifier } = await signIn(
    {
      authorizationEndpoint: `${server.baseUrl}/authorize`,
      clientId: AGENT.id,
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
  const { body } = await postForm(`${server.baseUrl}/token`, form, { authorization: basic(AGENT) })
  const ask = async () =>
    String((await exchange(server.baseUrl, String(body.id_token), { resource: TODO })).body.access_token)
  const [idJag, accessToken] = [await ask(), (await redeem(server.baseUrl, await ask())).body.access_token]
  return { sid: decodeJwt(String(body.id_token)).sid, idJag, accessToken: String(accessToken) }
}

async function signOut(jar: Jar) {
  const cookie = () => [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
  const page = await fetch(`${server.baseUrl}/session/end`, { headers: { cookie: cookie() } })
  for (const line of page.headers.getSetCookie()) {
    const [name = '', value = ''] = (line.split(';')[0] ?? '').split('=')
    jar.set(name, value)
  }
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(await page.text())?.[1] ?? ''
  return fetch(`${server.baseUrl}/session/end/confirm`, {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: cookie(), origin: server.baseUrl },
    body: new URLSearchParams({ xsrf, logout: 'yes' }),
  })
}

async function look({ idJag, accessToken }: { idJag: string; accessToken: string }) {
  const headers = { authorization: basic(AGENT_AT_VENDOR) }
  const asked = await postForm(`${server.baseUrl}/as/vendor/introspect`, { token: accessToken }, headers)
  const redeemed = await redeem(server.baseUrl, idJag)
  const id = redeemed.headers.get('crosswalk-decision') ?? ''
  const [recorded] = await server.events((reader) => reader.findByDecision(id))
  return { live: asked.body.active, redeemed: recorded?.event.code }
}

it.each(testDatabaseKinds())(
  'ends the ID-JAGs and access tokens of that session, and of no other, on $name (REV-03, RT-07)',
  async ({ create }) => {
    server = await startTestServer({ file: (baseUrl) => company(baseUrl), database: await create() })
    const [desk, phone]: [Jar, Jar] = [new Map(), new Map()]
    const [atDesk, atPhone] = [await begin('alice', desk), await begin('alice', phone)]
    const others = await begin('carol', new Map())
    expect(atDesk.sid).not.toBe(atPhone.sid)
    expect((await signOut(desk)).status).toBe(303)
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
