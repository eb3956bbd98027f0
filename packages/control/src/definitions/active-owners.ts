// Which owners of apps are active: policies, approval rules and recommendations read it. Kept with the definitions, so
// that every evaluation of one revision sees the same owners, without a lookup.
import { definitionsOf, isHeld, type World } from './records.ts'
import type { Users } from './users/users.ts'

const NONE = { known: new Set<string>(), changedUsers: new Set<string>() }

/**
 * @param before - the earlier result, and the users who may have changed since; others are not looked up again
 * @returns ids of the active users who own an app; the same set as before if nothing changed
 */
export async function findActiveOwners(
  world: Pick<World, 'apps' | 'holds'>,
  users: Pick<Users, 'findMany'>,
  before: { readonly known: ReadonlySet<string>; readonly changedUsers: ReadonlySet<string> } = NONE,
): Promise<ReadonlySet<string>> {
  const owners = new Set(definitionsOf(world.apps).flatMap((app) => app.owners))
  const { known, changedUsers } = before
  const now = new Set<string>()
  const unknown: string[] = []
  for (const id of owners) {
    const mayDiffer = changedUsers.has(id) || isHeld(world, 'user', id)
    if (known.has(id) && !mayDiffer) now.add(id)
    else unknown.push(id)
  }
  for (const { id, active } of (await users.findMany(unknown)).values()) if (active) now.add(id)
  return now.size === known.size && [...now].every((id) => known.has(id)) ? known : now
}
