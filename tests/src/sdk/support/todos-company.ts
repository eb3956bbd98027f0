// The company in the tests of programs in other languages. Its agent calls several resources behind one authorization
// server, and has a separate client for each.
import { AGENT, company, REDIRECT_URI } from '../../support/company.ts'

/** May introspect the tokens for all resources; its secret has characters that HTTP Basic encodes (RFC 6749 section 2.3.1). */
export const API = { id: 'todos-api', secret: 'a secret of the API: 100% + 1' }

export interface Todos {
  /** Of the resource app, and in the id of the connection: `agent0-ID` */
  readonly id: string
  readonly resource: string
  readonly client: { readonly id: string; readonly auth: Readonly<Record<string, unknown>> }
}

const SCOPES = ['todos.read', 'todos.write']

export function describeTodosCompany(
  baseUrl: string,
  {
    agent,
    auth = { method: 'client_secret_basic', secret: AGENT.secret },
    todos,
  }: {
    /** Address of the agent, whose callback is `/callback` */
    readonly agent: string
    /** How the agent authenticates at the IdP */
    readonly auth?: Readonly<Record<string, unknown>>
    readonly todos: readonly Todos[]
  },
): Record<string, unknown> {
  const assignments = { groups: ['engineering'] }
  return company(baseUrl, {
    idp: {
      apps: [
        {
          ...{ id: AGENT.id, name: 'Agent0', kind: 'agent', auth, assignments: { everyone: true } },
          redirectUris: [`${agent}/callback`, REDIRECT_URI],
        },
      ],
      resourceApps: todos.map(({ id, resource }) => ({
        ...{ id, name: id, issuer: `${baseUrl}/as/vendor`, assignments },
        resources: [{ id: resource, scopes: SCOPES }],
      })),
      connections: todos.map(({ id, resource, client }) => ({
        ...{ id: `agent0-${id}`, app: AGENT.id, resourceApp: id, clientId: client.id },
        ...{ resources: [resource], scopes: SCOPES, assignments, status: 'active' },
      })),
    },
    authorizationServer: {
      clients: [
        ...todos.map(({ client }) => client),
        {
          ...{ id: API.id, auth: { method: 'client_secret_basic', secret: API.secret } },
          introspects: todos.map(({ resource }) => resource),
        },
      ],
      resources: todos.map(({ resource }) => ({ id: resource, scopes: SCOPES })),
    },
  })
}
