// The routes of every collection of objects: list, read, create, change, replace, delete, history, restore.
import { z } from 'zod'

import { nameOne, type zObjectQuery } from '../collections/collection.ts'
import { type Collection, COLLECTION_NAMES, COLLECTIONS, type ViewOf } from '../collections/registry.ts'
import type { Route } from '../route.ts'
import { zIdParam, zPage, zReason, zRevision } from '../schemas/common.ts'

type QueryOf<C extends Collection> = (typeof COLLECTIONS)[C]['query']
type Queries = { readonly [C in Collection]: z.output<QueryOf<C>> }
/** The query parameters of all lists. */
export type ObjectQuery = z.output<typeof zObjectQuery> &
  Pick<Queries['apps'], 'kind'> &
  Pick<Queries['resource-apps'], 'issuer' | 'resource'> &
  Pick<Queries['connections'], 'app' | 'resourceApp' | 'group'>

const zPatch = z
  .record(z.string(), z.unknown())
  .describe(
    'Members to change; null removes one (RFC 7396). Another `auth.method` or `credential.kind` replaces that object completely.',
  )
const zRestore = z.strictObject({
  revision: z.int().min(1).describe('Revision to restore.'),
  reason: zReason.optional(),
})

/** Without the members whose exact types are given below, which those of the base would widen. */
type RouteBase = Omit<Route, 'params' | 'query' | 'body' | 'conditional' | 'replies'>

interface Taken {
  readonly params?: unknown
  readonly query?: unknown
  readonly body?: unknown
}

/** The input of a route, nothing by default, and its only successful response. */
type Typed<Status extends number, Reply, T extends Taken = object> = RouteBase & {
  readonly [M in keyof Taken]-?: T extends { readonly [K in M]: infer S } ? S : undefined
} & { readonly replies: Readonly<Record<Status, Reply>> }

interface One {
  readonly params: typeof zIdParam
}

type Verbs<C extends Collection> = {
  readonly list: Typed<
    200,
    { readonly description: string; readonly body: z.ZodType<{ items: ViewOf<C>[]; next: string | null }> },
    { readonly query: QueryOf<C> }
  >
  readonly read: Typed<200, ViewReply<C>, One> & { readonly conditional: 'read' }
  readonly create: Typed<
    201,
    ViewReply<C>,
    { readonly body: z.ZodType<z.output<InputOf<C>>, WithoutId<z.input<InputOf<C>>>> }
  >
  readonly change: Typed<200, ViewReply<C>, One & { readonly body: typeof zPatch }> & Change
  readonly replace: Typed<200, ViewReply<C>, One & { readonly body: InputOf<C> }> & Change
  readonly delete: Typed<204, { readonly description: string }, One> & Change
  readonly history: Typed<
    200,
    { readonly description: string; readonly body: ReturnType<typeof zPage<typeof zRevision>> },
    One
  >
  readonly restore: Typed<200, ViewReply<C>, One & { readonly body: typeof zRestore }>
}

export interface Change {
  readonly conditional: 'change'
}

type RoutesOf<C extends Collection> = { readonly [V in keyof Verbs<C> as `${C}.${V}`]: Verbs<C>[V] }

export interface ViewReply<C extends Collection> {
  readonly description: string
  readonly body: z.ZodType<ViewOf<C>>
}

type InputOf<C extends Collection> = (typeof COLLECTIONS)[C]['input']
/** The server generates an id if it is absent. */
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> & { readonly id?: string } : never

/** @returns the routes of a collection by name: `users.list`, `users.read` … */
function collectionRoutes<C extends Collection>(collection: C): RoutesOf<C> {
  const shape = COLLECTIONS[collection]
  const { input, view, one, prefix, readOnly, access, query } = shape
  const object = { ignored: readOnly, idPrefix: prefix }
  const { see, create, change } = access
  const path = `/${collection}`
  const base = { tag: collection }
  const single = { ...base, path: `${path}/{id}`, params: zIdParam }
  const shown = { description: `The ${one}.`, body: view }
  const routes: Record<string, Route> = {
    list: {
      ...base,
      method: 'GET',
      path,
      summary: `List ${collection.replaceAll('-', ' ')}`,
      roles: see,
      query,
      replies: { 200: { description: 'A page, in the order of ids.', body: zPage(view) } },
    },
    read: {
      ...single,
      method: 'GET',
      summary: `Read ${nameOne(shape)}`,
      roles: see,
      conditional: 'read',
      replies: { 200: shown },
      problems: [404],
    },
    create: {
      ...base,
      method: 'POST',
      path,
      summary: `Create ${nameOne(shape)}`,
      roles: create,
      body: input,
      object,
      etag: true,
      reasonHeader: true,
      idempotent: true,
      replies: {
        201: { ...shown, description: `The ${one}; a secret generated for it is shown only once.` },
      },
      problems: [409],
    },
    change: {
      ...single,
      method: 'PATCH',
      summary: `Change members of ${nameOne(shape)}`,
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
      summary: `Replace ${nameOne(shape)}`,
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
      summary: `Delete ${nameOne(shape)}`,
      roles: create,
      conditional: 'change',
      reasonHeader: true,
      replies: { 204: { description: 'Deleted; the history remains.' } },
      problems: [404, 409],
    },
    history: {
      ...single,
      method: 'GET',
      path: `${path}/{id}/history`,
      summary: `List the revisions of ${nameOne(shape)}, newest first`,
      roles: see,
      replies: { 200: { description: 'All revisions.', body: zPage(zRevision) } },
      problems: [404],
    },
    restore: {
      ...single,
      method: 'POST',
      path: `${path}/{id}/restore`,
      summary: `Restore an earlier revision of ${nameOne(shape)}, even if it was deleted`,
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

export const objectRoutes = Object.assign(
  {},
  ...COLLECTION_NAMES.map(collectionRoutes),
) as UnionToIntersection<{ [C in Collection]: RoutesOf<C> }[Collection]>

type UnionToIntersection<U> = (U extends unknown ? (one: U) => void : never) extends (all: infer I) => void
  ? I
  : never
