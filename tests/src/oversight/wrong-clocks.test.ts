// A node whose clock is ahead ends nothing early: what is due is decided by the clock of the database.
import { randomBytes } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'

import { afterEach, describe, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { company } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const DAY_MS = 86_400_000
/** Longer than the interval at which nodes look for due access */
const TWO_ROUNDS_MS = 11_000
const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')

const nodes: TestServer[] = []
afterEach(async () => {
  for (const node of nodes.splice(0)) await node.stop()
})

describe.skipIf(postgres === undefined)('on a node that is 20 days ahead', () => {
  it('an access grant and a request stay open until they are due, and the next key is published first', async () => {
    const database = (await postgres?.create()) ?? ''
    const key = randomBytes(32).toString('hex')
    const start = async (aheadMs: number) => {
      const clock = { nowMs: () => Date.now() + aheadMs }
      const node = await startTestServer({ file: (baseUrl) => company(baseUrl), database, key, clock })
      nodes.push(node)
      return adminOf(node.baseUrl)
    }
    const admin = await start(0)
    const about = { user: 'usr_bob', scopes: ['todos.read'], reason: 'sprint' }
    const until = new Date(Date.now() + DAY_MS).toISOString()
    const grant = await admin('POST', '/access-grants', {
      body: { ...about, connection: 'agent0-todo0', until },
    })
    const request = await admin('POST', '/access-requests', {
      body: { ...about, app: 'agent0', resourceApp: 'notes0', scopes: ['notes.read'] },
    })
    const due = await admin('POST', '/access-grants', {
      body: {
        ...{ ...about, user: 'usr_carol', connection: 'agent0-todo0' },
        until: new Date(Date.now() + 3000).toISOString(),
      },
    })
    expect([grant.status, request.status, due.status]).toEqual([201, 201, 201])
    const listKeys = async () => {
      const { body } = await admin('GET', '/keys')
      return body.items.map(({ kid, state }: Record<string, unknown>) => `${kid} ${state}`).sort()
    }
    const rotated = await admin('POST', '/keys/idp/id-jag/rotate', { body: { reason: 'yearly' } })
    expect(rotated.status).toBe(200)
    const keys = await listKeys()
    await start(20 * DAY_MS)
    await wait(TWO_ROUNDS_MS)
    expect(await listKeys()).toEqual(keys)
    const stateOf = async (path: string) => (await admin('GET', path)).body.state
    expect(await stateOf(`/access-grants/${grant.body.id}`)).toBe('active')
    expect(await stateOf(`/access-requests/${request.body.id}`)).toBe('open')
    expect(await stateOf(`/access-grants/${due.body.id}`)).toBe('ended')
  })
})
