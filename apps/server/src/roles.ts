// Creates the servers of one process: those in the configuration, and authorization servers defined at runtime. The
// directory knows the current definitions.
import {
  createGuardedFetch,
  createGuardedPost,
  createGuardedWebFetch,
  createSecretHasher,
  isLoopbackHost,
  type RecentRefusals,
  type SecretHasher,
  type SigningKeys,
} from '@crosswalk/as-core'
import {
  type AccessRevoker,
  buildOwnApps,
  type Configuration,
  createAccessRevoker,
  createDirectory,
  createIssuedIdJags,
  createRevokeRenamed,
  revokeOutdated,
  createSignals,
  createTakeOver,
  createVault,
  type Directory,
  followReceived,
  type Signals,
  type Vault,
} from '@crosswalk/control'
import type { Idp, OwnAccess } from '@crosswalk/idp'
import { createReceivedRevocations, type ReceivedRevocations } from '@crosswalk/resource-as'

import type { Role } from './http/role.ts'
import { createIdpRole } from './idp-role.ts'
import type { LocalIssuer } from './local-issuer-keys.ts'
import { connectParts, type CreatedRole, type RoleParts } from './role-parts.ts'
import { followServers } from './server-roles.ts'

export interface Roles {
  /** The running roles; a new array after every change */
  current(): readonly Role[]
  signingKeys(): readonly SigningKeys[]
  /** Of this process */
  recentRefusals(): readonly RecentRefusals[]
  readonly idp: Idp | undefined
  readonly directory: Directory
  readonly hasher: SecretHasher
  readonly vault: Vault
  readonly revoker: AccessRevoker
  readonly signals: Signals
  /** Revocations received from issuers as security events */
  readonly receivedRevocations: ReceivedRevocations
  /** Lets users see their own access at the IdP from now on. */
  connectOwnAccess(ownAccess: OwnAccess): void
  close(): Promise<void>
}

/**
 * @throws Error if the master key cannot open stored keys
 * @throws StartError if the configuration file and the database define the same object
 */
export async function createRoles(parts: RoleParts): Promise<Roles> {
  const { configuration, storage, clock } = parts
  const hasher = createSecretHasher(parts.sealing)
  const { sealing, onFault } = parts
  const { objects } = storage
  const ownApps = buildOwnApps(configuration, sealing, hasher)
  const directory = await createDirectory({ configuration, objects, hasher, sealing, ownApps, onFault })
  const reachable = { allowLoopback: reachesLoopback(configuration) }
  const { watchFetch = (unwatched) => unwatched } = parts
  const fetch = watchFetch(createGuardedFetch(reachable))
  const privateFetch = createGuardedFetch({ ...reachable, allowPrivate: true })
  const post = createGuardedPost(reachable)
  const web = createGuardedWebFetch(reachable)
  const privateWeb = createGuardedWebFetch({ ...reachable, allowPrivate: true })
  const received = await openReceived(parts, directory)
  const local: { issuer?: LocalIssuer; ownAccess?: OwnAccess; idp?: Idp } = {}
  const { receivedRevocations } = received
  let all: readonly CreatedRole[] = []
  const webFetchFor = ({ privateNetwork }: { readonly privateNetwork: boolean }) =>
    (privateNetwork ? privateWeb : web).fetch
  const about = { directory, storage, sealing, clock, issuer: configuration.idp?.issuer }
  const vault = createVault({
    ...about,
    baseUrl: configuration.baseUrl,
    fetch: webFetchFor,
    onFault,
  })
  const revoker = createAccessRevoker({
    ...about,
    configuration,
    accessTokens: storage.accessTokens,
    liveAccess: storage.liveAccess,
    endSessions: async (userId) => local.idp?.signIn.endSessionsOfUser(userId),
  })
  const signals = createSignals(about)
  directory.onChange(createRevokeRenamed({ ...about, revoker }))
  const shared = connectParts(parts, {
    fetch,
    privateFetch,
    post,
    webFetch: web.fetch,
    signInFetch: webFetchFor,
    receivedRevocations,
    issuedIdJags: configuration.idp && createIssuedIdJags({ ...parts, directory }),
    vault,
    revoker,
    signals,
    directory,
    local: () => local.issuer,
    ownAccess: () => local.ownAccess,
    inspectors: () => all.flatMap(({ inspect }) => inspect ?? []),
  })
  const created = configuration.idp === undefined ? undefined : await createIdpRole(configuration.idp, shared)
  if (created !== undefined) {
    local.issuer = describeLocalIssuer(configuration, created)
    local.idp = created.idp
  }
  const servers = await followServers(shared)
  let roles: readonly Role[] = []
  function collect(): void {
    all = [...(created === undefined ? [] : [created]), ...servers.current()]
    roles = all.map(({ role }) => role)
  }
  collect()
  async function reloadKeys(): Promise<void> {
    // First, because new keys may be sealed under another master key.
    await sealing.refresh()
    await Promise.all(all.map(({ signingKeys }) => signingKeys.reload()))
  }
  directory.beforeChange(reloadKeys)
  // Definitions may have changed while the keys were loading.
  await reloadKeys()
  directory.onChange(async () => {
    if (await servers.follow()) collect()
  })
  // Creating keys increments the revision; without this, the first plan would be rejected as outdated.
  await directory.catchUp()
  const closing = new AbortController()
  const checked = revokeOutdated({ ...about, revoker }, closing.signal).catch((fault: unknown) =>
    onFault(fault, 'revoke-outdated'),
  )
  return {
    current: () => roles,
    signingKeys: () => all.map(({ signingKeys }) => signingKeys),
    recentRefusals: () => all.map(({ recentRefusals }) => recentRefusals),
    idp: created?.idp,
    directory,
    hasher,
    vault,
    revoker,
    signals,
    receivedRevocations,
    connectOwnAccess: (ownAccess) => void (local.ownAccess = ownAccess),
    async close() {
      closing.abort()
      await checked
      await created?.idp.transmitter?.close()
      await created?.close()
      await received.end()
      await vault.close()
      await post.close()
      await web.close()
      await privateWeb.close()
      directory.close()
      await fetch.close()
      await privateFetch.close()
    },
  }
}

function describeLocalIssuer({ baseUrl }: Configuration, { role, signingKeys }: CreatedRole): LocalIssuer {
  return { issuer: role.issuer, jwksUri: `${baseUrl}/jwks`, signingKeys }
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

/** Allows requests to this machine only if the server or a trusted issuer runs on it. */
function reachesLoopback({ baseUrl, authorizationServers, idp }: Configuration): boolean {
  const issuers = [
    ...authorizationServers.flatMap(({ trustedIssuers, authorizationCode: code }) =>
      code?.signIn === undefined ? trustedIssuers : [...trustedIssuers, code.signIn],
    ),
    ...(idp?.subjectIssuers ?? []),
  ].map(({ issuer }) => issuer)
  const tokenEndpoints = (idp?.resourceApps ?? []).flatMap(({ brokered }) =>
    brokered?.credential.kind === 'oauth' ? [brokered.credential.tokenEndpoint] : [],
  )
  return [baseUrl, ...issuers, ...tokenEndpoints].some((url) => isLoopbackHost(new URL(url).hostname))
}
