// Shows which users hold which console role, by the rule that also authorizes them.
import {
  type adminRoleRoutes,
  listRoutesOf,
  type Role,
  ROLES,
  type RoleOf,
  type Route,
  type RouteRoles,
  ROUTES,
} from '@crosswalk/admin-api'
import type { User } from '@crosswalk/idp'

import { findRole, type RoleHolders } from '../definitions/find-role.ts'
import type { Handlers } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import { notFound } from '../http/problem.ts'

export function createAdminRoleHandlers(
  parts: Parts<'configuration' | 'directory'>,
): Pick<Handlers, keyof typeof adminRoleRoutes> {
  const roles = parts.configuration.admin?.roles ?? {}
  return {
    async 'admin-roles.list'() {
      const counts = await countUsers(parts)
      const items = ROLES.flatMap((role) => {
        const holders = roles[role]
        return holders === undefined ? [] : [showHolders(role, holders, counts.get(role) ?? 0)]
      })
      return { status: 200, body: { items, routes: listRouteRoles() } }
    },
    async 'admin-roles.find'({ params: { user: asked } }) {
      const user = await findUser(parts, asked)
      if (user === undefined) return notFound(`There is no user ${asked}.`)
      const found = findRole(roles, user)
      const holders = found === undefined ? undefined : roles[found.role]
      const byName = holders?.users.includes(user.id) === true
      const via = byName ? undefined : user.groups.find((group) => holders?.groups.includes(group))
      const { id, username, name = null, active } = user
      const body: RoleOf = {
        user: { id, username, name, active },
        role: found?.role ?? null,
        apps: found?.apps === undefined ? null : [...found.apps],
        via: via ?? null,
        routes: found === undefined ? [] : listRoutesOf(found.role),
        of: listRouteRoles().length,
      }
      return { status: 200, body }
    },
  }
}

function showHolders(role: Role, { users, groups, apps }: RoleHolders, people: number) {
  return {
    role,
    users: [...users],
    groups: [...groups],
    apps: apps === undefined ? null : [...apps],
    people,
  }
}

/** Looks up by id, then by user name. */
async function findUser({ directory }: Parts<'directory'>, asked: string): Promise<User | undefined> {
  const { users } = directory.current()
  const isNamed = ({ username }: User) => username === asked
  return (await users.findById(asked)) ?? (await users.findByName(asked)).find(isNamed)
}

/** Reads only the users that a role names directly or through a group. */
async function countUsers({
  configuration,
  directory,
}: Parts<'configuration' | 'directory'>): Promise<ReadonlyMap<Role, number>> {
  const { users } = directory.current()
  const roles = configuration.admin?.roles ?? {}
  const holders = Object.values(roles).flatMap((it) => it ?? [])
  const assigned = await users.listAssigned({
    everyone: false,
    users: holders.flatMap((it) => it.users),
    groups: [...new Set(holders.flatMap((it) => it.groups))],
  })
  const counts = new Map<Role, number>()
  for (const user of (await users.findMany(assigned)).values()) {
    const role = findRole(roles, user)?.role
    if (role !== undefined) counts.set(role, (counts.get(role) ?? 0) + 1)
  }
  return counts
}

/** Omits routes without roles, such as the description of this API: they are open to everyone. */
function listRouteRoles(): RouteRoles[] {
  return Object.entries<Route>(ROUTES)
    .filter(([, { roles }]) => roles.length > 0)
    .map(([name, { tag, summary, method, roles }]) => ({
      name,
      tag,
      summary,
      changes: method !== 'GET',
      roles: [...roles],
    }))
}
