// Finds the objects of a collection that refer to another object.
import type { Assignments } from '@crosswalk/protocol'

import type { DefinitionOf, CachedCollection, CachedItems, Item } from '../records.ts'

/** @returns the referring objects, as `COLLECTION/ID` */
export function findReferring<C extends CachedCollection>(
  items: CachedItems,
  collection: C,
  refers: (definition: DefinitionOf<C>) => boolean,
): readonly string[] {
  const list = [...items[collection].values()] as readonly Item<DefinitionOf<C>>[]
  return list
    .filter(({ definition }) => refers(definition))
    .map(({ definition: { id } }) => `${collection}/${id}`)
}

/** Policies with a clause that contains the id. */
export function findPolicies(items: CachedItems, clause: string, id: string): readonly string[] {
  return findReferring(items, 'policies', ({ when }) => [when[clause]].flat().includes(id))
}

export function findAssigned(
  items: CachedItems,
  isMeant: (assignments: Assignments) => boolean,
): readonly string[] {
  return (['apps', 'resource-apps', 'connections'] as const).flatMap((collection) =>
    findReferring(items, collection, ({ assignments }) => isMeant(assignments)),
  )
}
