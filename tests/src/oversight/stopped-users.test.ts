// A process ends after a user was deactivated or removed but before their tokens were revoked: the next process revokes them, and a later user
// with the same id inherits nothing.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { newId } from '@crosswalk/as-core'
import { openStorage } from '@crosswalk/storage'
import { expect, it, vi } from 'vitest'

import { adminOf } from '../admin/admin.ts'
import { company, PASSWORD, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer } from '../support/server.ts'

const EVE = { id: 'usr_eve', username: 'eve', groups: ['engineering'], password: PASSWORD }

const NOW = { collection: 'users', id: EVE.id, by: 'adm' } as const

/** A server with a user who has a live token, to be stopped as if killed right after the commit of a change. */
async function openWorld() {
  const directory = mkdtempSync(join(tmpdir(), 'crosswalk-test-'))
  const database = `sqlite:${directory}/db.sqlite`
  const key = randomBytes(32).toString('hex')
  const port = await findFreePort()
  const start = () => startTestServer({ file: (b) => company(b), database, key, listen: { port } })
  const former = await start()
  const { baseUrl } = former
  const admin = adminOf(baseUrl)
  expect((await admin('POST', '/users', { body: EVE })).status).toBe(201)
  const { idToken } = await signInFor(baseUrl, 'eve')
  const grant = await exchange(baseUrl, idToken, { resource: TODO })
  const token = String((await redeem(baseUrl, String(grant.body.access_token))).body.access_token)
  const isLive = async () => {
    const api = { authorization: basic({ id: 'todo0-api', secret: 'todo0 api secret' }) }
    return (await postForm(`${baseUrl}/as/vendor/introspect`, { token }, api)).body.active
  }
  expect(await isLive()).toBe(true)
  const close = () => rmSync(directory, { recursive: true, force: true })
  return { former, start, database, admin, isLive, close }
}

async function change(database: string, body: object | undefined): Promise<void> {
  const storage = await openStorage(database)
  const event = { log: 'admin', event: { ...(await someEvent(storage)), type: 'user.changed' } }
  const stored = await storage.objects.find('users', EVE.id)
  if (body === undefined) await storage.objects.remove({ ...NOW, at: Date.now(), event })
  else
    await storage.objects.put({
      ...{ ...NOW, at: Date.now(), event },
      body: { ...(stored?.body as object), ...body },
    })
  await storage.close()
}

it.each([
  ['a deactivation', { active: false }, true],
  ['a removal', undefined, false],
])('%s whose process was killed ends the tokens at the next start', async (_, body, staysKnown) => {
  const { former, start, database, admin, isLive, close } = await openWorld()
  await former.stop()
  await change(database, body)

  const next = await start()
  await vi.waitFor(async () => expect(await isLive()).toBe(false), 5000)
  await vi.waitFor(async () => {
    const { body: page } = await admin('GET', '/audit-events?log=admin&type=token.revoked&limit=1')
    expect(page.items[0]).toMatchObject({
      actor: { kind: 'system', id: 'housekeeping' },
      target: { kind: 'user', id: EVE.id },
      change: { revoked_tokens: 1 },
    })
  })
  await next.stop()
  expect(await hasPassword(database)).toBe(staysKnown)
  close()
})

it('a removed user inherits nothing when restored', async () => {
  const { former, database, admin, isLive, close } = await openWorld()
  await change(database, undefined)
  const { items } = (await admin('GET', `/users/${EVE.id}/history`)).body
  const restore = () =>
    admin('POST', `/users/${EVE.id}/restore`, { body: { revision: items.at(-1).revision } })
  await vi.waitFor(async () => expect((await restore()).status).toBe(200))
  expect(await isLive()).toBe(false)
  await former.stop()
  expect(await hasPassword(database)).toBe(false)
  close()
})

it('a user with a new address loses tokens issued under the old one', async () => {
  const file = (baseUrl: string) => {
    const { idp, ...rest } = company(baseUrl) as { idp: { resourceApps: object[] } }
    const resourceApps = idp.resourceApps.map((app, index) =>
      index === 0 ? { ...app, subject: 'user.email' } : app,
    )
    return { ...rest, idp: { ...idp, resourceApps } }
  }
  const server = await startTestServer({ file })
  const { baseUrl } = server
  const admin = adminOf(baseUrl)
  const known = (email: string) => ({ email, emailVerified: true })
  await admin('POST', '/users', { body: { ...EVE, ...known('eve@acme.test') } })
  const { idToken } = await signInFor(baseUrl, 'eve')
  const issue = async () => {
    const grant = await exchange(baseUrl, idToken, { resource: TODO })
    return String((await redeem(baseUrl, String(grant.body.access_token))).body.access_token)
  }
  const isLive = async (token: string) => {
    const api = { authorization: basic({ id: 'todo0-api', secret: 'todo0 api secret' }) }
    return (await postForm(`${baseUrl}/as/vendor/introspect`, { token }, api)).body.active
  }
  const patch = async (body: object) => {
    const { etag: ifMatch } = await admin('GET', '/users/usr_eve')
    expect((await admin('PATCH', '/users/usr_eve', { body, ifMatch })).status).toBe(200)
  }
  const first = await issue()
  await patch({ name: 'Eve' })
  expect(await isLive(first)).toBe(true)
  await patch(known('evelyn@acme.test'))
  expect(await isLive(first)).toBe(false)
  const second = await issue()
  expect(await isLive(second)).toBe(true)
  await admin('POST', '/users/usr_eve/suspend', { body: { reason: 'a test' } })
  expect(await isLive(second)).toBe(false)
  const { body: page } = await admin('GET', '/audit-events?log=admin&type=token.revoked&limit=9')
  expect(page.items.map(({ actor, change }: Record<string, unknown>) => [actor, change])).toMatchObject([
    [{}, { revoked_tokens: 1, ended_sessions: true }],
    [{ id: 'system' }, { revoked_tokens: 1, ended_sessions: false }],
  ])
  await server.stop()
})

async function hasPassword(database: string): Promise<boolean> {
  const storage = await openStorage(database)
  const hash = await storage.passwordHashes.find(EVE.id)
  await storage.close()
  return hash !== undefined
}

/** A copy of the last event of the log. */
async function someEvent({ events }: Awaited<ReturnType<typeof openStorage>>) {
  const [last] = (await events.list({ log: 'admin', limit: 1 })).items
  if (last === undefined) throw new Error('the log is empty')
  return { ...last.event, id: newId('evt') }
}
