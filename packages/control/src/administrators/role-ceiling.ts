// No one grants, takes or edits a role above their own, whichever object the change goes through: a user, a group that
// carries a role, a password, a second factor. Stopping a user is no edit; lifting that stop is.
import { isDeepStrictEqual } from 'node:util'

import { isAbove, type Role } from '@crosswalk/admin-api'
import type { User } from '@crosswalk/idp'

import { type AdminRoles, findRole } from '../definitions/find-role.ts'
import { findChangedUsers, indexUsers } from '../definitions/user-index.ts'
import type { Item, Items, UserRecord } from '../definitions/records.ts'
import type { AdminContext, Caller } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { buildProblem, type Problem } from '../http/problem.ts'

type RoleParts = Parts<'configuration' | 'directory'>

/** @param next - every definition as it would be; what is not changed is the same object as now */
export function refuseChangeAbove(
  { configuration, directory }: RoleParts,
  { caller }: AdminContext,
  next: Items,
): Problem | undefined {
  const roles = configuration.admin?.roles
  if (roles === undefined) return undefined
  const now = directory.current()
  const { world } = now
  const sources = { ...next, holds: world.holds }
  const { people } = indexUsers(sources, { sources: world, index: now })
  const roleOf = (user: User | undefined) => user && findRoleIfActive(roles, user)
  for (const id of findChangedUsers(world, sources)) {
    const [had, has] = [roleOf(now.people.get(id)), roleOf(people.get(id))]
    // An edit that leaves the role in place may still be a way into it: a password, a user name, a verified address.
    const isTouched = had !== has || isEdited(world.users.get(id), next.users.get(id), caller)
    const above = [had, has].find((role) => role !== undefined && isAboveCaller(role, caller))
    if (isTouched && above !== undefined) return refuse(id, above)
  }
  return undefined
}

/** For what changes no definition: second factors, and lifting a suspension. */
export function refuseEditAbove(
  { configuration, directory }: RoleParts,
  { caller }: AdminContext,
  userId: string,
): Problem | undefined {
  const user = directory.current().people.get(userId)
  const role = user && findRoleIfActive(configuration.admin?.roles ?? {}, user)
  return role !== undefined && isAboveCaller(role, caller) ? refuse(userId, role) : undefined
}

function isAboveCaller(role: Role, { role: own, ceiling = own }: Caller): boolean {
  return ceiling === 'none' || isAbove(role, ceiling)
}

/** A directory that deactivates one of its users stops them, whatever role they hold. */
function isEdited(
  before: Item<UserRecord> | undefined,
  after: Item<UserRecord> | undefined,
  { ceiling }: Caller,
): boolean {
  if (before === after) return false
  const isStop =
    ceiling !== undefined &&
    before !== undefined &&
    after !== undefined &&
    isDeepStrictEqual({ ...before.definition, active: false }, after.definition)
  return !isStop
}

/** An inactive owner counts as an owner: an editor could take over the role once they are active again. */
function findRoleIfActive(roles: AdminRoles, user: User): Role | undefined {
  return findRole(roles, { ...user, active: true })?.role
}

function refuse(id: string, role: Role): Problem {
  return buildProblem('forbidden', {
    detail: `users/${id} has or would have the role ${role}, which is above yours. Ask a user with that role.`,
  })
}
