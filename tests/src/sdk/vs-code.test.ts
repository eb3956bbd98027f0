// MCP clients that a company configures for its users, as the how-to says: the requests of VS Code, and the official MCP
// Inspector, which runs the same flow.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { describeWith } from '../../../tools/test-programs.ts'
import { adminOf } from '../admin/admin.ts'
import { readSnippets } from '../packages/snippets.ts'
import { company, PASSWORD } from '../support/company.ts'
import { postForm, readMetadata } from '../support/flow.ts'
import { walk } from '../support/form-walker.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { initializeMcp } from './support/initialize-mcp.ts'
import { serveTodos } from './support/serve-todos.ts'
import { API } from './support/todos-company.ts'

const INSPECTOR = process.env['CROSSWALK_TEST_INSPECTOR'] ?? ''
const SNIPPETS = readSnippets(new URL('../../../docs/how-to/vs-code.md', import.meta.url))
const SIGN_IN_MS = 60_000

const stack = new AsyncDisposableStack()
let server: TestServer
let resource: string

/** @returns a block of the page with the addresses of this test */
function readSnippet(baseUrl: string, index: number): string {
  return (SNIPPETS[index]?.code ?? '')
    .replaceAll('https://todos.example/mcp', resource)
    .replaceAll('https://todos.example', `${baseUrl}/as/todos`)
    .replaceAll('https://idp.acme.example', baseUrl)
}
const readFile = (name: string) =>
  readSnippet(
    server.baseUrl,
    SNIPPETS.findIndex(({ info }) => info === name),
  )

function describePage(baseUrl: string) {
  const { admin, idp } = company(baseUrl) as { admin: unknown; idp: { users: unknown } }
  const page = parse(readSnippet(baseUrl, 0))
  const vendor = parse(readSnippet(baseUrl, 1))
  page.idp.apps[0].redirectUris.push('http://127.0.0.1/oauth/callback')
  const api = { id: API.id, auth: { method: 'client_secret_basic', secret: API.secret } }
  vendor.authorizationServers[0].clients.push({ ...api, introspects: [resource] })
  return { admin, idp: { ...page.idp, users: idp.users }, ...vendor }
}

beforeAll(async () => {
  const port = await findFreePort()
  resource = `http://127.0.0.1:${port}/mcp`
  server = await startTestServer({ file: describePage })
  stack.defer(() => server.stop())
  stack.use(await serveTodos({ port, resource, issuer: `${server.baseUrl}/as/todos` }))
})
afterAll(() => stack.disposeAsync())

describe('VS Code', () => {
  /** What VS Code 1.123 reads from its two files. It asks the user for the secret at the MCP server's authorization server. */
  function readSettings() {
    const { issuer, clientId, clientSecret } = JSON.parse(readFile('settings.json'))[
      'mcp.enterpriseManagedAuth.idp'
    ]
    const { url, oauth } = JSON.parse(readFile('mcp.json')).servers.todos
    const { clients } = parse(readSnippet(server.baseUrl, 1)).authorizationServers[0]
    return {
      ...{ issuer, url },
      atIdp: { client_id: clientId, client_secret: clientSecret },
      atServer: { client_id: oauth.clientId, client_secret: clients[0].auth.secret },
    }
  }

  async function obtainIdToken() {
    const { issuer, atIdp } = readSettings()
    const metadata = await readMetadata(`${issuer}/.well-known/oauth-authorization-server`)
    const redirectUri = `http://127.0.0.1:${await findFreePort()}/`
    const codeVerifier = randomBytes(32).toString('base64url')
    const query = new URLSearchParams({
      ...{ client_id: atIdp.client_id, response_type: 'code', redirect_uri: redirectUri, state: 'state' },
      ...{ scope: 'openid offline_access', code_challenge_method: 'S256' },
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    })
    const url = `${metadata['authorization_endpoint']}?${query}`
    const { code } = await walk(url, { redirectUri, username: 'alice', password: PASSWORD })
    const tokenEndpoint = metadata['token_endpoint'] ?? ''
    const form = { grant_type: GRANT_TYPE.authorizationCode, code: code ?? '', redirect_uri: redirectUri }
    const first = await postForm(tokenEndpoint, { ...atIdp, ...form, code_verifier: codeVerifier })
    const refreshToken = String(first.body['refresh_token'])
    const refresh = { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken }
    const { body } = await postForm(tokenEndpoint, { ...atIdp, ...refresh })
    return { tokenEndpoint, idToken: String(body['id_token']) }
  }

  async function exchange() {
    const { url, atIdp } = readSettings()
    const { tokenEndpoint, idToken } = await obtainIdToken()
    const {
      authorization_servers: [audience],
      scopes_supported: scopes,
    } = (await (await fetch(new URL('/.well-known/oauth-protected-resource/mcp', url))).json()) as {
      authorization_servers: [string]
      scopes_supported: string[]
    }
    const answer = await postForm(tokenEndpoint, {
      ...atIdp,
      ...{ grant_type: GRANT_TYPE.tokenExchange, requested_token_type: TOKEN_TYPE.idJag },
      ...{ subject_token: idToken, subject_token_type: TOKEN_TYPE.idToken },
      ...{ audience, resource: url, scope: scopes.join(' ') },
    })
    return { audience, scope: scopes.join(' '), answer }
  }

  it('opens an MCP session with the two files of the page', async () => {
    const { url, atServer } = readSettings()
    const { audience, scope, answer } = await exchange()
    expect(answer).toMatchObject({ status: 200, body: { issued_token_type: TOKEN_TYPE.idJag } })
    const { origin, pathname } = new URL(audience)
    const metadata = await readMetadata(`${origin}/.well-known/oauth-authorization-server${pathname}`)
    const grant = { grant_type: GRANT_TYPE.jwtBearer, assertion: String(answer.body['access_token']) }
    const form = { ...atServer, ...grant, resource: url, scope }
    const redeemed = await postForm(metadata['token_endpoint'] ?? '', form)
    expect((await initializeMcp(url, String(redeemed.body['access_token']))).status).toBe(200)
    expect((await initializeMcp(url, 'another-token')).status).toBe(401)
  })

  it('gets no ID-JAG while the connection is suspended', async () => {
    const act = (name: string) =>
      adminOf(server.baseUrl)('POST', `/connections/vscode-todos/${name}`, { body: {} })
    await act('suspend')
    const { answer } = await exchange()
    await act('resume')
    expect(answer).toMatchObject({ status: 400, body: { error: 'access_denied' } })
    const decision = answer.headers.get('crosswalk-decision') ?? ''
    expect((await adminOf(server.baseUrl)('GET', `/decisions/${decision}`)).body.code).toBe('XAA1403')
  })
})

if (!existsSync(INSPECTOR))
  console.warn(
    'skipped: no MCP Inspector found (CROSSWALK_TEST_INSPECTOR: the folder of its npm package, 2.x)',
  )

describeWith(existsSync(INSPECTOR))('MCP Inspector', () => {
  it('lists the tools with the two files of the page', { timeout: SIGN_IN_MS }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-inspector-'))
    stack.defer(() => rmSync(folder, { recursive: true }))
    for (const name of ['client.json', 'servers.json']) writeFileSync(join(folder, name), readFile(name))
    const command =
      SNIPPETS.find(({ language }) => language === 'sh')
        ?.code.trim()
        .split(' ') ?? []
    const redirectUri = `http://127.0.0.1:${await findFreePort()}/oauth/callback`
    const launcher = join(INSPECTOR, 'clients/launcher/build/index.js')
    const args = [launcher, ...command.slice(2), '--callback-url', redirectUri, '--format', 'json']
    // It opens no browser if there is none to open, and prints the address in either case.
    const settings = {
      MCP_INSPECTOR_SECRET_STORE: 'memory',
      MCP_AUTO_OPEN_ENABLED: 'true',
      HOME: folder,
      PATH: '',
    }
    const child = spawn(process.execPath, args, { cwd: folder, env: settings })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
    const ended = once(child, 'close')

    await expect.poll(() => printed, { timeout: SIGN_IN_MS }).toMatch(/https?:\S+\/authorize\?\S+/)
    const [url = ''] = /https?:\S+\/authorize\?\S+/.exec(printed) ?? []
    const { arrivedAt = '' } = await walk(url, { redirectUri, username: 'alice', password: PASSWORD })
    await fetch(arrivedAt)
    const [code] = await ended
    expect([code, printed]).toEqual([0, expect.stringContaining('"name":"list_todos"')])
  })
})
