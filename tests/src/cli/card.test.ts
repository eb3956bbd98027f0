// `crosswalk card`: the values that the other side enters, from the live server and the presets.
import { afterAll, beforeAll, expect, it } from 'vitest'

import { ADMIN_TOKEN } from '../admin/admin.ts'
import { AGENT, AGENT_AT_VENDOR, company, REDIRECT_URI, TODO } from '../support/company.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { crosswalk } from './run-crosswalk.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => {
      const auth = { method: 'client_secret_basic', secret: 'secret of the API, which only introspects' }
      const clients = [
        { id: AGENT_AT_VENDOR.id, auth: { ...auth, secret: AGENT_AT_VENDOR.secret } },
        { id: 'todo0-api', auth, grantTypes: [], introspects: [TODO] },
      ]
      return { ...company(baseUrl, { authorizationServer: { clients } }), admin: { token: ADMIN_TOKEN } }
    },
  })
})
afterAll(() => server.stop())

function card(...args: readonly string[]) {
  return crosswalk(['card', ...args, '--server', server.baseUrl], {
    env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
  })
}

interface Values {
  readonly field: string
  readonly label: string
  readonly values: readonly string[]
}

async function valuesOf(
  ...args: readonly string[]
): Promise<Record<string, readonly [string, readonly string[]]>> {
  const { exitCode, out, err } = await card(...args, '-o', 'json')
  expect([exitCode, err]).toEqual([0, ''])
  const { values } = JSON.parse(out) as { readonly values: readonly Values[] }
  return Object.fromEntries(values.map(({ field, label, values: all }) => [field, [label, all]]))
}

it('of a connection tells the authorization server whom to trust, in its own terms', async () => {
  const connection = 'agent0-todo0'
  const { issuer, jwksUri, clientId, audience } = await valuesOf(
    '--connection',
    connection,
    '--for',
    'keycloak',
  )
  expect(issuer).toEqual(['config.issuer', [server.baseUrl]])
  expect(jwksUri).toEqual(['config.jwksUrl', [`${server.baseUrl}/jwks`]])
  expect(clientId?.[0]).toBe('clientId')
  expect(audience?.[1]).toEqual([`${server.baseUrl}/as/vendor`])
  const { out } = await card('--connection', connection, '--for', 'keycloak')
  expect(out).toContain('Keycloak accepts ID-JAGs from this identity provider. Enter there:')
  expect(out).toMatch(/1\. Start Keycloak with .*identity-assertion-jwt/)
})

it('of an authorization server tells the identity provider what to register', async () => {
  const values = await valuesOf('--authorization-server', 'vendor', '--for', 'okta')
  expect(values['issuer']).toEqual(['Issuer URL', [`${server.baseUrl}/as/vendor`]])
  expect(values['clientId']?.[1]).toEqual([AGENT_AT_VENDOR.id])
  expect(values['scopes']?.[1]).toContain('todos.read')
  expect(values['resource']?.[1]).toContain(TODO)
})

it('of an app lists its redirect URIs and logout endpoints', async () => {
  expect(await valuesOf('--app', AGENT.id, '--for', 'entra')).toEqual({
    redirectUri: ['Redirect URI', [REDIRECT_URI]],
    logoutUri: ['Back-channel logout URI', [`${server.baseUrl}/upstream/logout`]],
  })
})

it.each<[string, readonly string[], string]>([
  ['no object', [], 'select exactly one object'],
  ['two things', ['--app', 'a', '--connection', 'b'], 'select exactly one object'],
  ['a product without that role', ['--app', 'a', '--for', 'claude'], 'Claude does not sign users in'],
])('%s is refused with what to do', async (_, args, problem) => {
  const { exitCode, err } = await card(...args)
  expect([exitCode, err]).toEqual([2, expect.stringContaining(problem)])
})
