// An administrator resets a lost second factor: effective before the response, audited, and limited to certain roles.
import { decodeJwt } from 'jose'
import { TOTP } from 'otpauth'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, isLive, postForm, readMetadata, redeem } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, adminOf } from './admin.ts'

const SECRET = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'

let offsetMs = 0
const clock = { nowMs: () => Date.now() + offsetMs }
let server: TestServer
let admin: Admin
beforeAll(async () => {
  server = await startTestServer({
    clock,
    file: (baseUrl) => company(baseUrl, { users: { alice: { totpSecret: SECRET } } }),
  })
  admin = adminOf(server.baseUrl)
})
afterAll(async () => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server.stop()
})

/** A browser signs in with a second step, enrolling where the page shows a key. */
async function signInWithFactor(username: string) {
  const seen: string[] = []
  const metadata = await readMetadata(`${server.baseUrl}/.well-known/openid-configuration`)
  const { code, codeVerifier } = await signIn(
    {
      authorizationEndpoint: metadata.authorization_endpoint ?? '',
      clientId: AGENT.id,
      redirectUri: REDIRECT_URI,
      username,
      password: PASSWORD,
      extra: { acr_values: 'mfa' },
      code(page) {
        const key = /<p class="key"><code>([A-Z2-7 ]+)</.exec(page)?.[1]?.replaceAll(' ', '')
        seen.push(key ?? 'asked')
        offsetMs += 30_000
        return new TOTP({ secret: key ?? SECRET }).generate({ timestamp: clock.nowMs() })
      },
    },
    new Map(),
  )
  const form = {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
  const { body } = await postForm(metadata.token_endpoint ?? '', form, { authorization: basic(AGENT) })
  return { seen, idToken: String(body.id_token), refreshToken: String(body.refresh_token) }
}

const reset = (id: string, reason: string | undefined = 'INC-7 lost phone', token?: string) =>
  admin('POST', `/users/${id}/reset-factors`, {
    ...(token === undefined ? {} : { token }),
    body: reason === '' ? {} : { reason },
  })
const adminEvents = () =>
  server.events(async (reader) =>
    (await reader.list({ log: 'admin', limit: 100 })).items.map(({ event }) => event),
  )

describe('POST /users/{id}/reset-factors', () => {
  it('removes the factor and ends its sessions, so that the user enrols again (RT-07)', async () => {
    const before = await signInWithFactor('carol')
    expect(decodeJwt(before.idToken)).toMatchObject({ acr: 'mfa' })
    const issue = async () => {
      const { status, body } = await exchange(server.baseUrl, before.idToken, { resource: TODO })
      expect(status).toBe(200)
      return String(body.access_token)
    }
    const live = String((await redeem(server.baseUrl, await issue())).body.access_token)
    const outstanding = await issue()
    expect(await isLive(server.baseUrl, live)).toBe(true)
    expect(await reset('usr_carol')).toMatchObject({
      status: 200,
      body: {
        id: 'usr_carol',
        removed: { authenticatorApp: true, passkeys: 0 },
        keptOfFile: false,
        endedSessions: true,
        effectiveAt: expect.any(String),
      },
    })
    expect((await exchange(server.baseUrl, before.idToken, { resource: TODO })).status).toBe(400)
    expect((await redeem(server.baseUrl, outstanding)).status).toBe(400)
    expect(await isLive(server.baseUrl, live)).toBe(false)
    const refresh = { grant_type: 'refresh_token', refresh_token: before.refreshToken }
    const refreshed = await postForm(`${server.baseUrl}/token`, refresh, { authorization: basic(AGENT) })
    expect(refreshed.body.error).toBe('invalid_grant')
    const after = await signInWithFactor('carol')
    expect(after.seen).not.toEqual(before.seen)
    expect(after.seen[0]).toMatch(/^[A-Z2-7]{32}$/)
    expect((await exchange(server.baseUrl, after.idToken, { resource: TODO })).status).toBe(200)
  })

  it('records who reset whose factor, and why', async () => {
    const [revoked, event] = await adminEvents()
    expect(revoked).toMatchObject({
      type: 'token.revoked',
      target: { kind: 'user', id: 'usr_carol' },
      reason: 'INC-7 lost phone',
      change: { revoked_tokens: 1, ended_sessions: true },
    })
    expect(event).toMatchObject({
      type: 'credential.changed',
      category: 'people',
      severity: 'warning',
      actor: { kind: 'admin', id: 'admin' },
      target: { kind: 'user', id: 'usr_carol' },
      on_behalf_of: { user_ref: 'usr_carol' },
      reason: 'INC-7 lost phone',
      change: { change_type: 'delete', credential_types: ['app'], ended_sessions: true },
    })
  })

  it('does nothing, and records nothing, for a user without a factor', async () => {
    const count = (await adminEvents()).length
    expect(await reset('usr_bob')).toMatchObject({
      status: 200,
      body: { removed: { authenticatorApp: false }, endedSessions: false },
    })
    expect(await adminEvents()).toHaveLength(count)
  })

  it('does not touch a factor defined in the configuration file', async () => {
    const { status, body } = await reset('usr_alice')
    expect({ status, detail: body.detail }).toEqual({
      status: 409,
      detail: expect.stringContaining('configuration file'),
    })
    expect((await signInWithFactor('alice')).seen).toEqual(['asked'])
  })

  it('requires a reason and an existing user', async () => {
    expect((await reset('usr_carol', '')).status).toBe(400)
    expect((await reset('usr_nobody')).status).toBe(404)
  })

  it('requires an administrator; a helpdesk files a request instead', async () => {
    const made = await admin('POST', '/tokens', { body: { name: 'desk', role: 'helpdesk' } })
    expect((await reset('usr_carol', 'asked', made.body.token)).status).toBe(403)
    const administrator = await admin('POST', '/tokens', { body: { name: 'it', role: 'administrator' } })
    expect((await reset('usr_carol', 'asked', administrator.body.token)).status).toBe(200)
    expect((await adminEvents())[0]).toMatchObject({
      type: 'credential.changed',
      actor: { id: administrator.body.id },
    })
  })
})
