// Objects as the admin API shows them: the definition without secrets, who owns it, and what is done to it.
import type { ClientAuthView, Collection, ViewOf } from '@crosswalk/admin-api'
import { digest } from '@crosswalk/as-core'
import {
  connectionKey,
  type ExchangeSnapshot,
  renderMeaning,
  renderRule,
  type ScopeState,
} from '@crosswalk/policy'
import type { ClientAuth } from '@crosswalk/protocol'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { type DefinitionOf, type Hold, holdId, type Item, type World } from '../definitions/records.ts'
import { findEffectiveState, HELD_KIND, renderHold } from '../definitions/effective-state.ts'

/** @returns undefined where there is no such object; a group is there as soon as somebody is in it */
export function renderObject<C extends Collection>(
  compiled: CompiledWorld,
  collection: C,
  id: string,
  nowMs: number,
): ViewOf<C> | undefined {
  const item = findItem(compiled, collection, id)
  if (item === undefined) return undefined
  const { owner, revision, updatedAt, updatedBy } = item
  const view = {
    ...renderDefinition(collection, item.definition),
    ...renderRelations(compiled, collection, item),
    owner,
    revision,
    updatedAt: updatedAt === undefined ? null : new Date(updatedAt).toISOString(),
    updatedBy: updatedBy ?? null,
    ...renderState(compiled.world, collection, { definition: item.definition, nowMs }),
  }
  return view as unknown as ViewOf<C>
}

export function findItem<C extends Collection>(
  compiled: CompiledWorld,
  collection: C,
  id: string,
): Item<DefinitionOf<C>> | undefined {
  const item = compiled.world[collection].get(id) as Item<DefinitionOf<C>> | undefined
  if (item !== undefined || collection !== 'groups') return item
  return findNamedGroup(compiled, id) as Item<DefinitionOf<C>> | undefined
}

/** A group that users name is owned by whoever owns them. */
function findNamedGroup(
  { world, members }: CompiledWorld,
  id: string,
): Item<DefinitionOf<'groups'>> | undefined {
  const inside = members.get(id)
  if (inside === undefined) return undefined
  const owner = inside.some((user) => world.users.get(user)?.owner === 'file') ? 'file' : 'database'
  return { definition: { id, members: [] }, owner, revision: 0 }
}

/** Sorting ten thousand ids costs more than a page of them: once for each state of the world. */
const sortedIds = new WeakMap<CompiledWorld, Map<Collection, readonly string[]>>()

/** @returns every id of the collection, sorted */
export function listIds(compiled: CompiledWorld, collection: Collection): readonly string[] {
  const known = sortedIds.get(compiled) ?? new Map<Collection, readonly string[]>()
  sortedIds.set(compiled, known)
  const ids = known.get(collection) ?? sortIds(compiled, collection)
  known.set(collection, ids)
  return ids
}

function sortIds({ world, members }: CompiledWorld, collection: Collection): readonly string[] {
  const ids = new Set<string>(world[collection].keys())
  if (collection === 'groups') for (const id of members.keys()) ids.add(id)
  return [...ids].sort()
}

/** @returns the definition as it may be shown and recorded */
export function renderDefinition<C extends Collection>(
  collection: C,
  definition: DefinitionOf<C>,
): Readonly<Record<string, unknown>> {
  const shown: Record<string, unknown> = { ...definition }
  if (collection === 'apps') shown.auth = renderAuth((definition as DefinitionOf<'apps'>).auth)
  if (collection === 'authorization-servers') {
    const { clients } = definition as DefinitionOf<'authorization-servers'>
    shown.clients = clients.map((client) => ({ ...client, auth: renderAuth(client.auth) }))
  }
  // Shown as a moment of the audit log, not of the object.
  delete shown.passwordSetAt
  return shown
}

function renderAuth(auth: ClientAuth): ClientAuthView {
  return 'secretHash' in auth || 'secret' in auth ? { method: auth.method, hasSecret: true } : auth
}

function renderRelations(
  { people, members, exchange }: CompiledWorld,
  collection: Collection,
  { definition }: Item<{ readonly id: string }>,
): Readonly<Record<string, unknown>> {
  const { id } = definition
  if (collection === 'policies') return { sentence: renderRule(definition as DefinitionOf<'policies'>) }
  if (collection === 'connections')
    return renderApprovals(exchange, definition as DefinitionOf<'connections'>)
  if (collection === 'users') return { memberOf: people.get(id)?.groups ?? [] }
  if (collection === 'groups') return { memberCount: members.get(id)?.length ?? 0 }
  return {}
}

function renderApprovals(
  exchange: ExchangeSnapshot | undefined,
  { app, resourceApp, scopes }: DefinitionOf<'connections'>,
): Pick<ViewOf<'connections'>, 'approvals'> {
  const states = exchange?.connections.get(connectionKey(app, resourceApp))?.approvals
  const guarded = states === undefined ? [] : scopes.filter((scope) => states.has(scope))
  if (states === undefined || guarded.length === 0) return {}
  return { approvals: guarded.flatMap((scope) => renderScopeState(scope, states.get(scope))) }
}

/** @returns nothing for a scope that needs no approval */
export function renderScopeState(scope: string, found: ScopeState | undefined) {
  if (found === undefined) return []
  const { state, meaning, approval } = found
  const shown = { scope, state, meaning, digest: digest(renderMeaning(meaning)) }
  if (approval === undefined) return [shown]
  const { by, at, reason, meaning: then } = approval
  return [
    {
      ...shown,
      approval: {
        ...{ by, at, meaning: then, digest: digest(renderMeaning(then)) },
        ...(reason === undefined ? {} : { reason }),
      },
    },
  ]
}

function renderState<C extends Collection>(
  world: World,
  collection: C,
  { definition, nowMs }: { readonly definition: DefinitionOf<C>; readonly nowMs: number },
): Readonly<Record<string, unknown>> {
  if (HELD_KIND[collection] === undefined) return {}
  const hold = findHold(world, collection, definition.id)
  const effective = findEffectiveState(collection, definition, { hold, nowMs })
  return { state: { effective, ...(hold === undefined ? {} : { held: renderHold(hold) }) } }
}

/** @returns what is done to an object while running, if anything */
export function findHold({ holds }: World, collection: Collection, id: string): Hold | undefined {
  const kind = HELD_KIND[collection]
  return kind === undefined ? undefined : holds.get(holdId(kind, id))
}
