// Reads objects: filtered lists, single objects, their history.
import { inPortions } from '@crosswalk/as-core'
import {
  COLLECTIONS,
  type Collection,
  type ObjectQuery,
  type ReplyTo,
  type ViewOf,
} from '@crosswalk/admin-api'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { UnreadableObject } from '../definitions/read-stored.ts'
import type { CachedCollection, Item } from '../definitions/records.ts'
import { readFileHistory } from '../definitions/stored-file.ts'
import { parseStoredDefinition } from '../definitions/stored-items.ts'
import type { AdminContext } from '../http/context.ts'
import type { IterateOptions, UserItem } from '../definitions/users/user-items.ts'
import type { Users } from '../definitions/users/users.ts'
import { readIds, readPage } from '../http/list-page.ts'
import type { Parts } from '../parts.ts'
import { isProblem, notFound, type Problem } from '../http/problem.ts'
import { isInScope } from '../http/scope.ts'
import { findHold, findItem, listIds, renderItem, renderObject } from './render-object.ts'
import { showDefinition } from '../definitions/collections/registry.ts'

export async function listObjects(
  { directory, clock }: Parts<'directory' | 'clock'>,
  collection: Collection,
  query: ObjectQuery,
  { caller, signal }: AdminContext,
) {
  const compiled = directory.current()
  const nowMs = clock.nowMs()
  async function* each(after: string): AsyncIterable<readonly [string, unknown]> {
    const found =
      collection === 'users'
        ? searchUsers(compiled, query, { after, signal })
        : eachItem(compiled, collection, { query, after })
    for await (const item of found) {
      const { id } = item.definition
      // Render only matches: a filter may leave few of many.
      if (isInScope(caller, collection, item.definition) && matches({ compiled, collection, item }, query))
        yield [id, await renderItem(compiled, collection, { item: item as never, nowMs })]
    }
  }
  return readPage(query, each)
}

async function* eachItem(
  compiled: CompiledWorld,
  collection: CachedCollection,
  { query, after }: { readonly query: ObjectQuery; readonly after: string },
): AsyncIterable<Item<{ readonly id: string }>> {
  for (const id of readIds(query) ?? (await listIds(compiled, collection))) {
    const item = id > after ? await findItem(compiled, collection, id) : undefined
    if (item !== undefined) yield item
  }
}

/** Looks up users by what has an index if given; otherwise searches the text of all users. */
async function* searchUsers(
  { users: { items, ...users } }: CompiledWorld,
  query: ObjectQuery,
  { after = '', signal }: Pick<IterateOptions, 'after' | 'signal'>,
): AsyncIterable<UserItem> {
  const { q } = query
  const ids = await findIndexed(users, query)
  // Reading all users and parsing those with the text is cheaper than parsing a large part of them.
  if (ids === undefined || (q !== undefined && ids.length > (await items.count()) / 4)) {
    const indexed = ids && new Set<unknown>(ids)
    const isWanted = (definition: Readonly<Record<string, unknown>>) =>
      indexed?.has(definition['id']) !== false && hasText(definition, q)
    yield* items.each({ after, signal, isWanted })
  } else
    for await (const some of inPortions(ids.filter((id) => id > after))) {
      if (signal?.aborted === true) return
      const found = await items.find(some)
      yield* some.flatMap((id) => found.get(id) ?? [])
    }
}

/** @returns the ids that filters with an index leave, sorted; undefined if there is no such filter */
async function findIndexed(
  users: Pick<Users, 'listMembers' | 'listInactive'>,
  query: ObjectQuery,
): Promise<readonly string[] | undefined> {
  const lists = [
    readIds(query),
    query.group === undefined ? undefined : await users.listMembers(query.group),
    // Contains suspended users too.
    query.status === undefined || query.status === 'active'
      ? undefined
      : [...(await users.listInactive())].sort(),
  ]
  const [first, ...others] = lists.filter((list) => list !== undefined)
  const sets = others.map((list) => new Set(list))
  return first?.filter((id) => sets.every((set) => set.has(id)))
}

/** An object to filter; relations are looked up only if needed, because there may be many objects. */
interface Searched {
  readonly compiled: CompiledWorld
  readonly collection: Collection
  readonly item: Item<{ readonly id: string }>
}

/** The status from the definition alone, for objects without a hold. */
function statusOf({ status, state, active }: Readonly<Record<string, unknown>>): string {
  const named = status ?? state
  if (typeof named === 'string') return named
  return active === false ? 'inactive' : 'active'
}

function matches(searched: Searched, query: ObjectQuery): boolean {
  const { q, owner, status, group, resource } = query
  const definition = searched.item.definition as Readonly<Record<string, unknown>>
  if (owner !== undefined && searched.item.owner !== owner) return false
  for (const member of ['kind', 'issuer', 'app', 'resourceApp'] as const)
    if (query[member] !== undefined && definition[member] !== query[member]) return false
  if (resource !== undefined && !namesResource(definition, resource)) return false
  // Users were already looked up by group.
  if (group !== undefined && searched.collection !== 'users' && !namesGroup(definition, group)) return false
  if (status !== undefined && findStatus(searched) !== status) return false
  return hasText(definition, q)
}

function hasText(definition: Readonly<Record<string, unknown>>, q: string | undefined): boolean {
  const wanted = q?.toLowerCase() ?? ''
  return ['id', 'name', 'username', 'email', 'description'].some((member) =>
    String(definition[member] ?? '')
      .toLowerCase()
      .includes(wanted),
  )
}

function namesGroup(definition: Readonly<Record<string, unknown>>, group: string): boolean {
  const { assignments } = definition as { readonly assignments?: { readonly groups: readonly string[] } }
  return assignments?.groups.includes(group) === true
}

function namesResource(definition: Readonly<Record<string, unknown>>, resource: string): boolean {
  const { resources = [] } = definition as { readonly resources?: readonly { readonly id: string }[] }
  return resources.some(({ id }) => id === resource)
}

function findStatus({ compiled, collection, item: { definition } }: Searched): string {
  return findHold(compiled.world, collection, definition.id)?.state ?? statusOf({ ...definition })
}

/** @returns the object; the problem is the same for a missing object and one outside the caller's scope */
export async function findShown<C extends Collection>(
  { directory, clock }: Parts<'directory' | 'clock'>,
  collection: C,
  id: string,
  { caller }: AdminContext,
): Promise<ViewOf<C> | Problem> {
  const view = await renderObject(directory.current(), collection, id, clock.nowMs())
  if (view !== undefined && isInScope(caller, collection, view)) return view
  return objectNotFound(collection, id)
}

export function objectNotFound(collection: Collection, id: string): Problem {
  return notFound(`There is no ${COLLECTIONS[collection].one} ${id}.`)
}

export async function readObject(
  parts: Parts<'directory' | 'clock'>,
  collection: Collection,
  id: string,
  context: AdminContext,
) {
  const view = await findShown(parts, collection, id, context)
  return isProblem(view) ? view : { status: 200, body: view }
}

/** Revisions that another version stored do not hide the others. */
function showRevision(collection: Collection, id: string, body: unknown) {
  if (body === undefined) return {}
  try {
    return { definition: showDefinition(collection, parseStoredDefinition(collection, id, body)) }
  } catch (error) {
    if (error instanceof UnreadableObject) return { unreadable: error.problem }
    throw error
  }
}

export async function readHistory(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  collection: Collection,
  id: string,
  context: AdminContext,
): Promise<ReplyTo<'users.history'> | Problem> {
  const revisions = await listRevisions(parts, collection, id)
  const scoped = revisions.filter(({ body }) => isInScope(context.caller, collection, body ?? {}))
  const shown = await findShown(parts, collection, id, context)
  if (scoped.length === 0 && isProblem(shown)) return shown
  return {
    status: 200,
    body: {
      items: scoped.map(({ revision, body, at, by, reason, content }) => ({
        revision,
        at: new Date(at).toISOString(),
        by,
        ...(reason === undefined ? {} : { reason }),
        removed: body === undefined,
        ...content,
      })),
      next: null,
    },
  }
}

/** Of database and configuration file, newest first */
async function listRevisions(
  { configuration: { baseUrl }, storage: { objects } }: Parts<'configuration' | 'storage'>,
  collection: Collection,
  id: string,
) {
  const ofFile = await readFileHistory(objects, { baseUrl, collection, id })
  return [
    ...(await objects.history(collection, id)).map((revision) => ({
      ...revision,
      content: showRevision(collection, id, revision.body),
    })),
    ...ofFile.map(({ definition, ...revision }) => ({
      ...revision,
      body: definition,
      content: { fromFile: true, ...(definition && { definition: showDefinition(collection, definition) }) },
    })),
  ].sort((one, other) => other.revision - one.revision)
}
