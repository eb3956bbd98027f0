// A ToolHive gateway, as the how-to configures it: it signs users in at our IdP, and gets access to an MCP server for each of them.
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { InMemoryOAuthClientProvider } from '@modelcontextprotocol/sdk/examples/client/simpleOAuthClientProvider.js'
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { parse } from 'yaml'

import { describeWith } from '../../../tools/test-programs.ts'
import { adminOf } from '../admin/admin.ts'
import { readSnippets } from '../packages/snippets.ts'
import { AGENT, PASSWORD, REDIRECT_URI } from '../support/company.ts'
import { walk } from '../support/form-walker.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { createForeignPrograms, writePrograms } from './support/foreign-programs.ts'
import { serveTodos } from './support/serve-todos.ts'
import { describeTodosCompany } from './support/todos-company.ts'

const PAGE = new URL('../../../docs/how-to/toolhive.md', import.meta.url)
const VMCP = process.env['CROSSWALK_TEST_TOOLHIVE'] ?? 'vmcp'
const HAS_TOOLHIVE = spawnSync(VMCP, ['--help']).status === 0
const THERE = { id: 'gateway-at-todos', secret: 'gateway secret at the todos' }
const START_MS = 120_000

it('the two files of the page agree on app, resource and issuer', () => {
  const [app, , gateway, signIn] = readSnippets(PAGE).map(({ code }) => parse(code))
  const { oidc_config } = signIn.upstreams[0]
  const { xaa } = gateway.outgoingAuth.backends.todos
  expect([oidc_config.client_id, xaa.idpClientId]).toEqual([app.idp.apps[0].id, app.idp.apps[0].id])
  expect(app.idp.apps[0].redirectUris).toEqual([oidc_config.redirect_uri])
  expect(signIn).toMatchObject({
    issuer: gateway.incomingAuth.oidc.issuer,
    allowed_audiences: [gateway.incomingAuth.oidc.audience],
  })
  expect(app.idp.connections[0]).toMatchObject({
    clientId: xaa.targetClientId,
    resources: [xaa.targetResource],
    scopes: xaa.scopes,
  })
})

if (!HAS_TOOLHIVE)
  console.warn('skipped: no ToolHive found (CROSSWALK_TEST_TOOLHIVE: its program vmcp, 0.45 or later)')

describeWith(HAS_TOOLHIVE)('a ToolHive gateway', () => {
  const stack = new AsyncDisposableStack()
  let server: TestServer
  let gateway: string

  beforeAll(async () => {
    const [gatewayPort, todosPort] = [await findFreePort(), await findFreePort()]
    gateway = `http://127.0.0.1:${gatewayPort}`
    const resource = `http://127.0.0.1:${todosPort}/mcp`
    const client = { id: THERE.id, auth: { method: 'client_secret_basic', secret: THERE.secret } }
    server = await startTestServer({
      file: (baseUrl) =>
        describeTodosCompany(baseUrl, {
          agent: `${gateway}/oauth`,
          todos: [{ id: 'todos', resource, client }],
        }),
    })
    stack.defer(() => server.stop())
    const issuer = `${server.baseUrl}/as/vendor`
    stack.use(await serveTodos({ port: todosPort, resource, issuer }))

    const folder = writePrograms(PAGE, 'yaml')
    const real: readonly (readonly [string, string])[] = [
      ['https://gateway.example', gateway],
      ['https://idp.acme.example', server.baseUrl],
      ['https://todos.example/mcp', resource],
      ['https://todos.example', issuer],
      ['idpClientId: gateway', `idpClientId: ${AGENT.id}`],
      ['client_id: gateway', `client_id: ${AGENT.id}`],
    ]
    for (const name of ['vmcp.yaml', 'authserver-config.yaml']) {
      const file = join(folder, name)
      const text = real.reduce(
        (left, [there, here]) => left.replaceAll(there, here),
        readFileSync(file, 'utf8'),
      )
      writeFileSync(file, text)
    }
    const toolHive = stack.use(
      createForeignPrograms(folder, (name) => [
        VMCP,
        ...['serve', '--config', join(folder, name), '--port', `${gatewayPort}`],
      ]),
    )
    const secrets = { SECRET_AT_IDP: AGENT.secret, SECRET_AT_TODOS: THERE.secret }
    await toolHive.serve('vmcp.yaml', secrets, gateway)
  }, START_MS)
  afterAll(() => stack.disposeAsync())

  const listTodos = (editor: Client) => editor.callTool({ name: 'todos_list_todos', arguments: {} })

  it('has no tools for bob, whom the IdP denies access', async () => {
    await expect(connectAs('bob', gateway)).rejects.toThrow('Session terminated')
    const { body } = await adminOf(server.baseUrl)('GET', '/decisions?user=bob&outcome=deny')
    expect(body.items[0]).toMatchObject({ code: 'XAA1502', resolution: { connection: 'agent0-todos' } })
  })

  it('calls a tool for alice, whom it signed in at the IdP, until her access is revoked', async () => {
    const editor = await connectAs('alice', gateway)
    expect((await listTodos(editor)).content).toEqual([
      { type: 'text', text: expect.stringMatching(/^todos of acc_\S+, for gateway-at-todos$/) },
    ])
    const revoke = await adminOf(server.baseUrl)('POST', '/connections/agent0-todos/revoke', { body: {} })
    expect(revoke.status).toBe(200)
    expect(await listTodos(editor)).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('access_denied') }],
    })
  })
})

/** Like an editor: registers itself, and signs the user in in a browser. */
async function connectAs(username: string, gateway: string): Promise<Client> {
  let opened = ''
  const provider = new InMemoryOAuthClientProvider(
    REDIRECT_URI,
    { client_name: 'Editor', redirect_uris: [REDIRECT_URI], token_endpoint_auth_method: 'none' },
    (url) => void (opened = url.href),
  )
  // ToolHive requires one of 8 characters or more, which the SDK's example leaves out.
  Object.assign(provider, { state: () => 'a state of the editor' })
  const open = () => {
    const client = new Client({ name: 'editor', version: '1.0.0' })
    return {
      client,
      transport: new StreamableHTTPClientTransport(new URL(`${gateway}/mcp`), {
        authProvider: provider as never,
      }),
    }
  }
  const first = open()
  await expect(first.client.connect(first.transport as never)).rejects.toThrow(UnauthorizedError)
  const { code, parameters } = await walk(opened, {
    redirectUri: REDIRECT_URI,
    username,
    password: PASSWORD,
  })
  if (code === null) throw new Error(`${username} did not get a code: ${parameters}`)
  await first.transport.finishAuth(code)
  const { client, transport } = open()
  await client.connect(transport as never)
  return client
}
