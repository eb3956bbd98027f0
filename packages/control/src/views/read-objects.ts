// Reading objects: lists with filters, one object, its history.
import type { Collection, ObjectQuery, ReplyTo, RequestTo, ViewOf } from '@crosswalk/admin-api'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import type { Item } from '../definitions/records.ts'
import { parseStoredDefinition } from '../definitions/stored-items.ts'
import type { AdminContext } from '../http/context.ts'
import { listPage, readIds } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import { buildProblem, isProblem, type Problem } from '../http/problem.ts'
import { isInScope } from '../http/scope.ts'
import { findHold, findItem, listIds, renderObject } from './render-object.ts'
import { showDefinition } from '../definitions/collections/registry.ts'

export async function listObjects(
  { directory, clock }: Parts<'directory' | 'clock'>,
  collection: Collection,
  query: ObjectQuery,
  { caller }: AdminContext,
) {
  const compiled = directory.current()
  const page = listPage(readIds(query) ?? listIds(compiled, collection), query, (id) => {
    const item = findItem(compiled, collection, id)
    // Only what is shown is rendered: of a filter that leaves little, that is little of much.
    return item !== undefined &&
      isInScope(caller, collection, item.definition) &&
      matches({ compiled, collection, item }, query)
      ? renderObject(compiled, collection, id, clock.nowMs())
      : undefined
  })
  return isProblem(page) ? page : { status: 200, body: page }
}

/** An object that a filter looks at; what is not asked for is not looked up, since there may be many. */
interface Searched {
  readonly compiled: CompiledWorld
  readonly collection: Collection
  readonly item: Item<{ readonly id: string }>
}

/** By its definition alone: an object that is held is only that. */
function statusOf({ status, state, active }: Readonly<Record<string, unknown>>): string {
  const named = status ?? state
  if (typeof named === 'string') return named
  return active === false ? 'inactive' : 'active'
}

function matches(searched: Searched, query: ObjectQuery): boolean {
  const { q, owner, status, group } = query
  const definition = searched.item.definition as Readonly<Record<string, unknown>>
  if (owner !== undefined && searched.item.owner !== owner) return false
  for (const member of ['kind', 'issuer', 'app', 'resourceApp'] as const)
    if (query[member] !== undefined && definition[member] !== query[member]) return false
  if (group !== undefined && !listGroups(searched).includes(group)) return false
  if (status !== undefined && findStatus(searched) !== status) return false
  if (q === undefined) return true
  const wanted = q.toLowerCase()
  return ['id', 'name', 'username', 'email', 'description'].some((member) =>
    String(definition[member] ?? '')
      .toLowerCase()
      .includes(wanted),
  )
}

/** @returns of a user those they are in, of anything else those it names */
function listGroups({ compiled, collection, item: { definition } }: Searched): readonly string[] {
  if (collection === 'users') return compiled.people.get(definition.id)?.groups ?? []
  const { assignments } = definition as { readonly assignments?: { readonly groups: readonly string[] } }
  return assignments?.groups ?? []
}

function findStatus({ compiled, collection, item: { definition } }: Searched): string {
  return findHold(compiled.world, collection, definition.id)?.state ?? statusOf({ ...definition })
}

/** @returns the object, or the same problem for one that is not there and one outside the caller's scope */
export function findShown<C extends Collection>(
  { directory, clock }: Parts<'directory' | 'clock'>,
  collection: C,
  id: string,
  { caller }: AdminContext,
): ViewOf<C> | Problem {
  const view = renderObject(directory.current(), collection, id, clock.nowMs())
  if (view !== undefined && isInScope(caller, collection, view)) return view
  return buildProblem('not-found', { detail: `There is no ${collection}/${id}.` })
}

export async function readObject(
  parts: Parts<'directory' | 'clock'>,
  collection: Collection,
  id: string,
  context: AdminContext,
) {
  const view = findShown(parts, collection, id, context)
  return isProblem(view) ? view : { status: 200, body: view }
}

export async function readHistory(
  parts: Parts<'directory' | 'storage' | 'clock'>,
  collection: Collection,
  id: string,
  context: AdminContext,
): Promise<ReplyTo<'users.history'> | Problem> {
  const revisions = await parts.storage.objects.history(collection, id)
  const shown = findShown(parts, collection, id, context)
  if (revisions.length === 0 && isProblem(shown)) return shown
  const scoped = revisions.filter(({ body }) => isInScope(context.caller, collection, body ?? {}))
  return {
    status: 200,
    body: {
      items: scoped.map(({ revision, body, at, by, reason }) => ({
        revision,
        at: new Date(at).toISOString(),
        by,
        ...(reason === undefined ? {} : { reason }),
        removed: body === undefined,
        ...(body === undefined
          ? {}
          : { definition: showDefinition(collection, parseStoredDefinition(collection, id, body)) }),
      })),
      next: null,
    },
  }
}

export type HistoryRequest = RequestTo<'users.history'>
