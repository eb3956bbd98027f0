// Reading objects: lists with filters, one object, its history.
import type { Collection, ObjectQuery, ReplyTo, RequestTo, ViewOf } from '@crosswalk/admin-api'

import { parseStoredDefinition } from '../../directory/stored-items.ts'
import type { AdminContext } from '../context.ts'
import { listPage } from '../list-page.ts'
import type { AdminParts } from '../parts.ts'
import { buildProblem, isProblem, type Problem } from '../problem.ts'
import { isInScope } from '../scope.ts'
import { listIds, renderDefinition, renderObject } from '../views.ts'

type Shown = Readonly<Record<string, unknown>> & { readonly id: string; readonly owner: string }

export async function listObjects(
  { directory }: AdminParts,
  collection: Collection,
  query: ObjectQuery,
  { caller }: AdminContext,
) {
  const compiled = directory.current()
  const page = listPage(listIds(compiled, collection), query, (id) => {
    const view = renderObject(compiled, collection, id) as Shown | undefined
    return view !== undefined && isInScope(caller, collection, view) && matches(view, query)
      ? view
      : undefined
  })
  return isProblem(page) ? page : { status: 200, body: page }
}

function matches(view: Shown, query: ObjectQuery): boolean {
  const { q, owner, status, group } = query
  if (owner !== undefined && view.owner !== owner) return false
  for (const member of ['kind', 'issuer', 'app', 'resourceApp'] as const)
    if (query[member] !== undefined && view[member] !== query[member]) return false
  if (group !== undefined && !groupsOf(view).includes(group)) return false
  if (status !== undefined && !statusesOf(view).includes(status)) return false
  if (q === undefined) return true
  const wanted = q.toLowerCase()
  return ['id', 'name', 'username', 'email', 'description'].some((member) =>
    String(view[member] ?? '')
      .toLowerCase()
      .includes(wanted),
  )
}

/** Of a person those they are in, of anything else those it names. */
function groupsOf({ memberOf, assignments }: Shown): readonly unknown[] {
  if (Array.isArray(memberOf)) return memberOf
  return (assignments as { readonly groups?: readonly unknown[] } | undefined)?.groups ?? []
}

/** An object that is held is only that, whatever its definition says. */
function statusesOf(view: Shown): readonly string[] {
  const { state, status, active } = view
  if (typeof state === 'object' && state !== null && 'held' in state)
    return [(state.held as { state: string }).state]
  if (typeof status === 'string') return [status]
  if (typeof state === 'string') return [state]
  return [active === false ? 'inactive' : 'active']
}

/** @returns the object, or the same problem for one that is not there and one outside the caller's scope */
export function findShown<C extends Collection>(
  { directory }: AdminParts,
  collection: C,
  id: string,
  { caller }: AdminContext,
): ViewOf<C> | Problem {
  const view = renderObject(directory.current(), collection, id)
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
          : { definition: renderDefinition(collection, parseStoredDefinition(collection, id, body)) }),
      })),
      next: null,
    },
  }
}

export type HistoryRequest = RequestTo<'users.history'>
