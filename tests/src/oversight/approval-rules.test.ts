// Approval rules over HTTP: what is approved automatically, who decides the rest, and which authors a rule does not trust.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { adminAs } from '../admin/console-user.ts'
import { AGENT, company, PASSWORD, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

/** Alice and Olga administer, Rita and Rob review, Mia manages connections of one app. Todo0 rates its scopes; changes of definitions need a database. */
function describeCompany(baseUrl: string): Record<string, unknown> {
  const file = company(baseUrl) as {
    admin: object
    idp: { users: object[]; apps: Record<string, unknown>[]; resourceApps: Record<string, unknown>[] }
  }
  const person = (name: string) => ({ id: `usr_${name}`, username: name, name, password: PASSWORD })
  file.idp.users.push(person('olga'), person('rita'), person('rob'), person('mia'))
  for (const app of file.idp.apps) if (app.id === AGENT.id) app.owners = ['usr_rob']
  for (const resourceApp of file.idp.resourceApps) {
    resourceApp.assignments = { everyone: true }
    if (resourceApp.id === 'todo0')
      resourceApp.scopeMeanings = { 'todos.read': { risk: 1 }, 'todos.write': { risk: 2 } }
    else
      resourceApp.scopeMeanings = {
        'notes.read': { risk: 0, needsApproval: true },
        'notes.write': { risk: 1 },
      }
  }
  const roles = {
    administrator: { users: ['usr_alice', 'usr_olga'], groups: ['bosses'] },
    'connection-manager': { users: ['usr_mia'], apps: [AGENT.id] },
    reviewer: { users: ['usr_rita', 'usr_rob'] },
    helpdesk: { users: ['usr_carol'] },
  }
  return { ...file, admin: { ...file.admin, roles } }
}

const LOW = { id: 'low', effect: 'approve', when: { resourceApps: ['todo0'], maxRisk: 1, maxDays: 30 } }
const ASK = {
  id: 'writes',
  effect: 'ask',
  when: { minRisk: 2 },
  ask: { users: ['usr_rita'], escalateAfterHours: 24, escalateTo: ['usr_olga'] },
}

describeOnDatabases('approval rules on $name', (kind) => {
  let server: TestServer
  let nowMs = Date.now()
  let people: Record<'alice' | 'olga' | 'rita' | 'rob' | 'carol', Admin>
  let admin: Admin

  beforeAll(async () => {
    server = await startTestServer({
      clock: { nowMs: () => nowMs },
      database: await kind.create(),
      file: describeCompany,
    })
    admin = adminOf(server.baseUrl)
    await signIn()
    for (const rule of [LOW, ASK])
      expect((await people.alice('POST', '/approval-rules', { body: rule })).status).toBe(201)
  }, 60_000)
  afterAll(() => server?.stop())

  /** Again after a day, because sessions of the console end. */
  async function signIn() {
    const { baseUrl } = server
    people = {
      alice: await adminAs(baseUrl, 'alice'),
      olga: await adminAs(baseUrl, 'olga'),
      rita: await adminAs(baseUrl, 'rita'),
      rob: await adminAs(baseUrl, 'rob'),
      carol: await adminAs(baseUrl, 'carol'),
    }
  }

  const wish = (change: object = {}) => ({
    ...{
      user: 'bob',
      app: AGENT.id,
      resourceApp: 'todo0',
      scopes: ['todos.read'],
      days: 30,
      reason: 'sprint',
    },
    ...change,
  })
  async function ask(change: object = {}, caller: Admin = people.carol) {
    const { reason: _, ...access } = wish(change) as { reason: string }
    const preview = await caller('POST', '/access-requests/preview', { body: access })
    expect(preview.status).toBe(200)
    const { status, body } = await caller('POST', '/access-requests', { body: wish(change) })
    expect(status).toBe(201)
    // The preview is what happens.
    expect(preview.body.outcome).toBe(body.state === 'approved' ? 'approved' : 'waits')
    expect(preview.body.rule).toBe(body.rule)
    if (body.waits !== undefined) expect(preview.body.sentence).toContain(body.waits.why.replace(/\.$/, ''))
    return body
  }
  const remove = async (rule: string) => {
    const { etag } = await admin('GET', `/approval-rules/${rule}`)
    expect((await admin('DELETE', `/approval-rules/${rule}`, { ifMatch: etag })).status).toBe(204)
  }
  const read = async (id: string) => (await admin('GET', `/access-requests/${id}`)).body
  const act = (caller: Admin, id: string, verb: string, body: object = { reason: 'agreed' }) =>
    caller('POST', `/access-requests/${id}/${verb}`, { body })

  describe('approve', () => {
    it('at once, for exactly what was requested, and name themselves everywhere', async () => {
      const request = await ask()
      const until = new Date(nowMs + 30 * DAY_MS).toISOString()
      const sentence = 'Approve requests at Todo0 with risk 1 or lower for up to 30 days automatically.'
      expect(request).toMatchObject({
        ...{ state: 'approved', rule: 'low', askedBy: 'usr_carol', decidedBy: 'system' },
        decisionReason: `Approval rule low: ${sentence}`,
        granted: { scopes: ['todos.read'], until },
      })
      const grant = (await admin('GET', `/access-grants/${request.granted.grant}`)).body
      expect(grant).toMatchObject({
        active: true,
        rule: 'low',
        request: request.id,
        scopes: ['todos.read'],
        until,
      })
      const { items } = (await admin('GET', '/audit-events?log=admin&limit=3')).body
      const types: readonly string[] = items.map(({ type }: { type: string }) => type)
      const [created, approved, opened] = types.toSorted().map((type) => items[types.indexOf(type)])
      expect(created).toMatchObject({ type: 'access_grant.created', actor: { kind: 'system' } })
      expect(created.change.grant.rule).toBe('low')
      expect(approved).toMatchObject({ type: 'request.approved', actor: { kind: 'system' } })
      expect(approved.change.request.rule).toBe('low')
      expect(opened).toMatchObject({ type: 'request.opened', actor: { id: 'usr_carol' } })
      expect(opened.change.request).toMatchObject({ id: request.id, state: 'open' })
      for (const event of [created, approved, opened])
        expect(event.on_behalf_of).toEqual({ user_ref: 'usr_bob' })
      expect((await act(people.rita, request.id, 'approve')).status).toBe(409)
      const { idToken } = await signInFor(server.baseUrl, 'bob')
      expect((await exchange(server.baseUrl, idToken, { resource: TODO })).body.scope).toBe('todos.read')
    })

    it('without telling roles that cover certain apps which others the rule is about', async () => {
      const both = {
        id: 'both',
        effect: 'approve',
        when: { apps: [AGENT.id, 'other'], maxRisk: 2, maxDays: 2 },
      }
      await remove('writes')
      expect((await people.alice('POST', '/approval-rules', { body: both })).status).toBe(201)
      const { id, granted, decisionReason } = await ask({ user: 'rob', scopes: ['todos.write'], days: 2 })
      expect(decisionReason).toContain('Other')
      const paths = [
        `/access-requests/${id}`,
        '/access-requests?limit=200',
        `/access-grants/${granted.grant}`,
      ]
      const readAs = async (role: string, caller: Admin = admin) => {
        const { body } = await caller('POST', '/tokens', { body: { name: role, role, apps: [AGENT.id] } })
        const read = paths.map(async (path) => (await admin('GET', path, { token: body.token })).text)
        return Promise.all(read)
      }
      for (const role of ['connection-manager', 'app-owner'])
        for (const text of await readAs(role)) {
          expect(text).toContain('"rule":"both"')
          expect(text).not.toContain('Other')
        }
      for (const path of paths) expect((await people.carol('GET', path)).text).toContain('Other')
      await remove('both')
      expect((await people.alice('POST', '/approval-rules', { body: ASK })).status).toBe(201)
    })

    it('once, however often the same request is sent', async () => {
      const send = () =>
        people.carol('POST', '/access-requests', {
          body: wish({ days: 5 }),
          headers: { 'idempotency-key': 'once' },
        })
      const [first, second] = [await send(), await send()]
      expect([first.status, first.body.state, second.body]).toEqual([201, 'approved', first.body])
    })

    it.each([
      ['a longer time', { days: 31 }, 'it is for 31 days, and the limit is 30 days'],
      ['no end', { days: undefined }, 'it is for access without an end, and the limit is 30 days'],
    ])('nothing for %s', async (_, change, why) => {
      const { state, waits, asked } = await ask(change)
      expect([state, waits, asked]).toEqual(['open', { rule: 'low', why }, undefined])
    })

    it('nothing for another resource app', async () => {
      const { state, waits, asked } = await ask({ resourceApp: 'notes0', scopes: ['notes.write'] })
      expect([state, waits, asked]).toEqual(['open', undefined, undefined])
    })

    it('nothing that is asked of users', async () => {
      const { id, state } = await ask({ scopes: ['todos.read', 'todos.write'] })
      expect(state).toBe('open')
      expect((await read(id)).asked).toMatchObject({ users: ['usr_rita'], rules: ['writes'] })
    })

    it('nothing for an app whose owners are all suspended, if the rule asks for an owner', async () => {
      await remove('low')
      const owned = { ...LOW, id: 'owned', when: { hasOwner: true, maxRisk: 1, maxDays: 30 } }
      expect((await people.alice('POST', '/approval-rules', { body: owned })).status).toBe(201)
      const suspend = async (verb: string) =>
        expect((await admin('POST', `/users/usr_rob/${verb}`, { body: { reason: 'left' } })).status).toBe(200)
      await suspend('suspend')
      expect(await ask({ days: 4 })).toMatchObject({ state: 'open' })
      await suspend('resume')
      expect(await ask({ days: 6 })).toMatchObject({ state: 'approved', rule: 'owned' })
      await remove('owned')
      expect((await people.alice('POST', '/approval-rules', { body: LOW })).status).toBe(201)
    })

    it('no scope that needs approval', async () => {
      const notes = { ...LOW, id: 'notes', when: { resourceApps: ['notes0'], maxRisk: 3, maxDays: 30 } }
      expect((await people.alice('POST', '/approval-rules', { body: notes })).status).toBe(201)
      expect(await ask({ resourceApp: 'notes0', scopes: ['notes.read'] })).toMatchObject({
        state: 'open',
        waits: { rule: 'notes', why: 'notes.read needs the approval of a user' },
      })
      await remove('notes')
    })

    it('nothing without a connection', async () => {
      expect(await ask({ app: 'other' })).toMatchObject({
        state: 'open',
        waits: { rule: 'low', why: expect.stringContaining('There is no connection from other to todo0') },
      })
    })

    it('nothing that would break a policy test', async () => {
      const never = { ask: ['todos.read'], expect: { outcome: 'deny' } }
      const test = { name: 'rob stays out', who: 'user:rob', app: AGENT.id, at: 'todo0', ...never }
      const made = await people.olga('POST', '/policy-suites', { body: { id: 'kept', tests: [test] } })
      expect(made.status).toBe(201)
      expect((await ask({ user: 'rob' })).waits).toEqual({
        rule: 'low',
        why: expect.stringContaining('test'),
      })
      const gone = { ifMatch: String(made.etag) }
      expect((await people.olga('DELETE', '/policy-suites/kept', gone)).status).toBe(204)
      expect((await ask({ user: 'rob' })).state).toBe('approved')
    })

    it('nothing that is stopped', async () => {
      const until = new Date(nowMs + HOUR_MS).toISOString()
      const block = { kind: 'user', target: 'usr_carol', reason: 'lost laptop', until }
      const { body } = await people.olga('POST', '/blocks', { body: block })
      expect((await ask({ user: 'carol' }, people.olga)).waits).toEqual({
        rule: 'low',
        why: `the block ${body.id} is in effect`,
      })
      await people.olga('DELETE', `/blocks/${body.id}`)
      const path = '/connections/agent0-todo0'
      expect((await people.olga('POST', `${path}/suspend`, { body: { reason: 'x' } })).status).toBe(200)
      expect((await ask({ user: 'dave' })).waits.why).toBe('the connection agent0-todo0 is suspended')
      expect((await people.olga('POST', `${path}/resume`, { body: { reason: 'x' } })).status).toBe(200)
      expect((await ask({ user: 'dave' })).state).toBe('approved')
    })

    it('nothing that a user declined or revoked before', async () => {
      const long = await ask({ user: 'rita', days: 90 })
      expect((await act(people.olga, long.id, 'decline')).status).toBe(200)
      expect((await ask({ user: 'rita' })).waits).toEqual({
        rule: 'low',
        why: `the request ${long.id} for this access was declined`,
      })
      const { granted } = await ask({ user: 'olga' })
      const revoked = await people.rita('POST', `/access-grants/${granted.grant}/revoke`, {
        body: { reason: 'x' },
      })
      expect(revoked.status).toBe(200)
      expect((await ask({ user: 'olga' })).waits.why).toBe(
        `the access grant ${granted.grant} for this access was revoked`,
      )
    })
  })

  describe('do not approve', () => {
    const WROTE = 'usr_alice wrote the rule or changed what it relies on, and'

    it.each([
      ['what their author requests', { user: 'rob' }, 'alice', 'usr_alice requested it'],
      ['access of their author', { user: 'alice' }, 'carol', 'the access is for usr_alice'],
    ] as const)('%s', async (_, change, who, why) => {
      const { state, waits } = await ask(change, people[who])
      expect([state, waits]).toEqual(['open', { rule: 'low', why: `${WROTE} ${why}` }])
    })

    it('for an app that an author owns, although another user changed the rule since', async () => {
      const own = { id: 'agent2', name: 'Agent2', kind: 'agent', auth: { method: 'client_secret_basic' } }
      const app = { ...own, owners: ['usr_alice'], assignments: { everyone: true } }
      expect((await people.olga('POST', '/apps', { body: app })).status).toBe(201)
      const connection = {
        ...{ id: 'agent2-todo0', app: 'agent2', resourceApp: 'todo0', clientId: 'agent2-there' },
        ...{ resources: [TODO], scopes: ['todos.read'], status: 'active' },
      }
      expect((await people.olga('POST', '/connections', { body: connection })).status).toBe(201)
      const { etag } = await people.olga('GET', '/approval-rules/low')
      const change = { body: { description: 'For sprints.' }, ifMatch: etag }
      expect((await people.olga('PATCH', '/approval-rules/low', change)).status).toBe(200)
      expect((await ask({ app: 'agent2' })).waits).toEqual({
        rule: 'low',
        why: `${WROTE} usr_alice owns the app`,
      })
      // Another app has another owner.
      expect((await ask({ user: 'dave' })).state).toBe('approved')
    })

    it('if the requester created the account that wrote them', async () => {
      const second = { id: 'usr_second', username: 'second', password: PASSWORD, groups: ['bosses'] }
      expect((await people.alice('POST', '/users', { body: second })).status).toBe(201)
      const rule = { ...LOW, id: 'second', when: { resourceApps: ['notes0'], maxRisk: 1, maxDays: 1 } }
      const author = await adminAs(server.baseUrl, 'second')
      expect((await author('POST', '/approval-rules', { body: rule })).status).toBe(201)
      const access = { resourceApp: 'notes0', scopes: ['notes.write'], days: 1 }
      expect((await ask(access, people.alice)).waits).toEqual({
        rule: 'second',
        why: 'usr_second wrote the rule or changed what it relies on, and usr_alice created usr_second',
      })
      expect((await ask(access, people.olga)).rule).toBe('second')
      await remove('second')
    })

    it('if the requester rated the risk of the scope', async () => {
      const rated = {
        ...{
          id: 'rated',
          name: 'Rated',
          issuer: `${server.baseUrl}/as/vendor`,
          assignments: { everyone: true },
        },
        ...{ resources: [{ id: 'http://127.0.0.1:7709/mcp', scopes: ['rated.all'] }] },
        scopeMeanings: { 'rated.all': { risk: 0 } },
      }
      expect((await people.olga('POST', '/resource-apps', { body: rated })).status).toBe(201)
      const rule = { ...LOW, id: 'rated', when: { resourceApps: ['rated'], maxRisk: 1, maxDays: 30 } }
      expect((await people.alice('POST', '/approval-rules', { body: rule })).status).toBe(201)
      const access = { resourceApp: 'rated', scopes: ['rated.all'] }
      expect((await ask(access, people.olga)).waits.why).toBe(
        'usr_olga wrote the rule or changed what it relies on, and usr_olga requested it',
      )
      await remove('rated')
    })

    it('if the requester made the app what the rule is about', async () => {
      const app = { id: 'agent3', name: 'Agent3', kind: 'service', auth: { method: 'client_secret_basic' } }
      const rest = { owners: ['usr_rob'], assignments: { everyone: true } }
      expect((await people.olga('POST', '/apps', { body: { ...app, ...rest } })).status).toBe(201)
      const connection = {
        ...{ id: 'agent3-todo0', app: 'agent3', resourceApp: 'todo0', clientId: 'agent3-there' },
        ...{ resources: [TODO], scopes: ['todos.write'], status: 'active' },
      }
      expect((await people.olga('POST', '/connections', { body: connection })).status).toBe(201)
      await remove('writes')
      const access = { app: 'agent3', scopes: ['todos.write'] }
      const define = async (id: string, when: object) => {
        const rule = { ...LOW, id, when: { ...when, maxRisk: 2, maxDays: 30 } }
        expect((await people.alice('POST', '/approval-rules', { body: rule })).status).toBe(201)
      }
      for (const [id, when] of Object.entries({ kind: { kind: 'service' }, owned: { hasOwner: true } })) {
        await define(id, when)
        expect((await ask(access, people.olga)).waits).toEqual({
          rule: id,
          why: 'usr_olga wrote the rule or changed what it relies on, and usr_olga requested it',
        })
        expect((await ask(access, people.rita)).rule).toBe(id)
        await remove(id)
      }
      // This one relies on nothing that she defined.
      await define('named', { apps: ['agent3'] })
      expect((await ask({ ...access, days: 8 }, people.olga)).rule).toBe('named')
      await remove('named')
      expect((await people.alice('POST', '/approval-rules', { body: ASK })).status).toBe(201)
    })

    it('unless another rule does, by an author who is independent', async () => {
      const other = { ...LOW, id: 'other' }
      expect((await people.olga('POST', '/approval-rules', { body: other })).status).toBe(201)
      expect((await ask({ user: 'bob', days: 2 }, people.alice)).rule).toBe('other')
      await remove('other')
    })
  })

  describe('ask', () => {
    const DETAIL = 'Another user must decide: the approval rule writes asks'

    it('only the named users, and further ones after the time', async () => {
      const { id } = await ask({ user: 'carol', scopes: ['todos.write'], days: 7 })
      const escalatesAt = new Date(nowMs + 24 * HOUR_MS).toISOString()
      expect((await read(id)).asked).toEqual({
        ...{ users: ['usr_rita'], rules: ['writes'] },
        escalation: { at: escalatesAt, to: ['usr_olga'] },
      })
      const mine = async (caller: Admin) => {
        const { items } = (await caller('GET', '/access-requests?mine=true&limit=100')).body
        return items.some((one: { id: string }) => one.id === id)
      }
      nowMs += 24 * HOUR_MS - 1
      await signIn()
      for (const verb of ['approve', 'decline'])
        expect(await act(people.olga, id, verb)).toMatchObject({
          status: 403,
          body: { detail: `${DETAIL} usr_rita.` },
        })
      expect([await mine(people.rita), await mine(people.olga)]).toEqual([true, false])
      const { etag } = await people.rita('GET', `/access-requests/${id}`)
      nowMs += 1
      // Who is asked has changed since it was read.
      const seen = { body: { reason: 'x' }, ifMatch: etag }
      expect((await people.rita('POST', `/access-requests/${id}/approve`, seen)).status).toBe(412)
      expect([await mine(people.rita), await mine(people.olga)]).toEqual([true, true])
      const approved = await act(people.olga, id, 'approve')
      expect([approved.status, approved.body.granted.until]).toEqual([
        200,
        new Date(nowMs + 7 * DAY_MS).toISOString(),
      ])
      expect((await read(id)).asked).toBeUndefined()
    })

    it('as they are now: a changed rule applies to open requests', async () => {
      const { id } = await ask({ user: 'alice', scopes: ['todos.write'] })
      expect((await act(people.rob, id, 'decline')).body.detail).toMatch(DETAIL)
      await remove('writes')
      // Rob owns the app, whatever the rules say.
      expect((await act(people.rob, id, 'decline')).body.detail).toBe(
        'Another user must decide: you own the app.',
      )
      expect((await act(people.olga, id, 'decline')).status).toBe(200)
      expect((await people.alice('POST', '/approval-rules', { body: ASK })).status).toBe(201)
    })
  })

  describe('are refused when written', () => {
    it.each([
      ['a user who does not exist', { users: ['usr_none'] }, '/ask/users/0', 'there is no user usr_none'],
      ['a user without a role', { users: ['usr_rita', 'usr_bob'] }, '/ask/users/1', 'usr_bob has no role'],
      ['a user whose role cannot decide', { users: ['usr_carol'] }, '/ask/users/0', 'usr_carol has no role'],
      [
        'such a user for the escalation',
        { users: ['usr_rita'], escalateAfterHours: 1, escalateTo: ['usr_carol'] },
        '/ask/escalateTo/0',
        'usr_carol has no role',
      ],
    ])('if they ask %s, and planned so', async (_, named, path, problem) => {
      const body = { ...ASK, id: 'new', ask: named }
      expect(await people.alice('POST', '/approval-rules', { body })).toMatchObject({
        status: 400,
        body: { errors: [{ path, problem: expect.stringContaining(problem) }] },
      })
      const document = { idp: { approvalRules: [{ ...LOW, id: 'fine' }, body] } }
      const plan = await people.alice('POST', '/configuration/plan', { body: { document } })
      const place = `/idp/approvalRules/1${path}`
      expect(plan.body.problems).toMatchObject([{ path: place, problem: expect.stringContaining(problem) }])
      const applied = await people.alice('POST', '/configuration/apply', {
        body: { document, reason: 'new rules' },
        ifMatch: plan.etag,
      })
      expect(applied).toMatchObject({ status: 400, body: { errors: [{ path: place }] } })
    })

    it('but not if the users may decide, in a plan too', async () => {
      const document = { idp: { approvalRules: [{ ...ASK, id: 'new' }] } }
      const { body } = await people.alice('POST', '/configuration/plan', { body: { document } })
      const created = body.changes.filter(({ action }: { action: string }) => action === 'create')
      expect([body.problems, created]).toMatchObject([[], [{ id: 'new' }]])
    })

    it('by roles that may not change rules', async () => {
      for (const who of ['rita', 'carol'] as const)
        expect((await people[who]('POST', '/approval-rules', { body: { ...LOW, id: 'x' } })).status).toBe(403)
    })

    it('if they ask a user about apps that the role of the user does not cover', async () => {
      const covered = { ...ASK, id: 'mias', when: { apps: [AGENT.id] }, ask: { users: ['usr_mia'] } }
      for (const when of [{}, { apps: [AGENT.id, 'other'] }])
        expect(await people.alice('POST', '/approval-rules', { body: { ...covered, when } })).toMatchObject({
          status: 400,
          body: { errors: [{ path: '/ask/users/0' }] },
        })
      expect((await people.alice('POST', '/approval-rules', { body: covered })).status).toBe(201)
      const { id } = await ask({ user: 'bob', days: 60 })
      expect((await read(id)).asked.users).toEqual(['usr_mia'])
      await remove('mias')
      // Without the rule, her role covers the request too.
      expect((await act(people.rita, id, 'delegate', { to: 'mia' })).status).toBe(200)
    })

    it('and keep the objects they name', async () => {
      const other = { id: 'usr_other', username: 'other', password: PASSWORD, groups: ['bosses'] }
      expect((await people.olga('POST', '/users', { body: other })).status).toBe(201)
      const rule = { ...ASK, id: 'keeps', ask: { users: ['usr_other'] } }
      expect((await people.olga('POST', '/approval-rules', { body: rule })).status).toBe(201)
      const { etag } = await admin('GET', '/users/usr_other')
      const gone = () => admin('DELETE', '/users/usr_other', { ifMatch: etag })
      expect(await gone()).toMatchObject({ status: 409, body: { referrers: ['approval-rules/keeps'] } })
      await remove('keeps')
      expect((await gone()).status).toBe(204)
      const app = { id: 'solo', name: 'Solo', kind: 'agent', auth: { method: 'client_secret_basic' } }
      const resources = [{ id: 'http://127.0.0.1:7710/mcp', scopes: ['solo.all'] }]
      const target = { id: 'solo', name: 'Solo', issuer: `${server.baseUrl}/as/vendor`, resources }
      expect((await people.olga('POST', '/apps', { body: app })).status).toBe(201)
      expect((await people.olga('POST', '/resource-apps', { body: target })).status).toBe(201)
      for (const [collection, when] of [
        ['apps', { apps: ['solo'] }],
        ['resource-apps', { resourceApps: ['solo'] }],
      ] as const) {
        const named = { ...LOW, id: 'solo', when: { ...LOW.when, resourceApps: undefined, ...when } }
        expect((await people.olga('POST', '/approval-rules', { body: named })).status).toBe(201)
        const ifMatch = String((await admin('GET', `/${collection}/solo`)).etag)
        const removal = () => admin('DELETE', `/${collection}/solo`, { ifMatch })
        expect(await removal()).toMatchObject({ status: 409, body: { referrers: ['approval-rules/solo'] } })
        await remove('solo')
        expect((await removal()).status).toBe(204)
      }
    })
  })

  describe('a request', () => {
    it('is delegated to a colleague, who decides although no rule names them', async () => {
      const { id } = await ask({ user: 'bob', scopes: ['todos.write'], days: 1 })
      const { etag } = await people.rita('GET', `/access-requests/${id}`)
      const body = { to: 'olga', reason: 'Knows the team' }
      const outdated = { body, ifMatch: '"outdated"' }
      expect((await people.rita('POST', `/access-requests/${id}/delegate`, outdated)).status).toBe(412)
      const seen = { body, ifMatch: etag }
      const delegated = await people.rita('POST', `/access-requests/${id}/delegate`, seen)
      const delegation = { to: 'usr_olga', by: 'usr_rita', reason: 'Knows the team' }
      expect([delegated.status, delegated.body]).toMatchObject([
        200,
        { state: 'open', delegations: [delegation] },
      ])
      // The rule has no further user to ask later.
      expect(delegated.body.asked).toEqual({ users: ['usr_olga', 'usr_rita'], rules: ['writes'] })
      const { items } = (await admin('GET', '/audit-events?type=request.delegated&limit=1')).body
      expect(items).toMatchObject([{ actor: { id: 'usr_rita' }, target: { id } }])
      expect((await act(people.olga, id, 'decline')).status).toBe(200)
      expect((await act(people.rita, id, 'delegate', { to: 'olga' })).status).toBe(409)
    })

    it.each([
      ['the requester', 'olga', 'usr_olga requested it'],
      ['the user who gets access', 'alice', 'the access is for usr_alice'],
      ['an owner of the app', 'rob', 'usr_rob owns the app'],
      ['a user whose role covers other apps', 'mia', 'usr_mia has no role that may decide this request'],
      ['a user without the role', 'carol', 'usr_carol has no role that may decide this request'],
      ['a user who does not exist', 'none', 'none is not a user'],
      ['oneself', 'rita', 'is yourself'],
    ])('is not delegated to %s', async (_, to, problem) => {
      const app = to === 'mia' ? 'other' : AGENT.id
      const { id } = await ask({ user: 'alice', days: 60, app }, people.olga)
      expect(await act(people.rita, id, 'delegate', { to })).toMatchObject({
        status: 400,
        body: { errors: [{ path: '/to', problem }] },
      })
    })

    it('is delegated by those only who may decide it, ten times', async () => {
      const { id } = await ask({ user: 'carol', days: 60 }, people.alice)
      for (const who of ['alice', 'carol', 'rob'] as const)
        expect((await act(people[who], id, 'delegate', { to: 'olga' })).status, who).toBe(403)
      for (let n = 0; n < 5; n += 1) {
        expect((await act(people.rita, id, 'delegate', { to: 'olga' })).status).toBe(200)
        expect((await act(people.olga, id, 'delegate', { to: 'rita' })).status).toBe(200)
      }
      expect((await read(id)).asked).toEqual({ users: ['usr_rita'], rules: [] })
      expect(await act(people.rita, id, 'delegate', { to: 'olga' })).toMatchObject({
        status: 409,
        body: { detail: 'The request was delegated 10 times. Approve or decline it.' },
      })
      // The other approvers still can.
      expect((await act(people.olga, id, 'decline')).status).toBe(200)
    })

    it('is explained by its user, also if another user asked for it', async () => {
      const { id } = await ask({ user: 'carol', days: 60 }, people.alice)
      const comment = async (caller: Admin) => (await act(caller, id, 'comments', { text: '…' })).status
      expect([await comment(people.olga), await comment(people.carol)]).toEqual([200, 200])
      expect([await comment(people.carol), await comment(people.rob)]).toEqual([409, 403])
    })
  })
})
