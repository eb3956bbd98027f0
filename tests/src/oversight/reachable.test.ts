// "What may I request?": an app learns what it can access for the user of a token, and nothing about the rest.
import { randomUUID } from 'node:crypto'

import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, NOTES, TODO } from '../support/company.ts'
import { basic, exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token'
const SAML = 'urn:ietf:params:oauth:token-type:saml2'

let server: TestServer
let admin: Admin
let endpoint: string
let idTokens: Record<'alice' | 'bob', string>
let nowMs = Date.now()

beforeAll(async () => {
  server = await startTestServer({
    clock: { nowMs: () => nowMs },
    file: (baseUrl) =>
      company(baseUrl, {
        connection: { conditions: { dpop: 'required' } },
        idp: {
          policies: [
            {
              id: 'strong-notes',
              when: { resourceApp: 'notes0' },
              effect: 'require',
              require: { acr: ['mfa'], maxAuthAgeSeconds: 600 },
            },
          ],
        },
      }),
  })
  admin = adminOf(server.baseUrl)
  const metadata = await fetch(`${server.baseUrl}/.well-known/oauth-authorization-server`)
  const document = (await metadata.json()) as Record<string, string>
  endpoint = document.crosswalk_reachable_resources_endpoint ?? ''
  idTokens = {
    alice: (await signInFor(server.baseUrl, 'alice')).idToken,
    bob: (await signInFor(server.baseUrl, 'bob')).idToken,
  }
})
afterAll(() => server.stop())

interface Asking {
  readonly proof?: string
  readonly client?: { readonly id: string; readonly secret: string }
  readonly form?: Readonly<Record<string, string>>
}

async function ask(token: string, { client = AGENT, form = {}, proof }: Asking = {}) {
  const response = await fetch(endpoint, {
    method: 'POST',
    headers: {
      authorization: `Basic ${btoa(`${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`)}`,
      ...(proof === undefined ? {} : { dpop: proof }),
    },
    body: new URLSearchParams({ subject_token: token, subject_token_type: ID_TOKEN, ...form }),
  })
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  }
}

const audience = () => `${server.baseUrl}/as/vendor`

describe('what an app may request', () => {
  it('is advertised, and lists accessible resources with their requirements', async () => {
    expect(endpoint).toBe(`${server.baseUrl}/reachable-resources`)
    const { status, headers, body } = await ask(idTokens.alice)
    expect(status).toBe(200)
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('crosswalk-decision')).toBeNull()
    expect(body).toEqual({
      resources: [
        {
          name: 'Notes0',
          audience: audience(),
          resource: NOTES,
          scope: '',
          step_up: [{ scope: 'notes.read', acr_values: 'mfa', max_age: 600 }],
        },
        {
          name: 'Todo0',
          audience: audience(),
          resource: TODO,
          scope: 'todos.read todos.write',
          dpop_required: true,
        },
      ],
      complete: true,
    })
  })

  it('accepts each DPoP proof once: the same proof 10 seconds later is rejected, a new one is not', async () => {
    const { privateKey, publicKey } = await generateKeyPair('ES256')
    const jwk = await exportJWK(publicKey)
    const prove = () =>
      new SignJWT({ htm: 'POST', htu: endpoint, jti: randomUUID(), iat: Math.floor(nowMs / 1000) })
        .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
        .sign(privateKey)
    const proof = await prove()
    expect((await ask(idTokens.alice, { proof })).status).toBe(200)
    nowMs += 10_000
    const again = await ask(idTokens.alice, { proof })
    expect([again.status, again.body.error]).toEqual([400, 'invalid_dpop_proof'])
    expect((await ask(idTokens.alice, { proof: await prove() })).status).toBe(200)
  })

  it('agrees with the token endpoint', async () => {
    const refused = await exchange(server.baseUrl, idTokens.alice, { resource: NOTES })
    expect(refused.body).toMatchObject({
      error: 'insufficient_user_authentication',
      acr_values: 'mfa',
      max_age: 600,
    })
    expect((await exchange(server.baseUrl, idTokens.alice, { resource: TODO })).status).not.toBe(200)
  })

  it('is empty, with the same response, for unassigned users and without connections', async () => {
    const nothing = { resources: [], complete: true }
    expect((await ask(idTokens.bob)).body).toEqual(nothing)
    await admin('POST', '/connections/agent0-todo0/suspend', { body: {} })
    await admin('POST', '/connections/agent0-notes0/suspend', { body: {} })
    expect((await ask(idTokens.alice)).body).toEqual(nothing)
    await admin('POST', '/connections/agent0-todo0/resume', { body: {} })
    await admin('POST', '/connections/agent0-notes0/resume', { body: {} })
    expect((await ask(idTokens.alice)).body.resources).toHaveLength(2)
  })

  it('is recorded with app and user', async () => {
    await ask(idTokens.alice)
    const { body } = await admin('GET', '/audit-events?type=reachable.listed&limit=1')
    expect(body.items[0]).toMatchObject({
      actor: { kind: 'app', id: AGENT.id },
      on_behalf_of: { user_ref: 'usr_alice' },
      change: { found: 2 },
    })
    expect(JSON.stringify(body)).not.toContain(idTokens.alice)
  })
})

describe('a caller', () => {
  it.each([
    ['with a wrong secret', { client: { id: AGENT.id, secret: 'no' } }, 401, 'invalid_client'],
    ['as an unknown client', { client: { id: 'nobody', secret: 'no' } }, 401, 'invalid_client'],
    [
      'with a token for another app',
      { client: { id: 'other', secret: 'other secret' } },
      400,
      'invalid_grant',
    ],
    ['with an unknown token type', { form: { subject_token_type: 'x' } }, 400, 'invalid_request'],
    ['with a single-use assertion', { form: { subject_token_type: SAML } }, 400, 'invalid_request'],
    ['with no token', { form: { subject_token: '' } }, 400, 'invalid_request'],
    ['with nonsense', { form: { subject_token: 'a.b.c' } }, 400, 'invalid_grant'],
  ])('%s learns nothing', async (_, asking, status, error) => {
    const answer = await ask(idTokens.alice, asking as Asking)
    expect({ status: answer.status, error: answer.body.error }).toEqual({ status, error })
    expect(answer.body).not.toHaveProperty('resources')
  })

  it('must send a form', async () => {
    const read = await fetch(endpoint)
    expect([read.status, read.headers.get('allow')]).toEqual([405, 'POST'])
    const json = { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }
    expect((await fetch(endpoint, json)).status).toBe(400)
  })

  it('may send each parameter once', async () => {
    const send = (repeated: readonly (readonly [string, string])[]) =>
      fetch(endpoint, {
        method: 'POST',
        headers: { authorization: basic(AGENT) },
        body: new URLSearchParams([
          ['subject_token', idTokens.alice],
          ['subject_token_type', ID_TOKEN],
          ...repeated.map(([name, value]) => [name, value]),
        ]),
      })
    const twice = await send([['subject_token', idTokens.bob]])
    expect([twice.status, await twice.json()]).toMatchObject([400, { error: 'invalid_request' }])
    expect((await send([])).status).toBe(200)
  })

  it('with an expired token learns nothing', async () => {
    nowMs += 700_000
    expect((await ask(idTokens.alice)).body.error).toBe('invalid_grant')
    nowMs -= 700_000
    expect((await ask(idTokens.alice)).status).toBe(200)
  })

  it('that asks too often has to wait, without affecting others', async () => {
    let waited: Awaited<ReturnType<typeof ask>> | undefined
    for (let count = 0; count < 61 && waited === undefined; count += 1) {
      const answer = await ask(idTokens.alice)
      if (answer.status === 429) waited = answer
    }
    expect(waited?.body.error).toBe('slow_down')
    expect(Number(waited?.headers.get('retry-after'))).toBeGreaterThan(0)
    const other = await ask(idTokens.alice, { client: { id: 'other', secret: 'other secret' } })
    expect(other.status).toBe(400)
  })
})
