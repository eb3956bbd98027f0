// Replay over HTTP: real decisions, evaluated again under a draft that is never applied.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import type { ReplayReportBody } from '@crosswalk/admin-api'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { AGENT, company, NOTES, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin

beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  admin = adminOf(server.baseUrl)
  const [alice, bob] = await Promise.all(
    ['alice', 'bob'].map(async (name) => (await signInFor(server.baseUrl, name)).idToken),
  )
  for (const [token = '', form] of [
    [alice, { resource: TODO, scope: 'todos.write' }],
    [alice, { resource: TODO, scope: 'todos.read' }],
    [alice, { resource: NOTES }],
    [bob, { resource: TODO, scope: 'todos.read' }],
    [alice, { resource: TODO, scope: 'a"b' }],
  ] as const)
    await exchange(server.baseUrl, token, form)
})
afterAll(() => server.stop())

async function replay(document: object, more: object = {}): Promise<ReplayReportBody> {
  const { status, body } = await admin('POST', '/replay', { body: { document, ...more } })
  expect(status).toBe(200)
  return body as ReplayReportBody
}

const policies = [{ id: 'no-writes', when: { scope: ['todos.write'] }, effect: 'deny' }]

it('changes no outcome with an identical draft', async () => {
  const report = await replay({})
  expect(report).toMatchObject({
    sample: { complete: true },
    decisions: 5,
    unchanged: 4,
    groups: [],
    changedSince: 0,
    skipped: { decisions: 1, why: { 'request-refused': 1 } },
  })
})

it('shows who a new policy would deny, without creating it', async () => {
  const report = await replay({ idp: { policies } })
  expect(report.groups).toMatchObject([
    {
      kind: 'newly_denied',
      decisions: 1,
      people: 1,
      apps: 1,
      examples: [
        { app: AGENT.id, user: 'alice', target: 'todo0', from: 'allow todos.write', to: 'deny XAA1701' },
      ],
    },
  ])
  const [example] = report.groups[0]?.examples ?? []
  expect((await admin('GET', `/decisions/${example?.decisionId}`)).body).toMatchObject({ outcome: 'allow' })
  expect((await admin('GET', '/policies')).body.items).toEqual([])
})

it('accepts drafts of file objects', async () => {
  const { body } = await admin('GET', '/configuration?owner=file')
  const { idp } = body.document
  for (const connection of idp.connections) connection.assignments = { everyone: true }
  for (const app of idp.resourceApps) app.assignments = { everyone: true }
  const opened = await replay({ idp: { connections: idp.connections, resourceApps: idp.resourceApps } })
  expect(opened.groups).toMatchObject([
    { kind: 'newly_allowed', decisions: 1, examples: [{ user: 'bob', from: 'deny XAA1502' }] },
  ])
})

it('states which decisions it covers if it does not cover all', async () => {
  const { sample, decisions } = await replay({}, { limit: 2 })
  expect({ decisions, complete: sample.complete }).toEqual({ decisions: 2, complete: false })
  const later = new Date(Date.now() + 60_000).toISOString()
  expect(await replay({}, { since: later })).toMatchObject({
    decisions: 0,
    sample: { complete: true, since: null, until: null },
  })
})

it('rejects an invalid draft, with the path of each problem', async () => {
  const document = { idp: { connections: [{ id: 'x', app: 'nobody', resourceApp: 'todo0' }] } }
  const { status, body } = await admin('POST', '/replay', { body: { document } })
  expect({ status, path: body.errors[0].path }).toEqual({
    status: 400,
    path: '/document/idp/connections/0/app',
  })
})

it('is recorded', async () => {
  await replay({})
  const { body } = await admin('GET', '/audit-events?type=simulation.run&limit=1')
  expect(body.items[0]).toMatchObject({ target: { kind: 'replay' }, change: { decisions: 5 } })
})

it('is a CSV table in the CLI, with a row for each decision that differs', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-replay-'))
  const draft = join(folder, 'draft.json')
  writeFileSync(draft, JSON.stringify({ idp: { policies } }))
  const replay = (kind: string) =>
    crosswalk(['policy', 'replay', draft, '--server', server.baseUrl, '-o', 'csv', '--fail-on', kind], {
      env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
    })
  const { exitCode, out } = await replay('newly_denied')
  expect([exitCode, (await replay('newly_allowed')).exitCode]).toEqual([3, 0])
  rmSync(folder, { recursive: true })
  const lines = out.split('\r\n')
  expect(lines[0]).toBe('kind,decision,time,app,user,target,from,to,summary')
  expect(lines.slice(1)).toEqual([
    expect.stringMatching(
      /^newly_denied,dec_\w+,20[^,]+Z,agent0,alice,todo0,allow todos\.write,deny XAA1701,/,
    ),
    '',
  ])
})

it('lists as many single decisions as requested', async () => {
  const everything = [{ id: 'nothing', when: {}, effect: 'deny' }]
  const [group] = (await replay({ idp: { policies: everything } }, { examples: 1 })).groups
  expect(group?.decisions).toBeGreaterThan(1)
  expect(group?.examples).toHaveLength(1)
  expect((await admin('POST', '/replay', { body: { document: {}, examples: 0 } })).status).toBe(400)
})

it('finds the effect of all report-only policies in one replay, the same as a replay of each', async () => {
  const mfa = { effect: 'require', require: { acr: ['mfa'] } }
  const reported = [
    { id: 'r-agents', when: { 'app.kind': 'agent' }, ...mfa },
    { id: 'r-notes', when: { resourceApp: 'notes0' }, effect: 'deny' },
    { id: 'r-others', when: { app: 'other' }, effect: 'deny' },
    { id: 'r-volume', when: {}, effect: 'limit', limit: { perHour: 1 } },
  ]
  for (const policy of reported)
    await admin('POST', '/policies', { body: { ...policy, state: 'report-only' } })
  const { status, body } = await admin('POST', '/replay/report-only', { body: { examples: 20 } })
  expect(status).toBe(200)
  expect(body.sample).toMatchObject({ complete: true })
  const each = await Promise.all(
    reported.map(async (policy) => {
      const {
        schema: _,
        sample: __,
        ...report
      } = await replay({
        idp: { policies: [{ ...policy, state: 'enforced' }] },
      })
      return { policy: policy.id, ...report }
    }),
  )
  expect(body.policies).toEqual(each)
  // They differ, so that the comparison means something.
  const kinds = each.map(({ groups }) => groups.map(({ kind }) => kind))
  expect(kinds).toEqual([['step_up_added'], ['newly_denied'], [], expect.anything()])
  for (const { id } of reported) {
    const { etag } = await admin('GET', `/policies/${id}`)
    await admin('DELETE', `/policies/${id}`, { ifMatch: etag })
  }
})

it('replays once for all report-only policies, and records that once', async () => {
  const count = async () =>
    ((await admin('GET', '/audit-events?type=simulation.run&limit=200')).body.items as unknown[]).length
  const before = await count()
  await admin('POST', '/replay/report-only', { body: {} })
  expect(await count()).toBe(before + 1)
})
