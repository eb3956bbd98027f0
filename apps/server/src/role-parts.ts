// What all servers of one process share, and what each of them provides.
import {
  type Clock,
  createIssuerKeys,
  type DocumentFetch,
  type GuardedFetch,
  type GuardedPost,
  type KeyProviders,
  type KeyStore,
  type OnDecision,
  type RecentRefusals,
  type Sealing,
  type SigningKeys,
} from '@crosswalk/as-core'
import type { AccessRevoker, Configuration, Directory, Signals, Vault } from '@crosswalk/control'
import type { OwnAccess } from '@crosswalk/idp'
import type { SignatureAlgorithm } from '@crosswalk/protocol'
import type { IssuedIdJags, ReceivedRevocations, ResourceAs, ResourceAsPorts } from '@crosswalk/resource-as'
import type { DatabaseSealing, Storage } from '@crosswalk/storage'

import type { Role } from './http/role.ts'
import { createLocalIssuerKeys, type LocalIssuer } from './local-issuer-keys.ts'

/** The default: compact, fast to verify, and supported by every resource authorization server tested so far. */
export const SIGNING_ALGORITHM: SignatureAlgorithm = 'ES256'

export interface RoleParts {
  readonly configuration: Configuration
  readonly storage: Storage
  readonly sealing: Sealing & Pick<DatabaseSealing, 'refresh'>
  readonly keyProviders?: KeyProviders | undefined
  readonly clock: Clock
  /** Called with every decision on a token request */
  readonly onDecision?: OnDecision | undefined
  /** Observes outgoing fetches */
  readonly watchFetch?: ((fetch: GuardedFetch & DocumentFetch) => GuardedFetch & DocumentFetch) | undefined
  onFault(fault: unknown, reference: string): void
}

export interface CreatedRole {
  readonly role: Role
  readonly signingKeys: SigningKeys
  readonly recentRefusals: RecentRefusals
  /** Only for authorization servers */
  readonly inspect?: ResourceAs['inspect']
}

export interface Connections {
  readonly fetch: GuardedFetch & DocumentFetch
  /** For issuers that the operator declared to be in a private network */
  readonly privateFetch: GuardedFetch
  readonly post: GuardedPost
  readonly webFetch: typeof globalThis.fetch
  /** For the providers where users of an authorization server sign in */
  readonly signInFetch: NonNullable<ResourceAsPorts['signInFetch']>
  readonly receivedRevocations: ReceivedRevocations
  readonly issuedIdJags: IssuedIdJags | undefined
  readonly vault: Vault
  readonly revoker: AccessRevoker
  readonly signals: Signals
  readonly directory: Directory
  local(): LocalIssuer | undefined
  ownAccess(): OwnAccess | undefined
  /** Of the running authorization servers */
  inspectors(): readonly ResourceAs['inspect'][]
}

export function connectParts(parts: RoleParts, connections: Connections) {
  const { fetch, privateFetch, post, webFetch, receivedRevocations, directory, local, ownAccess } =
    connections
  const { signInFetch, inspectors, issuedIdJags, vault, revoker, signals } = connections
  const { configuration, storage, clock, sealing } = parts
  const keyStore: KeyStore = storage.keys
  return {
    configuration,
    storage,
    directory,
    post,
    receivedRevocations,
    signInFetch,
    issuedIdJags,
    vault,
    revoker,
    signals,
    ownAccess,
    inspectors,
    settings: {
      baseUrl: configuration.baseUrl,
      clockSkewSeconds: configuration.clockSkewSeconds,
      tokenRequestsPerMinutePerClient: configuration.limits.tokenRequestsPerMinutePerClient,
    },
    ports: {
      clock,
      ledger: storage.ledger,
      requestCounts: storage.requestCounts,
      keyStore,
      keyProviders: parts.keyProviders,
      sealing,
      issuerKeys: createLocalIssuerKeys(createIssuerKeys({ fetch, clock }), local, clock),
      privateIssuerKeys: createIssuerKeys({ fetch: privateFetch, clock }),
      documentFetch: fetch,
      webFetch,
      onFault: parts.onFault,
      ...(parts.onDecision === undefined ? {} : { onDecision: parts.onDecision }),
      untilDefined: (revision: number) => directory.reach(revision),
      untilNewest: () => directory.catchUp(),
    },
  } as const
}

export type SharedParts = ReturnType<typeof connectParts>

/** @throws Error if the server of a request is not defined */
export function requireSnapshot<T>(snapshot: T | undefined, whose: string): T {
  if (snapshot === undefined) throw new Error(`no definitions for ${whose}`)
  return snapshot
}
