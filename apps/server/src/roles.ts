// Creates every server there is, on the ports of one process: those of the configuration, and authorization servers
// that are defined while running. Which definitions are in force is known to the directory.
import {
  type Clock,
  createGuardedFetch,
  createGuardedPost,
  createIssuerKeys,
  createSecretHasher,
  type DocumentFetch,
  type GuardedFetch,
  type GuardedPost,
  isLoopbackHost,
  type RecentRefusals,
  type Sealing,
  type SecretHasher,
  type SigningKeys,
  type StoredKey,
} from '@crosswalk/authorization-server'
import { createIdp, hashPassword, type Idp, type OwnAccess, sealTotpSecret } from '@crosswalk/idp'
import { createReceivedWithdrawals, createResourceAs, type ReceivedWithdrawals } from '@crosswalk/resource-as'
import type { AppDefinition, AuthorizationServerDefinition, SignatureAlgorithm } from '@crosswalk/protocol'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from './config/configuration.ts'
import { buildConsoleApp, deriveConsoleSecret } from './console/console-app.ts'
import { createDirectory, type Directory } from './directory/directory.ts'
import { hashClientSecret } from './directory/secrets.ts'
import { preparePasswords, prepareTotpSecrets } from './file-people.ts'
import type { Role } from './http/role.ts'
import { createEventStreams } from './security-events/event-streams.ts'
import { followReceived, takeOver } from './security-events/follow-received.ts'
import { createSignals } from './security-events/signals.ts'
import { connectUpstreams } from './upstream/connect-upstreams.ts'
import { createLocalIssuerKeys, type LocalIssuer } from './local-issuer-keys.ts'

/** Unless said otherwise: compact, fast to verify, and taken by every Resource Authorization Server met so far. */
const SIGNING_ALGORITHM = 'ES256'

export interface RoleParts {
  readonly configuration: Configuration
  readonly storage: Storage
  readonly sealing: Sealing
  readonly clock: Clock
  onFault(fault: unknown, reference: string): void
}

export interface Roles {
  /** Those running now; another list whenever one comes or goes */
  current(): readonly Role[]
  signingKeys(): readonly SigningKeys[]
  /** Of this process */
  recentRefusals(): readonly RecentRefusals[]
  readonly idp: Idp | undefined
  readonly directory: Directory
  readonly hasher: SecretHasher
  /** What issuers took back by security events */
  readonly receivedWithdrawals: ReceivedWithdrawals
  /** From then on people see their own access at the IdP. */
  connectOwnAccess(ownAccess: OwnAccess): void
  close(): Promise<void>
}

type SharedParts = ReturnType<typeof connectParts>

/**
 * @throws Error where stored keys cannot be opened with the master key
 * @throws StartError where configuration file and database define the same thing
 */
export async function createRoles(parts: RoleParts): Promise<Roles> {
  const { configuration } = parts
  const hasher = createSecretHasher(parts.sealing)
  const { sealing, onFault } = parts
  const { objects } = parts.storage
  const ownApps = buildOwnApps(parts, hasher)
  const directory = await createDirectory({ configuration, objects, hasher, sealing, ownApps, onFault })
  const fetch = createGuardedFetch({ allowLoopback: reachesLoopback(configuration) })
  const post = createGuardedPost({ allowLoopback: reachesLoopback(configuration) })
  const received = await openReceived(parts, directory)
  const local: { issuer?: LocalIssuer; ownAccess?: OwnAccess } = {}
  const { receivedWithdrawals } = received
  const shared = connectParts(parts, {
    fetch,
    post,
    receivedWithdrawals,
    directory,
    local: () => local.issuer,
    ownAccess: () => local.ownAccess,
  })
  const created = configuration.idp === undefined ? undefined : await createIdpRole(configuration.idp, shared)
  if (created !== undefined) local.issuer = { issuer: created.role.issuer, signingKeys: created.signingKeys }
  const servers = await followServers(shared)
  let all: readonly CreatedRole[] = []
  let roles: readonly Role[] = []
  function collect(): void {
    all = [...(created === undefined ? [] : [created]), ...servers.current()]
    roles = all.map(({ role }) => role)
  }
  collect()
  directory.onChange(async () => {
    if (await servers.follow()) collect()
  })
  return {
    current: () => roles,
    signingKeys: () => all.map(({ signingKeys }) => signingKeys),
    recentRefusals: () => all.map(({ recentRefusals }) => recentRefusals),
    idp: created?.idp,
    directory,
    hasher,
    receivedWithdrawals,
    connectOwnAccess: (ownAccess) => void (local.ownAccess = ownAccess),
    async close() {
      await created?.idp.transmitter?.close()
      await created?.close()
      await received.end()
      await post.close()
      directory.close()
      await fetch.close()
    },
  }
}

/** The console, where people have roles in it. */
function buildOwnApps({ configuration, sealing }: RoleParts, hasher: SecretHasher): readonly AppDefinition[] {
  const { baseUrl, admin } = configuration
  if (admin?.roles === undefined) return []
  const app = buildConsoleApp({ baseUrl, roles: admin.roles })
  const auth = { method: 'client_secret_basic', secret: deriveConsoleSecret(sealing) } as const
  return [hashClientSecret({ ...app, auth }, hasher)]
}

/** What was received before the start is in force before the first request. */
async function openReceived({ storage, clock, onFault }: RoleParts, directory: Directory) {
  const receivedWithdrawals = createReceivedWithdrawals(storage.receivedWithdrawals)
  const parts = {
    receivedWithdrawals,
    accessTokens: storage.accessTokens,
    clock,
    redemption: () => directory.current().redemption,
    onFault,
  }
  await takeOver(parts)
  return { receivedWithdrawals, end: followReceived(parts) }
}

interface Connections {
  readonly fetch: GuardedFetch & DocumentFetch
  readonly post: GuardedPost
  readonly receivedWithdrawals: ReceivedWithdrawals
  readonly directory: Directory
  local(): LocalIssuer | undefined
  ownAccess(): OwnAccess | undefined
}

function connectParts(parts: RoleParts, connections: Connections) {
  const { fetch, post, receivedWithdrawals, directory, local, ownAccess } = connections
  const { configuration, storage, clock, sealing } = parts
  return {
    configuration,
    storage,
    directory,
    post,
    receivedWithdrawals,
    ownAccess,
    settings: {
      baseUrl: configuration.baseUrl,
      clockSkewSeconds: configuration.clockSkewSeconds,
      tokenRequestsPerMinutePerClient: configuration.limits.tokenRequestsPerMinutePerClient,
    },
    ports: {
      clock,
      ledger: storage.ledger,
      keyStore: storage.keys,
      sealing,
      issuerKeys: createLocalIssuerKeys(createIssuerKeys({ fetch, clock }), local, clock),
      documentFetch: fetch,
      onFault: parts.onFault,
    },
  } as const
}

interface CreatedRole {
  readonly role: Role
  readonly signingKeys: SigningKeys
  readonly recentRefusals: RecentRefusals
}

async function createIdpRole(
  definition: NonNullable<Configuration['idp']>,
  { configuration, storage, directory, post, ownAccess, settings, ports }: SharedParts,
): Promise<CreatedRole & { readonly idp: Idp; close(): Promise<void> }> {
  await preparePasswords(definition.users, {
    store: storage.passwordHashes,
    hash: hashPassword,
    fingerprint: (userId, password) =>
      ports.sealing.keyedDigest('file-password', JSON.stringify([userId, password])),
  })
  await prepareTotpSecrets(definition.users, {
    store: storage.secondFactors,
    seal: (userId, secret) => sealTotpSecret(ports.sealing, userId, secret),
    fingerprint: (userId, secret) =>
      ports.sealing.keyedDigest('file-totp-secret', JSON.stringify([userId, secret])),
    now: ports.clock.nowMs(),
  })
  const { sealing, clock } = ports
  const signals = createSignals({ directory, sealing, clock, issuer: definition.issuer })
  const upstreams = connectUpstreams({ configuration, storage, directory, clock })
  const idp = await createIdp(
    {
      ...settings,
      issuer: definition.issuer,
      signingAlgorithm: (purpose) => chooseIdpAlgorithm(definition, purpose),
      displayName: definition.name,
      upstream: definition.upstream,
      passwordSignIn: definition.passwordSignIn,
      idTokenTtlSeconds: definition.idTokenTtlSeconds,
      failedSignInsBeforeDelay: configuration.limits.failedSignInsPerUserBeforeDelay,
      clientMetadata: definition.clientMetadata,
      dpopNonces: definition.dpopNonces,
      samlIssuers: definition.saml?.issuers,
    },
    {
      ...ports,
      snapshot: () => requireSnapshot(directory.current().exchange, 'the IdP'),
      users: {
        findById: (id) => directory.current().users.findById(id),
        findByLogin: (login) => directory.current().users.findByLogin(login),
        findByAttribute: (name, value) => directory.current().users.findByAttribute(name, value),
      },
      passwordHashes: storage.passwordHashes,
      secondFactors: storage.secondFactors,
      signInStore: storage.signIn,
      upstreams,
      ownAccess,
      grantLog: storage.grantLog,
      securityEvents: {
        outbox: storage.securityEvents,
        streams: createEventStreams({ directory, clock: ports.clock }),
        post,
        random: () => Math.random(),
        ofSessionEnd(userId) {
          const user = directory.current().people.get(userId)
          return user === undefined
            ? []
            : signals.tell([{ kind: 'session-revoked', user, initiator: 'user' }])
        },
      },
    },
  )
  const { issuer } = definition
  const role = { name: 'idp', issuer, basePath: '', fetch: idp.fetch }
  const { signingKeys, recentRefusals } = idp
  return { role, signingKeys, recentRefusals, idp, close: () => upstreams.close() }
}

function chooseIdpAlgorithm(
  { signing }: NonNullable<Configuration['idp']>,
  purpose: StoredKey['purpose'],
): SignatureAlgorithm {
  if (purpose === 'id-token') return signing?.idToken ?? SIGNING_ALGORITHM
  return purpose === 'id-jag' ? (signing?.idJag ?? SIGNING_ALGORITHM) : SIGNING_ALGORITHM
}

function findServer(directory: Directory, id: string): AuthorizationServerDefinition | undefined {
  return directory.current().world['authorization-servers'].get(id)?.definition
}

/** Keeps one server running for each authorization server that is defined. */
async function followServers(shared: SharedParts) {
  let running = new Map<string, CreatedRole>()

  /** @returns whether one came or went */
  async function follow(): Promise<boolean> {
    const defined = shared.directory.current().redemption
    const next = new Map<string, CreatedRole>()
    for (const [id, { issuer }] of defined) {
      const known = running.get(id)
      next.set(id, known?.role.issuer === issuer ? known : await createServerRole({ id, issuer }, shared))
    }
    const same = next.size === running.size && [...next].every(([id, server]) => running.get(id) === server)
    if (!same) running = next
    return !same
  }

  await follow()
  return { current: () => [...running.values()], follow }
}

async function createServerRole(
  { id, issuer }: { readonly id: string; readonly issuer: string },
  { storage, directory, receivedWithdrawals, settings, ports }: SharedParts,
): Promise<CreatedRole> {
  const { accounts, accessTokens } = storage
  // Requests that arrived before their server was removed are answered by what it was.
  let last = directory.current().redemption.get(id)
  const server = await createResourceAs(
    {
      ...settings,
      id,
      issuer,
      signingAlgorithm: () => findServer(directory, id)?.signing?.accessToken ?? SIGNING_ALGORITHM,
    },
    {
      ...ports,
      snapshot: () => (last = requireSnapshot(directory.current().redemption.get(id) ?? last, id)),
      accounts,
      accessTokens,
      receivedWithdrawals,
    },
  )
  const role = { name: `as:${id}`, issuer, basePath: `/as/${id}`, fetch: server.fetch }
  return { role, signingKeys: server.signingKeys, recentRefusals: server.recentRefusals }
}

function requireSnapshot<T>(snapshot: T | undefined, whose: string): T {
  if (snapshot === undefined) throw new Error(`nothing is defined for ${whose}`)
  return snapshot
}

/** Keys are fetched from this machine only where the operator wrote down an address on it. */
function reachesLoopback({ baseUrl, idp, authorizationServers }: Configuration): boolean {
  const trusted = authorizationServers.flatMap((server) => server.trustedIssuers)
  const endpoints = idp?.resourceApps.flatMap(({ securityEvents }) => securityEvents?.endpoint ?? []) ?? []
  const written = [
    baseUrl,
    ...endpoints,
    ...trusted.flatMap(({ issuer, jwksUri }) => [issuer, jwksUri ?? issuer]),
  ]
  return written.some((url) => isLoopbackHost(new URL(url).hostname))
}
