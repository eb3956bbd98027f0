// A block denies an app at every grant, and its tokens at the IdP: sign-in, refresh and exchange, whether it is registered
// or has a metadata document.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { makeKey, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { ASSERTION_TYPE, makeClientAssertion } from '../protocol/support/proofs.ts'
import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, postForm } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let offsetMs = 0
let admin: Admin
let publisher: Server
let key: TestKey
let described = ''

beforeAll(async () => {
  key = await makeKey('one')
  publisher = createServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    const document = {
      client_id: described,
      client_name: 'Self-described agent',
      redirect_uris: [REDIRECT_URI],
      grant_types: [GRANT_TYPE.authorizationCode, GRANT_TYPE.refreshToken, GRANT_TYPE.tokenExchange],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [key.publicJwk] },
    }
    response.end(JSON.stringify(document))
  })
  await new Promise<void>((resolve) => publisher.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(publisher.address() as AddressInfo).port}`
  described = `http://${host}/agent.json`
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl, {
        idp: { clientMetadata: { allow: [host], assignments: { everyone: true } } },
      }) as { idp: { connections: object[] } }
      const [connection] = file.idp.connections
      file.idp.connections.push({ ...connection, id: 'described-todo0', app: described, clientId: described })
      return file as unknown as Record<string, unknown>
    },
    clock: { nowMs: () => Date.now() + offsetMs },
  })
  admin = adminOf(server.baseUrl)
})
afterAll(async () => {
  await server.stop()
  publisher.closeAllConnections()
  await new Promise((resolve) => publisher.close(resolve))
})

interface App {
  readonly id: () => string
  authenticate(): Promise<{
    readonly form?: Record<string, string>
    readonly headers?: Record<string, string>
  }>
}

const REGISTERED: App = {
  id: () => AGENT.id,
  authenticate: async () => ({ headers: { authorization: basic(AGENT) } }),
}
const DESCRIBED: App = {
  id: () => described,
  authenticate: async () => ({
    form: {
      client_assertion_type: ASSERTION_TYPE,
      client_assertion: await makeClientAssertion({ clientId: described, audience: server.baseUrl, key }),
    },
  }),
}

async function askForTokens(app: App, form: Readonly<Record<string, string>>) {
  const { form: own = {}, headers = {} } = await app.authenticate()
  return postForm(`${server.baseUrl}/token`, { ...form, ...own }, headers)
}

const enter = (app: App) =>
  signIn({
    authorizationEndpoint: `${server.baseUrl}/authorize`,
    clientId: app.id(),
    redirectUri: REDIRECT_URI,
    username: 'alice',
    password: PASSWORD,
    scope: 'openid offline_access',
  })

const redeemCode = (app: App, { code, codeVerifier }: { code: string | null; codeVerifier: string }) =>
  askForTokens(app, {
    grant_type: GRANT_TYPE.authorizationCode,
    code: code ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  })

async function signInTo(app: App) {
  const { body } = await redeemCode(app, await enter(app))
  expect(body).toHaveProperty('refresh_token')
  return body
}

const exchangeToken = (app: App, idToken: unknown) =>
  askForTokens(app, {
    grant_type: GRANT_TYPE.tokenExchange,
    requested_token_type: TOKEN_TYPE.idJag,
    audience: `${server.baseUrl}/as/vendor`,
    resource: TODO,
    subject_token: String(idToken),
    subject_token_type: TOKEN_TYPE.idToken,
  })

const introspect = async (app: App, token: unknown) => {
  const { form = {}, headers = {} } = await app.authenticate()
  return (await postForm(`${server.baseUrl}/introspect`, { token: String(token), ...form }, headers)).body
}

/**
 * Everything an app can obtain: a page or code, tokens for a code and for a refresh token, an ID-JAG; and what its tokens
 * at the IdP are still worth.
 */
async function tryAll(
  app: App,
  issued: Readonly<Record<string, unknown>>,
  code: Awaited<ReturnType<typeof enter>>,
) {
  const entered = await enter(app)
  const [accessToken, refreshToken] = [issued['access_token'], issued['refresh_token']]
  const headers = { authorization: `Bearer ${String(accessToken)}` }
  const seen = [
    (await fetch(`${server.baseUrl}/userinfo`, { headers })).status === 200,
    (await introspect(app, accessToken))['active'],
    (await introspect(app, refreshToken))['active'],
  ]
  const refresh = { grant_type: GRANT_TYPE.refreshToken, refresh_token: String(refreshToken) }
  const answers = [await redeemCode(app, code), await askForTokens(app, refresh)]
  return {
    signIn: entered.code === null ? /You have no access/.exec(entered.page ?? '')?.[0] : 'code',
    seen,
    tokens: answers.map(({ status, body }) => body['error'] ?? status),
    exchange: (await exchangeToken(app, issued['id_token'])).body['error'] ?? 'ID-JAG',
  }
}

describe('both kinds of app are blocked alike', () => {
  it.each([
    ['registered', REGISTERED, 'app', undefined],
    ['registered, for an hour', REGISTERED, 'app', 3_600_000],
    ['with a metadata document', DESCRIBED, 'app', undefined],
    ['registered, of a blocked user', REGISTERED, 'user', undefined],
    ['with a metadata document, of a user blocked for an hour', DESCRIBED, 'user', 3_600_000],
  ] as const)('an app that is %s', async (_, app, kind, forMs) => {
    const [issued, standing] = [await signInTo(app), await signInTo(app)]
    const [before, during] = [await enter(app), await enter(app)]
    expect(await tryAll(app, issued, before)).toEqual({
      signIn: 'code',
      seen: [true, true, true],
      tokens: [200, 200],
      exchange: 'ID-JAG',
    })

    const target = kind === 'app' ? app.id() : 'usr_alice'
    const until = forMs === undefined ? {} : { until: new Date(Date.now() + forMs).toISOString() }
    const block = await admin('POST', '/blocks', { body: { kind, target, reason: 'looked into', ...until } })
    expect(block.status).toBe(201)
    expect(await tryAll(app, standing, during)).toEqual({
      signIn: 'You have no access',
      seen: [false, false, false],
      tokens: ['invalid_grant', 'invalid_grant'],
      exchange: 'access_denied',
    })

    if (forMs !== undefined) {
      offsetMs = forMs
      expect((await enter(app)).code).not.toBeNull()
      offsetMs = 0
      expect((await enter(app)).code).toBeNull()
    }
    expect((await admin('DELETE', `/blocks/${block.body.id}`)).status).toBe(204)
    expect((await enter(app)).code).not.toBeNull()
  })
})

describe('sign-in stays open', () => {
  it.each([
    ['while everything is blocked, which denies every exchange', { kind: 'everything' }],
    ['while a connection is blocked', { kind: 'connection', id: 'agent0-todo0' }],
  ])('%s', async (_, target) => {
    const { body: kill } = await admin('POST', '/kill', { body: { target, reason: 'drill' } })
    const { body: issued, status } = await redeemCode(REGISTERED, await enter(REGISTERED))
    expect(status).toBe(200)
    expect((await exchangeToken(REGISTERED, issued['id_token'])).body['error']).toBe('access_denied')
    expect((await admin('POST', `/kill/${kill.id}/lift`, { body: { reason: 'over' } })).status).toBe(200)
    expect((await exchangeToken(REGISTERED, issued['id_token'])).status).toBe(200)
  })
})
