// A stolen database contains none of the secrets that went over the wire.
import { digest } from '@crosswalk/as-core'
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { adminAs } from '../admin/console-user.ts'
import { AGENT, company, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, postForm, readMetadata, redeem, signInFor } from '../support/flow.ts'
import { openAs } from '../support/user-browser.ts'
import { readEverything } from '../support/read-everything.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Wire, watchWire } from '../support/watch-wire.ts'

let server: TestServer
let wire: Wire
beforeEach(() => {
  wire = watchWire()
})
afterEach(async () => {
  wire.stop()
  await server.stop()
})

async function start(create: () => Promise<string>): Promise<void> {
  server = await startTestServer({
    database: await create(),
    file(baseUrl) {
      const { admin, ...rest } = company(baseUrl)
      return { ...rest, admin: { ...(admin as object), roles: { owner: { users: ['usr_alice'] } } } }
    },
  })
}

/** Exercises every way in which a user, app or administrator obtains a secret. */
async function useEverything(): Promise<{ readonly refreshToken: string }> {
  const { baseUrl } = server
  const metadata = await readMetadata(`${baseUrl}/.well-known/openid-configuration`)
  const { idToken, accessToken, refreshToken } = await signInFor(baseUrl, 'alice')
  const headers = { authorization: basic(AGENT) }
  await fetch(metadata.userinfo_endpoint ?? '', { headers: { authorization: `Bearer ${accessToken}` } })
  const rotated = await postForm(
    `${baseUrl}/token`,
    { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken },
    headers,
  )
  expect(rotated.status).toBe(200)
  const issued = await exchange(baseUrl, idToken, { resource: TODO })
  expect((await redeem(baseUrl, String(issued.body.access_token))).status).toBe(200)
  // Requests in progress: one pushed but unused, one begun but unfinished.
  const request = {
    client_id: AGENT.id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid',
    code_challenge: digest('verifier'),
    code_challenge_method: 'S256',
  }
  const pushed = await postForm(metadata.pushed_authorization_request_endpoint ?? '', request, headers)
  expect(pushed.status).toBe(201)
  const asked = { client_id: AGENT.id, request_uri: String(pushed.body.request_uri) }
  const begun = await fetch(`${metadata.authorization_endpoint}?${new URLSearchParams(asked)}`, {
    redirect: 'manual',
  })
  expect(begun.status).toBe(303)
  await postForm(metadata.pushed_authorization_request_endpoint ?? '', request, headers)
  const me = await openAs(baseUrl, 'bob')
  await me.open('/me')
  await me.open('/logout')
  const owner = await adminAs(baseUrl, 'alice')
  expect((await owner('POST', '/tokens', { body: { name: 'ci', role: 'auditor' } })).status).toBe(201)
  await adminOf(baseUrl)('GET', '/users')
  return { refreshToken: String(rotated.body.refresh_token) }
}

describeOnDatabases('a stolen database on $name', ({ create }) => {
  it('contains only digests of the tokens, codes, cookies and passwords that went over the wire', async () => {
    await start(create)
    const { refreshToken } = await useEverything()
    const text = await readEverything(server.database)
    // Positive control: the search finds values that are there.
    expect(text).toContain(digest(refreshToken))
    expect(text).toContain('usr_alice')
    const names = new Set(wire.secrets().map(({ name }) => name))
    for (const name of [
      'code',
      'refresh_token',
      'access_token',
      'id_token',
      'request_uri',
      'path',
      'password',
    ])
      expect(names).toContain(name)
    expect([...names].filter((name) => name.startsWith('cookie ')).length).toBeGreaterThan(3)
    const found = wire.secrets().filter(({ value }) => text.includes(value))
    expect(found).toEqual([])
  })
})
