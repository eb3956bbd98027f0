// The routes that every collection of objects has: list, read, create, change, replace, delete, history, restore.
import { zApp } from '@crosswalk/protocol'
import { z } from 'zod'

import { ALLOWED, type Role } from '../roles.ts'
import type { Route } from '../route.ts'
import { idsQuery, pageQuery, zIdParam, zOwner, zPage, zReason, zRevision } from '../schemas/common.ts'
import { type Collection, COLLECTIONS, READ_ONLY_MEMBERS, type ViewOf } from '../schemas/objects.ts'

interface Access {
  readonly see: readonly Role[]
  readonly create: readonly Role[]
  readonly change: readonly Role[]
}

const ACCESS: Record<Collection, Access> = {
  users: { see: ALLOWED.seePeople, create: ALLOWED.changePeople, change: ALLOWED.changePeople },
  groups: { see: ALLOWED.seePeople, create: ALLOWED.changePeople, change: ALLOWED.changePeople },
  apps: { see: ALLOWED.seeAccess, create: ALLOWED.changeRules, change: ALLOWED.changeApp },
  'resource-apps': { see: ALLOWED.seeAccess, create: ALLOWED.changeRules, change: ALLOWED.changeRules },
  connections: {
    see: ALLOWED.seeAccess,
    create: ALLOWED.changeConnections,
    change: ALLOWED.changeConnections,
  },
  policies: { see: ALLOWED.seeRules, create: ALLOWED.changeRules, change: ALLOWED.changeRules },
  'policy-suites': { see: ALLOWED.seeRules, create: ALLOWED.changeRules, change: ALLOWED.changeRules },
  'authorization-servers': {
    see: ALLOWED.seeRules,
    create: ALLOWED.changeRules,
    change: ALLOWED.changeRules,
  },
}

export const zObjectQuery = z.strictObject({
  ...pageQuery,
  ids: idsQuery,
  q: z.string().max(256).optional().describe('Text in the id, name, user name or e-mail address.'),
  owner: zOwner.optional(),
  status: z
    .string()
    .max(64)
    .optional()
    .describe(
      'Of a connection its `status`, of a policy its `state`, else `active` or `inactive`; or `suspended`, `revoked`.',
    ),
})

const zAssigned = z.string().min(1).max(256).optional()

/** What each list may be filtered by; a filter that says nothing about a collection is refused there. */
const QUERIES = {
  users: zObjectQuery.extend({ group: zAssigned.describe('Only members of this group.') }),
  groups: zObjectQuery,
  apps: zObjectQuery.extend({ kind: zApp.shape.kind.optional().describe('Only apps of this sort.') }),
  'resource-apps': zObjectQuery.extend({
    issuer: z.string().min(1).max(2048).optional().describe('Only those behind this issuer.'),
  }),
  connections: zObjectQuery.extend({
    app: z.string().min(1).max(512).optional().describe('Id of the requesting app.'),
    resourceApp: z.string().min(1).max(256).optional().describe('Id of the resource app.'),
    group: zAssigned.describe('Only those that this group is assigned to.'),
  }),
  policies: zObjectQuery,
  'policy-suites': zObjectQuery,
  'authorization-servers': zObjectQuery,
} as const satisfies Record<Collection, z.ZodObject>
type Queries = { readonly [C in Collection]: z.output<(typeof QUERIES)[C]> }
/** What any list may be asked with. */
export type ObjectQuery = z.output<typeof zObjectQuery> &
  Pick<Queries['apps'], 'kind'> &
  Pick<Queries['resource-apps'], 'issuer'> &
  Pick<Queries['connections'], 'app' | 'resourceApp' | 'group'>

export const zPatch = z
  .record(z.string(), z.unknown())
  .describe('Members to change; null removes one (RFC 7396).')
const zRestore = z.strictObject({
  revision: z.int().min(1).describe('Which revision to return to.'),
  reason: zReason.optional(),
})

/** Without the members whose exact types are given below: those of the base would blur them. */
type RouteBase = Omit<Route, 'params' | 'query' | 'body' | 'conditional' | 'replies'>

interface CollectionRoute extends RouteBase {
  readonly params: typeof zIdParam
}

type RoutesOf<C extends Collection> = Record<
  `${C}.list`,
  RouteBase & {
    readonly query: (typeof QUERIES)[C]
    readonly params: undefined
    readonly body: undefined
    readonly replies: {
      readonly 200: {
        readonly description: string
        readonly body: z.ZodType<{ items: ViewOf<C>[]; next: string | null }>
      }
    }
  }
> &
  Record<
    `${C}.read`,
    CollectionRoute & {
      readonly conditional: 'read'
      readonly query: undefined
      readonly body: undefined
      readonly replies: { readonly 200: ViewReply<C> }
    }
  > &
  Record<
    `${C}.create`,
    RouteBase & {
      readonly params: undefined
      readonly query: undefined
      readonly body: CreateBody<C>
      readonly replies: { readonly 201: ViewReply<C> }
    }
  > &
  Record<
    `${C}.change`,
    CollectionRoute & {
      readonly conditional: 'change'
      readonly query: undefined
      readonly body: typeof zPatch
      readonly replies: { readonly 200: ViewReply<C> }
    }
  > &
  Record<
    `${C}.replace`,
    CollectionRoute & {
      readonly conditional: 'change'
      readonly query: undefined
      readonly body: CreateBody<C>
      readonly replies: { readonly 200: ViewReply<C> }
    }
  > &
  Record<
    `${C}.delete`,
    CollectionRoute & {
      readonly conditional: 'change'
      readonly query: undefined
      readonly body: undefined
      readonly replies: { readonly 204: { readonly description: string } }
    }
  > &
  Record<
    `${C}.history`,
    CollectionRoute & {
      readonly query: undefined
      readonly body: undefined
      readonly replies: {
        readonly 200: {
          readonly description: string
          readonly body: ReturnType<typeof zPage<typeof zRevision>>
        }
      }
    }
  > &
  Record<
    `${C}.restore`,
    CollectionRoute & {
      readonly query: undefined
      readonly body: typeof zRestore
      readonly replies: { readonly 200: ViewReply<C> }
    }
  >

interface ViewReply<C extends Collection> {
  readonly description: string
  readonly body: z.ZodType<ViewOf<C>>
}

type CreateBody<C extends Collection> = (typeof COLLECTIONS)[C]['input']

/** @returns the routes of one collection under their names: `users.list`, `users.read` … */
function collectionRoutes<C extends Collection>(collection: C): RoutesOf<C> {
  const { input, view, one, prefix } = COLLECTIONS[collection]
  const object = { ignored: READ_ONLY_MEMBERS[collection], idPrefix: prefix }
  const { see, create, change } = ACCESS[collection]
  const path = `/${collection}`
  const base = { tag: collection }
  const single = { ...base, path: `${path}/{id}`, params: zIdParam }
  const shown = { description: `The ${one}.`, body: view }
  const routes: Record<string, Route> = {
    list: {
      ...base,
      method: 'GET',
      path,
      summary: `List: ${one}`,
      roles: see,
      query: QUERIES[collection],
      replies: { 200: { description: 'A page, in the order of ids.', body: zPage(view) } },
    },
    read: {
      ...single,
      method: 'GET',
      summary: `Read one ${one}`,
      roles: see,
      conditional: 'read',
      replies: { 200: shown },
      problems: [404],
    },
    create: {
      ...base,
      method: 'POST',
      path,
      summary: `Create one ${one}`,
      roles: create,
      body: input,
      object,
      etag: true,
      reasonHeader: true,
      replies: { 201: { ...shown, description: `The ${one}; a secret made for it is shown only now.` } },
      problems: [409],
    },
    change: {
      ...single,
      method: 'PATCH',
      summary: `Change members of one ${one}`,
      roles: change,
      body: zPatch,
      conditional: 'change',
      reasonHeader: true,
      replies: { 200: shown },
      problems: [404, 409],
    },
    replace: {
      ...single,
      method: 'PUT',
      summary: `Replace one ${one}`,
      roles: change,
      body: input,
      object,
      conditional: 'change',
      reasonHeader: true,
      replies: { 200: shown },
      problems: [404, 409],
    },
    delete: {
      ...single,
      method: 'DELETE',
      summary: `Delete one ${one}`,
      roles: create,
      conditional: 'change',
      reasonHeader: true,
      replies: { 204: { description: 'It is gone; its history stays.' } },
      problems: [404, 409],
    },
    history: {
      ...single,
      method: 'GET',
      path: `${path}/{id}/history`,
      summary: `Every revision of one ${one}, newest first`,
      roles: see,
      replies: { 200: { description: 'All revisions.', body: zPage(zRevision) } },
      problems: [404],
    },
    restore: {
      ...single,
      method: 'POST',
      path: `${path}/{id}/restore`,
      summary: `Return one ${one} to an earlier revision, also when it was deleted`,
      roles: create,
      body: zRestore,
      conditional: 'act',
      etag: true,
      replies: { 200: shown },
      problems: [404, 409],
    },
  }
  return Object.fromEntries(
    Object.entries(routes).map(([verb, route]) => [`${collection}.${verb}`, route]),
  ) as unknown as RoutesOf<C>
}

export const objectRoutes = {
  ...collectionRoutes('users'),
  ...collectionRoutes('groups'),
  ...collectionRoutes('apps'),
  ...collectionRoutes('resource-apps'),
  ...collectionRoutes('connections'),
  ...collectionRoutes('policies'),
  ...collectionRoutes('policy-suites'),
  ...collectionRoutes('authorization-servers'),
}
