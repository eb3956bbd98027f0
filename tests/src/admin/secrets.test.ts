// No secret or password ever comes back in a response, history, audit event or row, except a new one, once.
import { generateKeyPairSync } from 'node:crypto'
import { DatabaseSync } from 'node:sqlite'

import { expect, it } from 'vitest'

import { company, PASSWORD } from '../support/company.ts'
import { basic, postForm, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { adminOf } from './admin.ts'

const CHOSEN = {
  app: 'the chosen secret of an app',
  client: 'the chosen secret of a client',
  user: 'the chosen password',
}

it('accepts no private or symmetric key of a client or issuer, which every reader of the definition would see', async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const admin = adminOf(server.baseUrl)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  for (const key of [privateKey.export({ format: 'jwk' }), { kty: 'oct', k: 'c3ltbWV0cmlj' }]) {
    const jwks = { keys: [key] }
    const auth = { method: 'private_key_jwt', jwks }
    const app = await admin('POST', '/apps', { body: { id: 'bot', name: 'Bot', kind: 'agent', auth } })
    const trustedIssuers = [{ issuer: 'https://idp.example', jwks }]
    const trust = await admin('POST', '/authorization-servers', { body: { id: 'second', trustedIssuers } })
    expect(app).toMatchObject({ status: 400, body: { errors: [{ path: '/auth/jwks/keys/0' }] } })
    expect(trust).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/trustedIssuers/0/jwks/keys/0' }] },
    })
    expect(app.text + trust.text).not.toContain('d' in key ? key.d : key.k)
  }
  await server.stop()
})

it('shows no secret', async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const seen: string[] = []
  const admin = adminOf(server.baseUrl, seen)
  const auth = { method: 'client_secret_basic', secret: CHOSEN.app }
  const app = await admin('POST', '/apps', { body: { id: 'bot', name: 'Bot', kind: 'web', auth } })
  expect(app.body.auth).toEqual({ method: 'client_secret_basic', hasSecret: true })
  const made = await admin('POST', '/apps', {
    body: { id: 'bot2', name: 'Bot', kind: 'web', auth: { method: 'client_secret_post' } },
  })
  const secret = String(made.body.auth.secret)
  expect(secret).toMatch(/^[\w-]{44}$/)
  // Shown once on creation, and never again.
  seen.length = 0
  const clients = [{ id: 'c', auth: { method: 'client_secret_post', secret: CHOSEN.client } }]
  await admin('POST', '/authorization-servers', { body: { id: 'second', clients } })
  const user = await admin('POST', '/users', {
    body: { id: 'usr_eve', username: 'eve', password: CHOSEN.user },
  })
  expect(user.body).toMatchObject({ hasPassword: true })

  const kept = await admin('PATCH', '/apps/bot', { body: { name: 'Renamed' }, ifMatch: app.etag })
  expect(kept.body.auth).toEqual({ method: 'client_secret_basic', hasSecret: true })
  const rotated = await admin('PATCH', '/apps/bot', {
    body: { auth: { secret: `${CHOSEN.app} 2` } },
    ifMatch: kept.etag,
  })
  expect(rotated.status).toBe(200)
  const injected = await admin('PATCH', '/apps/bot', {
    body: { auth: { secretHash: 'x' } },
    ifMatch: rotated.etag,
  })
  expect(injected).toMatchObject({ status: 400, body: { errors: [{ path: '/auth/secretHash' }] } })
  const cleared = await admin('PATCH', '/users/usr_eve', { body: { password: null }, ifMatch: user.etag })
  expect(cleared).toMatchObject({ status: 200, body: { hasPassword: false } })
  await expect(signInFor(server.baseUrl, 'eve')).rejects.toThrow()

  for (const path of [
    '/apps',
    '/apps/bot',
    '/apps/bot/history',
    '/apps/agent0',
    '/authorization-servers',
    '/users',
    '/users/usr_eve/history',
  ])
    expect((await admin('GET', path)).status).toBe(200)
  const events = await server.events(async (reader) => (await reader.list({ limit: 200 })).items)
  expect(
    events.find(
      ({ event }) => event.type === 'app.changed' && JSON.stringify(event.change).includes('secret_changed'),
    ),
  ).toBeDefined()

  const database = new DatabaseSync(server.database.replace('sqlite:', ''), { readOnly: true })
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all() as {
    name: string
  }[]
  const rows = tables.map(({ name }) =>
    JSON.stringify(database.prepare(`select * from "${name}"`).all(), stringifyBigInt),
  )
  database.close()
  const secrets = [...Object.values(CHOSEN), secret, PASSWORD, 'agent0 secret at the IdP', 'todo0 api secret']
  for (const [where, texts] of [
    ['answers', seen],
    ['events', [JSON.stringify(events)]],
    ['rows', rows],
  ] as const)
    for (const one of secrets)
      expect({ where, found: texts.some((text) => text.includes(one)) }).toEqual({ where, found: false })
  for (const text of [...seen, JSON.stringify(events)]) expect(text).not.toMatch(/sha3-256\.|\$argon2id/)
  await server.stop()
})

it('replaces the authentication of an app completely if a patch has another method', async () => {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  const admin = adminOf(server.baseUrl)
  const { publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const jwks = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'first' }] }
  const secret = { method: 'client_secret_basic', secret: CHOSEN.app }
  let app = await admin('POST', '/apps', { body: { id: 'bot', name: 'Bot', kind: 'web', auth: secret } })
  const change = async (auth: object) => {
    app = await admin('PATCH', '/apps/bot', { body: { auth }, ifMatch: app.etag })
    expect(app).toMatchObject({ status: 200 })
    return app.body.auth
  }
  const keys = { method: 'private_key_jwt', jwks }
  expect(await change(keys)).toEqual(keys)
  expect(await change({ method: 'none' })).toEqual({ method: 'none' })
  expect(await change(keys)).toEqual(keys)
  expect(await change(secret)).toEqual({ method: 'client_secret_basic', hasSecret: true })
  // The same secret, sent in another way.
  expect(await change({ method: 'client_secret_post' })).toEqual({
    method: 'client_secret_post',
    hasSecret: true,
  })
  await server.stop()
})

it('replaces a secret without downtime: the previous one works until it is removed', async () => {
  const server = await startTestServer({
    file: (baseUrl) => ({
      ...company(baseUrl),
      authorizationServers: [
        {
          id: 'vendor',
          trustedIssuers: [],
          clients: [
            {
              id: 'filed',
              auth: {
                method: 'client_secret_basic',
                secret: 'new '.repeat(9),
                previousSecret: 'old '.repeat(9),
              },
            },
          ],
        },
      ],
    }),
  })
  const admin = adminOf(server.baseUrl)
  /** Whether the IdP and a Resource AS accept the secret; the grant fails for other reasons. */
  const takes = async (path: string, id: string, secret: string) => {
    const form = { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion: 'a.b.c' }
    const { body } = await postForm(`${server.baseUrl}${path}`, form, {
      authorization: basic({ id, secret }),
    })
    return body['error'] !== 'invalid_client'
  }
  expect(await takes('/as/vendor/token', 'filed', 'new '.repeat(9))).toBe(true)
  expect(await takes('/as/vendor/token', 'filed', 'old '.repeat(9))).toBe(true)
  expect(await takes('/as/vendor/token', 'filed', 'odd '.repeat(9))).toBe(false)

  const at = (secret: string) => takes('/as/second/token', 'c', secret)
  const clients = (auth: object) => ({ body: { clients: [{ id: 'c', auth }] } })
  const method = 'client_secret_basic'
  const path = '/authorization-servers/second'
  const made = await admin('POST', '/authorization-servers', {
    body: { id: 'second', ...clients({ method }).body },
  })
  const first = String(made.body.clients[0].auth.secret)
  const replaced = await admin('PATCH', path, {
    ...clients({ method, keepPrevious: true }),
    ifMatch: made.etag,
  })
  const { secret, ...auth } = replaced.body.clients[0].auth
  const second = String(secret)
  expect(auth).toEqual({ method, hasSecret: true, hasPreviousSecret: true })
  expect([await at(first), await at(second), await at('wrong')]).toEqual([true, true, false])

  const renamed = await admin('PATCH', path, {
    body: { clients: replaced.body.clients, name: 'Renamed' },
    ifMatch: replaced.etag,
  })
  const stillBoth = await admin('PATCH', path, { ...clients({ method }), ifMatch: replaced.etag })
  expect([renamed.status, stillBoth.status, await at(first)]).toEqual([400, 200, true])

  const ended = await admin('PATCH', path, {
    ...clients({ method, keepPrevious: false }),
    ifMatch: stillBoth.etag,
  })
  expect(ended.body.clients[0].auth).toEqual({ method, hasSecret: true })
  expect([await at(first), await at(second)]).toEqual([false, true])

  const atOnce = await admin('PATCH', path, {
    ...clients({ method, secret: 'x'.repeat(44) }),
    ifMatch: ended.etag,
  })
  expect([atOnce.status, await at(second), await at('x'.repeat(44))]).toEqual([200, false, true])
  await server.stop()
})

function stringifyBigInt(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
