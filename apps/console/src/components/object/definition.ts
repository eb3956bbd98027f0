// The definition of an object without server-side members, ready to be sent back.
import { type Collection, READ_ONLY_MEMBERS } from '@crosswalk/admin-api'

export function pickDefinition<T extends object>(collection: Collection, object: T): T {
  const readOnly = READ_ONLY_MEMBERS[collection]
  return Object.fromEntries(Object.entries(object).filter(([name]) => !readOnly.includes(name))) as T
}
