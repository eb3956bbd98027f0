// A live access token names its user as the resource app knows them. Of a user who is known by another name since, such as by
// another address, no act would find the tokens from before: they are revoked when the name changes, however that came.
import type { Sealing } from '@crosswalk/as-core'
import { createPairwise } from '@crosswalk/idp'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { type Reach, type ReachParts, reachOfUser } from '../definitions/revocations.ts'
import { readUsersAt } from '../definitions/users/stored-users.ts'
import type { ChangeListener } from '../definitions/directory.ts'
import type { UserItem } from '../definitions/users/user-items.ts'
import { systemContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { AccessRevoker } from './access-revoker.ts'
import { revokeAndRecord } from './revoke-and-record.ts'

const RENAMED = systemContext('The user is known to resource apps by another name.')

export interface RevokeRenamedParts extends Parts<'directory' | 'storage' | 'clock'> {
  readonly revoker: Pick<AccessRevoker, 'revokeReach'>
  readonly sealing: Pick<Sealing, 'keyedDigest'>
  /** The IdP's issuer identifier; undefined where none runs here */
  readonly issuer: string | undefined
}

/** @returns what is to be done after each change of definitions */
export function createRevokeRenamed(parts: RevokeRenamedParts): ChangeListener {
  const { directory, revoker, sealing, issuer } = parts
  const pairwise = createPairwise(sealing)
  let seenRevision = directory.current().world.revision
  const waiting = new Set<string>()
  return async (changedUsers) => {
    const now = directory.current()
    for (const id of changedUsers) waiting.add(id)
    const ids = [...waiting]
    if (issuer !== undefined && ids.length > 0 && namesUsers(now)) {
      const before = await readUsersAt(parts.storage.objects, seenRevision, ids)
      for (const { id, names } of await findRenamed(before, now, { issuer, pairwise })) {
        const about = { target: { kind: 'user', id }, endedSessions: false, onlyIfAny: true }
        await revokeAndRecord(parts, RENAMED, about, () => revoker.revokeReach(names))
      }
    }
    // Last, so that what met a fault is looked at again with the next change.
    for (const id of ids) waiting.delete(id)
    seenRevision = Math.max(seenRevision, now.world.revision)
  }
}

/** Whether any resource app knows users by something that can change: ids and pairwise names stay as they are. */
function namesUsers({ world }: CompiledWorld): boolean {
  const subjects = [...world['resource-apps'].values()].map(({ definition }) => definition.subject)
  return !subjects.every((subject) => subject === 'user.id' || subject === 'pairwise')
}

interface Renamed {
  readonly id: string
  /** Names that the user had before, and no longer has */
  readonly names: readonly Reach[]
}

async function findRenamed(
  before: ReadonlyMap<string, UserItem>,
  { world, users }: CompiledWorld,
  { issuer, pairwise }: Pick<ReachParts, 'issuer' | 'pairwise'>,
): Promise<readonly Renamed[]> {
  const now = await users.findMany(before.keys())
  return [...before].flatMap(([id, { definition: was }]) => {
    const is = now.get(id)
    // Who is gone loses everything elsewhere.
    if (is === undefined) return []
    const [had, has] = [was, is].map((user) => reachOfUser(user, { world, issuer, pairwise }))
    const kept = new Set(has?.map((name) => JSON.stringify(name)))
    const names = had?.filter((name) => !kept.has(JSON.stringify(name))) ?? []
    return names.length === 0 ? [] : [{ id, names }]
  })
}
