// Scopes that require approval: held until another user approves their current meaning, and held again when the meaning changes or the approved
// object is removed.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Admin, type AdminCall, adminOf } from '../admin/admin.ts'
import { adminAs } from '../admin/console-user.ts'
import { AGENT, company, NOTES } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const VAULT = 'https://vault.example/api'
const PATCH = { 'content-type': 'application/merge-patch+json' }
const READ = { description: 'See secrets', risk: 3, tools: ['read_secret'], needsApproval: true }

let server: TestServer
let admin: Admin
/** The administrator who created the connection, and another one */
let one: Admin
let other: Admin
let idToken: string
let nowMs = Date.now()

const change = async (path: string, body: object, as = admin) =>
  as('PATCH', path, { body, ifMatch: (await as('GET', path)).etag, headers: PATCH })
const connection = async () => admin('GET', '/connections/agent0-vault')
const act = (verb: string, as: Admin, call: AdminCall = {}) =>
  as('POST', `/connections/agent0-vault/${verb}`, {
    body: { scopes: ['vault.read'], reason: 'seen in the review' },
    ...call,
  })
const approve = async (as: Admin) => act('approve-scopes', as, { ifMatch: (await connection()).etag })

/** The granted scope or the denial code, and the approval check */
async function ask(scope?: string) {
  const form = {
    audience: 'https://vault.example',
    resource: VAULT,
    ...(scope === undefined ? {} : { scope }),
  }
  const { headers, body } = await exchange(server.baseUrl, idToken, form)
  const { body: record } = await admin('GET', `/decisions/${headers.get('crosswalk-decision') ?? ''}`)
  const check = record.checks.find(({ id }: { id: string }) => id === 'scope.approval')
  return { granted: body.scope ?? record.code, check, narrowed: record.narrowed }
}

beforeAll(async () => {
  server = await startTestServer({
    clock: { nowMs: () => nowMs },
    file: (baseUrl) => {
      const file = company(baseUrl) as { admin: object; idp: { resourceApps: Record<string, unknown>[] } }
      const [, notes] = file.idp.resourceApps
      Object.assign(notes ?? {}, { scopeMeanings: { 'notes.read': { needsApproval: true } } })
      const roles = { administrator: { users: ['usr_bob', 'usr_carol'] } }
      return { ...file, admin: { ...file.admin, roles } } as never
    },
  })
  admin = adminOf(server.baseUrl)
  ;[one, other] = [await adminAs(server.baseUrl, 'bob'), await adminAs(server.baseUrl, 'carol')]
  const everyone = { everyone: true }
  const resourceApp = {
    ...{ id: 'vault', name: 'Vault', issuer: 'https://vault.example', assignments: everyone },
    resources: [{ id: VAULT, scopes: ['vault.list', 'vault.read'] }],
    scopeMeanings: { 'vault.read': READ },
  }
  expect((await admin('POST', '/resource-apps', { body: resourceApp })).status).toBe(201)
  const body = {
    ...{
      id: 'agent0-vault',
      app: AGENT.id,
      resourceApp: 'vault',
      clientId: 'agent0-there',
      status: 'active',
    },
    ...{ resources: [VAULT], scopes: ['vault.list', 'vault.read'], assignments: everyone },
    // Defining a connection approves nothing.
    approvals: [{ scope: 'vault.read', state: 'approved' }],
  }
  expect((await one('POST', '/connections', { body })).status).toBe(201)
  ;({ idToken } = await signInFor(server.baseUrl, 'alice'))
})
afterAll(() => server.stop())

it('is held until another user approves its meaning', async () => {
  expect(await ask()).toMatchObject({
    granted: 'vault.list',
    narrowed: [{ scope: 'vault.read', by: 'approvals of agent0-vault', code: 'XAA1604' }],
  })
  expect((await ask('vault.read')).granted).toBe('XAA1604')
  expect((await connection()).body.approvals).toMatchObject([{ scope: 'vault.read', state: 'needed' }])
  const { needsApproval: _, ...meaning } = READ
  expect((await approve(one)).body.detail).toBe('Another user must approve: you defined this connection.')
  const token = String((await admin('POST', '/tokens', { body: { name: 'r', role: 'reviewer' } })).body.token)
  const { etag } = await connection()
  expect((await act('approve-scopes', admin, { token, ifMatch: etag })).status).toBe(403)
  expect((await act('approve-scopes', other)).status).toBe(428)
  const body = { scopes: ['vault.list'], reason: 'x' }
  expect((await act('approve-scopes', other, { ifMatch: etag, body })).status).toBe(400)
  const approved = await approve(other)
  expect(approved).toMatchObject({
    status: 200,
    body: {
      approvals: [
        { state: 'approved', meaning, approval: { by: 'usr_carol', reason: 'seen in the review', meaning } },
      ],
    },
  })
  expect(await ask('vault.read')).toMatchObject({
    granted: 'vault.read',
    check: { result: 'pass', actual: ['vault.read'] },
  })
  const { digest } = approved.body.approvals[0]
  expect(
    (await admin('GET', '/audit-events?log=admin&type=connection.scope_approved')).body.items,
  ).toMatchObject([
    {
      actor: { id: 'usr_carol' },
      reason: 'seen in the review',
      change: { scope: 'vault.read', digest, meaning },
    },
  ])
})

it('is held again once its meaning changes, and shows the diff', async () => {
  const seen = (await connection()).etag
  const about = { user: 'alice', app: AGENT.id, resourceApp: 'vault', scopes: ['vault.read'], reason: 'x' }
  const request = `/access-requests/${(await one('POST', '/access-requests', { body: about })).body.id}`
  const { etag: seenRequest } = await other('GET', request)
  const tools = ['read_secret', 'delete_secret']
  expect((await change('/resource-apps/vault', { scopeMeanings: { 'vault.read': { tools } } })).status).toBe(
    200,
  )
  expect(await ask('vault.read')).toMatchObject({
    granted: 'XAA1605',
    check: {
      expected: { 'vault.read': { tools: ['read_secret'] } },
      actual: { 'vault.read': { tools } },
    },
  })
  // The meaning seen before the change is not the one that would be approved.
  expect((await act('approve-scopes', other, { ifMatch: seen })).status).toBe(412)
  expect((await other('POST', `${request}/approve`, { body: {}, ifMatch: seenRequest })).status).toBe(412)
  expect((await approve(other)).status).toBe(200)
  expect((await ask('vault.read')).granted).toBe('vault.read')
})

it('is held again once the approval is revoked, or after the scope was removed', async () => {
  expect((await act('revoke-approvals', one)).body.approvals[0]).toMatchObject({ state: 'needed' })
  expect((await act('revoke-approvals', one)).status).toBe(409)
  expect((await ask('vault.read')).granted).toBe('XAA1604')
  await approve(other)
  expect((await ask('vault.read')).granted).toBe('vault.read')
  await change('/connections/agent0-vault', { scopes: ['vault.list'] }, one)
  await change('/connections/agent0-vault', { scopes: ['vault.list', 'vault.read'] }, one)
  expect((await ask('vault.read')).granted).toBe('XAA1604')
})

it('is approved by an owner even on a connection they defined, since there may be no one else', async () => {
  const body = {
    ...{ id: 'other-vault', app: 'other', resourceApp: 'vault', clientId: 'other-there', status: 'active' },
    ...{ resources: [VAULT], scopes: ['vault.read'] },
  }
  const made = await admin('POST', '/connections', { body })
  const approved = await admin('POST', '/connections/other-vault/approve-scopes', {
    body: { scopes: ['vault.read'], reason: 'mine' },
    ifMatch: made.etag,
  })
  expect([approved.status, approved.body.approvals]).toMatchObject([200, [{ state: 'approved' }]])
})

it('is approved for one user by an access request, also on a file connection, until that expires', async () => {
  const about = { user: 'alice', app: AGENT.id, resourceApp: 'notes0', scopes: ['notes.read'], reason: 'x' }
  const asked = await one('POST', '/access-requests', { body: about })
  expect((await other('GET', `/access-requests/${asked.body.id}`)).body.held).toMatchObject([
    { scope: 'notes.read', state: 'needed', meaning: { tools: [] } },
  ])
  const { etag: ifMatch } = await other('GET', `/access-requests/${asked.body.id}`)
  const until = new Date(nowMs + 60_000).toISOString()
  const answer = await other('POST', `/access-requests/${asked.body.id}/approve`, {
    body: { until },
    ifMatch,
  })
  expect(answer).toMatchObject({
    status: 200,
    body: { granted: { approvedScopes: ['notes.read'] }, check: { outcome: 'allow' } },
  })
  // Only an open request waits for an approval, although others still need one.
  const after = await other('GET', `/access-requests/${asked.body.id}`)
  expect([after.body.state, after.body.held]).toEqual(['approved', undefined])
  const notes = async (token: string) => (await exchange(server.baseUrl, token, { resource: NOTES })).body
  expect((await notes(idToken)).scope).toBe('notes.read')
  // All other users of the connection still need an approval.
  const { idToken: carols } = await signInFor(server.baseUrl, 'carol')
  expect((await notes(carols)).error).toBe('invalid_scope')
  nowMs += 60_000
  expect((await notes(idToken)).error).toBe('invalid_scope')
})
