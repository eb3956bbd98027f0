// MCP clients that a company configures for its users, as the how-to says: the requests of VS Code and Claude Code, and
// the official MCP Inspector, which runs the same flow.
import { spawn } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

import { describeWith } from '../../../tools/test-programs.ts'
import { adminOf } from '../admin/admin.ts'
import { readSnippets } from '../packages/snippets.ts'
import { addCodeFlow, openAsUser, pressConsent } from '../support/code-flow.ts'
import { company, PASSWORD } from '../support/company.ts'
import { basic, type ClientCredentials, postForm, readMetadata } from '../support/flow.ts'
import { walk } from '../support/form-walker.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { readWords } from '../support/user-browser.ts'
import { initializeMcp } from './support/initialize-mcp.ts'
import { serveTodos } from './support/serve-todos.ts'
import { API } from './support/todos-company.ts'

const INSPECTOR = process.env['CROSSWALK_TEST_INSPECTOR'] ?? ''
const SNIPPETS = readSnippets(new URL('../../../docs/how-to/mcp-clients.md', import.meta.url))
const SIGN_IN_MS = 60_000

const stack = new AsyncDisposableStack()
let server: TestServer
let resource: string

beforeAll(async () => {
  const port = await findFreePort()
  resource = `http://127.0.0.1:${port}/mcp`
  server = await startTestServer({ file: describePage })
  stack.defer(() => server.stop())
  stack.use(await serveTodos({ port, resource, issuer: `${server.baseUrl}/as/vendor` }))
})
afterAll(() => stack.disposeAsync())

/** @returns the code of a block with the addresses of this test */
function readSnippet(wanted: (snippet: { info: string; code: string }) => boolean, baseUrl = server.baseUrl) {
  const { code } = SNIPPETS.find(wanted) ?? { code: '' }
  return code
    .replaceAll('https://todos.example/mcp', resource)
    .replaceAll('https://todos.example', `${baseUrl}/as/vendor`)
    .replaceAll('https://idp.acme.example', baseUrl)
}
const readFile = (name: string) => readSnippet(({ info }) => info === name)
const readConfiguration = (section: string, baseUrl?: string) =>
  parse(readSnippet(({ code }) => code.startsWith(`${section}:`), baseUrl))

/** Both servers of the page in one, which also lets clients register themselves for the code flow */
function describePage(baseUrl: string) {
  const { admin, idp } = company(baseUrl) as { admin: unknown; idp: { users: unknown } }
  const page = readConfiguration('idp', baseUrl)
  page.idp.apps[0].redirectUris.push('http://127.0.0.1/oauth/callback')
  const vendor = readConfiguration('authorizationServers', baseUrl)
  const api = { id: API.id, auth: { method: 'client_secret_basic', secret: API.secret } }
  vendor.authorizationServers[0].id = 'vendor'
  vendor.authorizationServers[0].clients.push({ ...api, introspects: [resource] })
  const file = { admin, idp: { ...page.idp, users: idp.users }, ...vendor }
  return addCodeFlow(baseUrl, file, { dynamicRegistration: { redirects: ['loopback'] } })
}

interface McpClient {
  readonly name: string
  /** Id of the connection */
  readonly connection: string
  readonly signInScope: string
  buildRedirectUri(port: number): string
  /** What it reads from its files and commands */
  readSettings(): Settings
  /** How it sends secrets with a code, an ID token and an ID-JAG */
  readonly sends: Readonly<Record<'code' | 'idToken' | 'idJag', 'in the form' | 'in the header'>>
  readonly sendsScope: boolean
}

interface Settings {
  readonly issuer: string
  readonly url: string
  readonly atIdp: ClientCredentials
  readonly atServer: ClientCredentials
}

const CLIENTS: readonly McpClient[] = [
  {
    name: 'VS Code 1.139',
    connection: 'vscode-todos',
    signInScope: 'openid offline_access',
    buildRedirectUri: (port) => `http://127.0.0.1:${port}/`,
    readSettings() {
      const { issuer, clientId, clientSecret } = JSON.parse(readFile('settings.json'))[
        'mcp.enterpriseManagedAuth.idp'
      ]
      const { url, oauth } = JSON.parse(readFile('mcp.json')).servers.todos
      // It asks the user for the secret.
      const { auth } = readConfiguration('authorizationServers').authorizationServers[0].clients[0]
      return {
        ...{ issuer, url },
        atIdp: { id: clientId, secret: clientSecret },
        atServer: { id: oauth.clientId, secret: auth.secret },
      }
    },
    sends: { code: 'in the form', idToken: 'in the form', idJag: 'in the form' },
    sendsScope: true,
  },
  {
    name: 'Claude Code 2.1',
    connection: 'claude-code-todos',
    signInScope: 'openid',
    buildRedirectUri: (port) => `http://localhost:${port}/callback`,
    readSettings() {
      const commands = readFile('claude-code')
      const read = (pattern: RegExp) => pattern.exec(commands)?.[1] ?? ''
      return {
        issuer: read(/--issuer (\S+)/),
        url: read(/--client-secret todos (\S+)/),
        atIdp: {
          id: read(/xaa setup .*--client-id (\S+)/),
          secret: read(/MCP_XAA_IDP_CLIENT_SECRET=(\S+)/),
        },
        atServer: { id: read(/--xaa --client-id (\S+)/), secret: read(/MCP_CLIENT_SECRET=(\S+)/) },
      }
    },
    sends: { code: 'in the header', idToken: 'in the form', idJag: 'in the header' },
    sendsScope: false,
  },
]

describe.each(CLIENTS)('$name', ({ connection, signInScope, sends, sendsScope, ...client }) => {
  const post = (
    url: string,
    form: Readonly<Record<string, string>>,
    { id, secret }: ClientCredentials,
    place: string,
  ) =>
    place === 'in the form'
      ? postForm(url, { ...form, client_id: id, client_secret: secret })
      : postForm(url, form, { authorization: basic({ id, secret }) })

  async function signIn() {
    const { issuer, atIdp } = client.readSettings()
    const metadata = await readMetadata(`${issuer}/.well-known/openid-configuration`)
    const redirectUri = client.buildRedirectUri(await findFreePort())
    const codeVerifier = randomBytes(32).toString('base64url')
    const query = new URLSearchParams({
      ...{ client_id: atIdp.id, response_type: 'code', redirect_uri: redirectUri, state: 'state' },
      ...{ scope: signInScope, code_challenge_method: 'S256' },
      code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    })
    const url = `${metadata['authorization_endpoint']}?${query}`
    const { code } = await walk(url, { redirectUri, username: 'alice', password: PASSWORD })
    const tokenEndpoint = metadata['token_endpoint'] ?? ''
    const grant = { grant_type: GRANT_TYPE.authorizationCode, code: code ?? '', redirect_uri: redirectUri }
    const { body } = await post(tokenEndpoint, { ...grant, code_verifier: codeVerifier }, atIdp, sends.code)
    return { tokenEndpoint, atIdp, body }
  }

  async function exchange() {
    const { url } = client.readSettings()
    const { tokenEndpoint, atIdp, body } = await signIn()
    const metadata = await fetch(new URL('/.well-known/oauth-protected-resource/mcp', url))
    const { authorization_servers, scopes_supported } = (await metadata.json()) as {
      authorization_servers: [string]
      scopes_supported: string[]
    }
    const [audience] = authorization_servers
    const scope: Record<string, string> = sendsScope ? { scope: scopes_supported.join(' ') } : {}
    const form = {
      ...{ grant_type: GRANT_TYPE.tokenExchange, requested_token_type: TOKEN_TYPE.idJag },
      ...{ subject_token: String(body['id_token']), subject_token_type: TOKEN_TYPE.idToken },
      ...{ audience, resource: url, ...scope },
    }
    return { audience, scope, answer: await post(tokenEndpoint, form, atIdp, sends.idToken) }
  }

  it('opens an MCP session with the settings of the page', async () => {
    const { url, atServer } = client.readSettings()
    const { audience, scope, answer } = await exchange()
    expect(answer).toMatchObject({ status: 200, body: { issued_token_type: TOKEN_TYPE.idJag } })
    const { origin, pathname } = new URL(audience)
    const metadata = await readMetadata(`${origin}/.well-known/oauth-authorization-server${pathname}`)
    const grant = { grant_type: GRANT_TYPE.jwtBearer, assertion: String(answer.body['access_token']) }
    const form = { ...grant, ...(sendsScope ? { resource: url, ...scope } : {}) }
    const redeemed = await post(metadata['token_endpoint'] ?? '', form, atServer, sends.idJag)
    expect((await initializeMcp(url, String(redeemed.body['access_token']))).status).toBe(200)
    expect((await initializeMcp(url, 'another-token')).status).toBe(401)
  })

  it('stays signed in for the day', async () => {
    const { tokenEndpoint, atIdp, body } = await signIn()
    const { iat = 0, exp = 0 } = decodeJwt(String(body['id_token']))
    const refreshToken = body['refresh_token']
    if (refreshToken === undefined) return expect(exp - iat).toBe(8 * 3600)
    const grant = { grant_type: GRANT_TYPE.refreshToken, refresh_token: String(refreshToken) }
    const renewed = await post(tokenEndpoint, grant, atIdp, sends.code)
    expect(renewed).toMatchObject({ status: 200, body: { id_token: expect.any(String) } })
  })

  it('gets no ID-JAG while the connection is suspended', async () => {
    const admin = adminOf(server.baseUrl)
    await admin('POST', `/connections/${connection}/suspend`, { body: {} })
    const { answer } = await exchange()
    await admin('POST', `/connections/${connection}/resume`, { body: {} })
    expect(answer).toMatchObject({ status: 400, body: { error: 'access_denied' } })
    const decision = answer.headers.get('crosswalk-decision') ?? ''
    expect((await admin('GET', `/decisions/${decision}`)).body.code).toBe('XAA1403')
  })
})

if (!existsSync(INSPECTOR))
  console.warn(
    'skipped: no MCP Inspector found (CROSSWALK_TEST_INSPECTOR: the folder of its npm package, 2.x)',
  )

describeWith(existsSync(INSPECTOR))('MCP Inspector', () => {
  /** @param visit - opens the page for the user, and returns the address to which it sends them back */
  async function runInspector(
    options: readonly string[],
    visit: (url: string, redirectUri: string) => Promise<string>,
  ) {
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-inspector-'))
    stack.defer(() => rmSync(folder, { recursive: true }))
    for (const name of ['client.json', 'servers.json']) writeFileSync(join(folder, name), readFile(name))
    const launcher = join(INSPECTOR, 'clients/launcher/build/index.js')
    const redirectUri = `http://127.0.0.1:${await findFreePort()}/oauth/callback`
    const args = [launcher, ...options, '--callback-url', redirectUri, '--format', 'json']
    // Without a program that opens a browser, it prints the address.
    const child = spawn(process.execPath, args, {
      cwd: folder,
      env: {
        ...{ HOME: folder, PATH: '' },
        ...{ MCP_AUTO_OPEN_ENABLED: 'true', MCP_INSPECTOR_SECRET_STORE: 'memory' },
      },
    })
    let printed = ''
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => (printed += text))
    const ended = once(child, 'close')
    const findAddress = () => /https?:\S+\/authorize\?\S+/.exec(printed)?.[0] ?? ''
    await expect.poll(findAddress, { timeout: SIGN_IN_MS }).not.toBe('')
    await fetch(await visit(findAddress(), redirectUri))
    const [code] = await ended
    return [code, printed]
  }

  it('lists the tools with the files and the command of the page', { timeout: SIGN_IN_MS }, async () => {
    const [, , ...options] = readFile('inspector').trim().split(' ')
    const outcome = await runInspector(options, async (url, redirectUri) => {
      const { arrivedAt } = await walk(url, { redirectUri, username: 'alice', password: PASSWORD })
      return arrivedAt ?? ''
    })
    expect(outcome).toEqual([0, expect.stringContaining('"name":"list_todos"')])
  })

  it(
    'lists the tools after the consent of the user, registered by itself',
    { timeout: SIGN_IN_MS },
    async () => {
      const options = ['--cli', '--server-url', resource, '--method', 'tools/list']
      const outcome = await runInspector(options, async (url) => {
        const jar = new Map<string, string>()
        const { page = '' } = await openAsUser(url, 'alice', jar)
        expect(readWords(page)).toContain('Allow MCP Inspector to use')
        return (await pressConsent(page, jar)).headers.get('location') ?? ''
      })
      expect(outcome).toEqual([0, expect.stringContaining('"name":"list_todos"')])
    },
  )
})
