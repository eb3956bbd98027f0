// Reading objects: lists with filters, one object, its history.
import type { Collection, ObjectQuery, ReplyTo, RequestTo, ViewOf } from '@crosswalk/admin-api'

import type { CompiledWorld } from '../compile-world.ts'
import { parseStoredDefinition } from '../stored-items.ts'
import type { AdminContext } from '../../http/context.ts'
import { listPage, readIds } from '../../http/list-page.ts'
import type { AdminParts } from '../../http/parts.ts'
import { buildProblem, isProblem, type Problem } from '../../http/problem.ts'
import { isInScope } from '../../http/scope.ts'
import { findHold, findItem, listIds, renderObject } from '../../http/views.ts'
import { showDefinition } from '../collections/registry.ts'

export async function listObjects(
  { directory, clock }: AdminParts,
  collection: Collection,
  query: ObjectQuery,
  { caller }: AdminContext,
) {
  const compiled = directory.current()
  const page = listPage(readIds(query) ?? listIds(compiled, collection), query, (id) => {
    const found = findSearched(compiled, collection, id)
    // Only what is shown is rendered: of a filter that leaves little, that is little of much.
    return found !== undefined && isInScope(caller, collection, found) && matches(found, query)
      ? renderObject(compiled, collection, id, clock.nowMs())
      : undefined
  })
  return isProblem(page) ? page : { status: 200, body: page }
}

/** What filters look at, of an object of any collection. */
interface Searched extends Readonly<Record<string, unknown>> {
  readonly id?: unknown
  readonly app?: unknown
  readonly owner: string
  /** Of a user those they are in, of anything else those it names */
  readonly groups: readonly string[]
  readonly status: string
}

function findSearched(compiled: CompiledWorld, collection: Collection, id: string): Searched | undefined {
  const item = findItem(compiled, collection, id)
  if (item === undefined) return undefined
  const definition = item.definition as Readonly<Record<string, unknown>>
  const { assignments } = definition as { readonly assignments?: { readonly groups: readonly string[] } }
  return {
    ...definition,
    owner: item.owner,
    groups: (collection === 'users' ? compiled.people.get(id)?.groups : assignments?.groups) ?? [],
    status: findHold(compiled.world, collection, id)?.state ?? statusOf(definition),
  }
}

/** By its definition alone: an object that is held is only that. */
function statusOf({ status, state, active }: Readonly<Record<string, unknown>>): string {
  const named = status ?? state
  if (typeof named === 'string') return named
  return active === false ? 'inactive' : 'active'
}

function matches(found: Searched, query: ObjectQuery): boolean {
  const { q, owner, status, group } = query
  if (owner !== undefined && found.owner !== owner) return false
  for (const member of ['kind', 'issuer', 'app', 'resourceApp'] as const)
    if (query[member] !== undefined && found[member] !== query[member]) return false
  if (group !== undefined && !found.groups.includes(group)) return false
  if (status !== undefined && found.status !== status) return false
  if (q === undefined) return true
  const wanted = q.toLowerCase()
  return ['id', 'name', 'username', 'email', 'description'].some((member) =>
    String(found[member] ?? '')
      .toLowerCase()
      .includes(wanted),
  )
}

/** @returns the object, or the same problem for one that is not there and one outside the caller's scope */
export function findShown<C extends Collection>(
  { directory, clock }: AdminParts,
  collection: C,
  id: string,
  { caller }: AdminContext,
): ViewOf<C> | Problem {
  const view = renderObject(directory.current(), collection, id, clock.nowMs())
  if (view !== undefined && isInScope(caller, collection, view)) return view
  return buildProblem('not-found', { detail: `There is no ${collection}/${id}.` })
}

export async function readObject(
  parts: AdminParts,
  collection: Collection,
  id: string,
  context: AdminContext,
) {
  const view = findShown(parts, collection, id, context)
  return isProblem(view) ? view : { status: 200, body: view }
}

export async function readHistory(
  parts: AdminParts,
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
