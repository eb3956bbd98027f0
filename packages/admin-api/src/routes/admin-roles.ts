// Roles in the console, and what each user may do. Roles are assigned only in the configuration file, so that an
// intruder cannot assign one.
import { z } from 'zod'

import { ALLOWED, ROLES } from '../roles.ts'
import { defineRoutes } from '../route.ts'

const zRole = z.enum(ROLES)
const zApps = z
  .array(z.string())
  .nullable()
  .describe('Apps that the role of a connection manager, app owner or developer covers; null: all.')

const zRoleHolders = z
  .object({
    role: zRole,
    users: z.array(z.string()).describe('Ids of users with a direct assignment.'),
    groups: z.array(z.string()).describe('Groups with this role.'),
    apps: zApps,
    people: z
      .int()
      .describe(
        'Number of active users with this role; users with several roles are counted once, for the one that applies.',
      ),
  })
  .meta({ id: 'RoleHolders' })

const zRouteRoles = z
  .object({
    name: z.string(),
    tag: z.string(),
    summary: z.string(),
    changes: z.boolean().describe('false: read-only.'),
    roles: z.array(zRole),
  })
  .meta({ id: 'RouteRoles' })
export type RouteRoles = z.output<typeof zRouteRoles>

const zRoleOf = z
  .object({
    user: z.object({
      id: z.string(),
      username: z.string(),
      name: z.string().nullable(),
      active: z.boolean(),
    }),
    role: zRole.nullable().describe('null: no role, and no access.'),
    apps: zApps,
    via: z
      .string()
      .nullable()
      .describe('Group that the role comes from; null: assigned directly, or no role.'),
    routes: z.array(z.string()).describe('Names of the routes this role may call.'),
    of: z.int().describe('Total number of routes.'),
  })
  .meta({ id: 'RoleOf' })
export type RoleOf = z.output<typeof zRoleOf>

export const adminRoleRoutes = defineRoutes('tokens', {
  'admin-roles.list': {
    method: 'GET',
    path: '/admin-roles',
    summary: 'List roles in the console, their users, and the routes each may call',
    roles: ALLOWED.seeTokens,
    replies: {
      200: {
        description:
          'Roles of at least one user, the most powerful first; and for each route, the roles that may call it.',
        body: z.object({ items: z.array(zRoleHolders), routes: z.array(zRouteRoles) }),
      },
    },
  },
  'admin-roles.find': {
    method: 'GET',
    path: '/admin-roles/{user}',
    summary: 'Read the role of a user in the console, and the routes it may call',
    roles: ALLOWED.seeTokens,
    params: z.object({ user: z.string().min(1).max(256).describe('User, by id or user name.') }),
    conditional: 'read',
    replies: {
      200: { description: 'The role, where it comes from, and the routes it may call.', body: zRoleOf },
    },
    problems: [404],
  },
})
