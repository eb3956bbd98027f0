// Tokens belong to the app they were issued to: a later app with the same id cannot use them.
import { randomBytes } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'

import { afterAll, beforeAll, expect, it } from 'vitest'

import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import { adminOf } from '../admin/admin.ts'
import { company, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor, type Tokens } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(() => server.stop())

const app = { id: 'bot', secret: randomBytes(32).toString('hex') }
const connection = {
  ...{ id: 'bot-todo0', app: app.id, resourceApp: 'todo0', clientId: 'agent0-at-vendor' },
  ...{ resources: [TODO], scopes: ['todos.read'], assignments: { everyone: true }, status: 'active' },
}

async function register(): Promise<void> {
  const auth = { method: 'client_secret_basic', secret: app.secret }
  const body = { id: app.id, name: 'Bot', kind: 'agent', redirectUris: [REDIRECT_URI], auth }
  const admin = adminOf(server.baseUrl)
  const made = await admin('POST', '/apps', { body: { ...body, assignments: { everyone: true } } })
  expect(made.status).toBe(201)
  expect(made.body).not.toHaveProperty('registeredAt')
  expect((await admin('POST', '/connections', { body: connection })).status).toBe(201)
}

async function remove(path: string): Promise<void> {
  const admin = adminOf(server.baseUrl)
  const { etag } = await admin('GET', path)
  expect((await admin('DELETE', path, { ifMatch: etag })).status).toBe(204)
}

async function use({ idToken, refreshToken, accessToken }: Tokens): Promise<Record<string, number>> {
  const resource = { resource: TODO }
  const ofRefreshToken = { ...resource, subject_token_type: TOKEN_TYPE.refreshToken }
  const refresh = { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken }
  const authorization = basic(app)
  const userinfo = await fetch(`${server.baseUrl}/userinfo`, {
    headers: { authorization: `Bearer ${accessToken}` },
  })
  return {
    userinfo: userinfo.status,
    exchangeIdToken: (await exchange(server.baseUrl, idToken, resource, app)).status,
    exchangeRefreshToken: (await exchange(server.baseUrl, refreshToken, ofRefreshToken, app)).status,
    refresh: (await postForm(`${server.baseUrl}/token`, refresh, { authorization })).status,
  }
}

async function getIdJag({ idToken }: Tokens): Promise<string> {
  return String((await exchange(server.baseUrl, idToken, { resource: TODO }, app)).body.access_token)
}

/** For the owner of the app, at the admin API */
async function createOwnerToken(): Promise<string> {
  const body = { name: 'Owner of Bot', role: 'app-owner', apps: [app.id] }
  return (await adminOf(server.baseUrl)('POST', '/tokens', { body })).body.token
}

async function readAs(token: string): Promise<number> {
  return (await adminOf(server.baseUrl)('GET', `/apps/${app.id}`, { token })).status
}

it('tokens of a deleted app are worthless to an app that is registered later with its id', async () => {
  await register()
  const scope = { scope: 'openid offline_access' }
  const tokens = await signInFor(server.baseUrl, 'alice', app, scope)
  const idJag = await getIdJag(tokens)
  const ofOwner = await createOwnerToken()
  expect(await readAs(ofOwner)).toBe(200)
  await remove('/connections/bot-todo0')
  await remove('/apps/bot')
  // Tokens name their moment in whole seconds.
  await setTimeout(1100)
  await register()
  expect(await use(tokens)).toEqual({
    userinfo: 401,
    exchangeIdToken: 400,
    exchangeRefreshToken: 400,
    refresh: 400,
  })
  expect((await redeem(server.baseUrl, idJag)).body).toMatchObject({ error: 'invalid_grant' })
  expect(await readAs(ofOwner)).toBe(404)
  expect(await readAs(await createOwnerToken())).toBe(200)
  const later = await signInFor(server.baseUrl, 'alice', app, scope)
  expect(await use(later)).toEqual({
    userinfo: 200,
    exchangeIdToken: 200,
    exchangeRefreshToken: 200,
    refresh: 200,
  })
  expect((await redeem(server.baseUrl, await getIdJag(later))).status).toBe(200)
})
