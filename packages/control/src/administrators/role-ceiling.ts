// Callers cannot grant, remove or edit a role above their own, whether the change goes through a user, a group that
// carries a role, a password or a second factor. Suspending a user is not an edit, but resuming one is.
import { isDeepStrictEqual } from 'node:util'

import { isAbove, type Role, ROLES } from '@crosswalk/admin-api'
import type { User } from '@crosswalk/idp'

import type { RoleCeiling } from '../config-file/provider-schema.ts'
import { type AdminRoles, findRole } from '../definitions/find-role.ts'
import { listMembershipChanges } from '../definitions/memberships.ts'
import { type NextDefinitions, previewUsers } from '../definitions/preview-world.ts'
import type { UserItem } from '../definitions/users/user-items.ts'
import type { AdminContext, Caller } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { forbidden, type Problem } from '../http/problem.ts'

type RoleParts = Parts<'configuration' | 'directory'>

export async function refuseChangeAbove(
  { configuration, directory }: RoleParts,
  { caller }: AdminContext,
  next: NextDefinitions,
): Promise<Problem | undefined> {
  const roles = configuration.admin?.roles
  if (roles === undefined) return undefined
  const { world, users: now } = directory.current()
  const then = previewUsers(directory.current(), next)
  const groups = new Set(Object.values(roles).flatMap((holders) => holders?.groups ?? []))
  const moved = next.groups === undefined ? [] : listMembershipChanges(world.groups, next.groups, groups)
  const ids = [...new Set([...(next.changedUsers?.keys() ?? []), ...moved])]
  const [before, after] = [await now.findMany(ids), await then.findMany(ids)]
  const defined = await now.items.find(ids)
  const roleOf = (user: User | undefined) => user && findRoleIfActive(roles, user)
  for (const id of ids) {
    const [had, has] = [roleOf(before.get(id)), roleOf(after.get(id))]
    // An edit that keeps the role can still be a way to take it over: a password, a user name, a verified address.
    const isTouched = had !== has || isEdited(next, id, { before: defined.get(id), caller })
    const above = [had, has].find((role) => role !== undefined && isAboveCaller(role, caller))
    if (isTouched && above !== undefined) return refuse(id, above)
  }
  return undefined
}

/** For actions that change no definition: second factors, and lifting a suspension. */
export async function refuseEditAbove(
  { configuration, directory }: RoleParts,
  { caller }: AdminContext,
  userId: string,
): Promise<Problem | undefined> {
  const user = await directory.current().users.findById(userId)
  const role = user && findRoleIfActive(configuration.admin?.roles ?? {}, user)
  return role !== undefined && isAboveCaller(role, caller) ? refuse(userId, role) : undefined
}

function isAboveCaller(role: Role, { role: own, ceiling = own }: Caller): boolean {
  return isAboveCeiling(role, ceiling)
}

function isAboveCeiling(role: Role, ceiling: RoleCeiling): boolean {
  return ceiling === 'none' || isAbove(role, ceiling)
}

/** Another provider names the groups of its users. Those that give a role above its limit count only if they have them. */
export function dropGroupsAbove(
  groups: readonly string[],
  before: readonly string[],
  { roles = {}, ceiling }: { readonly roles: AdminRoles | undefined; readonly ceiling: RoleCeiling },
): readonly string[] {
  const givesMore = (group: string) =>
    ROLES.some((role) => roles[role]?.groups.includes(group) === true && isAboveCeiling(role, ceiling))
  return groups.filter((group) => before.includes(group) || !givesMore(group))
}

/** A directory may deactivate its own users, whatever role they hold. */
function isEdited(
  { changedUsers }: NextDefinitions,
  id: string,
  { before, caller: { ceiling } }: { readonly before: UserItem | undefined; readonly caller: Caller },
): boolean {
  if (changedUsers?.has(id) !== true) return false
  const after = changedUsers.get(id)
  const isStop =
    ceiling !== undefined &&
    before !== undefined &&
    after !== undefined &&
    isDeepStrictEqual({ ...before.definition, active: false }, after.definition)
  return !isStop
}

/** An inactive owner still counts: an editor could take over the role once the user is active again. */
function findRoleIfActive(roles: AdminRoles, user: User): Role | undefined {
  return findRole(roles, { ...user, active: true })?.role
}

function refuse(id: string, role: Role): Problem {
  return forbidden(
    `users/${id} has or would have the role ${role}, which is above yours. Ask a user with that role.`,
  )
}
