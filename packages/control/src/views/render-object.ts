// Objects as the admin API shows them: the definition without secrets, its owner, and its state.
import type { Collection, ViewOf } from '@crosswalk/admin-api'

import type { CompiledWorld } from '../definitions/compile-world.ts'
import {
  type DefinitionOf,
  type CachedCollection,
  type Hold,
  holdId,
  type Item,
  type World,
} from '../definitions/records.ts'
import { heldKindOf, showDefinition, showRelations } from '../definitions/collections/registry.ts'
import { findEffectiveState, renderHold } from '../definitions/effective-state.ts'
import { toMoment } from '../http/to-moment.ts'

/** @returns undefined if there is no such object; a group exists as soon as it has a user */
export async function renderObject<C extends Collection>(
  compiled: CompiledWorld,
  collection: C,
  id: string,
  nowMs: number,
): Promise<ViewOf<C> | undefined> {
  const item = await findItem(compiled, collection, id)
  return item && renderItem(compiled, collection, { item, nowMs })
}

export async function renderItem<C extends Collection>(
  compiled: CompiledWorld,
  collection: C,
  { item, nowMs }: { readonly item: Item<DefinitionOf<C>>; readonly nowMs: number },
): Promise<ViewOf<C>> {
  const { owner, revision, updatedAt, updatedBy } = item
  const view = {
    ...showDefinition(collection, item.definition),
    ...(await showRelations(collection, item.definition, { compiled, nowMs })),
    owner,
    revision,
    updatedAt: toMoment(updatedAt),
    updatedBy: updatedBy ?? null,
    ...renderState(compiled.world, collection, { definition: item.definition, nowMs }),
  }
  return view as unknown as ViewOf<C>
}

/** @returns an object with a definition of its own */
export async function findDefined<C extends Collection>(
  { world, users }: Pick<CompiledWorld, 'world' | 'users'>,
  collection: C,
  id: string,
): Promise<Item<DefinitionOf<C>> | undefined> {
  const held: Collection = collection
  const item = held === 'users' ? (await users.items.find([id])).get(id) : world[held].get(id)
  return item as Item<DefinitionOf<C>> | undefined
}

export async function findItem<C extends Collection>(
  compiled: CompiledWorld,
  collection: C,
  id: string,
): Promise<Item<DefinitionOf<C>> | undefined> {
  const item = await findDefined(compiled, collection, id)
  if (item !== undefined || collection !== 'groups') return item
  return (await findNamedGroup(compiled, id)) as Item<DefinitionOf<C>> | undefined
}

/** A group that exists only through its users has the owner of those users. */
async function findNamedGroup(
  { users }: CompiledWorld,
  id: string,
): Promise<Item<DefinitionOf<'groups'>> | undefined> {
  if ((await users.countMembers(id)) === 0) return undefined
  const ofFile = [...(await users.items.find([...users.items.ofFile])).values()]
  const owner = ofFile.some(({ definition }) => definition.groups.includes(id)) ? 'file' : 'database'
  return { definition: { id, members: [] }, owner, revision: 0 }
}

/** Cached per state of a collection, because sorting ten thousand ids costs more than rendering a page. */
const sortedIds = new WeakMap<ReadonlyMap<string, unknown>, readonly string[]>()

export async function listIds(
  { world, users }: CompiledWorld,
  collection: CachedCollection,
): Promise<readonly string[]> {
  if (collection !== 'groups') return listKeys(world[collection])
  return [...new Set([...world.groups.keys(), ...(await users.listNamedGroups())])].sort()
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

/** @returns the hold of an object, if there is one */
export function findHold({ holds }: World, collection: Collection, id: string): Hold | undefined {
  const kind = heldKindOf(collection)
  return kind === undefined ? undefined : holds.get(holdId(kind, id))
}
