// A user is inactive and their tokens live on, as a process leaves it that ends between the two: the next one revokes them.
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

it('a deactivation whose process was killed ends the tokens at the next start', async () => {
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
  await former.stop()

  const storage = await openStorage(database)
  const stored = await storage.objects.find('users', EVE.id)
  await storage.objects.put({
    ...{ collection: 'users', id: EVE.id, at: Date.now(), by: 'adm' },
    body: { ...(stored?.body as object), active: false },
    event: { log: 'admin', event: { ...(await someEvent(storage)), type: 'user.changed' } },
  })
  await storage.close()

  const next = await start()
  await vi.waitFor(async () => expect(await isLive()).toBe(false), 5000)
  const { body } = await admin('GET', '/audit-events?log=admin&type=token.revoked&limit=1')
  expect(body.items[0]).toMatchObject({
    actor: { kind: 'system', id: 'housekeeping' },
    target: { kind: 'user', id: EVE.id },
    change: { revoked_tokens: 1 },
  })
  await next.stop()
  rmSync(directory, { recursive: true, force: true })
})

/** Any event of the log, to be written once more. */
async function someEvent({ events }: Awaited<ReturnType<typeof openStorage>>) {
  const [last] = (await events.list({ log: 'admin', limit: 1 })).items
  if (last === undefined) throw new Error('the log is empty')
  return { ...last.event, id: newId('evt') }
}
