// No secret or password comes back, in no answer, history, audit event or row; except the one made here, once.
import { DatabaseSync } from 'node:sqlite'

import { expect, it } from 'vitest'

import { company, PASSWORD } from '../support/company.ts'
import { signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { adminOf } from './admin.ts'

const CHOSEN = {
  app: 'the chosen secret of an app',
  client: 'the chosen secret of a client',
  user: 'the chosen password',
}

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
  // Seen once, as it should be; from here on never again.
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

function stringifyBigInt(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}
