// Clients and resource servers in Go, as the how-to shows them: `golang.org/x/oauth2`, `go-oidc` and the MCP SDK for Go.
import { readFileSync } from 'node:fs'

import { clientSecret, clientSecretPost, xaa, type XaaOptions } from '@crosswalk/client'
import { connectXaa } from '@crosswalk/mcp/client'
import { Client } from '@modelcontextprotocol/client'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeWith } from '../../../tools/test-programs.ts'
import { adminOf } from '../admin/admin.ts'
import { readSnippets } from '../packages/snippets.ts'
import { addCodeFlow } from '../support/code-flow.ts'
import { AGENT, REDIRECT_URI } from '../support/company.ts'
import { findFreePort } from '../support/free-port.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { startConsentBrowser } from './support/consent-browser.ts'
import type { ForeignPrograms, Variables } from './support/foreign-programs.ts'
import { buildGoPrograms, HAS_GO } from './support/go-program.ts'
import { initializeMcp } from './support/initialize-mcp.ts'
import { openAgent, openAgentElsewhere } from './support/open-agent.ts'
import { API, describeTodosCompany } from './support/todos-company.ts'

const PAGE = new URL('../../../docs/how-to/go.md', import.meta.url)
const GO_MOD = new URL('../../go/go.mod', import.meta.url)
/** With characters that HTTP Basic encodes (RFC 6749 section 2.3.1) */
const OF_API = { id: 'agent0-at-todos', secret: 'agent0 at the todos: 100% + "a=b&c"', auth: clientSecret }
const OF_MCP = { id: 'agent0-at-mcp', secret: 'agent0 secret at the MCP server', auth: clientSecretPost }
const HAS_KEY = { jkt: expect.any(String) as string }
const REGISTRATION = { dynamicRegistration: { redirects: ['loopback'] } }
const BUILD_MS = 300_000

it('the page installs the modules that the tests use', () => {
  const [install] = readSnippets(PAGE).filter(({ language }) => language === 'sh')
  const named = install?.code.match(/(?<=\s)(golang|github)\S+/g) ?? []
  const pinned = readFileSync(GO_MOD, 'utf8').match(/(?<=^\t)\S+(?= v\S+$)/gm)
  expect(named.toSorted()).toEqual(pinned)
})

if (!HAS_GO)
  console.warn('skipped: Go, or its modules, were not found (`go mod download` in tests/go fetches them)')

describeWith(HAS_GO)('Go', () => {
  const stack = new AsyncDisposableStack()
  let go: ForeignPrograms
  let server: TestServer
  let issuer: string
  let agent: string
  let api: string
  let mcp: string

  beforeAll(async () => {
    go = stack.use(await buildGoPrograms(PAGE))
    const [agentHost, apiHost, mcpHost] = [await findHost(), await findHost(), await findHost()]
    agent = `http://${agentHost}`
    api = `http://${apiHost}/api`
    mcp = `http://${mcpHost}/mcp`
    const todos = [
      { id: 'api', resource: api, client: register(OF_API, 'client_secret_basic') },
      { id: 'mcp', resource: mcp, client: register(OF_MCP, 'client_secret_post') },
    ]
    server = await startTestServer({
      file: (baseUrl) => addCodeFlow(baseUrl, describeTodosCompany(baseUrl, { agent, todos }), REGISTRATION),
    })
    stack.defer(() => server.stop())
    issuer = `${server.baseUrl}/as/vendor`
    await Promise.all([
      go.serve('agent', { ...ofAgent(api, OF_API), LISTEN: agentHost }, agent),
      go.serve('api', { ...ofApi(api), LISTEN: apiHost }, api),
      go.serve('mcp_server', { ...ofApi(mcp), LISTEN: mcpHost }, mcp),
    ])
  }, BUILD_MS)
  afterAll(() => stack.disposeAsync())

  function ofAgent(resource: string, { id, secret }: typeof AGENT): Variables {
    const here = { IDP: server.baseUrl, CLIENT: AGENT.id, SECRET: AGENT.secret }
    return { ...here, ISSUER: issuer, RESOURCE: resource, CLIENT_THERE: id, SECRET_THERE: secret }
  }

  function ofApi(resource: string): Variables {
    return { ISSUER: issuer, RESOURCE: resource, API_CLIENT: API.id, API_SECRET: API.secret }
  }

  /** Our own client, which finds the authorization server by the challenge and metadata of the Go program. */
  async function connect(there: typeof OF_API, options: Partial<XaaOptions> = {}) {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    return xaa({
      idp: server.baseUrl,
      client: { id: AGENT.id, auth: clientSecret(AGENT.secret) },
      resources: { [issuer]: { clientId: there.id, auth: there.auth(there.secret) } },
      ...options,
    }).as({ getSubjectToken: () => idToken })
  }

  async function getToken(resource: string, scope: string, options?: Partial<XaaOptions>): Promise<string> {
    const session = await connect(resource === api ? OF_API : OF_MCP, options)
    return (await session.at(resource, { scope }).token()).value.reveal()
  }

  async function runMcpClient(username: string, there: typeof AGENT = OF_MCP) {
    const { idToken } = await signInFor(server.baseUrl, username)
    return go.run('mcp_client', { ...ofAgent(mcp, there), ID_TOKEN: idToken })
  }

  describe('an agent with x/oauth2 and go-oidc', () => {
    it('signs alice in and shows her todos', async () => {
      expect(await openAgent(agent, 'alice')).toEqual({
        status: 200,
        text: expect.stringMatching(/^todos of acc_\S+, for agent0-at-todos\n$/),
      })
    })

    it('tells bob that he is denied, and where he can request access', async () => {
      const { status, text } = await openAgent(agent, 'bob')
      expect(status).toBe(403)
      expect(text).toContain(`Your company does not allow this. ${server.baseUrl}/me/ask?`)
    })

    it('records one decision of a denial', async () => {
      const admin = adminOf(server.baseUrl)
      const count = async () => (await admin('GET', '/decisions?user=bob&outcome=deny')).body.items.length
      const before = await count()
      await openAgent(agent, 'bob')
      expect(await count()).toBe(before + 1)
    })

    it('rejects a sign-in that another browser started', async () => {
      expect(await openAgentElsewhere(agent, 'alice')).toMatchObject({ status: 400 })
    })
  })

  describe('an API with go-oidc', () => {
    const call = (token: string) => fetch(api, { headers: { authorization: `Bearer ${token}` } })

    it('challenges a request without a token, so that our client finds the authorization server', async () => {
      const refused = await fetch(api)
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        401,
        `Bearer resource_metadata="${api.replace('/api', '/.well-known/oauth-protected-resource/api')}", scope="todos.read"`,
      ])
      const todos = (await connect(OF_API)).at(api)
      expect(await (await todos.fetch('')).text()).toMatch(/^todos of acc_\S+, for agent0-at-todos\n$/)
    })

    it('rejects a token for another resource of the same authorization server', async () => {
      const elsewhere = await getToken(mcp, 'todos.read')
      expect((await initializeMcp(mcp, elsewhere)).status).toBe(200)
      const refused = await call(elsewhere)
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        401,
        expect.stringContaining('error="invalid_token"'),
      ])
    })

    it('rejects a token without the scope', async () => {
      expect((await call(await getToken(api, 'todos.read todos.write'))).status).toBe(200)
      const refused = await call(await getToken(api, 'todos.write'))
      expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
        403,
        expect.stringContaining('error="insufficient_scope"'),
      ])
    })
  })

  describe('the MCP SDK for Go', () => {
    it('as a client, lists the todos of alice', async () => {
      expect(await runMcpClient('alice')).toEqual({
        failed: false,
        printed: expect.stringMatching(/^todos of acc_\S+, for agent0-at-mcp$/m),
      })
    })

    it('as a client, prints that bob is denied', async () => {
      const { failed, printed } = await runMcpClient('bob')
      expect(failed).toBe(true)
      expect(printed).toContain('"access_denied" "The requested access is not permitted."')
    })

    it('as a client, prints that its secret is wrong', async () => {
      const { failed, printed } = await runMcpClient('alice', { ...OF_MCP, secret: 'another secret' })
      expect(failed).toBe(true)
      expect(printed).toContain('"invalid_client"')
    })

    it('as a server, accepts our client, and no token for another resource', async () => {
      const client = new Client({ name: 'agent0', version: '1.0.0' })
      await connectXaa(client, await connect(OF_MCP), mcp, { scope: 'todos.read' })
      const { content } = await client.callTool({ name: 'list_todos', arguments: {} })
      expect(content).toMatchObject([{ text: expect.stringMatching(/^todos of \S+, for agent0-at-mcp$/) }])
      await client.close()
      expect((await initializeMcp(mcp, await getToken(api, 'todos.read'))).status).toBe(401)
    })
  })

  it('API and MCP server reject a token that is bound to a key, because they verify no proof (RFC 9449)', async () => {
    const bound = [
      await getToken(api, 'todos.read', { dpop: true }),
      await getToken(mcp, 'todos.read', { dpop: true }),
    ] as const
    expect(bound.map((token) => decodeJwt(token)['cnf'])).toEqual([HAS_KEY, HAS_KEY])
    expect((await fetch(api, { headers: { authorization: `Bearer ${bound[0]}` } })).status).toBe(401)
    expect((await initializeMcp(mcp, bound[1])).status).toBe(401)
  })

  it.each([
    ['registered', { CLIENT_THERE: OF_MCP.id, SECRET_THERE: OF_MCP.secret }, OF_MCP.id],
    ['that registers itself', {}, 'dyn-'],
  ])('the MCP SDK for Go, as a client %s, gets access by authorization code', async (_, client, id) => {
    await using browser = await startConsentBrowser()
    const variables = { RESOURCE: mcp, REDIRECT_URI, BROWSER: browser.url, ...client }
    expect(await go.run('code_flow', variables)).toEqual({
      failed: false,
      printed: expect.stringMatching(new RegExp(`^todos of acc_\\S+, for ${id}`)),
    })
  })

  describe('x/oauth2, at the authorization server', () => {
    async function redeem(idJag: string, there: typeof AGENT, style: string) {
      const variables = { ...ofAgent(api, there), ID_JAG: idJag, STYLE: style }
      return (await go.run('redeem', variables)).printed
    }
    async function getIdJag(resource: string): Promise<string> {
      const { idToken } = await signInFor(server.baseUrl, 'alice')
      const { body } = await exchange(server.baseUrl, idToken, { resource, scope: 'todos.read' })
      return String(body['access_token'])
    }

    it.each([
      ['in the header', OF_API, 'header'],
      ['in the header, which it detects', OF_API, 'detect'],
      ['in the body', OF_MCP, 'params'],
      ['in the body, which it detects', OF_MCP, 'detect'],
    ])('sends the secret %s, and reads the response', async (_, there, style) => {
      const idJag = await getIdJag(there === OF_API ? api : mcp)
      expect(await redeem(idJag, there, style)).toBe('Bearer 10m0s todos.read\n')
    })

    it('redeems an ID-JAG once', async () => {
      const idJag = await getIdJag(api)
      expect(await redeem(idJag, OF_API, 'header')).toMatch(/^Bearer 10m0s/)
      expect(await redeem(idJag, OF_API, 'header')).toMatch(/^400 invalid_grant dec_\w+\n$/)
    })
  })

  it('revoked access ends with the next request to API and MCP server, and the agent cannot renew it', async () => {
    const tokens = { api: await getToken(api, 'todos.read'), mcp: await getToken(mcp, 'todos.read') }
    const call = async () => [
      (await fetch(api, { headers: { authorization: `Bearer ${tokens.api}` } })).status,
      (await initializeMcp(mcp, tokens.mcp)).status,
      (await openAgent(agent, 'alice')).status,
      (await runMcpClient('alice')).failed,
    ]
    expect(await call()).toEqual([200, 200, 200, false])
    for (const connection of ['agent0-api', 'agent0-mcp'])
      expect(
        (await adminOf(server.baseUrl)('POST', `/connections/${connection}/revoke`, { body: {} })).status,
      ).toBe(200)
    expect(await call()).toEqual([401, 401, 403, true])
  })
})

function register({ id, secret }: typeof AGENT, method: string) {
  return { id, auth: { method, secret }, redirectUris: [REDIRECT_URI] }
}

async function findHost(): Promise<string> {
  return `127.0.0.1:${await findFreePort()}`
}
