// What a client and its owner learn about users. Unassigned, denied by policy and blocked users get the same response except for the decision
// id. So do removed, inactive and signed-out users, since no ID token outlives its session. Response times are not asserted.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, PASSWORD, TODO } from '../support/company.ts'
import { type Answer, exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const REFUSED = ['unassigned', 'denied', 'blocked'] as const
const WITHOUT_SESSION = ['unknown', 'inactive', 'signed-out'] as const
type State = (typeof REFUSED)[number] | (typeof WITHOUT_SESSION)[number] | 'allowed'
const USERS: Readonly<Record<State, string>> = {
  allowed: 'alice',
  unknown: 'erin',
  unassigned: 'bob',
  denied: 'carol',
  blocked: 'frank',
  inactive: 'grace',
  'signed-out': 'heidi',
}
/** The reason that administrators see for each. */
const CODES = { unassigned: 'XAA1502', denied: 'XAA1701', blocked: 'XAA1901' }

const folder = mkdtempSync(join(tmpdir(), 'crosswalk-leak-'))
const key = randomBytes(32).toString('hex')
const tokens = new Map<string, string>()
const answers = new Map<string, Answer>()
let server: TestServer
let admin: Admin

/** @param later - after the restart, with one user removed and one inactive */
function world(baseUrl: string, later: boolean) {
  const policies = [{ id: 'not-carol', effect: 'deny', when: { user: 'usr_carol' } }]
  const file = company(baseUrl, { idp: { policies } }) as { idp: { users: object[] } }
  const person = (name: string, more = {}) => ({
    id: `usr_${name}`,
    username: name,
    name,
    password: PASSWORD,
    groups: ['engineering'],
    ...more,
  })
  const users = [
    ...file.idp.users,
    person('frank'),
    person('heidi'),
    person('grace', { active: !later }),
    ...(later ? [] : [person('erin')]),
  ]
  return { ...file, idp: { ...file.idp, users } }
}

beforeAll(async () => {
  const database = `sqlite:${folder}/db.sqlite`
  const first = await startTestServer({ file: (baseUrl) => world(baseUrl, false), database, key })
  const { baseUrl } = first
  for (const [state, name] of Object.entries(USERS))
    tokens.set(state, (await signInFor(baseUrl, name)).idToken)
  await first.stop()
  // The same server again: sessions of a user removed from the file still exist.
  const listen = { host: '127.0.0.1', port: Number(new URL(baseUrl).port) }
  server = await startTestServer({
    file: () => ({ ...world(baseUrl, true), baseUrl, listen }),
    database,
    key,
  })
  admin = adminOf(baseUrl)
  const block = { kind: 'user', target: 'usr_frank', reason: 'drill' }
  expect((await admin('POST', '/blocks', { body: block })).status).toBe(201)
  // Ends the sessions of a user with full access.
  for (const act of ['suspend', 'resume'])
    expect((await admin('POST', `/users/usr_heidi/${act}`, { body: { reason: 'drill' } })).status).toBe(200)
  for (const [state, token] of tokens) answers.set(state, await exchange(baseUrl, token, { resource: TODO }))
})
afterAll(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

const answerOf = (state: string): Answer => {
  const answer = answers.get(state)
  if (answer === undefined) throw new Error(`no request for ${state}`)
  return answer
}
const decisionOf = (state: string) => answerOf(state).headers.get('crosswalk-decision') ?? ''
/** The response without decision id and date. */
function wireOf({ status, body, headers }: Answer) {
  const names = [...headers].filter(([name]) => !['crosswalk-decision', 'date'].includes(name))
  return { status, body, headers: names.sort(), shape: [...headers.keys()].sort() }
}

describe('in the response', () => {
  it('positive control: an allowed user is granted access', () => {
    expect(answerOf('allowed').status).toBe(200)
    expect(wireOf(answerOf('unassigned'))).toMatchObject({ status: 400, body: { error: 'access_denied' } })
  })

  it.each(REFUSED)('%s looks like not assigned, although the record differs', async (state) => {
    expect(wireOf(answerOf(state))).toEqual(wireOf(answerOf('unassigned')))
    const uri = new URL(String(answerOf(state).body.error_uri))
    expect(Object.fromEntries(uri.searchParams)).toEqual({ app: AGENT.id, resource: TODO })
    const { body } = await admin('GET', `/decisions/${decisionOf(state)}`)
    expect(body.code).toBe(CODES[state])
  })

  it.each(WITHOUT_SESSION)('%s looks like signed out', async (state) => {
    expect(wireOf(answerOf(state))).toEqual(wireOf(answerOf('signed-out')))
    expect(wireOf(answerOf(state))).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(answerOf(state).body).not.toHaveProperty('error_uri')
    const { body } = await admin('GET', `/decisions/${decisionOf(state)}`)
    expect(body.code).toBe('XAA1205')
  })

  it('an unknown client looks like a wrong secret', async () => {
    const ask = async (client: { id: string; secret: string }) =>
      wireOf(await exchange(server.baseUrl, tokens.get('allowed') ?? '', { resource: TODO }, client))
    const wrong = await ask({ ...AGENT, secret: 'not the secret' })
    expect(wrong).toMatchObject({ status: 401, body: { error: 'invalid_client' } })
    expect(await ask({ id: 'nobody', secret: 'not the secret' })).toEqual(wrong)
  })
})

describe.each(['developer', 'app-owner'])('to the %s of the app', (role) => {
  let token = ''
  const see = (path: string) => admin('GET', path, { token })
  const explain = async (state: string) =>
    (await admin('POST', '/explain', { token, body: { decisionId: decisionOf(state) } })).body
  beforeAll(async () => {
    const body = { name: role, role, apps: [AGENT.id] }
    token = (await admin('POST', '/tokens', { body })).body.token
  })

  it.each(REFUSED)('%s looks the same as any other reason', async (state) => {
    const [one, other] = await Promise.all(
      [state, 'unassigned'].map(async (which) => {
        const { status, body } = await see(`/decisions/${decisionOf(which)}`)
        expect(status).toBe(200)
        const { decision_id: _, trace_id: __, time: ___, ...rest } = body
        return rest
      }),
    )
    expect(one).toEqual(other)
    expect(one).toMatchObject({ code: 'organisation-rule', policies: [], remedies: [] })
    expect(one.checks.at(-1)).toEqual({ id: 'organisation.rule', result: 'fail' })
    const text = JSON.stringify(one)
    for (const word of ['usr_', 'carol', 'frank', 'engineering', 'not-carol', 'block', 'XAA1']) {
      expect(text).not.toContain(word)
    }
  })

  it.each(WITHOUT_SESSION)('%s shows only an ended session', async (state) => {
    const [one, other] = await Promise.all(
      [state, 'signed-out'].map(async (which) => {
        const { body } = await see(`/decisions/${decisionOf(which)}`)
        const { decision_id: _, trace_id: __, time: ___, ...rest } = body
        return rest
      }),
    )
    expect(one).toEqual(other)
    expect(one).toMatchObject({ code: 'XAA1205', policies: [] })
    expect(JSON.stringify(one)).not.toContain('usr_')
  })

  it.each(REFUSED)('%s is not explained further by a new evaluation', async (state) => {
    const { decisions, now } = await explain(state)
    expect(decisions).toMatchObject([{ code: 'organisation-rule' }])
    const text = JSON.stringify({ decisions, now })
    for (const word of ['usr_', 'engineering', 'not-carol', 'XAA1']) expect(text).not.toContain(word)
  })

  it('errors of the request are named, with who can fix them', async () => {
    const answer = await exchange(server.baseUrl, tokens.get('allowed') ?? '', {
      resource: TODO,
      scope: 'nothing',
    })
    const { body } = await see(`/decisions/${answer.headers.get('crosswalk-decision')}`)
    expect(body).toMatchObject({
      code: 'XAA1601',
      request: { scope: ['nothing'] },
      remedies: [{ owner: 'developer' }],
    })
    expect(body.checks.at(-1)).toEqual({ id: 'organisation.rule', result: 'pass' })
    expect(JSON.stringify(body)).not.toContain('alice')
  })

  it('lists its own requests only, without filters by code or user, and without simulation', async () => {
    const { body } = await see('/decisions?outcome=deny')
    expect(body.items.length).toBeGreaterThanOrEqual(REFUSED.length)
    for (const path of ['/decisions?code=XAA1901', '/decisions?user=frank'])
      expect((await see(path)).status).toBe(403)
    const question = { app: AGENT.id, user: 'frank', audience: `${server.baseUrl}/as/vendor` }
    expect((await admin('POST', '/simulate', { token, body: question })).status).toBe(403)
  })

  it('hides requests of other apps', async () => {
    const body = { name: 'x', role, apps: ['other'] }
    const stranger = (await admin('POST', '/tokens', { body })).body.token
    const read = await admin('GET', `/decisions/${decisionOf('denied')}`, { token: stranger })
    expect(read.status).toBe(404)
    const list = await admin('GET', '/decisions', { token: stranger })
    expect(list.body.items).toEqual([])
  })
})

it('the helpdesk sees summary and checks, but no policy text', async () => {
  const { body } = await admin('POST', '/tokens', { body: { name: 'h', role: 'helpdesk' } })
  const read = await admin('GET', `/decisions/${decisionOf('denied')}`, { token: body.token })
  expect(read.body).toMatchObject({ code: 'XAA1701', policies: [] })
  const whole = await admin('GET', `/decisions/${decisionOf('denied')}`)
  expect(whole.body.policies).toMatchObject([{ id: 'not-carol', applies: true }])
})
