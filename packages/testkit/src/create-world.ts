// A whole world in one process: an IdP, the authorization servers of vendors, their APIs, users, agents and a clock.
// The servers are real, with in-memory databases; only the network between them is simulated by function calls.
import type { LegEvent } from '@crosswalk/client'
import { defineIdp, type IdpDefinition } from '@crosswalk/idp'
import { DECISION_HEADER, type DecisionRecord } from '@crosswalk/protocol'
import type { ResourceOptions } from '@crosswalk/resource'
import { createResourceAs } from '@crosswalk/resource-as'
import { openPorts, type Ports } from '@crosswalk/storage'

import { type AgentIdentity, createAgentIdentity, secretOf } from './agent-identity.ts'
import { type Apis, describeResource, mountApis } from './apis.ts'
import { type CompanyState, createCompany, createCompanyState } from './company.ts'
import { addRecordSource } from './matchers.ts'
import { createNetwork, type Handler, type Network } from './network.ts'
import { type NodeListener, toHandler } from './node-app.ts'
import { signIn, type SignedIn, type SignInOptions } from './sign-in.ts'
import { createWorldAgent, type WorldAgent } from './world-agent.ts'
import { createWorldClock } from './world-clock.ts'
import {
  buildIdpDefinition,
  buildServerDefinitions,
  completeResources,
  IDP,
  refuseUnknownOptions,
  type Resource,
  type WorldOptions,
} from './world-options.ts'

export interface World {
  /** Issuer of the identity provider */
  readonly idp: string
  /** For everything that should be part of this world */
  readonly fetch: Network['fetch']
  /** Epoch milliseconds; constant until advanced */
  readonly nowMs: () => number
  /** Advances the clock of the whole world. */
  advance(seconds: number): void
  /** @param id - default: the first agent */
  agent(id?: string): WorldAgent
  /** Signs a user in at the IdP, through its pages. */
  signIn(username: string, options?: SignInOptions): Promise<SignedIn>
  /** For `createResource(…)` or `protect(…)`: adds your own API to the world. */
  resourceOptions(id: string): ResourceOptions
  /** For `createResourceAs(…)` or `createIdp(…)`: in-memory ports with the clock and network of this world. */
  openPorts(): Promise<Ports>
  /** The secret that a client of this world is registered with. */
  secretOf(clientId: string): string
  /** Mounts your own server at a free origin, such as `https://mine.test`. */
  mount(origin: string, handler: Handler): void
  /** The same for a Node.js app: Express, Koa, or `(req, res) => …`. */
  mountNode(origin: string, listener: NodeListener): void
  /**
   * Suspends a connection, named `from-to`, until it is resumed.
   *
   * @throws TypeError if there is no such connection
   */
  suspend(connection: string, reason?: string): void
  resume(connection: string): void
  /**
   * Revokes a user's access tokens at the APIs of this world, which refuse them from then on. The agent may get new
   * ones.
   *
   * @returns the number of revoked tokens
   */
  revoke(username: string): Promise<number>
  /**
   * Blocks a user, by name or id, or an app from now on.
   *
   * @throws TypeError if there is no such user or app
   */
  block(kind: 'user' | 'app', id: string): void
  /** Changes the definitions of the IdP, like an administrator. */
  change(edit: (definition: IdpDefinition) => IdpDefinition): void
  /**
   * The record behind a decision id, a response of a token endpoint, or an `XaaError`.
   * @throws Error if there is none
   */
  decision(of: string | Response | { readonly decisionId?: string }): Promise<DecisionRecord>
  /** All requests and responses so far, one per line; for the message of a failed test */
  trace(): string
  close(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** @throws TypeError if an option is unknown; InvalidDefinition if the options are inconsistent */
export async function createWorld(options: WorldOptions = {}): Promise<World> {
  refuseUnknownOptions(options)
  const clock = createWorldClock(options.startMs ?? Math.floor(Date.now() / 1000) * 1000)
  const network = createNetwork()
  const resources = completeResources(options)
  const agents = (options.agents ?? ['agent0']).map(createAgentIdentity)
  const state = createCompanyState(buildIdpDefinition(options, agents, resources))
  const faults: unknown[] = []
  const opened: Ports[] = []
  const open = async () => {
    const onFault = (fault: unknown) => void faults.push(fault)
    const ports = await openPorts('sqlite::memory:', { clock, fetch: network.documents, onFault })
    opened.push(ports)
    return ports
  }
  const company = await open()
  const idp = await createCompany(state, company)
  network.mount(IDP, (request) => idp.fetch(request))
  const created = await Promise.all(
    buildServerDefinitions(options, agents, resources).map(async (definition) => {
      // `decision` and `trace` show refusals on request.
      const server = await createResourceAs(definition, { ...(await open()), onDecision: () => undefined })
      network.mount(new URL(definition.issuer).origin, (request) => server.fetch(request))
      return [definition.issuer, server] as const
    }),
  )
  const servers = new Map(created)
  mountApis({ resources: resources.filter(({ runs }) => runs === 'both'), network, clock, servers })
  const refusals = [idp, ...servers.values()].map(({ recentRefusals }) => recentRefusals)
  return assemble({ agents, clock, network, resources, servers, state, opened, open, refusals, faults })
}

interface Parts extends Apis {
  readonly agents: readonly AgentIdentity[]
  readonly state: CompanyState
  /** Grows with every server that is added */
  readonly opened: readonly Ports[]
  readonly open: () => Promise<Ports>
  readonly refusals: readonly { find(id: string): DecisionRecord | undefined }[]
  readonly faults: readonly unknown[]
}

function assemble(parts: Parts): World {
  const { clock, network, resources, state, opened, faults } = parts
  const legs: string[] = []
  const made = new Map<string, WorldAgent>()
  const findDecision = createFindDecision(parts)
  const removeSource = addRecordSource({ findDecision })
  const signInHere = async (username: string, { app, ...given }: SignInOptions = {}) =>
    await signIn(network, username, { ...given, app: findAgent(parts.agents, app) })

  async function close(): Promise<void> {
    removeSource()
    await Promise.all(opened.map((ports) => ports.close()))
    const [fault] = faults
    if (fault !== undefined) throw new Error('a server of the world failed', { cause: fault })
  }

  return {
    idp: IDP,
    fetch: network.fetch,
    nowMs: clock.nowMs,
    advance: clock.advance,
    agent(id) {
      const identity = findAgent(parts.agents, id)
      const onLeg = (event: LegEvent) => void legs.push(renderLeg(event))
      const signInFor = (username: string) => signInHere(username, { app: identity.id })
      const agent =
        made.get(identity.id) ??
        createWorldAgent({ identity, network, clock, resources, onLeg, signIn: signInFor })
      made.set(identity.id, agent)
      return agent
    },
    signIn: signInHere,
    resourceOptions: (id) => describeResource(findResource(resources, id), parts),
    openPorts: parts.open,
    secretOf,
    mount: network.mount,
    mountNode: (origin, listener) => network.mount(origin, toHandler(listener)),
    ...createActs(state, clock),
    async revoke(username) {
      const issuerSubject = findUserId(state.definition, username)
      const selector = { issuer: IDP, issuerSubject }
      const counts = await Promise.all(
        opened.map(({ accessTokens }) => accessTokens.revoke(selector, clock.nowMs())),
      )
      return counts.reduce((sum, count) => sum + count, 0)
    },
    async decision(of) {
      const id = readDecisionId(of)
      const record = await findDecision(id)
      if (record === undefined) throw new Error(`no decision record ${id}\n${legs.join('\n')}`)
      return record
    },
    trace: () => legs.join('\n'),
    close,
    [Symbol.asyncDispose]: close,
  }
}

function createActs(
  state: CompanyState,
  clock: Apis['clock'],
): Pick<World, 'suspend' | 'resume' | 'block' | 'change'> {
  const changed = () => void (state.revision += 1)
  return {
    suspend(connection, reason) {
      findConnection(state.definition, connection)
      const since = new Date(clock.nowMs()).toISOString()
      const why = reason === undefined ? {} : { reason }
      state.holds.set(connection, { state: 'suspended', by: 'testkit', since, ...why })
      changed()
    },
    resume(connection) {
      findConnection(state.definition, connection)
      state.holds.delete(connection)
      changed()
    },
    block(kind, id) {
      const target = kind === 'user' ? findUserId(state.definition, id) : findAppId(state.definition, id)
      state.blocks.push({ id: `${kind}:${target}`, kind, target, by: 'testkit' })
      changed()
    },
    change(edit) {
      state.definition = edit(state.definition)
      state.defined = defineIdp(state.definition)
      changed()
    },
  }
}

function findUserId({ users }: IdpDefinition, name: string): string {
  const user = Array.isArray(users)
    ? users.find(({ id, username }) => username === name || id === name)
    : undefined
  if (user === undefined) throw new TypeError(`there is no user ${name}`)
  return user.id
}

function findAppId({ apps }: IdpDefinition, id: string): string {
  if (!apps.some((app) => app.id === id)) throw new TypeError(`there is no app ${id}`)
  return id
}

/** A misspelt name would otherwise change nothing, and the test would fail without a hint. */
function findConnection({ connections }: IdpDefinition, id: string): void {
  if (connections.some((connection) => connection.id === id)) return
  const known = connections.map((connection) => connection.id).join(', ')
  throw new TypeError(`there is no connection ${id}; known connections: ${known}`)
}

function findAgent(agents: readonly AgentIdentity[], id: string | undefined): AgentIdentity {
  const found = id === undefined ? agents[0] : agents.find((agent) => agent.id === id)
  if (found === undefined) throw new TypeError(`there is no agent ${id ?? 'at all'}`)
  return found
}

function findResource(resources: readonly Resource[], id: string): Resource {
  const found = resources.find((resource) => resource.id === id)
  if (found === undefined) throw new TypeError(`there is no resource ${id}`)
  return found
}

function createFindDecision({ opened, refusals }: Pick<Parts, 'opened' | 'refusals'>) {
  return async (id: string): Promise<DecisionRecord | undefined> => {
    for (const { storage } of opened) {
      const [recorded] = await storage.events.findByDecision(id)
      if (recorded?.event.decision !== undefined) return recorded.event.decision
    }
    return refusals.map((list) => list.find(id)).find(Boolean)
  }
}

function readDecisionId(of: string | Response | { readonly decisionId?: string }): string {
  if (typeof of === 'string') return of
  return (of instanceof Response ? of.headers.get(DECISION_HEADER) : of.decisionId) ?? ''
}

function renderLeg({ leg, method, url, status, code, decisionId }: LegEvent): string {
  const parts = [leg.padEnd(10), method, url, '→', status ?? 'unreachable', code, decisionId]
  return parts.filter((part) => part !== undefined).join(' ')
}
