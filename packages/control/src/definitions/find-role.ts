// Finds a user's console role from the current configuration and user, so that a removed role is lost with the next
// request.
import { type Role, ROLES } from '@crosswalk/admin-api'
import type { User } from '@crosswalk/idp'

export interface RoleHolders {
  readonly users: readonly string[]
  readonly groups: readonly string[]
  /** The apps a scoped role covers; undefined means all */
  readonly apps?: readonly string[] | undefined
}

/** Holders per role; roles without holders are omitted. */
export type AdminRoles = { readonly [R in Role]?: RoleHolders | undefined }

export interface FoundRole {
  readonly role: Role
  readonly apps?: readonly string[]
}

/** @returns the highest role of a user; undefined for users without a role, and for inactive users */
export function findRole(roles: AdminRoles, user: User | undefined): FoundRole | undefined {
  if (user?.active !== true) return undefined
  for (const role of ROLES) {
    const holders = roles[role]
    if (holders === undefined) continue
    if (holders.users.includes(user.id) || user.groups.some((group) => holders.groups.includes(group)))
      return holders.apps === undefined ? { role } : { role, apps: holders.apps }
  }
  return undefined
}
