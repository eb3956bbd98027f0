// A blocked, killed or disabled app cannot act for users: neither by its actor token nor in a chain that names it.
import { randomUUID } from 'node:crypto'

import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, adminOf } from '../admin/admin.ts'
import { makeKey, signJwt, type TestKey } from '../protocol/support/foreign-issuer.ts'
import { chainedCompany, exchangeAccessToken } from '../support/chain.ts'
import { AGENT, TODO } from '../support/company.ts'
import { exchange, isLive, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const PLANNER = 'planner'

/**
 * Agent0 brings the planner as its actor to Todo0, whose API calls Notes0.
 *
 * @returns the file, and the connection to Todo0 to create beside it, so that it can be changed
 */
function withPlanner(baseUrl: string, key: TestKey) {
  const file = chainedCompany(baseUrl) as { idp: { apps: object[]; connections: object[] } }
  const auth = { method: 'private_key_jwt', jwks: { keys: [key.publicJwk] } }
  const apps = [...file.idp.apps, { id: PLANNER, name: 'Planner', kind: 'agent', auth }]
  const [first, ...connections] = file.idp.connections
  const idp = { ...file.idp, apps, connections, actorProfile: 'enabled' }
  return { file: { ...file, idp }, connection: { ...first, actors: [PLANNER] } }
}

describeOnDatabases('$name', (kind) => {
  let key: TestKey
  let server: TestServer
  let admin: Admin
  let idToken: string

  beforeAll(async () => {
    key = await makeKey('k')
    server = await startTestServer({
      file: (baseUrl) => withPlanner(baseUrl, key).file,
      database: await kind.create(),
    })
    admin = adminOf(server.baseUrl)
    const { connection } = withPlanner(server.baseUrl, key)
    expect((await admin('POST', '/connections', { body: connection })).status).toBe(201)
    idToken = (await signInFor(server.baseUrl, 'alice')).idToken
  })
  afterAll(() => server.stop())

  async function bringPlanner() {
    const now = Math.floor(Date.now() / 1000)
    const who = { iss: PLANNER, sub: PLANNER, aud: server.baseUrl, client_id: AGENT.id }
    const claims = { ...who, iat: now, exp: now + 60, jti: randomUUID() }
    return exchange(server.baseUrl, idToken, {
      resource: TODO,
      actor_token: await signJwt(key, claims, { typ: 'actor-token+jwt' }),
      actor_token_type: 'urn:ietf:params:oauth:token-type:jwt',
    })
  }

  /** Everything that the planner is part of, made before it is stopped */
  async function prepare() {
    const [first, second] = [await bringPlanner(), await bringPlanner()]
    const { body } = await redeem(server.baseUrl, String(first.body.access_token))
    const own = await exchange(server.baseUrl, idToken, { resource: TODO })
    return {
      idJag: String(second.body.access_token),
      token: String(body.access_token),
      withoutPlanner: String((await redeem(server.baseUrl, String(own.body.access_token))).body.access_token),
    }
  }

  async function tryAll({ idJag, token, withoutPlanner }: Awaited<ReturnType<typeof prepare>>) {
    const isActive = await isLive(server.baseUrl, token)
    return {
      exchange: (await bringPlanner()).body.error ?? 'ID-JAG',
      chain: (await exchangeAccessToken(server.baseUrl, token)).body.error ?? 'ID-JAG',
      redemption: (await redeem(server.baseUrl, idJag)).body.error ?? 'token',
      token: isActive ? 'live' : 'revoked',
      withoutPlanner: (await isLive(server.baseUrl, withoutPlanner)) ? 'live' : 'revoked',
    }
  }

  const going = {
    exchange: 'ID-JAG',
    chain: 'ID-JAG',
    redemption: 'token',
    token: 'live',
    withoutPlanner: 'live',
  }
  const stopped = {
    exchange: 'access_denied',
    chain: 'invalid_grant',
    redemption: 'invalid_grant',
    token: 'revoked',
    withoutPlanner: 'live',
  }

  describe('a stopped actor', () => {
    it('works before', async () => {
      expect(await tryAll(await prepare())).toEqual(going)
    })

    it('is denied at once, with its live tokens, while a kill stands; they stay revoked after it', async () => {
      const issued = await prepare()
      const target = { kind: 'app', id: PLANNER }
      const killed = await admin('POST', '/kill', { body: { target, reason: 'rogue' } })
      expect(killed.body.tokensRevoked).toBeGreaterThan(0)
      expect(await tryAll(issued)).toEqual(stopped)
      await admin('POST', `/kill/${String(killed.body.id)}/lift`, { body: { reason: 'over' } })
      expect(await isLive(server.baseUrl, issued.token)).toBe(false)
      expect(await tryAll(await prepare())).toEqual(going)
    })

    it('is denied while a block stands', async () => {
      const issued = await prepare()
      const block = await admin('POST', '/blocks', {
        body: { kind: 'app', target: PLANNER, reason: 'looked into' },
      })
      expect(await tryAll(issued)).toEqual(stopped)
      await admin('DELETE', `/blocks/${String(block.body.id)}`)
    })

    it('is rejected while it is suspended', async () => {
      const issued = await prepare()
      const read = await admin('GET', `/apps/${PLANNER}`)
      const ifMatch = read.headers.get('etag') ?? ''
      const suspended = await admin('POST', `/apps/${PLANNER}/suspend`, {
        body: { reason: 'looked into' },
        ifMatch,
      })
      expect(suspended.status).toBe(200)
      expect(await tryAll(issued)).toEqual({ ...stopped, exchange: 'invalid_request' })
      const { headers } = await admin('GET', `/apps/${PLANNER}`)
      await admin('POST', `/apps/${PLANNER}/resume`, {
        body: { reason: 'in order' },
        ifMatch: headers.get('etag') ?? '',
      })
    })

    it('is denied, with its live tokens, once the connection no longer lists it', async () => {
      const issued = await prepare()
      const { headers } = await admin('GET', '/connections/agent0-todo0')
      const changed = await admin('PATCH', '/connections/agent0-todo0', {
        body: { actors: [] },
        ifMatch: headers.get('etag') ?? '',
      })
      expect(changed.status).toBe(200)
      expect(await tryAll(issued)).toEqual(stopped)
    })
  })
})
