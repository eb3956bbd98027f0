// The caller of the SCIM server, and the context of its changes: they run as admin API changes by the directory, with
// the same checks, audit events and consequences.
import { type Collection, COLLECTIONS, type InputOf } from '@crosswalk/admin-api'

import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import type { DefinitionOf, Item } from '../definitions/records.ts'
import type { AdminContext } from '../http/context.ts'
import { buildEtag } from '../http/etag.ts'
import type { WriteParts } from '../objects/target.ts'
import { applyPatch, changeObject } from '../objects/write-objects.ts'
import type { Parts } from '../parts.ts'
import { isProblem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { readBySchema } from '../http/request-errors.ts'
import { findDefined, renderObject } from '../views/render-object.ts'
import type { Dated, Rendering } from './scim-resources.ts'
import { fromProblem, ScimError } from './scim-error.ts'

/** Changes by a directory run in turn, and are changes of objects. */
export type ProviderParts = WriteParts & Parts<'inTurn'>

/** A directory that provisions users and groups. */
export interface Provider {
  readonly parts: ProviderParts
  readonly directory: DirectoryDefinition
  readonly ip: string | undefined
  readonly userAgent?: string | undefined
}

export interface ScimRequest extends Rendering, Provider {
  readonly headers: Headers
  readonly query: URLSearchParams
}

/** Policy tests never hold up changes of users and groups. */
export function buildContext({ directory, ip, userAgent }: Provider): AdminContext {
  return {
    // The lowest role, so that it permits nothing; `ceiling` is the highest role its users may hold.
    caller: {
      id: `${directory.ldap === undefined ? 'scim' : 'ldap'}:${directory.id}`,
      role: 'developer',
      ceiling: directory.role,
    },
    reason: `Provisioned by the directory ${directory.id}`,
    ifMatch: '*',
    ip,
    userAgent,
  }
}

/** @throws ScimError with the problem of the admin API */
export function orThrow<T extends object>(answer: T): Exclude<T, { readonly problem: unknown }> {
  if (isProblem(answer)) throw fromProblem(answer)
  return answer as Exclude<T, { readonly problem: unknown }>
}

/** By the schema of the admin API, so that only what can be read is stored. @throws ScimError */
export function readInput<C extends 'users' | 'groups'>(collection: C, input: object): InputOf<C> {
  const read = readBySchema(COLLECTIONS[collection].input, input)
  if ('errors' in read) throw fromProblem(invalidRequest(read.errors))
  return read.data as InputOf<C>
}

/** @returns the same items, in the same order */
export async function addDates<C extends 'users' | 'groups'>(
  { parts }: Pick<Provider, 'parts'>,
  collection: C,
  items: readonly Item<DefinitionOf<C>>[],
): Promise<readonly Dated<DefinitionOf<C>>[]> {
  const ids = items.map(({ definition }) => definition.id)
  const created = await parts.storage.objects.createdAt(collection, ids)
  return items.map((item) => ({ ...item, createdAt: created.get(item.definition.id) }))
}

/** @returns the object, if the directory provisioned it. @throws ScimError */
export async function findOwn<C extends 'users' | 'groups'>(
  { parts, directory }: ScimRequest,
  collection: C,
  id: string,
): Promise<Dated<DefinitionOf<C>>> {
  const found = await findDefined<'users' | 'groups'>(parts.directory.current(), collection, id)
  const own = found?.definition.directory === directory.id ? [found as Item<DefinitionOf<C>>] : []
  const [item] = await addDates({ parts }, collection, own)
  if (item !== undefined) return item
  throw new ScimError(
    404,
    `There is no ${collection === 'users' ? 'User' : 'Group'} ${id.slice(0, 128)} in this directory.`,
  )
}

/** @throws ScimError */
export async function changeProvisioned(
  provider: Provider,
  collection: 'users' | 'groups',
  id: string,
  patch: Readonly<Record<string, unknown>>,
): Promise<void> {
  const target = { parts: provider.parts, context: buildContext(provider), collection }
  orThrow(await changeObject(target, id, applyPatch(collection, patch)))
}

export function listOwn<T extends { readonly directory?: string | undefined }>(
  items: ReadonlyMap<string, Item<T>>,
  { directory }: Pick<Provider, 'directory'>,
): readonly Item<T>[] {
  return [...items.values()].filter(({ definition }) => definition.directory === directory.id)
}

/** Weak, because the same definition may have several representations (RFC 7644 section 3.14). */
export async function versionOf({ parts }: ScimRequest, collection: Collection, id: string): Promise<string> {
  const view = await renderObject(parts.directory.current(), collection, id, parts.clock.nowMs())
  return `W/${buildEtag(view)}`
}

/** @returns the object, if the directory provisioned it and its condition holds. @throws ScimError */
export async function findForChange<C extends 'users' | 'groups'>(
  request: ScimRequest,
  collection: C,
  id: string,
): Promise<Dated<DefinitionOf<C>>> {
  const item = await findOwn(request, collection, id)
  const ifMatch = request.headers.get('if-match')
  const tags = ifMatch?.split(',').map((tag) => tag.trim()) ?? ['*']
  if (tags.includes('*') || tags.includes(await versionOf(request, collection, id))) return item
  throw new ScimError(412, 'The resource has changed since you read it.')
}
