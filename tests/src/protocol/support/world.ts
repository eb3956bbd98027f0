// Both servers in this process, behind one real socket: definitions that a test may change while they run, a clock it
// may move, and every decision record at hand.
import { randomBytes } from 'node:crypto'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createAdaptorServer } from '@hono/node-server'
import {
  createGuardedFetch,
  createGuardedWebFetch,
  createIssuerKeys,
  createSealing,
  type RecentRefusals,
  type Sealing,
} from '@crosswalk/as-core'
import { createIdp, hashPassword, type Idp, type IdpConfig, type IdpPorts } from '@crosswalk/idp'
import { compileExchangeSnapshot, compileRedemptionSnapshot } from '@crosswalk/policy'
import { ACR, DECISION_HEADER, type DecisionRecord } from '@crosswalk/protocol'
import { createResourceAs, type ResourceAs } from '@crosswalk/resource-as'
import { type Configuration, parseConfiguration } from '@crosswalk/control'
import { openStorage, type Storage } from '@crosswalk/storage'

import { PASSWORD } from '../../support/company.ts'
import { createRouter, type Servers } from './router.ts'

type File = Readonly<Record<string, unknown>>

export interface World {
  readonly baseUrl: string
  readonly storage: Storage
  readonly sealing: Sealing
  readonly faults: readonly unknown[]
  readonly clock: { nowMs(): number; moveSeconds(seconds: number): void }
  /** Without a socket: what the HTTP layer hands to the servers */
  fetch(request: Request): Promise<Response>
  /** The servers go on with other definitions, as after a change by an administrator. */
  redefine(file: (baseUrl: string) => File): void
  /** Calls a function at each look-up of a user by id, between the read and its result. */
  onUserRead(look: () => void): void
  /** @throws Error where the answer names no record */
  findDecision(answer: { readonly headers: Headers }): Promise<DecisionRecord>
  readonly idp: Idp | undefined
  stop(): Promise<void>
}

export async function startWorld(file: (baseUrl: string) => File): Promise<World> {
  const { router, server, baseUrl } = await listen()
  const state = { configuration: parse(file, baseUrl), revision: 1, offsetMs: 0, onUserRead: () => {} }
  const clock = { nowMs: () => Date.now() + state.offsetMs }
  const storage = await openStorage('sqlite::memory:', { clock })
  const sealing = createSealing(randomBytes(32))
  const faults: unknown[] = []
  const { idp, servers } = await createServers({ state, clock, storage, sealing, faults })
  router.open({ idp, servers })
  const refusals: readonly RecentRefusals[] = [...(idp === undefined ? [] : [idp]), ...servers.values()].map(
    ({ recentRefusals }) => recentRefusals,
  )
  return {
    baseUrl,
    storage,
    sealing,
    faults,
    clock: { ...clock, moveSeconds: (seconds) => void (state.offsetMs += seconds * 1000) },
    fetch: async (request) => router.fetch(request),
    redefine(next) {
      state.configuration = parse(next, baseUrl)
      state.revision += 1
    },
    onUserRead(look) {
      state.onUserRead = look
    },
    async findDecision({ headers }) {
      const id = headers.get(DECISION_HEADER) ?? ''
      const [recorded] = await storage.events.findByDecision(id)
      const found = recorded?.event.decision ?? refusals.map((list) => list.find(id)).find(Boolean)
      if (found === undefined) throw new Error(`no decision record ${id}`)
      return found
    },
    idp,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await storage.close()
    },
  }
}

interface State {
  configuration: Configuration
  revision: number
  onUserRead(): void
}

interface Parts {
  readonly state: State
  readonly clock: { nowMs(): number }
  readonly storage: Storage
  readonly sealing: Sealing
  readonly faults: unknown[]
}

async function listen() {
  const router = createRouter()
  const server = createAdaptorServer({ fetch: (request) => router.fetch(request) }) as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { router, server, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

function parse(file: (baseUrl: string) => File, baseUrl: string): Configuration {
  const text = JSON.stringify({ baseUrl, database: 'sqlite::memory:', ...file(baseUrl) })
  const { configuration, problems } = parseConfiguration(text, 'test.json', {})
  if (configuration === undefined) throw new Error(problems.map(({ what }) => what).join('\n'))
  return configuration
}

async function createServers({ state, clock, storage, sealing, faults }: Parts): Promise<Servers> {
  const fetch = createGuardedFetch({ allowLoopback: true })
  const shared = {
    clock,
    documentFetch: fetch,
    webFetch: createGuardedWebFetch({ allowLoopback: true }).fetch,
    ledger: storage.ledger,
    keyStore: storage.keys,
    sealing,
    issuerKeys: createIssuerKeys({ fetch, clock }),
    onFault: (fault: unknown) => void faults.push(fault),
  }
  const { baseUrl, clockSkewSeconds, limits } = state.configuration
  const settings = {
    baseUrl,
    clockSkewSeconds,
    signingAlgorithm: 'ES256',
    tokenRequestsPerMinutePerClient: limits.tokenRequestsPerMinutePerClient,
  } as const
  const servers = new Map<string, ResourceAs>()
  for (const { id, issuer } of state.configuration.authorizationServers) {
    const snapshot = perRevision(state, () => compileRedemption(state, id, issuer))
    const { accounts, accessTokens } = storage
    servers.set(
      id,
      await createResourceAs({ ...settings, id, issuer }, { ...shared, snapshot, accounts, accessTokens }),
    )
  }
  return { idp: await createIdpOf({ state, storage }, settings, shared), servers }
}

async function createIdpOf(
  { state, storage }: Pick<Parts, 'state' | 'storage'>,
  settings: Omit<IdpConfig, 'issuer' | 'idTokenTtlSeconds' | 'failedSignInsBeforeDelay'>,
  shared: Pick<
    IdpPorts,
    'clock' | 'ledger' | 'keyStore' | 'sealing' | 'issuerKeys' | 'documentFetch' | 'webFetch' | 'onFault'
  >,
): Promise<Idp | undefined> {
  const definition = state.configuration.idp
  if (definition === undefined) return undefined
  const hash = await hashPassword(PASSWORD)
  const { issuer, idTokenTtlSeconds, clientMetadata, dpopNonces } = definition
  const people = () => state.configuration.idp?.users ?? []
  return createIdp(
    { ...settings, issuer, idTokenTtlSeconds, clientMetadata, dpopNonces, failedSignInsBeforeDelay: 0 },
    {
      ...shared,
      snapshot: perRevision(state, () => compileExchange(state, issuer)),
      users: {
        async findById(id) {
          const user = people().find((one) => one.id === id)
          state.onUserRead()
          return user
        },
        findByLogin: async (login) => people().find((user) => user.username === login),
        findByAttribute: async (name, value) => people().filter((user) => user.attributes[name] === value),
        findByValue: async () => [],
      },
      passwordHashes: { find: async () => hash },
      secondFactors: storage.secondFactors,
      signInStore: storage.signIn,
    },
  )
}

function perRevision<T>(state: State, compile: () => T): () => T {
  let known: { readonly revision: number; readonly value: T } | undefined
  return () => {
    if (known?.revision !== state.revision) known = { revision: state.revision, value: compile() }
    return known.value
  }
}

function compileExchange({ configuration, revision }: State, issuer: string) {
  const { idp, clockSkewSeconds } = configuration
  if (idp === undefined) throw new Error('the IdP was taken out')
  const settings = {
    issuer,
    idJagTtlSeconds: idp.idJagTtlSeconds,
    actorProfile: idp.actorProfile,
    nameAgents: idp.nameAgents,
    clockSkewSeconds,
    acrValues: Object.values(ACR),
  }
  return compileExchangeSnapshot(revision, settings, idp)
}

function compileRedemption({ configuration, revision }: State, id: string, issuer: string) {
  const server = configuration.authorizationServers.find((one) => one.id === id)
  if (server === undefined) throw new Error(`the server ${id} was taken out`)
  return compileRedemptionSnapshot(
    revision,
    { issuer, clockSkewSeconds: configuration.clockSkewSeconds },
    server,
  )
}
