// A fault of the database at each step of the kill switch and of the vault. The response is 503, and the act has then either
// not begun, or is in force: live tokens end with the block. Repeating the request completes it.
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Fault, withFault } from '../support/with-fault.ts'

const event = (type: string): Fault => ({ table: 'audit_events', on: 'insert', when: `new.type = '${type}'` })

const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')

describe.runIf(postgres !== undefined)('a fault of the database', () => {
  let server: TestServer
  let admin: Admin
  beforeAll(async () => {
    server = await startTestServer({ file: brokeredCompany, database: await postgres!.create() })
    admin = adminOf(server.baseUrl)
  })
  afterAll(() => server.stop())

  async function list<T>(path: string): Promise<readonly T[]> {
    return (await admin('GET', path)).body.items as unknown as readonly T[]
  }

  async function signInAlice() {
    const { idToken, refreshToken } = await signInFor(server.baseUrl, 'alice')
    const ask = () => exchange(server.baseUrl, idToken, { resource: TODO })
    const redeemed = await redeem(server.baseUrl, String((await ask()).body.access_token))
    expect(redeemed.status).toBe(200)
    const token = String(redeemed.body.access_token)
    return {
      ask: async () => (await ask()).status,
      isActive: async () => {
        const authorization = basic(AGENT_AT_VENDOR)
        const url = `${server.baseUrl}/as/vendor/introspect`
        return (await postForm(url, { token }, { authorization })).body.active
      },
      refresh: async () => {
        const form = { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken }
        return (await postForm(`${server.baseUrl}/token`, form, { authorization: basic(AGENT) })).status
      },
    }
  }

  const kill = (target: object) => admin('POST', '/kill', { body: { target, reason: 'a test' } })
  const lift = (id: string) => admin('POST', `/kill/${id}/lift`, { body: { reason: 'over' } })

  const USER = { kind: 'user', id: 'usr_alice' }
  const CONNECTION = { kind: 'connection', id: 'agent0-todo0' }

  it.each<[string, object, Fault, boolean]>([
    ['the block', CONNECTION, { table: 'objects', on: 'insert', when: "new.collection = 'blocks'" }, false],
    ['its history', CONNECTION, { table: 'object_revisions', on: 'insert' }, false],
    ['the event of the block', CONNECTION, event('kill.pressed'), false],
    ['the tokens', CONNECTION, { table: 'access_tokens', on: 'update' }, true],
    ['the event of the tokens', CONNECTION, event('token.revoked'), true],
    ['the event of the effect', CONNECTION, event('kill.effective'), true],
    ['the sessions of a user', USER, { table: 'sign_in_records', on: 'delete' }, true],
    ['the tokens of a user', USER, { table: 'access_tokens', on: 'update' }, true],
  ])('at %s leaves a kill begun or not, never half', async (_, target, fault, isSet) => {
    const alice = await signInAlice()
    const failed = await withFault(server.database, fault, () => kill(target))
    expect([failed.status, Number(failed.headers.get('retry-after')) > 0]).toEqual([503, true])
    expect(await list('/blocks')).toHaveLength(isSet ? 1 : 0)
    expect(await alice.ask()).toBe(isSet ? 400 : 200)
    expect(await alice.isActive()).toBe(!isSet)

    expect((await kill(target)).status).toBe(200)
    expect(await alice.isActive()).toBe(false)
    for (const { id } of await list<{ id: string }>('/blocks')) expect((await lift(id)).status).toBe(200)
    // What was revoked stays revoked.
    expect(await alice.isActive()).toBe(false)
    expect(await alice.refresh()).toBe(target === USER ? 400 : 200)
  })

  const of = (end: (id: string) => Promise<unknown>) => async () => {
    const [block] = await list<{ id: string }>('/blocks')
    await end(block!.id)
  }
  const ended = of((id) => admin('DELETE', `/blocks/${id}`))
  const block = ({ kind, id: target }: typeof USER) =>
    admin('POST', '/blocks', { body: { kind, target, reason: 'a test' } })
  const act =
    (verb: string) =>
    ({ kind, id }: typeof USER) =>
      admin('POST', `/${kind}s/${id}/${verb}`, { body: { reason: 'a test' } })
  const suspend = { begin: act('suspend'), finish: act('resume') }

  const TOKENS: Fault = { table: 'access_tokens', on: 'update' }
  const SESSIONS: Fault = { table: 'sign_in_records', on: 'delete' }
  interface Halfway {
    readonly begin: typeof block
    readonly finish: (target: typeof USER) => Promise<unknown>
  }
  it.each<[string, typeof USER, Fault, Halfway]>([
    ['a kill, lifted', CONNECTION, TOKENS, { begin: kill, finish: of(lift) }],
    ['a kill, lifted', USER, SESSIONS, { begin: kill, finish: of(lift) }],
    ['a kill, ended as a block', USER, SESSIONS, { begin: kill, finish: ended }],
    ['a block', CONNECTION, TOKENS, { begin: block, finish: ended }],
    ['a suspension', USER, SESSIONS, suspend],
    ['a suspension', { kind: 'app', id: AGENT.id }, TOKENS, suspend],
    ['a revocation', CONNECTION, TOKENS, { begin: act('revoke'), finish: act('resume') }],
  ])('halfway through %s of %o: completed before it ends', async (_, target, fault, { begin, finish }) => {
    const alice = await signInAlice()
    expect((await withFault(server.database, fault, () => begin(target))).status).toBe(503)
    expect(await alice.ask()).toBe(400)
    await finish(target)
    expect(await alice.isActive()).toBe(false)
    expect(await alice.refresh()).toBe(target === USER ? 400 : 200)
    await signInAlice()
  })

  it.each<[string, Fault]>([
    ['the block', { table: 'objects', on: 'delete', when: "old.collection = 'blocks'" }],
    ['its history', { table: 'object_revisions', on: 'insert' }],
    ['the event', event('kill.lifted')],
  ])('at %s lifts no kill', async (_, fault) => {
    const { id } = (await kill(CONNECTION)).body
    const alice = await signInFor(server.baseUrl, 'alice')
    const ask = async () => (await exchange(server.baseUrl, alice.idToken, { resource: TODO })).status
    expect((await withFault(server.database, fault, () => lift(id))).status).toBe(503)
    expect([await ask(), (await list('/blocks')).length]).toEqual([400, 1])
    expect((await lift(id)).status).toBe(200)
    expect([await ask(), (await list('/blocks')).length]).toEqual([200, 0])
  })

  it('at the password of a removed user does not restore it with the user', async () => {
    const eve = { id: 'usr_eve', username: 'eve' }
    const made = await admin('POST', '/users', { body: { ...eve, password: PASSWORD } })
    const remove = () => admin('DELETE', '/users/usr_eve', { ifMatch: made.etag })
    expect(
      (await withFault(server.database, { table: 'password_hashes', on: 'delete' }, remove)).status,
    ).toBe(503)
    expect((await admin('POST', '/users', { body: eve })).status).toBe(409)
    const restored = await admin('POST', '/users/usr_eve/restore', { body: { revision: made.body.revision } })
    expect(restored.status, restored.text).toBe(200)
    const { code } = await signIn({
      ...{ authorizationEndpoint: `${server.baseUrl}/authorize`, clientId: AGENT.id },
      ...{ redirectUri: REDIRECT_URI, username: 'eve', password: PASSWORD },
    })
    expect(code).toBeNull()
  })

  it.each<[string, Fault, boolean]>([
    ['the account', { table: 'accounts', on: 'update' }, false],
    ['its event', event('account.disabled'), false],
    ['its tokens', TOKENS, true],
  ])('at %s disables an account with its event, or not', async (_, fault, isDisabled) => {
    const alice = await signInAlice()
    const accounts = '/authorization-servers/vendor/accounts'
    const [account] = await list<{ id: string }>(`${accounts}?q=usr_alice`)
    const disable = () => admin('POST', `${accounts}/${account!.id}/disable`, { body: { reason: 'a test' } })
    expect((await withFault(server.database, fault, disable)).status).toBe(503)
    expect(await alice.isActive()).toBe(!isDisabled)
    expect((await disable()).status).toBe(200)
    expect(await alice.isActive()).toBe(false)
    await admin('POST', `${accounts}/${account!.id}/enable`, { body: { reason: 'over' } })
  })

  it('at the access grants of a connection does not delete it', async () => {
    const connection = { id: 'agent0-notebook', app: AGENT.id, resourceApp: 'notebook', clientId: 'gateway' }
    const scopes = ['notes.read']
    const { etag = '' } = await admin('POST', '/connections', { body: { ...connection, scopes } })
    const given = { connection: connection.id, user: 'usr_alice', scopes, reason: 'a test' }
    expect((await admin('POST', '/access-grants', { body: given })).status).toBe(201)
    const remove = () => admin('DELETE', `/connections/${connection.id}`, { ifMatch: etag })
    const fault: Fault = { table: 'objects', on: 'update', when: "new.collection = 'access-grants'" }
    expect((await withFault(server.database, fault, remove)).status).toBe(503)
    expect((await admin('GET', `/connections/${connection.id}`)).status).toBe(200)
    expect((await remove()).status).toBe(204)
    expect(await list(`/access-grants?connection=${connection.id}`)).toMatchObject([{ state: 'ended' }])
  })

  it('at the tokens of a revoked access grant leaves them to the repeated request', async () => {
    const given = { connection: CONNECTION.id, user: 'usr_alice', scopes: ['todos.read'], reason: 'a test' }
    const { body } = await admin('POST', '/access-grants', { body: given })
    const alice = await signInAlice()
    const revoke = () => admin('POST', `/access-grants/${body.id}/revoke`, { body: { reason: 'a test' } })
    expect((await withFault(server.database, TOKENS, revoke)).status).toBe(503)
    expect((await revoke()).status).toBe(409)
    expect(await alice.isActive()).toBe(false)
  })

  describe('of the vault', () => {
    const store = (secret: string) =>
      admin('POST', '/stored-credentials', { body: { resourceApp: 'notebook', secret, reason: 'a test' } })
    const revoke = (id: string) =>
      admin('DELETE', `/stored-credentials/${id}`, { headers: { 'crosswalk-reason': 'a test' } })
    const stored = async () => (await list<{ id: string }>('/stored-credentials')).map(({ id }) => id)

    it.each<[string, Fault]>([
      ['the credential', { table: 'stored_credentials', on: 'insert' }],
      ['its event', event('vault.stored')],
    ])('at %s stores nothing, and keeps the earlier credential', async (_, fault) => {
      const fails = async () =>
        expect((await withFault(server.database, fault, () => store('a key'))).status).toBe(503)
      await fails()
      expect(await stored()).toEqual([])
      const { id } = (await store('first')).body
      await fails()
      expect(await stored()).toEqual([id])
      const { status, body } = await store('second')
      expect([status, await stored()]).toEqual([201, [body.id]])
      expect((await revoke(body.id)).status).toBe(204)
    })

    it.each<[string, Fault, boolean]>([
      ['the credential', { table: 'stored_credentials', on: 'update' }, false],
      ['its event', event('vault.revoked'), false],
      ['its removal', { table: 'stored_credentials', on: 'delete' }, true],
    ])('at %s leaves a credential revoked or not', async (_, fault, isRevoked) => {
      const { id } = (await store('a key')).body
      expect((await withFault(server.database, fault, () => revoke(id))).status).toBe(503)
      expect(await stored()).toEqual(isRevoked ? [] : [id])
      expect((await revoke(id)).status).toBe(isRevoked ? 404 : 204)
      expect(await stored()).toEqual([])
    })
  })
})

/** The company with a service that is used with one API key. */
function brokeredCompany(baseUrl: string) {
  const file = company(baseUrl) as { idp: { resourceApps: object[] } }
  const resource = 'http://127.0.0.1:7711/notebook'
  file.idp.resourceApps.push({
    ...{ id: 'notebook', name: 'Notebook', issuer: `${baseUrl}/as/vendor`, assignments: { everyone: true } },
    resources: [{ id: resource, scopes: ['notes.read'] }],
    brokered: { api: 'https://notebook.test/api', credential: { kind: 'apiKey' } },
  })
  return file as unknown as Record<string, unknown>
}
