// An authorization server by Authlib on the other side, as the how-to shows it.
import { type AgentSession, clientSecret, xaa } from '@crosswalk/client'
import { GRANT_TYPE } from '@crosswalk/protocol'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { describeWith } from '../../../tools/test-programs.ts'
import { AGENT } from '../support/company.ts'
import { basic, exchange, postForm, signInFor } from '../support/flow.ts'
import { findFreePort } from '../support/free-port.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { HAS_AUTHLIB, writePythonPrograms } from './support/python-program.ts'
import { describeTodosCompany } from './support/todos-company.ts'

const PAGE = new URL('../../../docs/how-to/authlib.md', import.meta.url)
const AGENT_THERE = { id: 'agent0-at-todos', secret: 'agent0 secret at the todos' }
const SCOPE = 'todos.read'
const START_MS = 120_000

if (!HAS_AUTHLIB)
  console.warn(
    'skipped: no Authlib found (CROSSWALK_TEST_PYTHON: a Python with `pip install authlib flask requests`)',
  )

describeWith(HAS_AUTHLIB)('an Authlib server', () => {
  const stack = new AsyncDisposableStack()
  const python = stack.use(writePythonPrograms(PAGE))
  let server: TestServer
  let issuer: string

  beforeAll(async () => {
    const port = await findFreePort()
    issuer = `http://127.0.0.1:${port}`
    const todos = ['api', 'other'].map((id) => ({
      id,
      issuer,
      resource: `${issuer}/${id}`,
      client: { id: AGENT_THERE.id },
    }))
    server = await startTestServer({ file: (baseUrl) => describeTodosCompany(baseUrl, { todos }) })
    stack.defer(() => server.stop())
    const settings = {
      IDP: server.baseUrl,
      ISSUER: issuer,
      PORT: `${port}`,
      AGENT_SECRET: AGENT_THERE.secret,
    }
    await python.serve('server.py', { ...settings, AUTHLIB_INSECURE_TRANSPORT: '1' }, issuer)
  }, START_MS)
  afterAll(() => stack.disposeAsync())

  const connect = async (username: string): Promise<AgentSession> => {
    const { idToken } = await signInFor(server.baseUrl, username)
    return xaa({
      idp: server.baseUrl,
      client: { id: AGENT.id, auth: clientSecret(AGENT.secret) },
      resources: { [issuer]: { clientId: AGENT_THERE.id, auth: clientSecret(AGENT_THERE.secret) } },
    }).as({ getSubjectToken: () => idToken })
  }
  const obtainIdJag = async (product: 'api' | 'other') => {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const target = { audience: issuer, resource: `${issuer}/${product}`, scope: SCOPE }
    const { body } = await exchange(server.baseUrl, idToken, target)
    return String(body['access_token'])
  }
  const redeem = (assertion: string) =>
    postForm(
      `${issuer}/token`,
      { grant_type: GRANT_TYPE.jwtBearer, assertion },
      { authorization: basic(AGENT_THERE) },
    )

  it('lists the todos of alice, whom it knows by issuer and subject', async () => {
    const response = await (await connect('alice')).at(`${issuer}/api`, { scope: SCOPE }).fetch('/todos')
    expect(await response.json()).toEqual({
      todos_of: `usr_alice of ${server.baseUrl}`,
      client: AGENT_THERE.id,
    })
  })

  it('cannot be reached for bob, whom the IdP denies access', async () => {
    const token = (await connect('bob')).at(`${issuer}/api`, { scope: SCOPE }).token()
    await expect(token).rejects.toMatchObject({ leg: 'exchange', oauthError: 'access_denied' })
  })

  it('redeems an ID-JAG once', async () => {
    const idJag = await obtainIdJag('api')
    expect((await redeem(idJag)).status).toBe(200)
    expect(await redeem(idJag)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'JWT has already been used (jti replay)' },
    })
  })

  it('refuses the ID-JAG of another product behind its issuer', async () => {
    expect(await redeem(await obtainIdJag('other'))).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: expect.stringContaining('Permission denied') },
    })
  })

  it('refuses an ID token, whose type is another one', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    expect(await redeem(idToken)).toMatchObject({
      status: 400,
      body: { error: 'invalid_grant', error_description: expect.stringContaining("Invalid 'typ' header") },
    })
  })
})
