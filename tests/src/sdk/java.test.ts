// A client and a resource server in Java, as the how-to shows them: Nimbus OAuth 2.0 SDK, and Spring Security.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { privateKeyJwt, xaa } from '@crosswalk/client'
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'
import type { JWK } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { describeWith } from '../../../tools/test-programs.ts'
import { adminOf } from '../admin/admin.ts'
import { readSnippets } from '../packages/snippets.ts'
import { AGENT, PASSWORD, REDIRECT_URI } from '../support/company.ts'
import { postForm } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import type { ForeignPrograms } from './support/foreign-programs.ts'
import { buildJavaPrograms, HAS_JAVA } from './support/java-program.ts'
import { openAgent, openAgentElsewhere } from './support/open-agent.ts'
import { API, describeTodosCompany } from './support/todos-company.ts'

const PAGE = new URL('../../../docs/how-to/java.md', import.meta.url)
const POM = new URL('../../java/pom.xml', import.meta.url)
const AGENT_THERE = 'agent0-at-todos'
const START_MS = 300_000

it('the page lists the libraries that the tests use', () => {
  const [pom] = readSnippets(PAGE).filter(({ info }) => info === 'pom.xml')
  expect(pom?.code).toBe(readFileSync(POM, 'utf8'))
})

if (!HAS_JAVA) console.warn('skipped: no libraries for Java (CROSSWALK_TEST_JAVA, see CONTRIBUTING.md)')

describeWith(HAS_JAVA)('Java', () => {
  const stack = new AsyncDisposableStack()
  let java: ForeignPrograms
  let server: TestServer
  let key: JWK
  let keyFile: string
  let issuer: string
  let agent: string
  let api: string
  let notes: string

  beforeAll(async () => {
    java = stack.use(await buildJavaPrograms(PAGE))
    const lines = (await java.run('NewKey', {})).printed.trim().split('\n')
    const [keySet = '', keyText = ''] = lines.toSorted((a) => (a.startsWith('{"keys"') ? -1 : 1))
    key = JSON.parse(keyText) as JWK
    const folder = mkdtempSync(join(tmpdir(), 'crosswalk-java-key-'))
    stack.defer(() => rmSync(folder, { recursive: true }))
    keyFile = join(folder, 'key.json')
    writeFileSync(keyFile, keyText)

    const [agentPort, apiPort] = [await findFreePort(), await findFreePort()]
    agent = `http://127.0.0.1:${agentPort}`
    api = `http://127.0.0.1:${apiPort}/api`
    notes = 'http://127.0.0.1:7703/notes'
    const auth = { method: 'private_key_jwt', jwks: JSON.parse(keySet) as unknown }
    const client = { id: AGENT_THERE, auth }
    const todos = [
      { id: 'api', resource: api, client },
      { id: 'notes', resource: notes, client: { ...client, id: 'agent0-at-notes' } },
    ]
    server = await startTestServer({
      file: (baseUrl) => describeTodosCompany(baseUrl, { agent, auth, todos }),
    })
    stack.defer(() => server.stop())
    issuer = `${server.baseUrl}/as/vendor`
    const ofBoth = { ISSUER: issuer, RESOURCE: api }
    const ofAgent = {
      IDP: server.baseUrl,
      CLIENT: AGENT.id,
      CLIENT_THERE: AGENT_THERE,
      KEY: keyFile,
    }
    const ofApi = { API_CLIENT: API.id, API_SECRET: API.secret, SERVER_PORT: `${apiPort}` }
    await Promise.all([
      java.serve('Agent', { ...ofBoth, ...ofAgent, SELF: agent }, agent),
      java.serve('todos.Api', { ...ofBoth, ...ofApi }, api),
    ])
  }, START_MS)
  afterAll(() => stack.disposeAsync())

  const post = async (at: string, clientId: string, form: Readonly<Record<string, string>>) => {
    const tokenEndpoint = `${at}/token`
    const context = { clientId, issuer: at, tokenEndpoint, nowSeconds: Math.floor(Date.now() / 1000) }
    return postForm(tokenEndpoint, { ...form, ...(await privateKeyJwt(key).build(context)).params })
  }

  async function getIdToken(): Promise<string> {
    const { code, codeVerifier } = await signIn({
      authorizationEndpoint: `${server.baseUrl}/authorize`,
      clientId: AGENT.id,
      redirectUri: REDIRECT_URI,
      username: 'alice',
      password: PASSWORD,
    })
    const form = { grant_type: GRANT_TYPE.authorizationCode, redirect_uri: REDIRECT_URI, code: code ?? '' }
    return String(
      (await post(server.baseUrl, AGENT.id, { ...form, code_verifier: codeVerifier })).body['id_token'],
    )
  }

  async function getIdJag(resource: string, scope: string): Promise<string> {
    const { body } = await post(server.baseUrl, AGENT.id, {
      ...{ grant_type: GRANT_TYPE.tokenExchange, requested_token_type: TOKEN_TYPE.idJag },
      ...{ subject_token: await getIdToken(), subject_token_type: TOKEN_TYPE.idToken },
      ...{ audience: issuer, resource, scope },
    })
    return String(body['access_token'])
  }

  async function getToken(resource: string, scope = 'todos.read'): Promise<string> {
    const assertion = await getIdJag(resource, scope)
    const client = resource === api ? AGENT_THERE : 'agent0-at-notes'
    return String(
      (await post(issuer, client, { grant_type: GRANT_TYPE.jwtBearer, assertion })).body['access_token'],
    )
  }

  const call = async (token: string) => {
    const { status, headers } = await fetch(api, { headers: { authorization: `Bearer ${token}` } })
    return { status, challenge: headers.get('www-authenticate') ?? '' }
  }

  const verify = async (token: string) =>
    (await java.run('Verify', { ISSUER: issuer, RESOURCE: api, TOKEN: token })).printed

  describe('an agent with Nimbus', () => {
    it('signs alice in and shows her todos', async () => {
      expect(await openAgent(agent, 'alice')).toEqual({
        status: 200,
        text: expect.stringMatching(/^todos of acc_\S+, for agent0-at-todos$/),
      })
    })

    it('tells bob that he is denied, and where he can request access', async () => {
      const { status, text } = await openAgent(agent, 'bob')
      expect(status).toBe(403)
      expect(text).toContain(`Your company does not allow this. ${server.baseUrl}/me/ask?`)
    })

    it('rejects a sign-in that another browser started', async () => {
      expect(await openAgentElsewhere(agent, 'alice')).toMatchObject({ status: 400 })
    })
  })

  describe('an API with Spring', () => {
    it.each([
      ['a bearer token', false, 'Bearer'],
      ['a token bound to a key', true, 'DPoP'],
    ])(
      'challenges our client, which finds the authorization server and calls with %s',
      async (_, dpop, type) => {
        const idToken = await getIdToken()
        const auth = privateKeyJwt(key)
        const todos = xaa({
          idp: server.baseUrl,
          client: { id: AGENT.id, auth },
          resources: { [issuer]: { clientId: AGENT_THERE, auth } },
          dpop,
        })
          .as({ getSubjectToken: () => idToken })
          .at(api, { scope: 'todos.read' })
        expect(await (await todos.fetch('')).text()).toMatch(/^todos of acc_\S+, for agent0-at-todos$/)
        const { tokenType, value } = await todos.token()
        expect(tokenType).toBe(type)
        const asBearer = value.reveal()
        expect((await call(asBearer)).status).toBe(dpop ? 401 : 200)
        expect(await verify(asBearer)).toMatch(dpop ? /cnf/ : /^todos of/m)
      },
    )

    it('rejects a token for another resource of the same authorization server', async () => {
      expect(await call(await getToken(api))).toMatchObject({ status: 200 })
      expect(await call(await getToken(notes))).toEqual({
        status: 401,
        challenge: expect.stringMatching(/error="invalid_token".*aud/),
      })
    })

    it('rejects a token without the scope', async () => {
      expect(await call(await getToken(api, 'todos.read todos.write'))).toMatchObject({ status: 200 })
      expect(await call(await getToken(api, 'todos.write'))).toEqual({
        status: 403,
        challenge: expect.stringContaining('error="insufficient_scope"'),
      })
    })
  })

  describe('a verifier with Nimbus', () => {
    it('accepts an access token for its resource, and no ID-JAG', async () => {
      expect(await verify(await getToken(api))).toMatch(/^todos of acc_\S+, for agent0-at-todos$/m)
      expect(await verify(await getToken(notes))).toContain('JWT aud claim rejected')
      expect(await verify(await getIdJag(api, 'todos.read'))).toContain('oauth-id-jag+jwt not allowed')
    })
  })

  it('Nimbus redeems an ID-JAG once, and not with a client assertion for the token endpoint (IDP-25)', async () => {
    const variables = { ISSUER: issuer, CLIENT_THERE: AGENT_THERE, KEY: keyFile }
    const { printed } = await java.run('Redeem', { ...variables, ID_JAG: await getIdJag(api, 'todos.read') })
    expect(printed).toBe('401 invalid_client\nBearer 600 todos.read\n400 invalid_grant\n')
  })

  it('revoked access ends with the next request, and the agent cannot renew it', async () => {
    const token = await getToken(api)
    const tryBoth = async () => [(await call(token)).status, (await openAgent(agent, 'alice')).status]
    expect(await tryBoth()).toEqual([200, 200])
    await adminOf(server.baseUrl)('POST', '/connections/agent0-api/revoke', { body: {} })
    expect(await tryBoth()).toEqual([401, 403])
  })
})
