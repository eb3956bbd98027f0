// The whole flow over real HTTP, leg by leg, as seen on the wire.
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, NOTES, TODO } from './support/company.ts'
import { basic, exchange, postForm, readMetadata, redeem, signInFor, type Tokens } from './support/flow.ts'
import { startTestServer, type TestServer } from './support/server.ts'

let server: TestServer
let alice: Tokens
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  alice = await signInFor(server.baseUrl, 'alice')
})
afterAll(async () => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server.stop()
})

describe('the crossing', () => {
  it('idp-tex-01, ras-ok-01: turns an ID token into an ID-JAG, and that into an access token (IDP-28, RAS-36, AT-02)', async () => {
    const first = await exchange(server.baseUrl, alice.idToken, { resource: TODO, scope: 'todos.read' })
    expect(first.body).toMatchObject({
      issued_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
      token_type: 'N_A',
      expires_in: 300,
      scope: 'todos.read',
      resource: TODO,
    })
    expect(first.status).toBe(200)
    expect(first.body.refresh_token).toBeUndefined()
    expect(first.headers.get('cache-control')).toBe('no-store')
    expect(first.headers.get('crosswalk-decision')).toMatch(/^dec_/)
    const idJag = String(first.body.access_token)
    expect(decodeProtectedHeader(idJag)).toMatchObject({ typ: 'oauth-id-jag+jwt', alg: 'ES256' })
    expect(decodeJwt(idJag)).toMatchObject({
      iss: server.baseUrl,
      sub: 'usr_alice',
      aud: `${server.baseUrl}/as/vendor`,
      client_id: AGENT_AT_VENDOR.id,
      resource: TODO,
      scope: 'todos.read',
      email: 'alice@acme.test',
      email_verified: true,
    })

    const second = await redeem(server.baseUrl, idJag)
    expect(second.body).toMatchObject({
      token_type: 'Bearer',
      expires_in: 600,
      scope: 'todos.read',
      resource: TODO,
    })
    expect(second.status).toBe(200)
    expect(second.headers.get('crosswalk-decision')).toMatch(/^dec_/)
    const accessToken = String(second.body.access_token)
    expect(decodeProtectedHeader(accessToken)).toMatchObject({ typ: 'at+jwt' })
    const claims = decodeJwt(accessToken)
    expect(claims).toMatchObject({
      iss: `${server.baseUrl}/as/vendor`,
      aud: TODO,
      client_id: AGENT_AT_VENDOR.id,
      scope: 'todos.read',
    })
    expect(claims.sub).toMatch(/^acc_/)
  })

  it('finds the same account next time, and a different one for another user (AT-04, RAS-31)', async () => {
    const subjectOf = async (tokens: Tokens, resource: string) => {
      const { body } = await exchange(server.baseUrl, tokens.idToken, { resource })
      return decodeJwt(String((await redeem(server.baseUrl, String(body.access_token))).body.access_token))
        .sub
    }
    const carol = await signInFor(server.baseUrl, 'carol')
    expect(await subjectOf(alice, TODO)).toBe(await subjectOf(alice, NOTES))
    expect(await subjectOf(carol, TODO)).not.toBe(await subjectOf(alice, TODO))
  })

  it('accepts an ID-JAG once, even out of a hundred concurrent requests (RAS-18, RAS-19)', async () => {
    const { body } = await exchange(server.baseUrl, alice.idToken, { resource: TODO })
    const answers = await Promise.all(
      Array.from({ length: 100 }, () => redeem(server.baseUrl, String(body.access_token))),
    )
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
    expect(
      new Set(answers.filter(({ status }) => status !== 200).map(({ body: refusal }) => refusal.error)),
    ).toEqual(new Set(['invalid_grant']))
  })

  it('does not use up an ID-JAG with a rejected request (RAS-19)', async () => {
    const { body } = await exchange(server.baseUrl, alice.idToken, { resource: TODO, scope: 'todos.read' })
    const idJag = String(body.access_token)
    expect((await redeem(server.baseUrl, idJag, { scope: 'todos.write' })).body.error).toBe('invalid_scope')
    expect((await redeem(server.baseUrl, idJag)).status).toBe(200)
  })

  it('denies bob at the IdP, with no reason on the wire (IDP-22)', async () => {
    const bob = await signInFor(server.baseUrl, 'bob')
    const { status, body } = await exchange(server.baseUrl, bob.idToken, { resource: TODO })
    const sent = new URLSearchParams({ app: AGENT.id, resource: TODO })
    expect({ status, body }).toEqual({
      status: 400,
      body: {
        error: 'access_denied',
        error_description: 'The requested access is not permitted.',
        error_uri: `${server.baseUrl}/me/ask?${sent}`,
      },
    })
  })

  it('does not sign in a deactivated user', async () => {
    await expect(signInFor(server.baseUrl, 'dave')).rejects.toThrow(/could not sign you in/)
  })

  it('gives the second product behind the issuer its own policy (S10)', async () => {
    const read = await exchange(server.baseUrl, alice.idToken, { resource: NOTES })
    expect(read.body).toMatchObject({ scope: 'notes.read', resource: NOTES })
    const write = await exchange(server.baseUrl, alice.idToken, { resource: NOTES, scope: 'notes.write' })
    expect(write).toMatchObject({ status: 400, body: { error: 'invalid_scope' } })
    const either = await exchange(server.baseUrl, alice.idToken, {})
    expect(either).toMatchObject({ status: 400, body: { error: 'invalid_target' } })
  })

  it('accepts a refresh token as subject without using it up (RT-02, RT-06)', async () => {
    const form = { resource: TODO, subject_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' }
    for (let use = 0; use < 2; use += 1)
      expect((await exchange(server.baseUrl, alice.refreshToken, form)).status).toBe(200)
    const refreshed = await postForm(
      `${server.baseUrl}/token`,
      { grant_type: 'refresh_token', refresh_token: alice.refreshToken },
      { authorization: basic({ id: 'agent0', secret: 'agent0 secret at the IdP' }) },
    )
    expect(refreshed.status).toBe(200)
    expect(refreshed.headers.get('crosswalk-decision')).toMatch(/^dec_/)
    const rotated = await exchange(server.baseUrl, alice.refreshToken, form)
    expect(rotated).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    alice = await signInFor(server.baseUrl, 'alice')
  })
})

describe('introspection and revocation', () => {
  const api = { id: 'todo0-api', secret: 'todo0 api secret' }
  const introspect = (token: string, client = api) =>
    postForm(`${server.baseUrl}/as/vendor/introspect`, { token }, { authorization: basic(client) })
  const issue = async (resource: string) => {
    const { body } = await exchange(server.baseUrl, alice.idToken, { resource })
    return String((await redeem(server.baseUrl, String(body.access_token))).body.access_token)
  }

  it('tells an API about tokens for its resource, and nothing about others (REV-02)', async () => {
    const [todo, notes] = [await issue(TODO), await issue(NOTES)]
    expect((await introspect(todo)).body).toMatchObject({
      active: true,
      aud: TODO,
      client_id: AGENT_AT_VENDOR.id,
      scope: 'todos.read todos.write',
    })
    expect((await introspect(notes)).body).toEqual({ active: false })
    expect((await introspect('nonsense')).body).toEqual({ active: false })
    expect((await introspect(todo, { ...api, secret: 'wrong' })).status).toBe(401)
  })

  it('ends a token that its client revokes, and no other (REV-01)', async () => {
    const token = await issue(TODO)
    const revoke = (client: typeof api) =>
      postForm(`${server.baseUrl}/as/vendor/revoke`, { token }, { authorization: basic(client) })
    expect((await revoke(api)).status).toBe(200)
    expect((await introspect(token)).body.active).toBe(true)
    expect((await revoke(AGENT_AT_VENDOR)).status).toBe(200)
    expect((await introspect(token)).body).toEqual({ active: false })
  })
})

describe('metrics', () => {
  const count = async (log: string, code: string): Promise<number> => {
    const text = await (await fetch(`${server.baseUrl}/metrics`)).text()
    const line = new RegExp(`^crosswalk_decisions_total\\{log="${log}",code="${code}"\\} (\\d+)$`, 'm')
    return Number(line.exec(text)?.[1] ?? 0)
  }

  it('count decisions by code, so that bursts of replays or stolen grants show (SEC-36)', async () => {
    const read = async () => ({
      issued: await count('idp', 'XAA0000'),
      redeemed: await count('as:vendor', 'XAA0000'),
      replayed: await count('as:vendor', 'XAA2209'),
      ofAnother: await count('as:vendor', 'XAA2103'),
    })
    const before = await read()
    const { body } = await exchange(server.baseUrl, alice.idToken, { resource: TODO })
    const idJag = String(body.access_token)
    const thief = { id: 'todo0-api', secret: 'todo0 api secret' }
    const answers = [
      await redeem(server.baseUrl, idJag, {}, thief),
      await redeem(server.baseUrl, idJag),
      await redeem(server.baseUrl, idJag),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 200, 400])
    const after = Object.entries(before).map(([name, value]) => [name, value + 1])
    expect(await read()).toEqual(Object.fromEntries(after))
  })
})

describe('metadata', () => {
  it('lists what each server offers, and nothing else (META-01 to META-08)', async () => {
    const idp = await readMetadata(`${server.baseUrl}/.well-known/oauth-authorization-server`)
    expect(idp).toMatchObject({
      issuer: server.baseUrl,
      identity_chaining_requested_token_types_supported: ['urn:ietf:params:oauth:token-type:id-jag'],
    })
    expect(idp.grant_types_supported).toContain('urn:ietf:params:oauth:grant-type:token-exchange')
    expect(idp.authorization_grant_profiles_supported).toBeUndefined()
    const vendor = await readMetadata(`${server.baseUrl}/.well-known/oauth-authorization-server/as/vendor`)
    expect(vendor).toEqual(await readMetadata(`${server.baseUrl}/as/vendor/.well-known/openid-configuration`))
    expect(vendor).toMatchObject({
      issuer: `${server.baseUrl}/as/vendor`,
      authorization_grant_profiles_supported: ['urn:ietf:params:oauth:grant-profile:id-jag'],
    })
    expect(vendor.grant_types_supported).toEqual([
      'urn:ietf:params:oauth:grant-type:jwt-bearer',
      'urn:ietf:params:oauth:grant-type:jwt-dpop',
    ])
  })

  it('publishes public keys only, one purpose each (IDP-40)', async () => {
    const { keys } = (await readMetadata(`${server.baseUrl}/jwks`)) as unknown as {
      keys: Record<string, unknown>[]
    }
    const purposes = keys.map(({ kid, alg }) => {
      const [, purpose] = /^(id-jag|id-token|security-event)-/.exec(String(kid)) ?? []
      return `${purpose} ${String(alg)}`
    })
    expect(purposes.sort()).toEqual([
      'id-jag ES256',
      'id-token ES256',
      'id-token RS256',
      'security-event ES256',
    ])
    for (const { kty, ...key } of keys) {
      const members = kty === 'RSA' ? ['e', 'n'] : ['crv', 'x', 'y']
      expect(Object.keys(key).sort()).toEqual(['alg', 'kid', 'use', ...members].sort())
    }
  })
})
