// An ID-JAG issued before access was lost, for whatever reason, is not redeemed by an authorization server on the same database. A change that
// removes no access does not affect it. Live access tokens end with the assignment.
import { randomBytes } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { type Answer, exchange, isLive, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const APP = { id: 'made-here', secret: 'a secret that was made up here' }
const API = { id: 'todo0-api', secret: 'todo0 api secret' }
const CONNECTION = {
  id: 'made-here-todo0',
  app: APP.id,
  resourceApp: 'todo0',
  clientId: API.id,
  resources: [TODO],
  scopes: ['todos.read', 'todos.write'],
  assignments: { everyone: true },
  status: 'active',
}
const APP_INPUT = {
  ...{ id: APP.id, name: 'Made here', kind: 'web', redirectUris: [REDIRECT_URI] },
  ...{ auth: { method: 'client_secret_basic', secret: APP.secret }, assignments: { everyone: true } },
}
const EVE = {
  ...{ id: 'usr_eve', username: 'eve', password: PASSWORD, groups: ['engineering'] },
  ...{ email: 'eve@acme.test', emailVerified: true },
}
const CONNECTION_PATH = `/connections/${CONNECTION.id}`

describeOnDatabases('on $name', ({ create }) => {
  let server: TestServer
  let admin: Admin
  const idTokens = { app: '', eve: '' }

  beforeAll(async () => {
    const [database, key] = [await create(), randomBytes(32).toString('hex')]
    const start = () => startTestServer({ file: (baseUrl) => company(baseUrl), database, key })
    server = await start()
    admin = adminOf(server.baseUrl)
    for (const [collection, body] of [
      ['/groups', { id: 'night', members: ['usr_alice'] }],
      ['/users', EVE],
      ['/apps', APP_INPUT],
      ['/connections', CONNECTION],
    ] as const)
      expect((await admin('POST', collection, { body })).status).toBe(201)
    idTokens.app = (await signInFor(server.baseUrl, 'alice', APP)).idToken
    idTokens.eve = (await signInFor(server.baseUrl, 'eve')).idToken
  })
  afterAll(() => server.stop())

  async function issue(whose: keyof typeof idTokens): Promise<() => Promise<Answer>> {
    const client = whose === 'app' ? APP : AGENT
    const { body } = await exchange(server.baseUrl, idTokens[whose], { resource: TODO }, client)
    const idJag = String(body.access_token)
    return () => redeem(server.baseUrl, idJag, {}, whose === 'app' ? API : undefined)
  }
  const issueToken = async (whose: keyof typeof idTokens) =>
    String((await (await issue(whose))()).body.access_token)
  async function call(method: string, path: string, body?: object): Promise<void> {
    const { status } = await admin(method, path, { body, ifMatch: '*' })
    expect([200, 201, 204]).toContain(status)
  }
  async function explain({ headers }: Answer) {
    const id = headers.get('crosswalk-decision') ?? ''
    const [found] = await server.events((reader) => reader.findByDecision(id))
    const check = found?.event.decision?.checks.find((one) => one.id === 'assertion.revoked')
    return { code: found?.event.code, why: check?.actual }
  }

  type Change = readonly [method: string, path: string, body?: object]
  interface Case {
    readonly whose?: 'eve'
    readonly take: readonly Change[]
    readonly giveBack: readonly Change[]
    readonly why: string
    /** Whether earlier access tokens stay live */
    readonly livesOn?: true
    /** Whether the app is another one afterwards, for which the user signs in again */
    readonly isNewApp?: true
  }
  const patch = (body: object, undo: object): Pick<Case, 'take' | 'giveBack'> => ({
    take: [['PATCH', CONNECTION_PATH, body]],
    giveBack: [['PATCH', CONNECTION_PATH, undo]],
  })
  const cases: Readonly<Record<string, Case>> = {
    'the connection is deleted': {
      take: [['DELETE', CONNECTION_PATH]],
      giveBack: [['POST', '/connections', CONNECTION]],
      why: 'XAA1401',
    },
    'the connection is suspended by an act': {
      take: [['POST', `${CONNECTION_PATH}/suspend`, { reason: 'test' }]],
      giveBack: [['POST', `${CONNECTION_PATH}/resume`, { reason: 'test' }]],
      why: 'XAA1403',
      livesOn: true,
    },
    'the connection is suspended by its definition': {
      ...patch({ status: 'suspended' }, { status: 'active' }),
      why: 'XAA1403',
      livesOn: true,
    },
    'the connection ended': {
      ...patch({ expiresAt: '2026-01-01T00:00:00Z' }, { expiresAt: null }),
      why: 'XAA1404',
    },
    'the connection gives fewer scopes': {
      ...patch({ scopes: ['todos.read'] }, { scopes: CONNECTION.scopes }),
      why: 'narrowed',
      livesOn: true,
    },
    'the connection is for other users': {
      ...patch(
        { assignments: { everyone: false, groups: ['sales'] } },
        { assignments: { everyone: true, groups: [] } },
      ),
      why: 'XAA1503',
    },
    'the user leaves the group that is assigned': {
      take: [
        ['PATCH', CONNECTION_PATH, { assignments: { everyone: false, groups: ['night'] } }],
        ['PATCH', '/groups/night', { members: [] }],
      ],
      giveBack: [['PATCH', CONNECTION_PATH, { assignments: { everyone: true, groups: [] } }]],
      why: 'XAA1503',
    },
    'the app is off': {
      take: [['PATCH', `/apps/${APP.id}`, { active: false }]],
      giveBack: [['PATCH', `/apps/${APP.id}`, { active: true }]],
      why: 'XAA1104',
    },
    'a policy denies it': {
      take: [['POST', '/policies', { id: 'no', effect: 'deny', when: { app: APP.id }, state: 'enforced' }]],
      giveBack: [['DELETE', '/policies/no']],
      why: 'XAA1701',
      livesOn: true,
    },
    'the app is deleted': {
      take: [
        ['DELETE', CONNECTION_PATH],
        ['DELETE', `/apps/${APP.id}`],
      ],
      giveBack: [
        ['POST', '/apps', APP_INPUT],
        ['POST', '/connections', CONNECTION],
      ],
      why: 'XAA1101',
      isNewApp: true,
    },
    'the user lost the address that it says': {
      whose: 'eve',
      take: [['PATCH', '/users/usr_eve', { email: 'eve@other.test' }]],
      giveBack: [['PATCH', '/users/usr_eve', { email: EVE.email }]],
      why: 'claim email',
      livesOn: true,
    },
    'the user leaves their own group': {
      whose: 'eve',
      take: [['PATCH', '/users/usr_eve', { groups: ['sales'] }]],
      giveBack: [['PATCH', '/users/usr_eve', { groups: ['engineering'] }]],
      why: 'XAA1502',
    },
  }

  describe('no earlier ID-JAG is redeemed once', () => {
    it.each(Object.entries(cases))('%s', async (_, one: Case) => {
      const { take, giveBack, why } = one
      const whose = one.whose ?? 'app'
      const [live, bystander] = [await issueToken(whose), await issueToken(whose === 'app' ? 'eve' : 'app')]
      const outstanding = await issue(whose)
      for (const change of take) await call(...change)
      const refused = await outstanding()
      expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
      expect(await explain(refused)).toEqual({ code: 'XAA2216', why })
      const liveNow = await Promise.all([live, bystander].map((token) => isLive(server.baseUrl, token)))
      expect(liveNow).toEqual([one.livesOn === true, true])
      for (const change of giveBack) await call(...change)
      if (one.isNewApp === true) idTokens.app = (await signInFor(server.baseUrl, 'alice', APP)).idToken
      expect((await (await issue(whose))()).status).toBe(200)
    })
  })

  it('an ID-JAG is redeemed after a change that removes no access', async () => {
    const [first, second] = [await issue('app'), await issue('eve')]
    await call('PATCH', CONNECTION_PATH, { scopes: [...CONNECTION.scopes].reverse() })
    expect((await first()).status).toBe(200)
    expect((await second()).status).toBe(200)
  })

  it.each<[string, Change]>([
    ['is deactivated', ['PATCH', '/users/usr_eve', { active: false }]],
    ['is deleted', ['DELETE', '/users/usr_eve']],
  ])('no earlier ID-JAG is redeemed once the user %s', async (_, change) => {
    const outstanding = await issue('eve')
    await call(...change)
    const refused = await outstanding()
    expect(refused).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await explain(refused)).code).toBe('XAA2216')
    if (change[0] === 'DELETE') return
    await call('PATCH', '/users/usr_eve', { active: true })
    // Like the sessions, it does not come back.
    expect((await outstanding()).status).toBe(400)
    idTokens.eve = (await signInFor(server.baseUrl, 'eve')).idToken
  })
})

it('an earlier access token ends with its connection, whose end was set later', async () => {
  let nowMs = Math.floor(Date.now() / 1000) * 1000
  const server = await startTestServer({ clock: { nowMs: () => nowMs }, file: (baseUrl) => company(baseUrl) })
  const admin = adminOf(server.baseUrl)
  for (const [path, body] of [
    ['/apps', APP_INPUT],
    ['/connections', CONNECTION],
  ] as const)
    expect((await admin('POST', path, { body })).status).toBe(201)
  const { idToken } = await signInFor(server.baseUrl, 'alice', APP)
  const { body } = await exchange(server.baseUrl, idToken, { resource: TODO }, APP)
  const token = String((await redeem(server.baseUrl, String(body.access_token), {}, API)).body.access_token)
  const change = { body: { expiresAt: new Date(nowMs + 30_000).toISOString() }, ifMatch: '*' }
  expect((await admin('PATCH', CONNECTION_PATH, change)).status).toBe(200)
  nowMs += 29_999
  expect(await isLive(server.baseUrl, token)).toBe(true)
  nowMs += 1
  expect(await isLive(server.baseUrl, token)).toBe(false)
  await server.stop()
})
