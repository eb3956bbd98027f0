// Creates every server the configuration names, on the ports of one process.
import {
  type Clock,
  createGuardedFetch,
  createIssuerKeys,
  createSealing,
  type GuardedFetch,
  isLoopbackHost,
  type Sealing,
  type SigningKeys,
} from '@crosswalk/authorization-server'
import { createIdp, hashPassword, type Idp } from '@crosswalk/idp'
import { createResourceAs } from '@crosswalk/resource-as'
import type { Storage } from '@crosswalk/storage'

import type { Configuration } from './config/configuration.ts'
import { createFileUsers, preparePasswords } from './file-people.ts'
import type { Role } from './http/role.ts'
import { createLocalIssuerKeys, type LocalIssuer } from './local-issuer-keys.ts'
import { buildExchangeSnapshot, buildRedemptionSnapshot } from './snapshots.ts'

/** Compact, fast to verify, and taken by every Resource Authorization Server met so far. */
const SIGNING_ALGORITHM = 'ES256'

export interface RoleParts {
  readonly configuration: Configuration
  readonly storage: Storage
  readonly masterKey: Uint8Array
  readonly clock: Clock
  onFault(fault: unknown, reference: string): void
}

export interface Roles {
  readonly roles: readonly Role[]
  readonly signingKeys: readonly SigningKeys[]
  close(): Promise<void>
}

type SharedParts = ReturnType<typeof connectParts>

/** @throws Error where stored keys cannot be opened with the master key */
export async function createRoles(parts: RoleParts): Promise<Roles> {
  const fetch = createGuardedFetch({ allowLoopback: reachesLoopback(parts.configuration) })
  const local: { issuer?: LocalIssuer } = {}
  const shared = connectParts(parts, fetch, () => local.issuer)
  const { idp: definition, authorizationServers } = parts.configuration
  const idp = definition === undefined ? undefined : await createIdpRole(definition, shared)
  if (idp !== undefined) local.issuer = { issuer: idp.role.issuer, signingKeys: idp.signingKeys }
  const servers = await Promise.all(authorizationServers.map((server) => createServerRole(server, shared)))
  const all = [...(idp === undefined ? [] : [idp]), ...servers]
  return {
    roles: all.map(({ role }) => role),
    signingKeys: all.map(({ signingKeys }) => signingKeys),
    close: () => fetch.close(),
  }
}

function connectParts(parts: RoleParts, fetch: GuardedFetch, local: () => LocalIssuer | undefined) {
  const { configuration, storage, clock } = parts
  const sealing: Sealing = createSealing(parts.masterKey)
  return {
    configuration,
    storage,
    settings: {
      baseUrl: configuration.baseUrl,
      signingAlgorithm: SIGNING_ALGORITHM,
      clockSkewSeconds: configuration.clockSkewSeconds,
      tokenRequestsPerMinutePerClient: configuration.limits.tokenRequestsPerMinutePerClient,
    },
    ports: {
      clock,
      ledger: storage.ledger,
      keyStore: storage.keys,
      sealing,
      issuerKeys: createLocalIssuerKeys(createIssuerKeys({ fetch, clock }), local, clock),
      onFault: parts.onFault,
    },
  } as const
}

interface CreatedRole {
  readonly role: Role
  readonly signingKeys: SigningKeys
}

async function createIdpRole(
  definition: NonNullable<Configuration['idp']>,
  { configuration, storage, settings, ports }: SharedParts,
): Promise<CreatedRole> {
  const snapshot = buildExchangeSnapshot(definition, configuration)
  await preparePasswords(definition.users, {
    store: storage.passwordHashes,
    hash: hashPassword,
    fingerprint: (userId, password) =>
      ports.sealing.keyedDigest('file-password', JSON.stringify([userId, password])),
  })
  const idp: Idp = await createIdp(
    {
      ...settings,
      issuer: definition.issuer,
      idTokenTtlSeconds: definition.idTokenTtlSeconds,
      failedSignInsBeforeDelay: configuration.limits.failedSignInsPerUserBeforeDelay,
    },
    {
      ...ports,
      snapshot: () => snapshot,
      users: createFileUsers(definition.users),
      passwordHashes: storage.passwordHashes,
      signInStore: storage.signIn,
    },
  )
  const { issuer } = definition
  const role = { name: 'idp', issuer, basePath: '', fetch: idp.fetch }
  return { role, signingKeys: idp.signingKeys }
}

async function createServerRole(
  definition: Configuration['authorizationServers'][number],
  { configuration, storage, settings, ports }: SharedParts,
): Promise<CreatedRole> {
  const { id, issuer } = definition
  const snapshot = buildRedemptionSnapshot(definition, configuration)
  const server = await createResourceAs(
    { ...settings, id, issuer },
    { ...ports, snapshot: () => snapshot, accounts: storage.accounts, accessTokens: storage.accessTokens },
  )
  const role = { name: `as:${id}`, issuer, basePath: `/as/${id}`, fetch: server.fetch }
  return { role, signingKeys: server.signingKeys }
}

/** Keys are fetched from this machine only where the operator wrote down an address on it. */
function reachesLoopback({ baseUrl, authorizationServers }: Configuration): boolean {
  const trusted = authorizationServers.flatMap((server) => server.trustedIssuers)
  const written = [baseUrl, ...trusted.flatMap(({ issuer, jwksUri }) => [issuer, jwksUri ?? issuer])]
  return written.some((url) => isLoopbackHost(new URL(url).hostname))
}
