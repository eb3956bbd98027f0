// FastMCP on the other side, as the how-to shows it: with our authorization server, and with the one it brings.
import {
  type AgentSession,
  clientSecret,
  normalizeError,
  publicClient,
  type ResourceRegistration,
  xaa,
} from '@crosswalk/client'
import { connectXaa } from '@crosswalk/mcp/client'
import { GRANT_TYPE } from '@crosswalk/protocol'
import { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWith } from '../../../tools/test-programs.ts'
import { adminOf } from '../admin/admin.ts'
import { AGENT } from '../support/company.ts'
import { basic, exchange, postForm, signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { initializeMcp } from './support/initialize-mcp.ts'
import { HAS_FASTMCP, writePythonPrograms } from './support/python-program.ts'
import { describeConnection, describeTodosCompany } from './support/todos-company.ts'

const PAGE = new URL('../../../docs/how-to/fastmcp.md', import.meta.url)
const AGENT_AT_OURS = { id: 'agent0-at-todos', secret: 'agent0 secret at the todos' }
/** Its secret needs no encoding, because FastMCP does none (RFC 6749 section 2.3.1). */
const API = { id: 'todos-api', secret: 'a-secret-of-the-api' }
const SIGN_IN = { id: 'todos-sign-in', secret: 'a-secret-of-the-todos-at-the-idp' }
const SCOPE = 'todos.read'
const START_MS = 180_000

if (!HAS_FASTMCP)
  console.warn('skipped: no FastMCP found (CROSSWALK_TEST_PYTHON: a Python with `pip install fastmcp`)')

describeWith(HAS_FASTMCP)('a FastMCP server', () => {
  const stack = new AsyncDisposableStack()
  const python = stack.use(writePythonPrograms(PAGE))
  let server: TestServer
  /** Which authorization server issues its tokens */
  let places: Record<'ours' | 'own', Place>

  beforeAll(async () => {
    const [port, ownPort] = [await findFreePort(), await findFreePort()]
    const resource = `http://127.0.0.1:${port}/mcp`
    const origin = `http://127.0.0.1:${ownPort}`
    const own = { issuer: `${origin}/`, resource: `${origin}/mcp` }
    const basicAuth = (secret: string) => ({ method: 'client_secret_basic', secret })
    const ours = { id: AGENT_AT_OURS.id, auth: basicAuth(AGENT_AT_OURS.secret) }
    const app = {
      ...{ id: SIGN_IN.id, name: 'Todos', kind: 'web', auth: basicAuth(SIGN_IN.secret) },
      ...{ redirectUris: [`${origin}/auth/callback`], assignments: { groups: ['engineering'] } },
    }
    const todos = [
      { id: 'ours', resource, client: ours },
      { id: 'own', ...own },
    ]
    server = await startTestServer({
      file: (baseUrl) => describeTodosCompany(baseUrl, { api: API, apps: [app], todos }),
    })
    stack.defer(() => server.stop())
    const issuer = `${server.baseUrl}/as/vendor`
    const api = { API_CLIENT: API.id, API_SECRET: API.secret }
    const signIn = { CLIENT: SIGN_IN.id, SECRET: SIGN_IN.secret }
    await Promise.all([
      python.serve(
        'protected_server.py',
        { RESOURCE: resource, ISSUER: issuer, PORT: `${port}`, ...api },
        resource,
      ),
      python.serve(
        'own_server.py',
        { IDP: server.baseUrl, ORIGIN: origin, PORT: `${ownPort}`, ...signIn },
        own.resource,
      ),
    ])
    const clientId = await register(origin)
    const connected = { body: describeConnection({ id: 'own', ...own }, clientId) }
    expect((await adminOf(server.baseUrl)('POST', '/connections', connected)).status).toBe(201)
    const agent = { clientId: AGENT_AT_OURS.id, auth: clientSecret(AGENT_AT_OURS.secret) }
    places = {
      ours: { issuer, resource, agent },
      own: { ...own, agent: { clientId, auth: publicClient() } },
    }
  }, START_MS)
  afterAll(() => stack.disposeAsync())

  const connect = async (username: string, { dpop = false } = {}): Promise<AgentSession> => {
    const { idToken } = await signInFor(server.baseUrl, username)
    const { ours, own } = places
    return xaa({
      idp: server.baseUrl,
      client: { id: AGENT.id, auth: clientSecret(AGENT.secret) },
      resources: { [ours.issuer]: ours.agent, [own.issuer]: own.agent },
      dpop,
    }).as({ getSubjectToken: () => idToken })
  }

  it.each([
    ['ours', /^todos of acc_\S+, for agent0-at-todos$/],
    ['own', /^todos of usr_alice, for [\da-f-]{36}$/],
  ] as const)('lists the todos of alice with a token of %s', async (place, todos) => {
    const client = new Client({ name: 'agent0', version: '1.0.0' })
    await connectXaa(client, await connect('alice'), places[place].resource, { scope: SCOPE })
    const { content } = await client.callTool({ name: 'list_todos', arguments: {} })
    expect(content).toMatchObject([{ text: expect.stringMatching(todos) }])
    await client.close()
  })

  it.each(['ours', 'own'] as const)(
    'cannot be reached for bob, whom the IdP denies access, at %s',
    async (place) => {
      const token = (await connect('bob')).at(places[place].resource, { scope: SCOPE }).token()
      await expect(token).rejects.toMatchObject({ leg: 'exchange', oauthError: 'access_denied' })
    },
  )

  it('rejects a token that our server has revoked', async () => {
    const { issuer, resource } = places.ours
    const { value } = await (await connect('alice')).at(resource, { scope: SCOPE }).token()
    const initialize = async () => (await initializeMcp(resource, value.reveal())).status
    expect(await initialize()).toBe(200)
    const revoked = await postForm(
      `${issuer}/revoke`,
      { token: value.reveal() },
      { authorization: basic(AGENT_AT_OURS) },
    )
    expect(revoked.status).toBe(200)
    expect(await initialize()).toBe(401)
  })

  it('rejects a token that is bound to a key, because it verifies no proof (RFC 9449)', async () => {
    const { resource } = places.ours
    const { tokenType, value } = await (
      await connect('alice', { dpop: true })
    )
      .at(resource, { scope: SCOPE })
      .token()
    expect(tokenType).toBe('DPoP')
    expect((await initializeMcp(resource, value.reveal())).status).toBe(401)
  })

  it('redeems our ID-JAG once by its own authorization server', async () => {
    const { issuer, resource, agent } = places.own
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const { body } = await exchange(server.baseUrl, idToken, { audience: issuer, resource, scope: SCOPE })
    const assertion = String(body['access_token'])
    const redeem = () =>
      postForm(`${issuer}token`, { grant_type: GRANT_TYPE.jwtBearer, assertion, client_id: agent.clientId })
    expect((await redeem()).status).toBe(200)
    const second = await redeem()
    expect(second).toMatchObject({ status: 401, body: { error: 'invalid_grant' } })
    expect(normalizeError({ leg: 'redemption', status: 401, body: second.body })).toMatchObject({
      code: 'XAA5008',
    })
  })
})

interface Place {
  readonly issuer: string
  readonly resource: string
  readonly agent: ResourceRegistration
}

/** @returns the client id that FastMCP chose */
async function register(origin: string): Promise<string> {
  const response = await fetch(`${origin}/register`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ client_name: 'Agent0', redirect_uris: ['http://127.0.0.1/unused'] }),
  })
  const { client_id: clientId } = (await response.json()) as { client_id: string }
  return clientId
}
