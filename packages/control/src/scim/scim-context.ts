// Who calls the SCIM server and how its changes run: as changes of the admin API by the directory, with the same checks,
// audit events and consequences.
import type { Collection } from '@crosswalk/admin-api'

import type { DirectoryDefinition } from '../config-file/directory-schema.ts'
import type { DefinitionOf, Item } from '../definitions/records.ts'
import type { AdminContext } from '../http/context.ts'
import { buildEtag } from '../http/etag.ts'
import type { WriteParts } from '../objects/target.ts'
import type { Parts } from '../parts.ts'
import { isProblem } from '../http/problem.ts'
import { findDefined, renderObject } from '../views/render-object.ts'
import type { Rendering } from './scim-resources.ts'
import { fromProblem, ScimError } from './scim-error.ts'

/** Changes of a directory follow each other, and are changes of objects. */
export type ProviderParts = WriteParts & Parts<'inTurn'>

/** A directory that changes its users and groups here. */
export interface Provider {
  readonly parts: ProviderParts
  readonly directory: DirectoryDefinition
  readonly headers: Headers
  readonly ip: string | undefined
}

export interface ScimRequest extends Rendering, Provider {
  readonly query: URLSearchParams
}

/** @param stops - takes access away and gives none: never refused because a policy test would fail */
export function buildContext({ directory, headers, ip }: Provider, { stops = false } = {}): AdminContext {
  const own = new Headers()
  const userAgent = headers.get('user-agent')
  if (userAgent !== null) own.set('user-agent', userAgent)
  return {
    // Under every other role, so that nothing is allowed by it; `ceiling` says what its users may hold.
    caller: {
      id: `${directory.ldap === undefined ? 'scim' : 'ldap'}:${directory.id}`,
      role: 'developer',
      ceiling: directory.role,
    },
    reason: `Provisioned by the directory ${directory.id}`,
    ifMatch: '*',
    headers: own,
    ip,
    ...(stops ? { stops } : {}),
  }
}

/** @throws ScimError with what the admin API refuses */
export function orThrow<T extends object>(answer: T): Exclude<T, { readonly problem: unknown }> {
  if (isProblem(answer)) throw fromProblem(answer)
  return answer as Exclude<T, { readonly problem: unknown }>
}

/** @returns the object, if the directory provisioned it. @throws ScimError */
export async function findOwn<C extends 'users' | 'groups'>(
  { parts, directory }: ScimRequest,
  collection: C,
  id: string,
): Promise<Item<DefinitionOf<C>>> {
  const item = await findDefined<'users' | 'groups'>(parts.directory.current(), collection, id)
  if (item?.definition.directory === directory.id) return item as Item<DefinitionOf<C>>
  throw new ScimError(
    404,
    `There is no ${collection === 'users' ? 'User' : 'Group'} ${id.slice(0, 128)} in this directory.`,
  )
}

export function listOwn<T extends { readonly directory?: string | undefined }>(
  items: ReadonlyMap<string, Item<T>>,
  { directory }: Pick<Provider, 'directory'>,
): readonly Item<T>[] {
  return [...items.values()].filter(({ definition }) => definition.directory === directory.id)
}

/** Weak, since the same definition may be written differently (RFC 7644 section 3.14). */
export async function versionOf({ parts }: ScimRequest, collection: Collection, id: string): Promise<string> {
  const view = await renderObject(parts.directory.current(), collection, id, parts.clock.nowMs())
  return `W/${buildEtag(view)}`
}

/** @throws ScimError where a condition was sent that does not hold */
export async function checkVersion(request: ScimRequest, collection: Collection, id: string): Promise<void> {
  const ifMatch = request.headers.get('if-match')
  if (ifMatch === null) return
  const tags = ifMatch.split(',').map((tag) => tag.trim())
  if (tags.includes('*') || tags.includes(await versionOf(request, collection, id))) return
  throw new ScimError(412, 'The resource has changed since you read it.')
}
