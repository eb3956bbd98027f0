// Previews definitions with a change that is not applied.
import { type CompiledWorld, compileWorld, type WorldSettings } from './compile-world.ts'
import type { CachedItems, World } from './records.ts'
import { updateMemberships } from './memberships.ts'
import { layerItems, type UserItem, type UserItems } from './users/user-items.ts'
import { createUsers, type Users } from './users/users.ts'

/** The result of a change to objects and access grants. */
export interface NextDefinitions extends Partial<CachedItems & Pick<World, 'accessGrants'>> {
  /** Users that would change; undefined if removed */
  readonly changedUsers?: ReadonlyMap<string, UserItem | undefined>
}

export function previewWorld(
  compiled: CompiledWorld,
  next: NextDefinitions,
  settings: WorldSettings,
): Promise<CompiledWorld> {
  const { changedUsers = new Map<string, never>(), ...changed } = next
  const before = { compiled, changedUsers: new Set(changedUsers.keys()) }
  return compileWorld({ ...compiled.world, ...changed }, previewItems(compiled, next), settings, before)
}

/** Only the users, without other consequences of the change */
export function previewUsers(compiled: CompiledWorld, next: NextDefinitions): Users {
  const { world, memberships } = compiled
  const { groups = world.groups } = next
  return createUsers({
    items: previewItems(compiled, next),
    groups,
    memberships: updateMemberships(memberships, world.groups, groups),
    holds: world.holds,
  })
}

function previewItems({ users }: CompiledWorld, { changedUsers = new Map() }: NextDefinitions): UserItems {
  const front = new Map<string, UserItem>()
  const removed = new Set<string>()
  for (const [id, item] of changedUsers)
    if (item === undefined) removed.add(id)
    else front.set(id, item)
  return layerItems(front, users.items, removed)
}
