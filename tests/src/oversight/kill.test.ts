// The kill switch, blocks and revocation during a thousand exchanges: none that begins after the response succeeds, and live tokens are revoked
// immediately.
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, NOTES, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

let server: TestServer
let admin: Admin
let idToken: string

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => {
      const file = company(baseUrl) as { idp: { resourceApps: object[]; connections: object[] } }
      file.idp.resourceApps.push({
        id: 'foreign',
        name: 'Foreign',
        issuer: 'https://as.elsewhere.test',
        resources: [{ id: 'https://api.elsewhere.test/', scopes: ['read'] }],
        assignments: { everyone: true },
      })
      file.idp.connections.push({
        id: 'other-foreign',
        app: 'other',
        resourceApp: 'foreign',
        clientId: 'other-there',
        resources: ['https://api.elsewhere.test/'],
        scopes: ['read'],
        assignments: { groups: ['sales'] },
        status: 'active',
      })
      return file as unknown as Record<string, unknown>
    },
  })
  admin = adminOf(server.baseUrl)
  ;({ idToken } = await signInFor(server.baseUrl, 'alice'))
})
afterAll(() => server.stop())

const ask = (resource = TODO, token = idToken) => exchange(server.baseUrl, token, { resource })

async function makeAccessToken(resource = TODO, token = idToken): Promise<string> {
  const answer = await redeem(server.baseUrl, String((await ask(resource, token)).body.access_token))
  expect(answer.status).toBe(200)
  return String(answer.body.access_token)
}

async function isActive(token: string): Promise<boolean> {
  const answer = await postForm(
    `${server.baseUrl}/as/vendor/introspect`,
    { token },
    { authorization: basic(AGENT_AT_VENDOR) },
  )
  return answer.body.active === true
}

async function lift(id: string): Promise<void> {
  expect((await admin('POST', `/kill/${id}/lift`, { body: { reason: 'over' } })).status).toBe(200)
}

interface Attempt {
  readonly beganAt: number
  readonly status: number
}

/** Sends a thousand exchanges, forty at a time, and runs `during` halfway. @returns them, and when `during` ended */
async function exchangeAThousandTimes(during: () => Promise<void>) {
  const attempts: Attempt[] = []
  let sent = 0
  let endedAt = Number.POSITIVE_INFINITY
  const run = async () => {
    while (sent < 1000) {
      sent += 1
      const beganAt = performance.now()
      attempts.push({ beganAt, status: (await ask()).status })
    }
  }
  const acting = (async () => {
    while (attempts.length < 200) await new Promise((resolve) => setImmediate(resolve))
    await during()
    endedAt = performance.now()
  })()
  await Promise.all([acting, ...Array.from({ length: 40 }, run)])
  return { attempts, endedAt }
}

describe('of a thousand exchanges, none succeeds that begins after the response of', () => {
  it.each([
    ['a kill of the connection', { kind: 'connection', id: 'agent0-todo0' }],
    ['a kill of the app', { kind: 'app', id: AGENT.id }],
    ['a kill of everything', { kind: 'everything' }],
  ])('%s', async (_, target) => {
    const live = await makeAccessToken()
    const out = String((await ask()).body.access_token)
    expect(await isActive(live)).toBe(true)
    let kill: Awaited<ReturnType<Admin>> | undefined
    const { attempts, endedAt } = await exchangeAThousandTimes(async () => {
      kill = await admin('POST', '/kill', { body: { target, reason: 'drill' } })
    })
    expect(kill?.status).toBe(200)
    expect(kill?.body).toMatchObject({ tokensRevoked: 1, sessionsEnded: false })
    const after = attempts.filter(({ beganAt }) => beganAt > endedAt)
    expect(after.length).toBeGreaterThan(100)
    expect(after.filter(({ status }) => status === 200)).toEqual([])
    expect(attempts.some(({ status }) => status === 200)).toBe(true)
    expect(await isActive(live)).toBe(false)
    // An issued ID-JAG cannot be redeemed either.
    expect((await redeem(server.baseUrl, out)).body.error).toBe('invalid_grant')
    await lift(kill?.body.id)
    expect((await ask()).status).toBe(200)
    expect(await isActive(live)).toBe(false)
  })

  it('a revocation of the connection', async () => {
    const live = await makeAccessToken()
    const { attempts, endedAt } = await exchangeAThousandTimes(async () => {
      const { status } = await admin('POST', '/connections/agent0-todo0/revoke', {
        body: { reason: 'drill' },
      })
      expect(status).toBe(200)
    })
    const after = attempts.filter(({ beganAt }) => beganAt > endedAt)
    expect(after.length).toBeGreaterThan(100)
    expect(after.filter(({ status }) => status === 200)).toEqual([])
    expect(await isActive(live)).toBe(false)
    await admin('POST', '/connections/agent0-todo0/resume', { body: { reason: 'over' } })
  })
})

describe('a kill', () => {
  it('of a user ends their sessions and tokens, and affects no other user', async () => {
    const carol = (await signInFor(server.baseUrl, 'carol')).idToken
    const tokens = [await makeAccessToken(TODO, carol), await makeAccessToken(NOTES, carol)]
    const other = await makeAccessToken()
    const { body } = await admin('POST', '/kill', {
      body: { target: { kind: 'user', id: 'carol' }, reason: 'lost laptop' },
    })
    expect(body).toMatchObject({
      target: { kind: 'user', id: 'usr_carol' },
      sessionsEnded: true,
      tokensRevoked: 2,
      worstCaseSeconds: 0,
    })
    expect(body.effectiveMs).toBeGreaterThanOrEqual(body.blockedMs)
    expect(await Promise.all(tokens.map(isActive))).toEqual([false, false])
    expect(await isActive(other)).toBe(true)
    const refused = await ask(TODO, carol)
    // Only the record gives the reason, not the response.
    expect(refused.body.error).not.toMatch(/block|kill/)
    const record = await admin('GET', `/decisions/${refused.headers.get('crosswalk-decision')}`)
    expect(record.body.checks).toContainEqual(
      expect.objectContaining({ id: 'subject_token.session', result: 'fail' }),
    )
    await lift(body.id)
    const again = (await signInFor(server.baseUrl, 'carol')).idToken
    expect((await ask(TODO, again)).status).toBe(200)
  })

  it('is recorded as pressed, effective (with its figures), and lifted', async () => {
    const { body } = await admin('POST', '/kill', {
      body: { target: { kind: 'connection', id: 'agent0-notes0' }, reason: 'INC-221' },
    })
    await lift(body.id)
    const events = await admin(
      'GET',
      '/audit-events?log=admin&type=kill.pressed,kill.effective,kill.lifted&limit=3',
    )
    expect(events.body.items.map(({ type }: { type: string }) => type)).toEqual([
      'kill.lifted',
      'kill.effective',
      'kill.pressed',
    ])
    const [, effective, pressed] = events.body.items
    expect(pressed).toMatchObject({ reason: 'INC-221', actor: { id: 'admin' }, change: { block: body.id } })
    expect(effective.change).toMatchObject({ effectiveMs: body.effectiveMs, tokensRevoked: 0 })
  })

  it('shows in advance how long access may continue at external servers', async () => {
    const preview = (target: object) => admin('POST', '/kill/preview', { body: { target } })
    expect((await preview({ kind: 'app', id: AGENT.id })).body.worstCaseSeconds).toBe(0)
    const { body } = await preview({ kind: 'user', id: 'bob' })
    expect(body).toEqual({
      reach: [
        {
          resourceApp: 'foreign',
          issuer: 'https://as.elsewhere.test',
          local: false,
          worstCaseSeconds: 3960,
          offlineSeconds: 0,
        },
      ],
      worstCaseSeconds: 3960,
      offlineSeconds: 0,
      ends: { tokens: 0, users: 0, hasMore: false },
    })
    expect((await admin('GET', '/blocks')).body.items).toEqual([])
  })

  it.each([
    ['a user', { kind: 'user', id: 'carol' }, 1],
    ['a connection', { kind: 'connection', id: 'agent0-todo0' }, 2],
    ['an app', { kind: 'app', id: AGENT.id }, 2],
    ['everything', { kind: 'everything' }, 2],
  ])('of %s ends as many tokens as the preview says', async (_, target, users) => {
    await makeAccessToken(TODO, (await signInFor(server.baseUrl, 'carol')).idToken)
    await makeAccessToken(NOTES, (await signInFor(server.baseUrl, 'alice')).idToken)
    await makeAccessToken(TODO, (await signInFor(server.baseUrl, 'alice')).idToken)
    const { ends } = (await admin('POST', '/kill/preview', { body: { target } })).body
    expect(ends).toMatchObject({ users, hasMore: false })
    expect(ends.tokens).toBeGreaterThanOrEqual(users)
    const { body } = await admin('POST', '/kill', { body: { target, reason: 'INC-10' } })
    expect(body.tokensRevoked).toBe(ends.tokens)
    const after = (await admin('POST', '/kill/preview', { body: { target } })).body
    expect(after.ends).toEqual({ tokens: 0, users: 0, hasMore: false })
    await lift(body.id)
  })

  it('shows how long an API without introspection may accept revoked tokens', async () => {
    const target = { kind: 'user', id: 'carol' }
    const preview = async () => (await admin('POST', '/kill/preview', { body: { target } })).body
    // Access tokens live 600 seconds, clocks may differ by 30, and one may be issued until the moment it is pressed.
    expect(await preview()).toMatchObject({ worstCaseSeconds: 0, offlineSeconds: 630 })
    const press = async () => {
      const { body } = await admin('POST', '/kill', { body: { target, reason: 'INC-9' } })
      await lift(body.id)
      return body
    }
    // Tokens of other tests may still be live; the figure must not include other users.
    const before = (await press()).offlineSeconds as number
    expect(before).toBeLessThanOrEqual(630)
    const carol = (await signInFor(server.baseUrl, 'carol')).idToken
    await makeAccessToken(TODO, carol)
    const body = await press()
    expect(body).toMatchObject({ worstCaseSeconds: 0, tokensRevoked: 1 })
    expect(body.offlineSeconds).toBeGreaterThan(620)
    expect(body.offlineSeconds).toBeLessThanOrEqual(630)
    expect(body.reach.map((it: { offlineSeconds: number }) => it.offlineSeconds)).toContain(
      body.offlineSeconds,
    )
    const events = await admin('GET', '/audit-events?log=admin&type=kill.effective&limit=1')
    expect(events.body.items[0].change).toMatchObject({ offlineSeconds: body.offlineSeconds })
  })

  it.each([
    ['an unknown target', { target: { kind: 'app', id: 'nobody' }, reason: 'x' }],
    ['no target', { target: { kind: 'app' }, reason: 'x' }],
    ['no reason', { target: { kind: 'everything' } }],
    ['an id with everything', { target: { kind: 'everything', id: 'x' }, reason: 'x' }],
  ])('of %s is rejected, and blocks nothing', async (_, body) => {
    expect((await admin('POST', '/kill', { body })).status).toBe(400)
    expect((await ask()).status).toBe(200)
  })
})

describe('a block', () => {
  it('denies until it is ended, and is named in the record', async () => {
    const live = await makeAccessToken()
    const { status, body } = await admin('POST', '/blocks', {
      body: { kind: 'user', target: 'alice', reason: 'on leave' },
    })
    expect([status, body.tokensRevoked >= 1]).toEqual([201, true])
    expect(await isActive(live)).toBe(false)
    const refused = await ask()
    expect([refused.status, refused.body.error]).toEqual([400, 'access_denied'])
    const record = await admin('GET', `/decisions/${refused.headers.get('crosswalk-decision')}`)
    expect(record.body).toMatchObject({ code: 'XAA1901', kind: 'blocked' })
    expect(record.body.checks).toContainEqual({ id: 'blocks', result: 'fail', code: 'XAA1901', ref: body.id })
    const explained = await admin('POST', '/explain', { body: { decisionId: record.body.decision_id } })
    expect(explained.body.now.remedies[0]).toMatchObject({ text: `Lift the block ${body.id}.` })
    expect((await admin('GET', '/blocks')).body.items).toMatchObject([
      { id: body.id, kind: 'user', target: 'usr_alice', active: true, kill: false, reason: 'on leave' },
    ])
    expect((await admin('DELETE', `/blocks/${body.id}`)).status).toBe(204)
    expect((await ask()).status).toBe(200)
    expect((await admin('DELETE', `/blocks/${body.id}`)).status).toBe(404)
  })

  it.each([
    ['app', AGENT.id, 'XAA1902'],
    ['connection', 'agent0-todo0', 'XAA1902'],
    ['everything', undefined, 'XAA1903'],
  ])('of kind %s gives its code', async (kind, target, code) => {
    const { body } = await admin('POST', '/blocks', { body: { kind, target, reason: 'test' } })
    const refused = await ask()
    const record = await admin('GET', `/decisions/${refused.headers.get('crosswalk-decision')}`)
    expect(record.body.code).toBe(code)
    await admin('DELETE', `/blocks/${body.id}`)
  })

  it('denies and revokes nothing after it expires', async () => {
    const until = new Date(Date.now() + 2000).toISOString()
    const { body } = await admin('POST', '/blocks', { body: { kind: 'everything', reason: 'short', until } })
    expect(body.active).toBe(true)
    await vi.waitFor(async () => expect((await ask()).status).toBe(200), { timeout: 10_000, interval: 200 })
    const { items } = (await admin('GET', '/blocks')).body as { items: readonly { id: string }[] }
    expect(items.find(({ id }) => id === body.id)).toMatchObject({ active: false })
    const later = await makeAccessToken()
    expect((await admin('DELETE', `/blocks/${body.id}`)).status).toBe(204)
    expect(await isActive(later)).toBe(true)
  })

  it('is not a kill, and cannot be lifted like one', async () => {
    const { body } = await admin('POST', '/blocks', { body: { kind: 'user', target: 'bob', reason: 'test' } })
    const answer = await admin('POST', `/kill/${body.id}/lift`, { body: { reason: 'over' } })
    expect([answer.status, answer.body.detail]).toEqual([404, `There is no kill ${body.id}.`])
    const { items } = (await admin('GET', '/blocks')).body as { items: readonly { id: string }[] }
    expect(items.map(({ id }) => id)).toContain(body.id)
    expect((await admin('DELETE', `/blocks/${body.id}`)).status).toBe(204)
  })

  it('cannot be ended by a security responder who did not set it', async () => {
    const { body: made } = await admin('POST', '/tokens', {
      body: { name: 'eve', role: 'security-responder' },
    })
    const block = { kind: 'user', target: 'bob', reason: 'test' }
    const { body: foreign } = await admin('POST', '/blocks', { body: block })
    const { body: own } = await admin('POST', '/blocks', { body: block, token: made.token })
    expect((await admin('DELETE', `/blocks/${foreign.id}`, { token: made.token })).status).toBe(403)
    expect((await admin('DELETE', `/blocks/${own.id}`, { token: made.token })).status).toBe(204)
    await admin('DELETE', `/blocks/${foreign.id}`)
  })
})
