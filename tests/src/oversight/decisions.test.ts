// Decisions read, simulated and explained over HTTP: the simulator agrees with the endpoint.
import { type DecisionRecord, GRANT_TYPE, zDecisionRecord } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company, NOTES, TODO } from '../support/company.ts'
import { type Answer, basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'

let server: TestServer
let admin: Admin
let idTokens: Record<'alice' | 'bob', string>
const audience = () => `${server.baseUrl}/as/vendor`

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) =>
      company(baseUrl, {
        idp: {
          policies: [
            { id: 'no-writing-at-night', when: { scope: ['notes.write'] }, effect: 'deny' },
            {
              id: 'read-only',
              when: { resourceApp: 'notes0' },
              effect: 'limit',
              limit: { scopes: ['notes.read'] },
            },
          ],
        },
      }),
  })
  admin = adminOf(server.baseUrl)
  idTokens = {
    alice: (await signInFor(server.baseUrl, 'alice')).idToken,
    bob: (await signInFor(server.baseUrl, 'bob')).idToken,
  }
})
afterAll(() => server.stop())

async function readRecord(answer: Answer): Promise<DecisionRecord> {
  const id = answer.headers.get('crosswalk-decision') ?? ''
  const { status, body } = await admin('GET', `/decisions/${id}`)
  expect(status).toBe(200)
  return body as DecisionRecord
}

/** Omits what must differ: ids, time, mode, and facts that only a real token has. */
function comparable(record: DecisionRecord) {
  const { decision_id: _, trace_id: __, time: ___, mode: ____, timing_ms: _____, ...rest } = record
  const { token_type: ______, session: _______, ...subject } = rest.request.subject ?? {}
  // Every denied app learns where to request access.
  const { error_uri: ________, ...wire } = rest.wire
  return {
    ...rest,
    wire,
    request: { ...rest.request, subject },
    checks: rest.checks.filter(({ id }) => !id.startsWith('subject_token')),
    remedies: rest.remedies
      .filter(({ verified }) => verified === undefined)
      .map((remedy) => ({ ...remedy, rank: 1 })),
  }
}

const ASKED: readonly [string, 'alice' | 'bob', Readonly<Record<string, string>>, string][] = [
  ['everything', 'alice', { resource: TODO }, 'XAA0000'],
  ['less', 'alice', { resource: TODO, scope: 'todos.read' }, 'XAA0000'],
  [
    'more scopes than the connection has',
    'alice',
    { resource: NOTES, scope: 'notes.read notes.write' },
    'XAA0001',
  ],
  ['no allowed scope', 'alice', { resource: NOTES, scope: 'notes.write' }, 'XAA1602'],
  ['an unknown scope', 'alice', { resource: TODO, scope: 'todos.burn' }, 'XAA1601'],
  ['no resource, where two share an audience', 'alice', {}, 'XAA1305'],
  ['an unknown resource', 'alice', { resource: 'http://127.0.0.1:7709/' }, 'XAA1303'],
  ['a user not assigned', 'bob', { resource: TODO }, 'XAA1502'],
  ['a malformed scope', 'alice', { resource: TODO, scope: 'a"b' }, 'XAA1606'],
]

describe('a decision', () => {
  it.each(ASKED)('about %s is read as recorded, and simulated identically', async (_, user, form, code) => {
    const token = idTokens[user]
    const real = await readRecord(await exchange(server.baseUrl, token, form))
    expect(real).toMatchObject({ code, mode: 'enforced', stage: 'idp.token_exchange' })
    const { status, body } = await admin('POST', '/simulate', {
      body: {
        app: AGENT.id,
        user,
        audience: audience(),
        ...form,
        authTime: decodeJwt(token).auth_time,
        acr: decodeJwt(token).acr,
        ip: real.request.context.ip,
      },
    })
    expect(status).toBe(200)
    expect(body.mode).toBe('simulated')
    expect(comparable(zDecisionRecord.parse(body))).toEqual(comparable(real))
  })

  it('about an unauthenticated caller is read from recent refusals, and not listed', async () => {
    const answer = await exchange(
      server.baseUrl,
      idTokens.alice,
      { resource: TODO },
      { id: AGENT.id, secret: 'no' },
    )
    expect((await readRecord(answer)).code).toBe('XAA1101')
    const list = await admin('GET', '/decisions?code=XAA1101')
    expect(list.body).toEqual({ items: [], next: null })
  })

  it('about a sign-in or a refresh names the user, as its event does', async () => {
    const { refreshToken } = await signInFor(server.baseUrl, 'carol')
    const form = { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken }
    expect(await postForm(`${server.baseUrl}/token`, form, { authorization: basic(AGENT) })).toMatchObject({
      status: 200,
    })
    const subject = { ref: 'usr_carol', display: 'carol' }
    const { body } = await admin('GET', '/decisions?about=sign-in&user=carol')
    expect(body.items).toMatchObject([
      { request: { grant_type: 'refresh_token', subject } },
      { request: { grant_type: 'authorization_code', subject } },
    ])
    const events = await admin('GET', '/audit-events?type=signin.tokens_issued&user=usr_carol')
    expect(events.body.items).toMatchObject([
      { on_behalf_of: { user_ref: 'usr_carol' } },
      { on_behalf_of: { user_ref: 'usr_carol' } },
    ])
  })

  it('is listed by each filter, newest first, page by page', async () => {
    const all = await admin('GET', '/decisions?limit=200')
    const items = all.body.items as DecisionRecord[]
    const times = items.map(({ time }) => time)
    expect(times).toEqual([...times].sort().reverse())
    const filters: readonly [string, (record: DecisionRecord) => boolean][] = [
      ['outcome=deny', ({ outcome }) => outcome === 'deny'],
      ['code=XAA1502', ({ code }) => code === 'XAA1502'],
      ['code=xaa1502', ({ code }) => code === 'XAA1502'],
      ['code=XAA15', ({ code }) => code.startsWith('XAA15')],
      [
        'code=XAA1&user=bob',
        ({ code, request }) => code.startsWith('XAA1') && request.subject?.ref === 'usr_bob',
      ],
      ['app=agent0', ({ request }) => request.requesting_app?.id === 'agent0'],
      ['resourceApp=notes0', ({ resolution }) => resolution.resource_app === 'notes0'],
      ['connection=agent0-todo0', ({ resolution }) => resolution.connection === 'agent0-todo0'],
      ['user=bob', ({ request }) => request.subject?.ref === 'usr_bob'],
      ['about=sign-in', ({ stage }) => stage.endsWith('.token')],
      ['about=access', ({ stage }) => !stage.endsWith('.token')],
      ['user=usr_bob', ({ request }) => request.subject?.ref === 'usr_bob'],
    ]
    for (const [filter, holds] of filters) {
      const found = await admin('GET', `/decisions?limit=200&${filter}`)
      const expected = items.filter(holds).map(({ decision_id: id }) => id)
      expect(expected.length).toBeGreaterThan(0)
      expect(found.body.items.map((record: DecisionRecord) => record.decision_id)).toEqual(expected)
    }
    const walked: string[] = []
    let cursor = ''
    do {
      const page = await admin('GET', `/decisions?limit=3${cursor}`)
      expect(page.body.items.length).toBeLessThanOrEqual(3)
      walked.push(...page.body.items.map((record: DecisionRecord) => record.decision_id))
      cursor = page.body.next === null ? '' : `&cursor=${page.body.next}`
    } while (cursor !== '')
    expect(walked).toEqual(items.map(({ decision_id: id }) => id))
    expect((await admin('GET', '/decisions?until=2020-01-01T00:00:00Z')).body.items).toEqual([])
    expect((await admin('GET', '/decisions?cursor=nonsense')).status).toBe(400)
    expect((await admin('GET', '/decisions/dec_none')).status).toBe(404)
  })
})

describe('a simulation', () => {
  it('issues nothing, is logged, and is not a decision', async () => {
    const before = await admin('GET', '/decisions?limit=200')
    const { body } = await admin('POST', '/simulate', {
      body: { app: AGENT.id, user: 'alice', audience: audience(), resource: TODO },
    })
    expect(body).toMatchObject({ outcome: 'allow', granted: { scope: ['todos.read', 'todos.write'] } })
    expect(JSON.stringify(body)).not.toMatch(/eyJ[\w-]+\.[\w-]+\./)
    expect((await admin('GET', '/decisions?limit=200')).body).toEqual(before.body)
    const again = await admin('POST', '/explain', { body: { decisionId: body.decision_id } })
    // Other input is not stored.
    expect(body).toMatchObject(again.body.decisions[0])
    expect(Object.keys(again.body.decisions[0])).not.toContain('token')
    const logged = await admin('GET', '/audit-events?type=simulation.run&limit=1')
    expect(logged.body.items[0]).toMatchObject({
      target: { kind: 'resource_app', id: 'todo0' },
      delegation: { connection: 'agent0-todo0' },
      on_behalf_of: { user_ref: 'usr_alice' },
      code: 'XAA0000',
    })
    expect(logged.body.items[0]).not.toHaveProperty('change')
  })

  it('shows the token that the endpoint issues, unsigned, each claim with its origin', async () => {
    const real = decodeJwt(
      String((await exchange(server.baseUrl, idTokens.alice, { resource: TODO })).body.access_token),
    )
    const asked = { app: AGENT.id, user: 'alice', audience: audience(), resource: TODO }
    const signIn = { authTime: real.auth_time, acr: real.acr }
    const { body } = await admin('POST', '/simulate', { body: { ...asked, ...signIn } })
    expect(body.token.header).toEqual({ typ: 'example+json' })
    const claims = body.token.claims as { name: string; value: unknown; origin: string; personal: boolean }[]
    // The sign-in method is not part of a question.
    const { iat = 0, exp = 0, jti: _, amr: __, ...same } = real
    const {
      iat: saidIat,
      exp: saidExp,
      jti,
      ...said
    } = Object.fromEntries(claims.map(({ name, value }) => [name, value]))
    expect([said, Number(saidExp) - Number(saidIat), jti]).toEqual([same, exp - iat, 'example'])
    expect(claims.every(({ origin }) => origin !== '')).toBe(true)
    expect(claims.filter(({ personal }) => personal).map(({ name }) => name)).toEqual(['sub', 'email'])
    // A pairwise subject names the user nowhere else.
    const { resourceApps } = company(server.baseUrl).idp as { resourceApps: { id: string }[] }
    const pairwise = resourceApps.map((it) => (it.id === 'todo0' ? { ...it, subject: 'pairwise' } : it))
    const hidden = await admin('POST', '/simulate', {
      body: { ...asked, ...signIn, draft: { idp: { resourceApps: pairwise } } },
    })
    const shownHidden = hidden.body.token.claims as typeof claims
    expect(shownHidden.filter(({ personal }) => personal).map(({ name }) => name)).toEqual(['email'])
    expect((await admin('POST', '/simulate', { body: { ...asked, user: 'bob' } })).body.token).toBeNull()
    const short = { id: 'short', effect: 'limit', limit: { scopes: ['todos.read'] } }
    const draft = { idp: { policies: [short] } }
    const drafted = (await admin('POST', '/simulate', { body: { ...asked, ...signIn, draft } })).body
    const scopeOf = (shown: { claims: readonly { name: string; value: unknown }[] }) =>
      shown.claims.find(({ name }) => name === 'scope')?.value
    expect([scopeOf(drafted.token), scopeOf(drafted.tokenToday)]).toEqual(['todos.read', real.scope])
    const helpdesk = await admin('POST', '/tokens', { body: { name: 'h', role: 'helpdesk' } })
    const token = String(helpdesk.body.token)
    expect((await admin('POST', '/simulate', { token, body: asked })).body).not.toHaveProperty('token')
    expect((await admin('POST', '/connection-preview', { token, body: {} })).status).toBe(403)
  })

  it('of a grant shows what would end it, and of a denial nothing', async () => {
    const ask = async (user: string) =>
      (
        await admin('POST', '/simulate', {
          body: { app: AGENT.id, user, audience: audience(), resource: TODO },
        })
      ).body.nearestNo
    expect(await ask('alice')).toContainEqual({
      text: 'removed from the group engineering',
      outcome: 'deny',
      code: 'XAA1502',
    })
    expect(await ask('bob')).toBeUndefined()
  })

  it('states what it skipped, and the values it assumed for policy inputs', async () => {
    const about = async (asked: object) => {
      const { body } = await admin('POST', '/simulate', {
        body: { app: AGENT.id, user: 'alice', audience: audience(), resource: TODO, ...asked },
      })
      return body.notSimulated.map((item: { about: string }) => item.about).join(' ')
    }
    expect(await about({})).toBe('account client session authTime')
    const authTime = new Date().toISOString()
    expect(await about({ authTime, acr: 'pwd', ip: '10.0.0.1', dpop: true })).toBe('account client session')
    const asOf = new Date().toISOString()
    expect(await about({ authTime, asOf })).toBe('account client session configuration')
    const rule = { id: 'inside', when: { 'network.outside': '10.0.0.0/8', dpop: false }, effect: 'deny' }
    const draft = { idp: { policies: [rule] } }
    expect(await about({ draft })).toBe('account client session authTime ip dpop')
    expect(await about({ draft, dpop: true })).toBe('account client session authTime')
    expect(await about({ draft, ip: '10.0.0.1' })).toBe('account client session authTime')
  })

  it('shows the decision for each unknown value, and asks if there are too many', async () => {
    const rule = { id: 'fresh', effect: 'require', require: { acr: ['mfa'], maxAuthAgeSeconds: 43_200 } }
    const draft = { idp: { policies: [rule] } }
    const ask = (asked: object) =>
      admin('POST', '/simulate', {
        body: { app: AGENT.id, user: 'alice', audience: audience(), resource: TODO, draft, ...asked },
      })
    const { body } = await ask({ acr: 'mfa', unknown: ['authTime'] })
    expect(body.branches).toMatchObject([
      { when: [{ text: 'signed in within 12h' }], outcome: 'allow', scopes: ['todos.read', 'todos.write'] },
      { when: [{ text: 'signed in more than 12h ago' }], outcome: 'step_up', code: 'XAA1801', scopes: [] },
    ])
    expect([body.outcome, body.token]).toEqual(['step_up', null])
    expect(body.checks).toContainEqual(expect.objectContaining({ id: 'stepup', result: 'unknown' }))
    // Sign-in times have whole seconds.
    const at = Math.floor(Date.now() / 1000) * 1000
    for (const [ageSeconds, { outcome, code }] of [
      [43_200, body.branches[0]],
      [43_201, body.branches[1]],
    ]) {
      const moments = {
        at: new Date(at).toISOString(),
        authTime: new Date(at - ageSeconds * 1000).toISOString(),
      }
      expect((await ask({ acr: 'mfa', ...moments })).body).toMatchObject({ outcome, code })
    }
    const both = await ask({ unknown: ['authTime', 'acr'] })
    expect(both.body.branches).toHaveLength(3)
    expect((await ask({ unknown: ['volume'] })).body.branches).toMatchObject([{ when: [], code: 'XAA1801' }])
    const four = await ask({ unknown: ['authTime', 'acr', 'ip', 'dpop'] })
    expect([four.status, four.body.detail]).toEqual([422, expect.stringContaining('authTime, acr, ip, dpop')])
    const given = await ask({ acr: 'mfa', unknown: ['acr'] })
    expect([given.status, given.body.errors[0].path]).toEqual([400, '/unknown'])
    const acrs = Array.from({ length: 20 }, (_, at) => ({
      id: `p${at}`,
      when: { acr: `a${at}` },
      effect: 'limit',
      limit: { idJagTtlSeconds: 10 + at },
    }))
    const many = await ask({ draft: { idp: { policies: acrs } }, unknown: ['acr'] })
    expect([many.status, many.body.detail]).toEqual([
      422,
      expect.stringMatching(/^acr result in 2\d cases, more than 16/),
    ])
  })

  it('of a denial shows the smallest changes that would allow it', async () => {
    const { body } = await admin('POST', '/simulate', {
      body: { app: AGENT.id, user: 'bob', audience: audience(), resource: TODO, scope: ['todos.read'] },
    })
    expect(body.code).toBe('XAA1502')
    expect(body.remedies[0]).toMatchObject({
      rank: 1,
      owner: 'administrator',
      text: 'Grant bob access with todos.read over the connection Agent0 → Todo0. No other user is affected.',
      verified: 're-evaluated: allow (todos.read)',
    })
    expect(body.remedies.at(-1).verified).toBeUndefined()
  })

  it('joins changes that are needed together as sentences', async () => {
    const connection = {
      ...{ id: 'agent0-todo0', app: AGENT.id, resourceApp: 'todo0', clientId: 'x', status: 'active' },
      ...{ resources: [], scopes: ['todos.read'], assignments: { groups: ['engineering'] } },
    }
    const { body } = await admin('POST', '/simulate', {
      body: {
        ...{ app: AGENT.id, user: 'bob', audience: audience(), resource: TODO, scope: ['todos.read'] },
        draft: { idp: { connections: [connection] } },
      },
    })
    expect(body.remedies[0].text).toMatch(
      new RegExp(`^Add ${TODO} to the resources of the connection Agent0 → Todo0. Grant bob access`),
    )
  })

  it.each([
    ['an unknown app', { app: 'nobody' }, 'XAA1101'],
    ['an unknown user', { user: 'nobody' }, 'XAA1504'],
    ['an audience that differs by a slash', { audience: 'SLASH' }, 'XAA1302'],
    ['a moment long ago', { at: '2020-01-01T00:00:00Z' }, 'XAA0000'],
  ])('of %s agrees with the endpoint', async (_, change, code) => {
    const asked = { app: AGENT.id, user: 'alice', audience: audience(), resource: TODO, ...change }
    const body = { ...asked, audience: asked.audience === 'SLASH' ? `${audience()}/` : asked.audience }
    const answer = await admin('POST', '/simulate', { body })
    expect(answer.body.code).toBe(code)
  })

  it('requires app, user and audience, and a role that may see decisions', async () => {
    const { status, body } = await admin('POST', '/simulate', { body: { app: AGENT.id } })
    expect([status, body.errors.map(({ path }: { path: string }) => path)]).toEqual([
      400,
      ['/user', '/audience'],
    ])
    expect((await admin('POST', '/simulate', { body: {}, token: null })).status).toBe(401)
  })
})

describe('an access evaluation', () => {
  const evaluate = (body: object, headers: Readonly<Record<string, string>> = {}) =>
    fetch(`${server.baseUrl}/access/v1/evaluation`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_TOKEN}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
  const ask = (user: string, scope: string, more: object = {}) => ({
    subject: { type: 'user', id: user, properties: { department: 'any' } },
    action: { name: scope },
    resource: { type: 'resource', id: TODO },
    context: { app: AGENT.id, ...more },
  })

  it.each([
    ['alice', 'todos.read', true, 'XAA0000'],
    ['alice', 'todos.read todos.write', true, 'XAA0000'],
    // A narrowed grant counts as false.
    ['alice', 'todos.read todos.burn', false, 'XAA0001'],
    ['bob', 'todos.read', false, 'XAA1502'],
    ['nobody', 'todos.read', false, 'XAA1504'],
  ])('for %s and %s returns %s, like the simulator', async (user, scope, decision, code) => {
    const response = await evaluate(ask(user, scope), { 'x-request-id': 'r-1' })
    expect([response.status, response.headers.get('x-request-id')]).toEqual([200, 'r-1'])
    const body = (await response.json()) as { context: { id: string } }
    const asked = { app: AGENT.id, user, audience: audience(), resource: TODO, scope }
    const { summary } = (await admin('POST', '/simulate', { body: asked })).body
    expect(body).toMatchObject({
      decision,
      context: { code, reason_admin: { en: summary.admin }, reason_user: { en: summary.user } },
    })
    const kept = await admin('GET', `/decisions/${body.context.id}`)
    expect(kept.body).toMatchObject({ code, mode: 'simulated' })
  })

  it('never allows a denied request, even if no scope is requested', async () => {
    const answer = (await (await evaluate(ask('bob', ' '))).json()) as { decision: boolean; context: object }
    expect(answer).toMatchObject({ decision: false, context: { outcome: 'deny' } })
  })

  it('evaluates sign-in, address and proof of the request', async () => {
    const signIn = { acr: 'mfa', authTime: '2026-01-01T00:00:00Z', ip: '10.0.0.1', dpop: true }
    const answer = await evaluate(ask('alice', 'todos.read', signIn))
    const { context } = (await answer.json()) as { context: { id: string } }
    expect((await admin('GET', `/decisions/${context.id}`)).body).toMatchObject({
      request: {
        context: { ip: '10.0.0.1' },
        subject: { acr: 'mfa', auth_time: '2026-01-01T00:00:00.000Z' },
      },
      granted: { cnf: { jkt: expect.any(String) } },
    })
  })

  it('has metadata, requires a token, and reports missing members', async () => {
    const at = `${server.baseUrl}/.well-known/authzen-configuration`
    const metadata = await fetch(at)
    expect(metadata.headers.get('access-control-allow-origin')).toBe('*')
    expect((await fetch(at, { method: 'HEAD' })).status).toBe(200)
    expect((await fetch(at, { method: 'POST' })).headers.get('allow')).toBe('GET, HEAD, OPTIONS')
    expect(await metadata.json()).toEqual({
      policy_decision_point: server.baseUrl,
      access_evaluation_endpoint: `${server.baseUrl}/access/v1/evaluation`,
    })
    expect((await evaluate(ask('alice', 'todos.read'), { authorization: 'Bearer no' })).status).toBe(401)
    const { context: _, ...rest } = ask('alice', 'todos.read')
    expect((await evaluate(rest)).status).toBe(400)
    const service = { ...ask('alice', 'todos.read'), subject: { type: 'service', id: 'alice' } }
    expect((await evaluate(service)).status).toBe(400)
    const nowhere = {
      ...ask('alice', 'todos.read'),
      resource: { type: 'resource', id: 'https://nowhere.test' },
    }
    expect(await (await evaluate(nowhere)).json()).toMatchObject({
      decision: false,
      context: { code: 'XAA1301' },
    })
    const wrong = await admin('POST', '/access/v1/evaluation', {
      body: ask('alice', 'todos.read', { acr: 7 }),
    })
    expect([wrong.status, wrong.body.errors[0].path]).toEqual([400, '/context/acr'])
  })
})

describe('an explanation', () => {
  it('follows an ID-JAG and an access token by jti to both decisions', async () => {
    const idJag = String(
      (await exchange(server.baseUrl, idTokens.alice, { resource: TODO })).body.access_token,
    )
    const accessToken = String((await redeem(server.baseUrl, idJag)).body.access_token)
    for (const token of [idJag, accessToken]) {
      const { body } = await admin('POST', '/explain', { body: { jti: decodeJwt(token).jti } })
      expect(body.decisions.map(({ stage }: DecisionRecord) => stage)).toEqual([
        'idp.token_exchange',
        'ras.redemption',
      ])
    }
  })

  it('finds a denial by trace id, and shows what would allow it now', async () => {
    const real = await readRecord(await exchange(server.baseUrl, idTokens.bob, { resource: TODO }))
    const { body } = await admin('POST', '/explain', { body: { traceId: real.trace_id } })
    expect(body.decisions).toEqual([real])
    expect(body.now).toMatchObject({ code: 'XAA1502', mode: 'simulated' })
    expect(body.now.remedies[0].verified).toMatch(/^re-evaluated: allow/)
  })

  it.each([
    [
      'Okta, scope',
      {
        http: 400,
        body: { error: 'unauthorized_client', error_description: 'Scope not permitted' },
        vendorHint: 'okta',
        leg: 'exchange',
      },
      'XAA1602',
      'probable',
    ],
    [
      'Okta, scope, of an unknown leg',
      { http: 400, body: { error: 'unauthorized_client', error_description: 'Scope not permitted' } },
      'XAA1602',
      'probable',
    ],
    [
      'Keycloak, holder, of an unknown leg',
      {
        http: 403,
        body: { error: 'access_denied', error_description: 'Client is not the holder of the token' },
      },
      'XAA1203',
      'probable',
    ],
    [
      'another product that sends the text of Okta',
      {
        http: 400,
        body: { error: 'unauthorized_client', error_description: 'Scope not permitted' },
        vendorHint: 'auth0',
      },
      'XAA2102',
      'certain',
    ],
    [
      'a server without the grant type',
      { http: 400, body: '{"error":"unsupported_grant_type"}', leg: 'redemption' },
      'XAA2001',
      'certain',
    ],
    ['a page instead of JSON', { http: 404, body: '<html>', leg: 'exchange' }, 'XAA4005', 'probable'],
    ['our own code', { http: 403, body: { code: 'XAA3009' } }, 'XAA3009', 'certain'],
  ])('explains the response of %s', async (_, raw, code, confidence) => {
    const { body } = await admin('POST', '/explain', { body: { raw } })
    expect(body).toMatchObject({ decisions: [], cause: { code, confidence } })
    expect(body.cause.remedy).not.toBe('')
  })

  it('accepts exactly one reference, and reports if there is no record', async () => {
    expect((await admin('POST', '/explain', { body: {} })).status).toBe(400)
    expect((await admin('POST', '/explain', { body: { jti: 'a', traceId: 'b' } })).status).toBe(400)
    expect((await admin('POST', '/explain', { body: { jti: 'none' } })).status).toBe(404)
  })

  it('also accepts the member names of records, each once', async () => {
    const real = await readRecord(await exchange(server.baseUrl, idTokens.bob, { resource: TODO }))
    for (const body of [{ decision_id: real.decision_id }, { trace_id: real.trace_id }])
      expect((await admin('POST', '/explain', { body })).body.decisions).toEqual([real])
    const okta = {
      http: 400,
      body: { error: 'unauthorized_client', error_description: 'Scope not permitted' },
    }
    const hinted = async (raw: object) =>
      (await admin('POST', '/explain', { body: { raw: { ...okta, leg: 'exchange', ...raw } } })).body.cause
    // A response known from Okta is less certain for another product.
    expect(await hinted({ vendor_hint: 'auth0' })).toEqual(await hinted({ vendorHint: 'auth0' }))
    expect(await hinted({ vendor_hint: 'auth0' })).not.toEqual(await hinted({ vendor_hint: 'okta' }))
    const twice = { decisionId: 'dec_1', decision_id: 'dec_1' }
    expect((await admin('POST', '/explain', { body: twice })).status).toBe(400)
    const raw = { ...okta, vendorHint: 'okta', vendor_hint: 'auth0' }
    expect((await admin('POST', '/explain', { body: { raw } })).status).toBe(400)
  })

  it('accepts a hypothetical request, from roles that may simulate', async () => {
    const request = { app: AGENT.id, user: 'bob', audience: audience(), resource: TODO }
    const { status, body } = await admin('POST', '/explain', { body: { request } })
    expect([status, body.decisions.length]).toEqual([200, 1])
    expect(body.decisions[0]).toMatchObject({ code: 'XAA1502', mode: 'simulated' })
    const developer = await admin('POST', '/tokens', {
      body: { name: 'd', role: 'developer', apps: [AGENT.id] },
    })
    const token = String(developer.body.token)
    expect((await admin('POST', '/explain', { body: { request }, token })).status).toBe(403)
  })
})

describe('a role', () => {
  const tokenOf = async (body: Readonly<Record<string, unknown>>) =>
    String((await admin('POST', '/tokens', { body: { name: 'test', ...body } })).body.token)

  it('limited to certain apps sees only their decisions', async () => {
    const token = await tokenOf({ role: 'connection-manager', apps: ['other'] })
    const record = await readRecord(await exchange(server.baseUrl, idTokens.bob, { resource: TODO }))
    expect((await admin('GET', '/decisions?limit=200', { token })).body.items).toEqual([])
    expect((await admin('GET', `/decisions/${record.decision_id}`, { token })).status).toBe(404)
    const body = { app: AGENT.id, user: 'bob', audience: audience() }
    expect((await admin('POST', '/simulate', { token, body })).status).toBe(403)
  })

  it('of the helpdesk sees checks, but no policies', async () => {
    const token = await tokenOf({ role: 'helpdesk' })
    const record = await readRecord(await exchange(server.baseUrl, idTokens.alice, { resource: NOTES }))
    expect(record.policies.length).toBeGreaterThan(0)
    const shown = await admin('GET', `/decisions/${record.decision_id}`, { token })
    expect(shown.body).toEqual({ ...record, policies: [] })
    const request = { app: AGENT.id, user: 'alice', audience: audience(), resource: NOTES }
    const explained = await admin('POST', '/explain', { token, body: { request } })
    expect(explained.body.decisions).toMatchObject([{ outcome: 'allow', policies: [] }])
    expect((await admin('POST', '/simulate', { body: request })).body.policies).not.toEqual([])
    expect((await admin('POST', '/simulate', { token, body: request })).body.policies).toEqual([])
    const denied = await readRecord(
      await exchange(server.baseUrl, idTokens.alice, { resource: NOTES, scope: 'notes.write' }),
    )
    const again = await admin('POST', '/explain', { token, body: { decisionId: denied.decision_id } })
    expect(again.body.now).toMatchObject({ code: denied.code, mode: 'simulated', policies: [] })
  })

  it('of a reviewer sees none', async () => {
    const token = await tokenOf({ role: 'reviewer' })
    expect((await admin('GET', '/decisions', { token })).status).toBe(403)
  })
})
