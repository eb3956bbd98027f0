// Objects as the admin API shows them: the definition without secrets, who owns it, and what is done to it.
import type { Collection, ViewOf } from '@crosswalk/admin-api'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import { type DefinitionOf, type Hold, holdId, type Item, type World } from '../definitions/records.ts'
import { heldKindOf, showDefinition, showRelations } from '../definitions/collections/registry.ts'
import { findEffectiveState, renderHold } from '../definitions/effective-state.ts'
import { toMoment } from '../http/to-moment.ts'

/** @returns undefined where there is no such object; a group exists as soon as it has a user */
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
    ...showDefinition(collection, item.definition),
    ...showRelations(collection, item.definition, compiled),
    owner,
    revision,
    updatedAt: toMoment(updatedAt),
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

/** A group that only users name is owned by what owns those users. */
function findNamedGroup(
  { world, members }: CompiledWorld,
  id: string,
): Item<DefinitionOf<'groups'>> | undefined {
  const inside = members.get(id)
  if (inside === undefined) return undefined
  const owner = inside.some((user) => world.users.get(user)?.owner === 'file') ? 'file' : 'database'
  return { definition: { id, members: [] }, owner, revision: 0 }
}

/** Sorting ten thousand ids costs more than a page of them: once for each state of a collection. */
const sortedIds = new WeakMap<ReadonlyMap<string, unknown>, readonly string[]>()

/** @returns every id of the collection, sorted */
export function listIds({ world, members }: CompiledWorld, collection: Collection): readonly string[] {
  if (collection !== 'groups') return listKeys(world[collection])
  return [...new Set([...world.groups.keys(), ...members.keys()])].sort()
}

function listKeys(items: ReadonlyMap<string, unknown>): readonly string[] {
  const keys = sortedIds.get(items) ?? [...items.keys()].sort()
  sortedIds.set(items, keys)
  return keys
}

function renderState<C extends Collection>(
  world: World,
  collection: C,
  { definition, nowMs }: { readonly definition: DefinitionOf<C>; readonly nowMs: number },
): Readonly<Record<string, unknown>> {
  if (heldKindOf(collection) === undefined) return {}
  const hold = findHold(world, collection, definition.id)
  const effective = findEffectiveState(collection, definition, { hold, nowMs })
  return { state: { effective, ...(hold === undefined ? {} : { held: renderHold(hold) }) } }
}

/** @returns what is done to an object while running, if anything */
export function findHold({ holds }: World, collection: Collection, id: string): Hold | undefined {
  const kind = heldKindOf(collection)
  return kind === undefined ? undefined : holds.get(holdId(kind, id))
}
