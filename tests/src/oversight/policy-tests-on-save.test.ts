// Stored policy tests block changes that break them, whether by object, document or approval. An override requires a reason, which is recorded.
// Suspending and blocking are never held up.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Role, ROLES, ROUTES, SCOPED_ROLES } from '@crosswalk/admin-api'

import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin

const reads = { at: 'todo0', ask: ['todos.read'] }
const COMPANY_SUITE = {
  id: 'company',
  tests: [
    {
      ...reads,
      name: 'engineers read',
      who: ['user:alice', 'user:carol'],
      app: AGENT.id,
      expect: { outcome: 'allow' },
    },
    { ...reads, name: 'carol has no bot', who: 'user:carol', app: 'bot', expect: { outcome: 'deny' } },
  ],
}
const BREAKING = { id: 'no-reads', when: { scope: ['todos.read'] }, effect: 'deny' }
const override = (reason?: string) => ({
  headers: {
    'crosswalk-override': 'policy-tests',
    ...(reason === undefined ? {} : { 'crosswalk-reason': encodeURIComponent(reason) }),
  },
})
const refusal = (...tests: string[]) => ({
  status: 409,
  body: {
    type: 'urn:crosswalk:problem:tests-fail',
    failedTests: tests.map((test) => expect.objectContaining({ test })),
  },
})

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => company(baseUrl, { idp: { policyTests: [COMPANY_SUITE] } }),
  })
  admin = adminOf(server.baseUrl)
  const app = {
    id: 'bot',
    name: 'Bot',
    kind: 'agent',
    auth: { method: 'client_secret_basic' },
    assignments: { everyone: true },
  }
  expect(await admin('POST', '/apps', { body: app })).toMatchObject({ status: 201 })
  const connection = {
    id: 'bot-todo0',
    app: 'bot',
    resourceApp: 'todo0',
    clientId: 'bot-there',
    resources: [TODO],
    scopes: ['todos.read'],
    assignments: { users: ['usr_alice'] },
    status: 'active',
  }
  expect(await admin('POST', '/connections', { body: connection })).toMatchObject({ status: 201 })
})
afterAll(() => server.stop())

async function outcomeFor(user: string, app: string): Promise<string> {
  const body = { app, user, audience: `${server.baseUrl}/as/vendor`, resource: TODO, scope: 'todos.read' }
  return (await admin('POST', '/simulate', { body })).body.outcome
}

describe('a change that breaks a test', () => {
  it('is rejected with the test and the affected request, and not made', async () => {
    const refused = await admin('POST', '/policies', { body: BREAKING })
    expect(refused).toMatchObject(refusal('engineers read'))
    expect(refused.body.detail).toMatch(
      /^1 policy test would fail, for example company: engineers read \(agent0 for alice at .*todos\.read: deny XAA1701 .* instead of allow, and 1 more\)\. /,
    )
    expect((await admin('GET', '/policies/no-reads')).status).toBe(404)
    expect(await outcomeFor('alice', AGENT.id)).toBe('allow')
  })

  it('is made if it breaks no test', async () => {
    const harmless = { ...BREAKING, id: 'no-sales', when: { group: 'sales' } }
    expect((await admin('POST', '/policies', { body: harmless })).status).toBe(201)
    const { etag } = await admin('GET', '/policies/no-sales')
    expect(
      await admin('PATCH', '/policies/no-sales', { body: { when: { group: null } }, ifMatch: etag }),
    ).toMatchObject(refusal('engineers read'))
    const off = { when: { group: null }, state: 'report-only' }
    expect((await admin('PATCH', '/policies/no-sales', { body: off, ifMatch: etag })).status).toBe(200)
  })

  it('of a connection is rejected as well, also in a document, of which nothing is applied', async () => {
    const { etag } = await admin('GET', '/connections/bot-todo0')
    const everyone = { assignments: { everyone: true } }
    expect(await admin('PATCH', '/connections/bot-todo0', { body: everyone, ifMatch: etag })).toMatchObject(
      refusal('carol has no bot'),
    )
    const document = {
      idp: { groups: [{ id: 'night', members: [] }], policies: [BREAKING] },
    }
    const plan = await admin('POST', '/configuration/plan', { body: { document } })
    const applied = await admin('POST', '/configuration/apply', {
      body: { document, reason: 'x' },
      ifMatch: plan.etag,
    })
    expect(applied).toMatchObject(refusal('engineers read'))
    expect((await admin('GET', '/groups/night')).status).toBe(404)
    // The plan said so before.
    expect(plan.body).toMatchObject({ problems: [], failedTests: applied.body.failedTests })
  })

  it.each([
    ['breaks none', { policies: [{ ...BREAKING, when: { app: 'other' } }] }, false],
    [
      'cannot be applied',
      { policies: [BREAKING], connections: [{ id: 'x', app: 'none', resourceApp: 'todo0' }] },
      true,
    ],
  ])('is planned without tests if it %s', async (_, idp, hasProblems) => {
    const { body } = await admin('POST', '/configuration/plan', { body: { document: { idp } } })
    expect([body.problems.length > 0, body.failedTests]).toEqual([hasProblems, []])
  })

  it('is rejected as an approval, and the request stays open', async () => {
    const asked = await admin('POST', '/access-requests', {
      body: { user: 'carol', app: 'bot', resourceApp: 'todo0', scopes: ['todos.read'], reason: 'curious' },
    })
    const approve = `/access-requests/${asked.body.id}/approve`
    expect(await admin('POST', approve, { body: {} })).toMatchObject(refusal('carol has no bot'))
    expect((await admin('GET', `/access-requests/${asked.body.id}`)).body.state).toBe('open')
    expect(await outcomeFor('carol', 'bot')).toBe('pending')
  })
})

describe('a suite', () => {
  const promise = {
    ...reads,
    name: 'bob reads',
    who: 'user:bob',
    app: AGENT.id,
    expect: { outcome: 'allow' },
  }

  it('cannot be stored or changed while it fails', async () => {
    expect(await admin('POST', '/policy-suites', { body: { id: 'wishes', tests: [promise] } })).toMatchObject(
      refusal('bob reads'),
    )
    const right = { ...promise, name: 'bob does not', expect: { outcome: 'deny' } }
    const created = await admin('POST', '/policy-suites', { body: { id: 'wishes', tests: [right] } })
    expect(created.status).toBe(201)
    const wrong = await admin('PATCH', '/policy-suites/wishes', {
      body: { tests: [{ ...right, expect: { outcome: 'step_up' } }] },
      ifMatch: created.etag,
    })
    expect(wrong).toMatchObject(refusal('bob does not'))
  })

  it('in the file is read-only, and runs with the others', async () => {
    const { etag } = await admin('GET', '/policy-suites/company')
    expect((await admin('DELETE', '/policy-suites/company', { ifMatch: etag })).body.type).toBe(
      'urn:crosswalk:problem:owned-by-file',
    )
    const { body } = await admin('POST', '/policy-tests/kept')
    expect(body).toMatchObject({ passed: true, items: [{ suite: 'company' }, { suite: 'wishes' }] })
    const recorded = await admin('GET', '/audit-events?type=simulation.run&limit=1')
    expect(recorded.body.items).toMatchObject([
      { target: { kind: 'policy_suite', id: 'wishes' }, change: { passed: true } },
    ])
    const ran = await crosswalk(['policy', 'test', '--server', server.baseUrl], {
      env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
    })
    expect(ran).toMatchObject({ exitCode: 0, out: expect.stringMatching(/^✓ 3 tests passed/) })
  })
})

it('never blocks suspensions, nor adding and removing users', async () => {
  for (const act of ['suspend', 'resume'])
    expect((await admin('POST', `/connections/agent0-todo0/${act}`, { body: {} })).status).toBe(200)
  expect((await admin('POST', '/users/usr_alice/suspend', { body: {} })).status).toBe(200)
  expect((await admin('POST', '/policy-tests/kept')).body.passed).toBe(false)
  // A test that already fails does not block other changes.
  const other = { id: 'other-rule', when: { app: 'other' }, effect: 'deny' }
  expect((await admin('POST', '/policies', { body: other })).status).toBe(201)
  expect((await admin('POST', '/users/usr_alice/resume', { body: {} })).status).toBe(200)
  expect((await admin('POST', '/policy-tests/kept')).body.passed).toBe(true)
})

describe('permission to override:', () => {
  const callAs = async (role: Role, apps?: readonly string[]): Promise<Admin> => {
    const { body } = await admin('POST', '/tokens', { body: { name: role, role, ...(apps && { apps }) } })
    return (method, path, call = {}) => admin(method, path, { ...call, token: body.token })
  }
  const everyone = { assignments: { everyone: true } }
  const narrow = { assignments: { everyone: false, users: ['usr_alice'] } }
  const patch = async (by: Admin, call: object, body: object = everyone) =>
    by('PATCH', '/connections/bot-todo0', { body, ifMatch: '*', ...call })
  const cannot = {
    status: 403,
    body: { detail: expect.stringMatching(/An owner or administrator can save it anyway\.$/) },
  }

  it.each(ROLES)('%s', async (role) => {
    const isScoped = SCOPED_ROLES.includes(role)
    const call = await callAs(role, isScoped ? ['bot'] : undefined)
    const mayChange = ROUTES['connections.change'].roles.includes(role)
    const mayOverride = role === 'owner' || role === 'administrator'
    const held = await patch(call, {})
    expect([held.status, held.body.mayOverride]).toEqual(mayChange ? [409, mayOverride] : [403, undefined])
    const saved = await patch(call, override('INC-7'))
    if (mayChange && !mayOverride) expect(saved).toMatchObject(cannot)
    else expect(saved.status).toBe(mayOverride ? 200 : 403)
    if (mayOverride) expect((await patch(admin, {}, narrow)).status).toBe(200)
    expect(await outcomeFor('carol', 'bot')).not.toBe('allow')
  })

  it('not for an approval', async () => {
    const asked = { user: 'carol', app: 'bot', resourceApp: 'todo0', scopes: ['todos.read'], reason: 'x' }
    const { id } = (await admin('POST', '/access-requests', { body: asked })).body
    const approve = (by: Admin) =>
      by('POST', `/access-requests/${id}/approve`, { body: { reason: 'x' }, ...override('INC-7') })
    expect(await approve(await callAs('reviewer'))).toMatchObject(cannot)
    expect(await approve(await callAs('connection-manager', ['bot']))).toMatchObject(cannot)
    expect((await admin('POST', `/access-requests/${id}/decline`, { body: { reason: 'x' } })).status).toBe(
      200,
    )
  })
})

describe('an override', () => {
  const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }

  it('requires a reason', async () => {
    const without = await admin('POST', '/policies', { body: BREAKING, ...override() })
    expect(without).toMatchObject({ status: 400, body: { errors: [{ path: '/reason' }] } })
    const unknown = { headers: { 'crosswalk-override': 'everything', 'crosswalk-reason': 'x' } }
    expect((await admin('POST', '/policies', { body: BREAKING, ...unknown })).status).toBe(409)
  })

  it('takes effect, and is recorded with user, reason and tests', async () => {
    const saved = await admin('POST', '/policies', { body: BREAKING, ...override('INC-7, till noon') })
    expect(saved.status).toBe(201)
    expect(await outcomeFor('alice', AGENT.id)).toBe('deny')
    const { body } = await admin('GET', '/audit-events?type=test.failed_override&limit=1')
    expect(body.items).toMatchObject([
      {
        severity: 'warning',
        actor: { id: 'admin' },
        reason: 'INC-7, till noon',
        target: { kind: 'policy', id: 'no-reads' },
        change: { failed: 1, tests: [{ suite: 'company', test: 'engineers read' }] },
      },
    ])
    // Mending it needs no override.
    const gone = await admin('DELETE', '/policies/no-reads', { ifMatch: saved.etag })
    expect(gone.status).toBe(204)
  })

  it('is recorded for an approval, too', async () => {
    const asked = { user: 'carol', app: 'bot', resourceApp: 'todo0', scopes: ['todos.read'], reason: 'x' }
    const { id } = (await admin('POST', '/access-requests', { body: asked })).body
    const body = { reason: 'INC-9' }
    const approved = await admin('POST', `/access-requests/${id}/approve`, { body, ...override('INC-9') })
    expect(approved.status).toBe(200)
    const { grant } = approved.body.granted
    const { items } = (await admin('GET', '/audit-events?type=test.failed_override&limit=1')).body
    expect(items).toMatchObject([{ reason: 'INC-9', target: { kind: 'access_grant', id: grant } }])
    expect((await admin('POST', `/access-grants/${grant}/revoke`, { body })).status).toBe(200)
  })

  it('works in the CLI, which otherwise names the tests and exits with 7', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-promises-'))
    const file = join(folder, 'rules.json')
    writeFileSync(file, JSON.stringify({ idp: { policies: [BREAKING] } }))
    const apply = (...more: string[]) =>
      crosswalk(['apply', file, '--server', server.baseUrl, '--yes', '--reason', 'INC-8', ...more], { env })
    const line = '✗ policy test company: engineers read would fail: agent0 for alice at '
    const diff = await crosswalk(['diff', file, '--server', server.baseUrl], { env })
    expect(diff).toMatchObject({ exitCode: 3, out: expect.stringContaining(line) as string })
    const dry = await apply('--dry-run')
    expect(dry).toMatchObject({ exitCode: 7, out: expect.stringContaining(line) as string })
    expect(dry.err).toMatch(
      /^error: 1 policy test would fail, so it would not be applied\ncode: tests-fail\nfix: .*--override-tests/,
    )
    expect(await apply('--dry-run', '--override-tests')).toMatchObject({ exitCode: 0 })
    const refused = await apply()
    expect(refused.exitCode).toBe(7)
    expect(refused.err).toMatch(
      /^error: policy tests would fail, so nothing was changed\n {2}company: engineers read: agent0 for alice .*\ncode: tests-fail\nfix: .*--override-tests/,
    )
    expect(await apply('--override-tests')).toMatchObject({ exitCode: 0, err: '' })
    rmSync(folder, { recursive: true })
    const { body } = await admin('GET', '/audit-events?type=test.failed_override&limit=1')
    expect(body.items[0]).toMatchObject({ reason: 'INC-8', target: { kind: 'configuration' } })
    const assign = ['connection', 'assign', 'bot-todo0', '--user', 'usr_carol', '--server', server.baseUrl]
    // The applied policy denies everyone, so remove it before this can break anything.
    const { etag } = await admin('GET', '/policies/no-reads')
    await admin('DELETE', '/policies/no-reads', { ifMatch: etag })
    expect(await crosswalk(assign, { env })).toMatchObject({ exitCode: 7 })
    expect(await crosswalk([...assign, '--override-tests'], { env })).toMatchObject({ exitCode: 2 })
    expect(await crosswalk([...assign, '--override-tests', '--reason', 'trial'], { env })).toMatchObject({
      exitCode: 0,
    })
  })
})
