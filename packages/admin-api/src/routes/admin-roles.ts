// Who has which role in the console, and what each user may do. Roles are given in the configuration file
// only, so that an intruder cannot assign one.
import { z } from 'zod'

import { ALLOWED, ROLES } from '../roles.ts'
import { defineRoutes } from '../route.ts'

const zRole = z.enum(ROLES)
const zApps = z
  .array(z.string())
  .nullable()
  .describe('The apps that a connection manager, app owner or developer is about; null: all.')

export const zRoleHolders = z
  .object({
    role: zRole,
    users: z.array(z.string()).describe('Ids of users who have it by name.'),
    groups: z.array(z.string()).describe('Groups whose members have it.'),
    apps: zApps,
    people: z
      .int()
      .describe('How many active users it is in force for; who has several roles counts for one of them.'),
  })
  .meta({ id: 'RoleHolders' })
export type RoleHoldersBody = z.output<typeof zRoleHolders>

export const zRouteRoles = z
  .object({
    name: z.string(),
    tag: z.string(),
    summary: z.string(),
    changes: z.boolean().describe('false: it only reads.'),
    roles: z.array(zRole),
  })
  .meta({ id: 'RouteRoles' })
export type RouteRoles = z.output<typeof zRouteRoles>

export const zRoleOf = z
  .object({
    user: z.object({
      id: z.string(),
      username: z.string(),
      name: z.string().nullable(),
      active: z.boolean(),
    }),
    role: zRole.nullable().describe('null: none, and no way in.'),
    apps: zApps,
    via: z.string().nullable().describe('The group it comes from; null: by name, or no role.'),
    routes: z.array(z.string()).describe('Names of the routes this role may call.'),
    of: z.int().describe('How many routes there are.'),
  })
  .meta({ id: 'RoleOf' })
export type RoleOf = z.output<typeof zRoleOf>

export const adminRoleRoutes = defineRoutes('tokens', {
  'admin-roles.list': {
    method: 'GET',
    path: '/admin-roles',
    summary: 'List who has which role in the console, and what each role may do',
    roles: ALLOWED.seeTokens,
    replies: {
      200: {
        description:
          'Roles that at least one user has, the one that permits most first; and of each route, which roles may call it.',
        body: z.object({ items: z.array(zRoleHolders), routes: z.array(zRouteRoles) }),
      },
    },
  },
  'admin-roles.find': {
    method: 'GET',
    path: '/admin-roles/{user}',
    summary: 'What one user may do in the console',
    roles: ALLOWED.seeTokens,
    params: z.object({ user: z.string().min(1).max(256).describe('User, by id or user name.') }),
    conditional: 'read',
    replies: { 200: { description: 'The role, why, and what it may call.', body: zRoleOf } },
    problems: [404],
  },
})
