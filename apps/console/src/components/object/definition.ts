// The definition of an object, without the members that only the server sets: to send it back, and to compare versions.
import { type Collection, READ_ONLY_MEMBERS } from '@crosswalk/admin-api'

import { type Difference, findDifferences } from '../change-list.tsx'

export function pickDefinition<T extends object>(collection: Collection, object: T): T {
  const readOnly = READ_ONLY_MEMBERS[collection]
  return Object.fromEntries(Object.entries(object).filter(([name]) => !readOnly.includes(name))) as T
}

export function compareVersions(
  collection: Collection,
  before: object,
  after: object,
): readonly Difference[] {
  return findDifferences({ ...pickDefinition(collection, before) }, { ...pickDefinition(collection, after) })
}
