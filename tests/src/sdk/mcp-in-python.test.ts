// The MCP SDK for Python on the other side, as the how-to shows it: as an agent, as a server with our authorization
// server, and as a server that brings its own authorization server.
import { type AgentSession, clientSecret, clientSecretPost, normalizeError, xaa } from '@crosswalk/client'
import { connectXaa } from '@crosswalk/mcp/client'
import { GRANT_TYPE } from '@crosswalk/protocol'
import { Client } from '@modelcontextprotocol/client'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWith } from '../../../tools/test-programs.ts'
import { AGENT } from '../support/company.ts'
import { findFreePort } from '../support/free-port.ts'
import { exchange, postForm, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import type { Variables } from './support/foreign-programs.ts'
import { initializeMcp } from './support/initialize-mcp.ts'
import { HAS_PYTHON_SDK, writePythonPrograms } from './support/python-program.ts'
import { describeTodosCompany } from './support/todos-company.ts'

const PAGE = new URL('../../../docs/how-to/mcp-in-python.md', import.meta.url)
const AGENT_THERE = { id: 'agent0-at-todos', secret: 'agent0 secret at the todos' }
const API = { id: 'todos-api', secret: 'a secret of the API' }
const START_MS = 120_000

interface Place {
  readonly issuer: string
  readonly resource: string
}

if (!HAS_PYTHON_SDK)
  console.warn(
    'skipped: no MCP SDK for Python found (CROSSWALK_TEST_PYTHON: a Python with `pip install mcp`)',
  )

describeWith(HAS_PYTHON_SDK)('the MCP SDK for Python', () => {
  const stack = new AsyncDisposableStack()
  const python = stack.use(writePythonPrograms(PAGE))
  let server: TestServer
  /** Where our authorization server issues the tokens, and where the SDK's own does */
  let places: Record<'ours' | 'own', Place>

  beforeAll(async () => {
    const [port, ownPort] = [await findFreePort(), await findFreePort()]
    const resource = `http://127.0.0.1:${port}/mcp`
    const own = { issuer: `http://127.0.0.1:${ownPort}`, resource: `http://127.0.0.1:${ownPort}/mcp` }
    const client = {
      id: AGENT_THERE.id,
      auth: { method: 'client_secret_post', secret: AGENT_THERE.secret },
    }
    const todos = [
      { id: 'ours', resource, client },
      { id: 'own', ...own, client },
    ]
    server = await startTestServer({ file: (baseUrl) => describeTodosCompany(baseUrl, { api: API, todos }) })
    stack.defer(() => server.stop())
    places = { ours: { issuer: `${server.baseUrl}/as/vendor`, resource }, own }
    const { issuer } = places.ours
    const api = { API_CLIENT: API.id, API_SECRET: API.secret }
    await Promise.all([
      python.serve(
        'protected_server.py',
        { RESOURCE: resource, ISSUER: issuer, PORT: `${port}`, ...api },
        resource,
      ),
      python.serve(
        'own_server.py',
        {
          IDP: server.baseUrl,
          ISSUER: own.issuer,
          PORT: `${ownPort}`,
          AGENT_SECRET: AGENT_THERE.secret,
        },
        own.resource,
      ),
    ])
  }, START_MS)
  afterAll(() => stack.disposeAsync())

  const runAgent = async (username: string, place: 'ours' | 'own', change: Variables = {}) => {
    const { idToken } = await signInFor(server.baseUrl, username)
    return python.run('agent.py', {
      IDP: server.baseUrl,
      CLIENT: AGENT.id,
      SECRET: AGENT.secret,
      ID_TOKEN: idToken,
      RESOURCE: places[place].resource,
      ISSUER: places[place].issuer,
      CLIENT_THERE: AGENT_THERE.id,
      SECRET_THERE: AGENT_THERE.secret,
      ...change,
    })
  }

  it.each([
    ['ours', /^todos of acc_\S+, for agent0-at-todos$/m],
    ['own', /^todos of usr_alice, for agent0-at-todos$/m],
  ] as const)('as an agent, it lists the todos of alice with a token of %s', async (place, todos) => {
    expect(await runAgent('alice', place)).toEqual({ failed: false, printed: expect.stringMatching(todos) })
  })

  it.each(['ours', 'own'] as const)(
    'as an agent for bob, it prints that he is denied, at %s',
    async (place) => {
      const { failed, printed } = await runAgent('bob', place)
      expect(failed).toBe(true)
      expect(printed).toContain('access_denied: The requested access is not permitted.')
    },
  )

  it('as an agent with a wrong secret, it reports what our server says', async () => {
    const { failed, printed } = await runAgent('alice', 'ours', { SECRET_THERE: 'another secret' })
    expect(failed).toBe(true)
    expect(printed).toMatch(/Token exchange failed \(401\).*invalid_client/)
  })

  it.each(['ours', 'own'] as const)(
    'as a server, it accepts our client with a token of %s',
    async (place) => {
      const client = new Client({ name: 'agent0', version: '1.0.0' })
      await connectXaa(client, await connect('alice'), places[place].resource, { scope: 'todos.read' })
      const { content } = await client.callTool({ name: 'list_todos', arguments: {} })
      expect(content).toMatchObject([{ text: expect.stringMatching(/^todos of \S+, for agent0-at-todos$/) }])
      await client.close()
    },
  )

  it('as a server, it rejects a token that our server has revoked', async () => {
    const { issuer, resource } = places.ours
    const todos = (await connect('alice')).at(resource, { scope: 'todos.read' })
    const token = (await todos.token()).value.reveal()
    const initialize = async () => (await initializeMcp(resource, token)).status
    expect(await initialize()).toBe(200)
    const { id, secret } = AGENT_THERE
    const revoked = await postForm(`${issuer}/revoke`, { token, client_id: id, client_secret: secret })
    expect(revoked.status).toBe(200)
    expect(await initialize()).toBe(401)
  })

  it('as a server, it rejects a token that is bound to a key, because it verifies no proof (RFC 9449)', async () => {
    const { resource } = places.ours
    const bound = (await connect('alice', { dpop: true })).at(resource, { scope: 'todos.read' })
    const { tokenType, value } = await bound.token()
    expect(tokenType).toBe('DPoP')
    expect((await initializeMcp(resource, value.reveal())).status).toBe(401)
  })

  it('as an authorization server, it redeems our ID-JAG once', async () => {
    const { issuer, resource } = places.own
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const target = { audience: issuer, resource, scope: 'todos.read' }
    const { body } = await exchange(server.baseUrl, idToken, target)
    const form = {
      grant_type: GRANT_TYPE.jwtBearer,
      assertion: String(body['access_token']),
      client_id: AGENT_THERE.id,
      client_secret: AGENT_THERE.secret,
    }
    const redeem = () => postForm(`${issuer}/token`, form)
    expect((await redeem()).status).toBe(200)
    const second = await redeem()
    expect(second).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect(normalizeError({ leg: 'redemption', status: 400, body: second.body })).toMatchObject({
      code: 'XAA2209',
    })
  })

  it('as an authorization server, it refuses a client id in HTTP Basic alone, and the hint says what works', async () => {
    const todos = (await connect('alice', { auth: clientSecret(AGENT_THERE.secret) })).at(places.own.resource)
    await expect(todos.token()).rejects.toMatchObject({
      code: 'XAA2101',
      hint: expect.stringContaining('clientSecretPost'),
    })
  })

  async function connect(
    username: string,
    { auth = clientSecretPost(AGENT_THERE.secret), dpop = false } = {},
  ): Promise<AgentSession> {
    const { idToken } = await signInFor(server.baseUrl, username)
    const there = { clientId: AGENT_THERE.id, auth }
    return xaa({
      idp: server.baseUrl,
      client: { id: AGENT.id, auth: clientSecret(AGENT.secret) },
      resources: { [places.ours.issuer]: there, [places.own.issuer]: there },
      dpop,
    }).as({ getSubjectToken: () => idToken })
  }
})
