// The company with a chain of apps: Agent0 calls Todo0, whose API asks Notes0 for the same user, whose API asks Files0.
import { TOKEN_TYPE } from '@crosswalk/protocol'

import { company, NOTES, TODO } from './company.ts'
import { type Answer, type ClientCredentials, exchange, redeem } from './flow.ts'

export const FILES = 'http://127.0.0.1:7704/mcp'
export const TODO_API = { id: 'todo0-api', secret: 'secret of the Todo0 API at the IdP' }
export const TODO_API_AT_VENDOR = {
  id: 'todo0-api-at-vendor',
  secret: 'secret of the Todo0 API at the vendor',
}
export const NOTES_API = { id: 'notes0-api', secret: 'secret of the Notes0 API at the IdP' }
export const NOTES_API_AT_VENDOR = {
  id: 'notes0-api-at-vendor',
  secret: 'secret of the Notes0 API at the vendor',
}

const everyone = { everyone: true }
const basicAuth = ({ secret }: ClientCredentials) => ({ method: 'client_secret_basic', secret })

export function chainedCompany(baseUrl: string) {
  const file = company(baseUrl) as {
    idp: { apps: object[]; resourceApps: object[]; connections: object[] }
    authorizationServers: [{ clients: object[]; resources: object[] }]
  }
  const [vendor] = file.authorizationServers
  const api = (client: ClientCredentials, serviceOf: string) => ({
    ...{ id: client.id, name: `API of ${serviceOf}`, kind: 'service', auth: basicAuth(client) },
    ...{ serviceOf, assignments: everyone },
  })
  file.idp.apps.push(api(TODO_API, 'todo0'), api(NOTES_API, 'notes0'))
  file.idp.resourceApps.push({
    ...{ id: 'files0', name: 'Files0', issuer: `${baseUrl}/as/vendor`, assignments: everyone },
    resources: [{ id: FILES, scopes: ['files.read'] }],
  })
  const active = { assignments: everyone, status: 'active' }
  file.idp.connections.push(
    {
      ...{ id: 'todo0-notes0', app: TODO_API.id, resourceApp: 'notes0', clientId: TODO_API_AT_VENDOR.id },
      ...{ resources: [NOTES], scopes: ['notes.read', 'notes.write'], ...active },
      delegation: { scopes: { 'notes.read': ['todos.read'], 'notes.write': ['todos.write'] } },
    },
    {
      ...{ id: 'notes0-files0', app: NOTES_API.id, resourceApp: 'files0', clientId: NOTES_API_AT_VENDOR.id },
      ...{ resources: [FILES], scopes: ['files.read'], ...active },
      delegation: { maxDepth: 2, scopes: { 'files.read': ['notes.read'] } },
    },
  )
  vendor.clients.push(
    ...[TODO_API_AT_VENDOR, NOTES_API_AT_VENDOR].map((client) => ({
      id: client.id,
      auth: basicAuth(client),
    })),
  )
  vendor.resources.push({ id: FILES, scopes: ['files.read'] })
  return file as unknown as Record<string, unknown>
}

/** @returns Agent0's access token for Todo0 */
export async function getAccessToken(
  baseUrl: string,
  idToken: string,
  form: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { body } = await exchange(baseUrl, idToken, { resource: TODO, ...form })
  return String((await redeem(baseUrl, String(body.access_token))).body.access_token)
}

/** The API that received a token requests access to the next resource. */
export function exchangeAccessToken(
  baseUrl: string,
  token: string,
  form: Readonly<Record<string, string>> = {},
  client: ClientCredentials = TODO_API,
): Promise<Answer> {
  const type = { subject_token_type: TOKEN_TYPE.accessToken }
  return exchange(baseUrl, token, { resource: NOTES, ...type, ...form }, client)
}
