// The company in the tests of programs in other languages. Its agent calls several resources, behind our authorization server
// or another one, and has a separate client for each.
import { AGENT, company, REDIRECT_URI } from '../../support/company.ts'

/** May introspect the tokens for all resources; its secret has characters that HTTP Basic encodes (RFC 6749 section 2.3.1). */
export const API = { id: 'todos-api', secret: 'a secret of the API: 100% + 1' }

export interface Todos {
  /** Of the resource app, and in the id of the connection: `agent0-ID` */
  readonly id: string
  readonly resource: string
  /** Of another authorization server; by default, ours issues the tokens */
  readonly issuer?: string
  /** Of the agent at the authorization server, `auth` only at ours. Without it, the agent is not connected yet. */
  readonly client?: { readonly id: string; readonly auth?: Readonly<Record<string, unknown>> }
}

const SCOPES = ['todos.read', 'todos.write']
const assignments = { groups: ['engineering'] }

export function describeTodosCompany(
  baseUrl: string,
  {
    agent,
    auth = { method: 'client_secret_basic', secret: AGENT.secret },
    api = API,
    apps = [],
    todos,
  }: {
    /** Address of the agent, if it has a page, whose callback is `/callback` */
    readonly agent?: string
    /** How the agent authenticates at the IdP */
    readonly auth?: Readonly<Record<string, unknown>>
    readonly api?: typeof API
    /** In addition to the agent */
    readonly apps?: readonly Readonly<Record<string, unknown>>[]
    readonly todos: readonly Todos[]
  },
): Record<string, unknown> {
  const ours = todos.filter(({ issuer }) => issuer === undefined)
  return company(baseUrl, {
    idp: {
      apps: [
        {
          ...{ id: AGENT.id, name: 'Agent0', kind: 'agent', auth, assignments: { everyone: true } },
          redirectUris: [...(agent === undefined ? [] : [`${agent}/callback`]), REDIRECT_URI],
        },
        ...apps,
      ],
      resourceApps: todos.map(({ id, resource, issuer = `${baseUrl}/as/vendor` }) => ({
        ...{ id, name: id, issuer, assignments },
        resources: [{ id: resource, scopes: SCOPES }],
      })),
      connections: todos.flatMap((it) =>
        it.client === undefined ? [] : [describeConnection(it, it.client.id)],
      ),
    },
    authorizationServer: {
      clients: [
        ...ours.flatMap(({ client }) => client ?? []),
        {
          ...{ id: api.id, auth: { method: 'client_secret_basic', secret: api.secret } },
          introspects: ours.map(({ resource }) => resource),
        },
      ],
      resources: ours.map(({ resource }) => ({ id: resource, scopes: SCOPES })),
    },
  })
}

/** @param clientId - of the agent at the authorization server of the todos */
export function describeConnection({ id, resource }: Pick<Todos, 'id' | 'resource'>, clientId: string) {
  return {
    ...{ id: `agent0-${id}`, app: AGENT.id, resourceApp: id, clientId },
    ...{ resources: [resource], scopes: SCOPES, assignments, status: 'active' },
  }
}
