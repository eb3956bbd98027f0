// Which role a user has in the console. Decides from the configuration and the user as they are now, so that a
// role taken away is gone with the next request.
import { type Role, ROLES } from '@crosswalk/admin-api'
import type { User } from '@crosswalk/idp'

export interface RoleHolders {
  readonly users: readonly string[]
  readonly groups: readonly string[]
  /** The apps a scoped role is about; undefined: all */
  readonly apps?: readonly string[] | undefined
}

/** Who has which role; a role that no one has is left out. */
export type AdminRoles = { readonly [R in Role]?: RoleHolders | undefined }

export interface FoundRole {
  readonly role: Role
  readonly apps?: readonly string[]
}

/** @returns the role that permits most where a user has several; undefined without a role, and for inactive users */
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
