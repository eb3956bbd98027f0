// Evaluates a denied exchange again under the current definitions, with its original DPoP proof, actor and authorization details.
import { randomUUID } from 'node:crypto'

import { TOKEN_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { makeKey, signJwt, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { makeDpopKey } from '../protocol/support/proofs.ts'
import { AGENT, company, TODO } from '../support/company.ts'
import { type Answer, basic, postForm, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const schema = { type: 'object', properties: { amount: { type: 'integer', maximum: 10 } } }
const PAYMENT = { type: 'payment', schema }

let server: TestServer
let admin: Admin
let idToken: string
let keys: readonly TestKey[]

function define(baseUrl: string) {
  const connection = {
    conditions: { dpop: 'required' },
    actors: ['planner'],
    authorizationDetailsTypes: ['payment'],
  }
  const file = company(baseUrl, { connection }) as { idp: { apps: object[]; resourceApps: object[] } }
  const actors = ['planner', 'stranger'].map((id, index) => ({
    id,
    name: id,
    kind: 'service',
    auth: { method: 'private_key_jwt', jwks: { keys: [keys[index]?.publicJwk] } },
  }))
  const resourceApps = file.idp.resourceApps.map((app, index) =>
    index === 0 ? { ...app, authorizationDetailsTypes: [PAYMENT] } : app,
  )
  const apps = [...file.idp.apps, ...actors]
  return { ...file, idp: { ...file.idp, apps, resourceApps, actorProfile: 'enabled' } }
}

beforeAll(async () => {
  keys = [await makeKey('planner'), await makeKey('stranger')]
  server = await startTestServer({ file: define })
  admin = adminOf(server.baseUrl)
  idToken = (await signInFor(server.baseUrl, 'alice')).idToken
})
afterAll(() => server.stop())

interface Asking {
  readonly proof?: boolean
  readonly actor?: 'planner' | 'stranger'
  readonly amount?: number
}

async function signActor(actor: 'planner' | 'stranger'): Promise<string> {
  const key = keys[actor === 'planner' ? 0 : 1]
  if (key === undefined) throw new Error('no key')
  const now = Math.floor(Date.now() / 1000)
  const parties = { iss: actor, sub: actor, aud: server.baseUrl, client_id: AGENT.id }
  return signJwt(key, { ...parties, iat: now, exp: now + 60, jti: randomUUID() }, { typ: 'actor-token+jwt' })
}

async function ask({ proof = true, actor, amount }: Asking): Promise<Answer> {
  const url = `${server.baseUrl}/token`
  const form = {
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    requested_token_type: TOKEN_TYPE.idJag,
    audience: `${server.baseUrl}/as/vendor`,
    resource: TODO,
    subject_token: idToken,
    subject_token_type: TOKEN_TYPE.idToken,
    ...(actor === undefined ? {} : { actor_token: await signActor(actor), actor_token_type: TOKEN_TYPE.jwt }),
    ...(amount === undefined ? {} : { authorization_details: JSON.stringify([{ type: 'payment', amount }]) }),
  }
  const dpop = proof ? { dpop: await (await makeDpopKey()).prove(url) } : {}
  return postForm(url, form, { authorization: basic(AGENT), ...dpop })
}

it.each<[string, Asking, string]>([
  ['with its DPoP proof', {}, 'XAA0000'],
  ['without one', { proof: false }, 'XAA1007'],
  ['with an actor of the connection', { actor: 'planner' }, 'XAA0000'],
  ['with another actor', { actor: 'stranger' }, 'XAA1408'],
  ['with details that match the schema', { amount: 10 }, 'XAA0000'],
  ['with details that do not match', { amount: 11 }, 'XAA1308'],
])('a request %s is explained as it would be answered now', async (_, asking, code) => {
  const act = (verb: string) =>
    admin('POST', `/connections/agent0-todo0/${verb}`, { body: { reason: 'a test' } })
  expect((await act('suspend')).status).toBe(200)
  const refused = await ask(asking)
  const decisionId = refused.headers.get('crosswalk-decision') ?? ''
  expect((await act('resume')).status).toBe(200)
  const { body } = await admin('POST', '/explain', { body: { decisionId } })
  expect(body.decisions[0]).toMatchObject({ outcome: 'deny' })
  expect(body.now).toMatchObject({ code, mode: 'simulated' })
  // The endpoint agrees.
  const answer = await ask(asking)
  const now = await admin('GET', `/decisions/${answer.headers.get('crosswalk-decision') ?? ''}`)
  expect(now.body.code).toBe(code)
})

it('evaluates a decision again without a record, however often a page shows it', async () => {
  const act = (verb: string) =>
    admin('POST', `/connections/agent0-todo0/${verb}`, { body: { reason: 'a test' } })
  await act('suspend')
  const refused = await ask({})
  await act('resume')
  const decisionId = refused.headers.get('crosswalk-decision') ?? ''
  // Reads of the log itself are recorded.
  const list = async () => {
    const { body } = await admin('GET', '/audit-events?limit=200')
    return (body.items as { id: string; type: string }[]).filter(({ type }) => !type.startsWith('audit.'))
  }
  const before = await list()
  for (let views = 0; views < 3; views += 1) {
    const { body } = await admin('POST', '/explain', { body: { decisionId } })
    expect(body.now).toMatchObject({ outcome: 'allow', mode: 'simulated' })
  }
  expect(await list()).toEqual(before)
})
