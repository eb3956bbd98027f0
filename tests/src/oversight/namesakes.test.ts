// Two users with one identifier are one user to the resource. Neither gets an ID-JAG there until they differ (JAG-05).
import { afterEach, beforeEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { adminOf } from '../admin/admin.ts'
import { AGENT, company, NOTES, PASSWORD, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

type Definition = Record<string, unknown>
type File = { idp: Record<'users' | 'resourceApps', Definition[]> }

let server: TestServer
/** Of the users who have signed in to this server, by user name */
let idTokens: Map<string, string>
afterEach(async () => {
  expect(server.log.filter((line) => line.startsWith('fault'))).toEqual([])
  await server.stop()
})

const ALICE = { staff: '1001' }

/** The company with changes to Todo0 and to Notes0 behind the same issuer; Alice is in the file. */
const fileWith =
  (todo: object, notes: object = {}) =>
  (baseUrl: string) => {
    const file = company(baseUrl, { users: { alice: { attributes: ALICE } } }) as unknown as File
    const { resourceApps } = file.idp
    return {
      ...file,
      idp: {
        ...file.idp,
        resourceApps: resourceApps.map((app) => ({ ...app, ...(app['id'] === 'todo0' ? todo : notes) })),
      },
    }
  }

/** Creates an engineer in the database. */
async function createUser(user: Definition) {
  const body = {
    email: `${String(user['id'])}@acme.test`,
    groups: ['engineering'],
    password: PASSWORD,
    ...user,
  }
  const made = await adminOf(server.baseUrl)('POST', '/users', { body: { username: user['id'], ...body } })
  expect(made.status, made.text).toBe(201)
}

const readCheck = (record: { checks: { id: string; result: string; actual?: unknown }[] }) =>
  record.checks.find(({ id }) => id === 'people.namesakes')

/** @returns the code of the exchange, which the simulator confirms, and the other users it names */
async function decide(username: string, resource = TODO, user = username) {
  const { baseUrl } = server
  const idToken = idTokens.get(username) ?? (await signInFor(baseUrl, username)).idToken
  idTokens.set(username, idToken)
  const answer = await exchange(baseUrl, idToken, { resource })
  const admin = adminOf(baseUrl)
  const decision = await admin('GET', `/decisions/${answer.headers.get('crosswalk-decision') ?? ''}`)
  const asked = { app: AGENT.id, user, audience: `${baseUrl}/as/vendor`, resource }
  const simulated = await admin('POST', '/simulate', { body: asked })
  const drafted = await admin('POST', '/simulate', { body: { ...asked, draft: {} } })
  const check = readCheck(decision.body)
  expect(simulated.body.code).toBe(decision.body.code)
  expect(readCheck(simulated.body)).toEqual(check)
  expect([drafted.status, drafted.body.code], drafted.text).toEqual([200, decision.body.code])
  return { error: answer.body.error, code: decision.body.code as string, others: check?.actual }
}

const DENIED = { error: 'access_denied', code: 'XAA1506' }
const ALLOWED = { error: undefined, code: 'XAA0000' }

describeOnDatabases('on $name', ({ create }) => {
  let database: string
  beforeEach(async () => {
    database = await create()
  })
  const start = async (todo: object, notes?: object) => {
    server = await startTestServer({ file: fileWith(todo, notes), database })
    idTokens = new Map()
  }

  it.each([
    ['sub', { subject: 'user.attributes.staff' }],
    ['aud_sub', { claims: { aud_sub: 'user.attributes.staff' } }],
    [
      'sub_id',
      { subId: { format: 'saml-nameid', issuer: 'https://saml.acme.test', nameid: 'user.attributes.staff' } },
    ],
  ])('two users with the same attribute as %s are denied until they differ', async (_, todo) => {
    await start(todo)
    expect(await decide('alice')).toMatchObject(ALLOWED)
    // A token shows a number like a text.
    await createUser({ id: 'usr_eve', attributes: { staff: 1001 } })
    expect(await decide('alice')).toEqual({ ...DENIED, others: ['usr_eve'] })
    expect(await decide('usr_eve')).toEqual({ ...DENIED, others: ['usr_alice'] })
    // Notes0 takes no identifier from the attribute.
    expect(await decide('alice', NOTES)).toMatchObject(ALLOWED)
    const admin = adminOf(server.baseUrl)
    const { etag } = await admin('GET', '/users/usr_eve')
    const body = { attributes: { staff: 1002 } }
    expect((await admin('PATCH', '/users/usr_eve', { body, ifMatch: etag })).status).toBe(200)
    expect(await decide('alice')).toMatchObject(ALLOWED)
    expect(await decide('usr_eve')).toMatchObject(ALLOWED)
  })

  it('a disabled user still has their identifier, a deleted one has not', async () => {
    await start({ subject: 'user.attributes.staff' })
    await createUser({ id: 'usr_eve', attributes: { staff: '1001' }, active: false })
    expect(await decide('alice')).toEqual({ ...DENIED, others: ['usr_eve'] })
    const admin = adminOf(server.baseUrl)
    const { etag } = await admin('GET', '/users/usr_eve')
    expect((await admin('DELETE', '/users/usr_eve', { ifMatch: etag })).status).toBe(204)
    expect(await decide('alice')).toMatchObject(ALLOWED)
  })

  it('the user name of one user is not the id of another, behind one issuer', async () => {
    await start({ subject: 'user.username' })
    await createUser({ id: 'usr_eve', username: 'usr_alice' })
    expect(await decide('usr_alice', TODO, 'usr_eve')).toEqual({ ...DENIED, others: ['usr_alice'] })
    expect(await decide('alice', NOTES)).toEqual({ ...DENIED, others: ['usr_eve'] })
    expect(await decide('alice')).toMatchObject(ALLOWED)
    expect(await decide('usr_alice', NOTES, 'usr_eve')).toMatchObject(ALLOWED)
  })

  it('the user name of one user is not the id of another, which ID tokens have there', async () => {
    await start({ subject: 'user.username' }, { subject: 'user.username' })
    await createUser({ id: 'usr_eve', username: 'usr_alice' })
    for (const resource of [TODO, NOTES]) {
      expect(await decide('usr_alice', resource, 'usr_eve')).toEqual({ ...DENIED, others: ['usr_alice'] })
      expect(await decide('alice', resource)).toMatchObject(ALLOWED)
    }
  })

  it('tenants of one issuer have separate identifiers', async () => {
    await start({ subject: 'user.username', tenant: 'one' }, { tenant: 'two' })
    await createUser({ id: 'usr_eve', username: 'usr_alice' })
    expect(await decide('usr_alice', TODO, 'usr_eve')).toMatchObject(ALLOWED)
    expect(await decide('alice', NOTES)).toMatchObject(ALLOWED)
  })

  it('no user has the identifier of a workload', async () => {
    await start({ subject: 'user.attributes.staff' })
    await createUser({ id: 'usr_eve', attributes: { staff: 'workload/agent0' } })
    expect(await decide('usr_eve')).toEqual({ ...DENIED, others: 'workload/agent0' })
  })

  it('ids and pairwise identifiers need no comparison', async () => {
    await start({ subject: 'pairwise' })
    await createUser({ id: 'usr_eve', attributes: { staff: '1001' } })
    expect(await decide('alice')).toEqual({ ...ALLOWED, others: undefined })
    expect(await decide('alice', NOTES)).toEqual({ ...ALLOWED, others: undefined })
  })
})
