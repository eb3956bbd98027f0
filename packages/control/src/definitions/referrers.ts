// What still refers to an object, so that deleting it would leave a name that leads nowhere.
import type { Collection } from '@crosswalk/admin-api'
import type { Assignments } from '@crosswalk/protocol'

import { definitionsOf } from './compile-world.ts'
import type { DefinitionOf, Items } from './records.ts'

/** @returns the referrers as `COLLECTION/ID` */
export function findReferrers(items: Items, collection: Collection, id: string): readonly string[] {
  const rules = (clause: string) => find(items, 'policies', ({ when }) => [when[clause]].flat().includes(id))
  switch (collection) {
    case 'users':
      return [
        ...findAssigned(items, ({ users }) => users.includes(id)),
        ...find(items, 'apps', ({ owners }) => owners.includes(id)),
        ...find(items, 'groups', ({ members }) => members.includes(id)),
        ...rules('user'),
        ...rules('app.owner'),
      ]
    case 'groups':
      return [...findAssigned(items, ({ groups }) => groups.includes(id)), ...rules('group')]
    case 'apps':
      return [
        ...find(items, 'connections', ({ app, actors }) => app === id || actors?.includes(id) === true),
        ...rules('app'),
      ]
    case 'resource-apps':
      return [...find(items, 'connections', ({ resourceApp }) => resourceApp === id), ...rules('resourceApp')]
    case 'connections':
    case 'policies':
    case 'policy-suites':
      return []
    case 'authorization-servers': {
      const issuer = items[collection].get(id)?.definition.issuer
      return find(items, 'resource-apps', (resourceApp) => resourceApp.issuer === issuer)
    }
  }
}

function findAssigned(items: Items, isMeant: (assignments: Assignments) => boolean): readonly string[] {
  return [
    ...find(items, 'apps', ({ assignments }) => isMeant(assignments)),
    ...find(items, 'resource-apps', ({ assignments }) => isMeant(assignments)),
    ...find(items, 'connections', ({ assignments }) => isMeant(assignments)),
  ]
}

function find<C extends Collection>(
  items: Items,
  collection: C,
  refers: (definition: DefinitionOf<C>) => boolean,
): readonly string[] {
  const list: readonly DefinitionOf<C>[] = definitionsOf<DefinitionOf<C>>(items[collection])
  return list.filter(refers).map(({ id }) => `${collection}/${id}`)
}
