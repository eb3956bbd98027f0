// A live access token identifies its user by the name at the resource app. After that name changes, for example the
// e-mail address, no act would find the earlier tokens, so they are revoked when the name changes, for whatever reason.
import type { Sealing } from '@crosswalk/as-core'
import { createPairwise } from '@crosswalk/idp/definitions'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { type Reach, type ReachParts, reachOfUser } from '../definitions/revocations.ts'
import { findUsersAt } from '../definitions/users/stored-users.ts'
import type { ChangeListener } from '../definitions/directory.ts'
import type { UserRecord } from '../definitions/records.ts'
import { systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { AccessRevoker } from './access-revoker.ts'
import { revokeAndRecord } from './revoke-and-record.ts'

const RENAMED = systemContext('The name of the user at resource apps has changed.')

export interface RevokeRenamedParts extends Parts<'directory' | 'storage' | 'clock'> {
  readonly revoker: Pick<AccessRevoker, 'revokeReach'>
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  /** The IdP's issuer identifier; undefined if none runs here */
  readonly issuer: string | undefined
}

/** Revokes what was issued under names that these users had and no longer have. @param former - as they were */
export type RevokeRenamed = (former: readonly UserRecord[]) => Promise<void>

export function createRevokeRenamed(parts: RevokeRenamedParts): RevokeRenamed {
  const { directory, revoker, sealing, issuer } = parts
  const pairwise = createPairwise(sealing)
  return async (former) => {
    const now = directory.current()
    if (issuer === undefined || !namesUsers(now)) return
    for (const { id, names } of await findRenamed(former, now, { issuer, pairwise })) {
      const about = { target: { kind: 'user', id }, endedSessions: false, onlyIfAny: true }
      await revokeAndRecord(parts, RENAMED, about, () => revoker.revokeReach(names))
    }
  }
}

/** @returns the listener to call after each change of definitions */
export function followRenames(
  { directory, storage }: Pick<RevokeRenamedParts, 'directory' | 'storage'>,
  revokeRenamed: RevokeRenamed,
): ChangeListener {
  return async (changedUsers, before) => {
    if (changedUsers.size === 0 || !namesUsers(directory.current())) return
    const former = await findUsersAt(storage.objects, before, [...changedUsers])
    await revokeRenamed(former.map(({ definition }) => definition))
  }
}

/** Whether any resource app identifies users by a value that can change; ids and pairwise identifiers cannot. */
function namesUsers({ world }: CompiledWorld): boolean {
  const subjects = [...world['resource-apps'].values()].map(({ definition }) => definition.subject)
  return !subjects.every((subject) => subject === 'user.id' || subject === 'pairwise')
}

interface Renamed {
  readonly id: string
  /** Names that the user no longer has */
  readonly names: readonly Reach[]
}

async function findRenamed(
  former: readonly UserRecord[],
  { world, users }: CompiledWorld,
  { issuer, pairwise }: Pick<ReachParts, 'issuer' | 'pairwise'>,
): Promise<readonly Renamed[]> {
  const now = await users.findMany(former.map(({ id }) => id))
  return former.flatMap((was) => {
    const { id } = was
    const is = now.get(id)
    // Removed users are handled by forgetRemoved.
    if (is === undefined) return []
    const [had, has] = [was, is].map((user) => reachOfUser(user, { world, issuer, pairwise }))
    const kept = new Set(has?.map((name) => JSON.stringify(name)))
    const names = had?.filter((name) => !kept.has(JSON.stringify(name))) ?? []
    return names.length === 0 ? [] : [{ id, names }]
  })
}
