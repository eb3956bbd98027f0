// Simulations with other than the current definitions: at a past time, and with a draft.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin
let nowMs = Date.now()
const RULE = { id: 'no-reads', when: { scope: ['todos.read'] }, effect: 'deny' }
const moments: Record<string, string> = {}
/** Moves the clock by minutes between changes. */
const mark = (name: string) => {
  nowMs += 60_000
  moments[name] = new Date(nowMs).toISOString()
  nowMs += 60_000
}

async function simulate(more: object = {}, user = 'alice', token?: string) {
  const body = {
    app: AGENT.id,
    user,
    audience: `${server.baseUrl}/as/vendor`,
    resource: TODO,
    scope: 'todos.read',
  }
  return admin('POST', '/simulate', {
    body: { ...body, ...more },
    ...(token === undefined ? {} : { token }),
  })
}
/** @returns the world that the log states for a simulation */
async function changeOf(decisionId: string): Promise<unknown> {
  const { body } = await admin('GET', '/audit-events?type=simulation.run')
  return body.items.find(({ decision_id: id }: { decision_id?: string }) => id === decisionId)?.change
}
const codeOf = async (...asked: Parameters<typeof simulate>) => (await simulate(...asked)).body.code

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl), clock: { nowMs: () => nowMs } })
  admin = adminOf(server.baseUrl)
  mark('before')
  const { etag } = await admin('POST', '/policies', { body: RULE })
  mark('forbidden')
  await admin('DELETE', '/policies/no-reads', { ifMatch: etag })
  await admin('POST', '/connections/agent0-todo0/suspend', { body: {} })
  mark('suspended')
  await admin('POST', '/connections/agent0-todo0/resume', { body: {} })
  await admin('POST', '/users', { body: { id: 'usr_eve', username: 'eve', groups: ['engineering'] } })
})
afterAll(() => server.stop())

describe('at a past time', () => {
  it.each([
    ['before', 'XAA0000'],
    ['forbidden', 'XAA1701'],
    ['suspended', 'XAA1403'],
  ])('%s decides as it did then, including suspensions and blocks', async (moment, code) => {
    const { body } = await simulate({ asOf: moments[moment] })
    expect(body).toMatchObject({ code, mode: 'simulated', time: moments[moment] })
    expect(await changeOf(body.decision_id)).toEqual({ as_of: moments[moment] })
    expect(await codeOf()).toBe('XAA0000')
  })

  it('does not know users added later', async () => {
    expect(await codeOf({}, 'eve')).toBe('XAA0000')
    expect(await codeOf({ asOf: moments.before }, 'eve')).not.toBe('XAA0000')
  })

  it('shows who could access what', async () => {
    const who = async (moment?: string) => {
      const asOf = moment === undefined ? '' : `&asOf=${encodeURIComponent(moment)}`
      const { body } = await admin('GET', `/who-can?resource=todo0&scope=todos.read${asOf}`)
      return body.items.map(({ username }: { username: string }) => username)
    }
    expect(await who()).toEqual(['alice', 'carol', 'eve'])
    expect(await who(moments.before)).toEqual(['alice', 'carol'])
    expect(await who(moments.forbidden)).toEqual([])
  })

  it('is available in the CLI, by time or age', async () => {
    const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
    const ask = (...args: string[]) => crosswalk([...args, '--server', server.baseUrl], { env })
    const asOf = moments.forbidden ?? ''
    expect(await ask('who-can', 'todo0', 'todos.read', '--as-of', asOf)).toMatchObject({
      exitCode: 3,
      out: 'none\n',
    })
    expect((await ask('what-can', '--user', 'eve', '--as-of', asOf)).exitCode).toBe(6)
    const audience = `${server.baseUrl}/as/vendor`
    const simulated = [
      'simulate',
      '--app',
      AGENT.id,
      '--user',
      'alice',
      '--audience',
      audience,
      '--resource',
      TODO,
    ]
    const then = await ask(...simulated, '--scope', 'todos.read', '--as-of', asOf)
    expect(then).toMatchObject({ exitCode: 3, out: expect.stringContaining('XAA1701') })
  })

  it('rejects a future time', async () => {
    const { status, body } = await simulate({ asOf: new Date(nowMs + 1000).toISOString() })
    expect({ status, at: body.errors?.[0]?.path }).toEqual({ status: 400, at: '/asOf' })
  })
})

describe('with a draft', () => {
  const draft = { idp: { policies: [RULE] } }

  it('decides as it would, without applying anything', async () => {
    const { body } = await simulate({ draft })
    expect(body.code).toBe('XAA1701')
    expect(await changeOf(body.decision_id)).toEqual({ draft: true })
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const real = await exchange(server.baseUrl, idToken, { resource: TODO, scope: 'todos.read' })
    expect(real.status).toBe(200)
    expect((await admin('GET', '/policies')).body.items).toEqual([])
  })

  it('may change file objects, and add users', async () => {
    const { body } = await admin('GET', '/configuration?owner=file')
    const users = [...body.document.idp.users, { id: 'usr_new', username: 'new', groups: ['engineering'] }]
    expect(await codeOf({ draft: { idp: { users } } }, 'new')).toBe('XAA0000')
    expect(await codeOf({}, 'new')).not.toBe('XAA0000')
  })

  it('is rejected with its problems, together with `asOf`, and for roles that may not see policies', async () => {
    const wrong = { idp: { connections: [{ id: 'x', app: 'nobody', resourceApp: 'todo0' }] } }
    const { status, body } = await simulate({ draft: wrong })
    expect({ status, at: body.errors?.[0]?.path }).toEqual({
      status: 400,
      at: '/draft/idp/connections/0/app',
    })
    expect((await simulate({ draft, asOf: moments.before })).status).toBe(400)
    const helpdesk = await admin('POST', '/tokens', { body: { name: 'h', role: 'helpdesk' } })
    expect((await simulate({ draft }, 'alice', helpdesk.body.token)).status).toBe(403)
    expect((await simulate({}, 'alice', helpdesk.body.token)).status).toBe(200)
  })

  it('is read from files in the CLI, with problems reported by line', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-draft-'))
    const file = join(folder, 'draft.yaml')
    const audience = `${server.baseUrl}/as/vendor`
    const ask = (text: string) => {
      writeFileSync(file, text)
      const about = ['--app', AGENT.id, '--user', 'alice', '--audience', audience, '--resource', TODO]
      return crosswalk(['simulate', ...about, '--draft', file, '--server', server.baseUrl], {
        env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
      })
    }
    const denied = await ask('idp:\n  policies:\n    - { id: none, when: { app: agent0 }, effect: deny }\n')
    expect(denied).toMatchObject({ exitCode: 3, out: expect.stringContaining('XAA1701') })
    const wrong = await ask(
      'idp:\n  policies:\n    - id: none\n      when: { nonsense: yes }\n      effect: deny\n',
    )
    expect(wrong.exitCode).toBe(2)
    expect(wrong.err).toMatch(/draft\.yaml:4: /)
    rmSync(folder, { recursive: true })
  })
})
