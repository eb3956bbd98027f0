// `crosswalk connection prove`: runs the flow of one connection, given only its id.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, TODO } from '../support/company.ts'
import { signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { type Api, startApi } from './api.ts'
import { crosswalk } from './run-crosswalk.ts'

let server: TestServer
let api: Api
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
  api = await startApi({ jwksUri: () => `${server.baseUrl}/as/vendor/jwks`, audience: TODO })
})
afterAll(async () => {
  await api.stop()
  await server.stop()
})

const ENV = {
  CROSSWALK_IDP_SECRET: AGENT.secret,
  CROSSWALK_AS_SECRET: AGENT_AT_VENDOR.secret,
  CROSSWALK_ADMIN_TOKEN: 'an admin token of more than 32 characters',
}
const connection = (args: readonly string[], stdin = '') =>
  crosswalk(['connection', ...args, '--server', server.baseUrl], { env: ENV, stdin })

describe('connection prove', () => {
  it('runs every leg, and says that the connection was used', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    const proved = await connection(['prove', 'agent0-todo0', '--call', api.url], idToken)
    expect(proved.exitCode).toBe(0)
    expect(proved.out).toMatch(/✓ 1 {2}ID token → ID-JAG[^]*✓ 2 [^]*✓ 3 /)
    expect(proved.err).toMatch(/^✓ connection agent0-todo0 proved at 20\S+Z\n$/)
    const json = await connection(['prove', 'agent0-todo0', '--no-call', '-o', 'json'], idToken)
    expect(JSON.parse(json.out)).toMatchObject({ schema: 'crosswalk.flow/v1', ok: true })
  })

  it('sends the secret in the body if the app is registered for that', async () => {
    const auth = { method: 'client_secret_post', secret: AGENT_AT_VENDOR.secret }
    const clients = [{ id: AGENT_AT_VENDOR.id, auth }]
    const other = await startTestServer({ file: (url) => company(url, { authorizationServer: { clients } }) })
    try {
      const { idToken: stdin } = await signInFor(other.baseUrl, 'alice')
      const args = ['connection', 'prove', 'agent0-todo0', '--no-call', '--server', other.baseUrl]
      expect(await crosswalk(args, { env: ENV, stdin })).toMatchObject({ exitCode: 0 })
    } finally {
      await other.stop()
    }
  })

  it('exits with 3 for an unassigned user, although it worked before', async () => {
    const { idToken } = await signInFor(server.baseUrl, 'bob')
    const refused = await connection(['prove', 'agent0-todo0', '--no-call'], idToken)
    expect(refused.exitCode).toBe(3)
    expect(refused.err).toMatch(
      /why: npx crosswalk explain dec_\w+ [^]*✕ no exchange over connection agent0-todo0/,
    )
  })

  it('prompts for nothing if the connection does not exist', async () => {
    expect((await connection(['prove', 'nothing', '--no-call'], 'x')).exitCode).toBe(6)
  })
})
