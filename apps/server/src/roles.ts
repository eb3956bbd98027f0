// Creates the servers of one process: those in the configuration, and authorization servers defined at runtime. The
// directory knows the current definitions.
import type { RecentRefusals, SigningKeys } from '@crosswalk/as-core'
import { recordFileChanges, revokeOutdated } from '@crosswalk/control'
import type { Idp, OwnAccess } from '@crosswalk/idp'

import type { ServerRole } from './http/role.ts'
import { repeatUntilDone } from './repeat-until-done.ts'
import { createIdpRole } from './idp-role.ts'
import {
  type CreatedIdpRole,
  type CreatedRole,
  createSharedParts,
  type RoleParts,
  type SharedParts,
} from './role-parts.ts'
import { followServers } from './server-roles.ts'

/** The parts of all roles that other parts of the server use */
type UsedParts = Pick<
  SharedParts,
  'completeChanges' | 'directory' | 'hasher' | 'receivedRevocations' | 'revoker' | 'signals' | 'vault'
>

export interface Roles extends UsedParts {
  /** The running roles; a new array after every change */
  current(): readonly ServerRole[]
  signingKeys(): readonly SigningKeys[]
  /** Of this process */
  recentRefusals(): readonly RecentRefusals[]
  readonly idp: Idp | undefined
  /** Lets users see their own access at the IdP from now on. */
  connectOwnAccess(ownAccess: OwnAccess): void
  close(): Promise<void>
}

/**
 * @throws Error if the master key cannot open stored keys
 * @throws StartError if the configuration file and the database define the same object
 */
export async function createRoles(parts: RoleParts): Promise<Roles> {
  const { configuration, sealing, onFault } = parts
  let all: readonly CreatedRole[] = []
  let idpRole: CreatedIdpRole | undefined
  let ownAccess: OwnAccess | undefined
  const shared = await createSharedParts(parts, {
    idpRole: () => idpRole,
    ownAccess: () => ownAccess,
    inspectors: () => all.flatMap(({ inspect }) => inspect ?? []),
  })
  const { directory, vault, revoker, completeChanges } = shared
  if (configuration.idp !== undefined) idpRole = await createIdpRole(configuration.idp, shared)
  const servers = await followServers(shared)
  function collect(): void {
    all = [...(idpRole === undefined ? [] : [idpRole]), ...servers.current()]
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
  // Creating keys increments the revision that plans and exports show.
  await directory.catchUp()
  const recording = repeatUntilDone(
    () => recordFileChanges({ ...parts, directory, revoker, vault }),
    (fault) => onFault(fault, 'file-changes'),
  )
  // Before the first request: it makes a new revision too.
  await recording.tried
  const closing = new AbortController()
  // Housekeeping repeats it.
  const completed = completeChanges().catch((fault: unknown) => onFault(fault, 'complete-changes'))
  const checking = repeatUntilDone(
    () => revokeOutdated({ ...parts, revoker }, closing.signal),
    (fault) => onFault(fault, 'revoke-outdated'),
  )
  return {
    ...shared,
    current: () => all,
    signingKeys: () => all.map(({ signingKeys }) => signingKeys),
    recentRefusals: () => all.map(({ recentRefusals }) => recentRefusals),
    idp: idpRole?.idp,
    connectOwnAccess: (access) => void (ownAccess = access),
    async close() {
      closing.abort()
      await Promise.all([completed, checking.stop(), recording.stop()])
      await idpRole?.idp.transmitter?.close()
      await idpRole?.close()
      await shared.close()
    },
  }
}
