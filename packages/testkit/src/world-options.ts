// The options of a world, and its defaults: the company acme with alice and bob, Agent0, and the vendor of Todo0. They
// become the definitions of real servers.
import type { IdpDefinition, ConfiguredUser } from '@crosswalk/idp'
import type { Xaa } from '@crosswalk/resource'
import type { ResourceAsDefinition } from '@crosswalk/resource-as'

import type { AgentIdentity, AgentOption } from './agent-identity.ts'

export type ApiHandler = (request: Request, xaa: Xaa) => Response | Promise<Response>

/** An API, and the authorization server it trusts. */
export interface ResourceOption {
  readonly id: string
  /** Its identifier and URL; default `https://{id}.test/api` */
  readonly resource?: string
  /** Default `https://as.{id}.test`; APIs of one vendor share one */
  readonly issuer?: string
  /** Default `{id}.read` and `{id}.write`; for todo0 `todos.read` and `todos.write` */
  readonly scopes?: readonly string[]
  /** Default: answers every request with user, scopes, client and actor as JSON */
  readonly handler?: ApiHandler
  /** The parts that the world runs, default both; the test mounts the rest */
  readonly runs?: 'both' | 'authorization-server' | 'nothing'
}

/** Which agent may reach which API, and for whom. */
export interface ConnectionOption extends Partial<
  Omit<IdpDefinition['connections'][number], 'id' | 'assignments'>
> {
  readonly from: string
  readonly to: string
  /** A group, or user names; default: everyone */
  readonly people?: string | readonly string[]
  /** Default: every scope of the API */
  readonly scopes?: string[]
}

export interface WorldOptions {
  /** User names or complete definitions; default alice and bob */
  readonly users?: readonly (string | ConfiguredUser)[]
  /** User names by group; default: alice is in engineering */
  readonly groups?: Readonly<Record<string, readonly string[]>>
  /** Requesting apps; default agent0 */
  readonly agents?: readonly AgentOption[]
  /** Default todo0 */
  readonly resources?: readonly ResourceOption[]
  /** Default: agent0 reaches todo0 for engineering */
  readonly connections?: readonly ConnectionOption[]
  readonly policies?: NonNullable<IdpDefinition['policies']>
  readonly idTokenTtlSeconds?: number
  readonly accessTokenTtlSeconds?: number
  /** Changes to every authorization server; default: accounts are created at the first redemption */
  readonly authorizationServer?: Partial<ResourceAsDefinition>
  /** Start time of the world, epoch milliseconds; default: now */
  readonly startMs?: number
}

const KNOWN = {
  users: true,
  groups: true,
  agents: true,
  resources: true,
  connections: true,
  policies: true,
  idTokenTtlSeconds: true,
  accessTokenTtlSeconds: true,
  authorizationServer: true,
  startMs: true,
} satisfies Record<keyof WorldOptions, true>

/** For tests in JavaScript: a misspelt option would have no effect. */
export function refuseUnknownOptions(options: WorldOptions): void {
  const unknown = Object.keys(options).find((name) => !Object.hasOwn(KNOWN, name))
  if (unknown !== undefined)
    throw new TypeError(
      `createWorld: unknown option ${unknown}; known options: ${Object.keys(KNOWN).join(', ')}`,
    )
}

export const IDP = 'https://idp.acme.test'
export const REDIRECT_URI = 'https://agent.acme.test/callback'
export const PASSWORD = 'correct horse battery staple'

export interface Resource {
  readonly id: string
  readonly resource: string
  readonly issuer: string
  readonly scopes: readonly string[]
  readonly handler: ApiHandler
  readonly runs: 'both' | 'authorization-server' | 'nothing'
}

export function completeResources({ resources = [{ id: 'todo0' }] }: WorldOptions): readonly Resource[] {
  return resources.map(({ id, ...given }) => ({
    id,
    resource: given.resource ?? `https://${id}.test/api`,
    issuer: given.issuer ?? `https://as.${id}.test`,
    scopes: given.scopes ?? (id === 'todo0' ? ['todos.read', 'todos.write'] : [`${id}.read`, `${id}.write`]),
    handler: given.handler ?? answerWhoCalls,
    runs: given.runs ?? 'both',
  }))
}

const answerWhoCalls: ApiHandler = (_, { user, scopes, client, actor }) =>
  Response.json({ user, scopes, client, ...(actor === undefined ? {} : { actor }) })

export function buildIdpDefinition(
  options: WorldOptions,
  agents: readonly AgentIdentity[],
  resources: readonly Resource[],
): IdpDefinition {
  const { policies = [], idTokenTtlSeconds } = options
  const everyone = { everyone: true }
  return {
    issuer: IDP,
    users: buildUsers(options),
    apps: agents.map((agent) => ({
      id: agent.id,
      name: agent.id,
      kind: 'agent',
      redirectUris: [REDIRECT_URI],
      auth: agent.register(agent.id),
      assignments: everyone,
    })),
    resourceApps: resources.map(({ id, issuer, resource, scopes }) => ({
      id,
      name: id,
      issuer,
      resources: [{ id: resource, scopes: [...scopes] }],
      assignments: everyone,
    })),
    connections: buildConnections(options, agents, resources),
    policies,
    // Generating an RSA key takes a second, and no test needs one.
    signingAlgorithm: () => 'ES256',
    // Tests make sign-ins fail on purpose; none should be slowed down by it.
    failedSignInsBeforeDelay: 0,
    ...(idTokenTtlSeconds === undefined ? {} : { idTokenTtlSeconds }),
  }
}

const DEFAULT_GROUPS = { engineering: ['alice'] }

function buildUsers({
  users = ['alice', 'bob'],
  groups = DEFAULT_GROUPS,
}: WorldOptions): readonly ConfiguredUser[] {
  return users.map((user) => {
    const given = typeof user === 'string' ? { id: `usr_${user}`, username: user } : user
    const { username } = given
    const listed = Object.entries(groups).filter(([, members]) => members.includes(username))
    return {
      email: `${username}@acme.test`,
      emailVerified: true,
      password: PASSWORD,
      ...given,
      groups: [...new Set([...(given.groups ?? []), ...listed.map(([group]) => group)])],
    }
  })
}

function buildConnections(
  options: WorldOptions,
  agents: readonly AgentIdentity[],
  resources: readonly Resource[],
): IdpDefinition['connections'] {
  const byDefault = [{ from: 'agent0', to: 'todo0', people: 'engineering' }]
  const connections: readonly ConnectionOption[] = options.connections ?? byDefault
  return connections.map(({ from, to, people, ...given }) => {
    const resource = resources.find(({ id }) => id === to)
    if (resource === undefined) throw new TypeError(`connections: there is no resource ${to}`)
    const agent = agents.find(({ id }) => id === from)
    if (agent === undefined) throw new TypeError(`connections: there is no agent ${from}`)
    return {
      app: from,
      resourceApp: to,
      clientId: agent.clientIdAt(resource.id),
      resources: [resource.resource],
      scopes: [...resource.scopes],
      status: 'active',
      ...given,
      id: nameConnection(from, to),
      assignments: assign(people),
    }
  })
}

/** Connection ids are simple, but app ids may be URLs. */
function nameConnection(from: string, to: string): string {
  return `${from.replace(/[^\w.-]+/g, '-')}-${to}`
}

function assign(people: ConnectionOption['people']) {
  if (people === undefined) return { everyone: true }
  return typeof people === 'string' ? { groups: [people] } : { users: people.map((name) => `usr_${name}`) }
}

/** One authorization server per issuer, for the APIs that share it. */
export function buildServerDefinitions(
  { accessTokenTtlSeconds, authorizationServer }: WorldOptions,
  agents: readonly AgentIdentity[],
  resources: readonly Resource[],
): readonly ResourceAsDefinition[] {
  const served = resources.filter(({ runs }) => runs !== 'nothing')
  const issuers = [...new Set(served.map(({ issuer }) => issuer))]
  return issuers.map((issuer) => {
    const own = resources.filter((resource) => resource.issuer === issuer)
    return {
      issuer,
      trustedIssuers: [{ issuer: IDP, provisioning: 'jit' }],
      clients: listClients(agents, own),
      resources: own.map(({ resource, scopes }) => ({ id: resource, scopes: [...scopes] })),
      ...(accessTokenTtlSeconds === undefined ? {} : { accessTokenTtlSeconds }),
      ...authorizationServer,
    }
  })
}

/** An agent with the same id everywhere is registered once. */
function listClients(
  agents: readonly AgentIdentity[],
  resources: readonly Resource[],
): NonNullable<ResourceAsDefinition['clients']> {
  const ids = agents.flatMap((agent) => resources.map(({ id }) => ({ agent, id: agent.clientIdAt(id) })))
  const unique = new Map(ids.map((one) => [one.id, one]))
  return [...unique.values()].map(({ agent, id }) => ({ id, auth: agent.register(id) }))
}
