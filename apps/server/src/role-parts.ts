// What all roles of one process share, and what each of them provides.
import {
  type Clock,
  createIssuerKeys,
  createSecretHasher,
  type KeyProviders,
  type OnDecision,
  type RecentRefusals,
  type Sealing,
  type SigningKeys,
} from '@crosswalk/as-core'
import {
  buildOwnApps,
  type Configuration,
  createAccessRevoker,
  createEndIdJags,
  createEndSignIns,
  createCompleteChanges,
  createDirectory,
  createIssuedIdJags,
  createRevokeRenamed,
  createSignals,
  createVault,
  type Directory,
  followReceived,
  followRenames,
} from '@crosswalk/control'
import type { Idp, OwnAccess } from '@crosswalk/idp'
import type { SignatureAlgorithm } from '@crosswalk/protocol'
import { createReceivedRevocations, createTakeOver, type ResourceAs } from '@crosswalk/resource-as'
import type { DatabaseSealing, Storage } from '@crosswalk/storage'

import type { ServerRole } from './http/role.ts'
import { createLocalIssuerKeys, type LocalIssuer } from './local-issuer-keys.ts'
import { openOutbound, type WatchFetch } from './outbound.ts'

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
  readonly watchFetch?: WatchFetch | undefined
  onFault(fault: unknown, reference: string): void
}

export interface CreatedRole extends ServerRole {
  readonly signingKeys: SigningKeys
  readonly recentRefusals: RecentRefusals
  /** Only for authorization servers */
  readonly inspect?: ResourceAs['inspect']
}

export interface CreatedIdpRole extends CreatedRole, LocalIssuer {
  readonly idp: Idp
  readonly signingKeys: SigningKeys
  close(): Promise<void>
}

/** What roles use of each other, looked up at each use because they are created one after another. */
export interface Peers {
  idpRole(): CreatedIdpRole | undefined
  ownAccess(): OwnAccess | undefined
  /** Of the running authorization servers */
  inspectors(): readonly ResourceAs['inspect'][]
}

export type SharedParts = Awaited<ReturnType<typeof createSharedParts>>

/** @throws StartError if the configuration file and the database define the same object */
export async function createSharedParts(parts: RoleParts, { idpRole, ownAccess, inspectors }: Peers) {
  const { configuration, storage, sealing, clock, onFault } = parts
  const { objects, accessTokens, liveAccess } = storage
  const hasher = createSecretHasher(sealing)
  const ownApps = buildOwnApps(configuration, sealing, hasher)
  const directory = await createDirectory({
    ...{ configuration, objects, hasher, sealing, ownApps, clock, onFault },
  })
  const outbound = openOutbound(configuration, parts.watchFetch)
  const { webFetchFor } = outbound
  const received = await openReceived(parts, directory)
  const { receivedRevocations } = received
  const common = { directory, storage, sealing, clock, issuer: configuration.idp?.issuer }
  const { baseUrl } = configuration
  const vault = createVault({ ...common, baseUrl, fetch: webFetchFor, onFault })
  const endIdJags = createEndIdJags({ ...common, receivedRevocations })
  const endSignIns = createEndSignIns({ ...common, accessTokens, receivedRevocations })
  const revoker = createAccessRevoker({
    ...common,
    configuration,
    accessTokens,
    liveAccess,
    async endSessions(userId, removed) {
      await idpRole()?.idp.signIn.endSessionsOfUser(userId)
      await endIdJags(userId)
      await endSignIns(userId, removed)
    },
  })
  const signals = createSignals(common)
  const revokeRenamed = createRevokeRenamed({ ...common, revoker })
  directory.onChange(followRenames(common, revokeRenamed))
  return {
    configuration,
    storage,
    hasher,
    directory,
    post: outbound.post,
    /** Revocations received from issuers as security events */
    receivedRevocations,
    /** For the providers where users of an authorization server sign in */
    signInFetch: webFetchFor,
    issuedIdJags: configuration.idp && createIssuedIdJags({ ...parts, directory }),
    vault,
    revoker,
    endSignIns,
    completeChanges: createCompleteChanges({ ...common, vault, revoker, revokeRenamed }),
    signals,
    ownAccess,
    inspectors,
    settings: {
      baseUrl,
      clockSkewSeconds: configuration.clockSkewSeconds,
      tokenRequestsPerMinutePerClient: configuration.limits.tokenRequestsPerMinutePerClient,
    },
    ports: {
      clock,
      ledger: storage.ledger,
      requestCounts: storage.requestCounts,
      keyStore: storage.keys,
      keyProviders: parts.keyProviders,
      sealing,
      issuerKeys: createLocalIssuerKeys(createIssuerKeys({ fetch: outbound.fetch, clock }), idpRole, clock),
      /** For issuers that the operator declared to be in a private network */
      privateIssuerKeys: createIssuerKeys({ fetch: outbound.privateFetch, clock }),
      documentFetch: outbound.fetch,
      webFetch: outbound.webFetch,
      onFault,
      ...(parts.onDecision === undefined ? {} : { onDecision: parts.onDecision }),
      untilDefined: (revision: number) => directory.reach(revision),
      untilNewest: () => directory.catchUp(),
    },
    async close() {
      await received.end()
      await vault.close()
      directory.close()
      await outbound.close()
    },
  } as const
}

/** Applies revocations received before the start, before the first request. */
async function openReceived({ configuration, storage, clock, onFault }: RoleParts, directory: Directory) {
  const receivedRevocations = createReceivedRevocations(storage.receivedRevocations)
  const parts = {
    receivedRevocations,
    accessTokens: storage.accessTokens,
    clock,
    redemption: () => directory.current().redemption,
    // Sessions that end here are revoked as if an event had announced their end.
    endsSessions: configuration.idp !== undefined,
    onFault,
  }
  const takeOver = createTakeOver(parts)
  await takeOver()
  return { receivedRevocations, end: followReceived(parts, takeOver) }
}

/** @throws Error if the server of a request is not defined */
export function requireSnapshot<T>(snapshot: T | undefined, whose: string): T {
  if (snapshot === undefined) throw new Error(`no definitions for ${whose}`)
  return snapshot
}
