// Whom a change may have left out: live access tokens of theirs are looked at once more, and revoked where the user is no longer
// assigned. What else a change takes away, such as a scope, leaves tokens as they are until they expire.
import type { Assignments, ConnectionDefinition, GroupDefinition } from '@crosswalk/protocol'

import type { UserRecord } from '../definitions/records.ts'
import type { ObjectChangeSeen } from '../security-events/signals-of-change.ts'

/** Whose tokens are looked at. */
export type Affected =
  | { readonly kind: 'users'; readonly ids: readonly string[] }
  | { readonly kind: 'connection'; readonly connection: ConnectionDefinition }
  | { readonly kind: 'app'; readonly id: string }
  | { readonly kind: 'everyone' }

/** @returns undefined where the change leaves no one out */
export function findAffected({
  collection,
  before,
  after,
}: Pick<ObjectChangeSeen, 'collection' | 'before' | 'after'>): Affected | undefined {
  if (before === undefined) return undefined
  switch (collection) {
    case 'users': {
      const now = (after as UserRecord | undefined)?.groups ?? []
      const hasLeft = (before as UserRecord).groups.some((group) => !now.includes(group))
      return hasLeft ? { kind: 'users', ids: [before.id] } : undefined
    }
    case 'groups': {
      const now = new Set((after as GroupDefinition | undefined)?.members)
      const ids = (before as GroupDefinition).members.filter((member) => !now.has(member))
      return ids.length === 0 ? undefined : { kind: 'users', ids }
    }
    case 'connections': {
      const connection = before as ConnectionDefinition
      return isSame(before, after) ? undefined : { kind: 'connection', connection }
    }
    case 'apps':
      return isSame(before, after) ? undefined : { kind: 'app', id: before.id }
    case 'resource-apps':
      return isSame(before, after) ? undefined : { kind: 'everyone' }
    default:
      return undefined
  }
}

/** What is removed is revoked as a whole elsewhere. */
function isSame(before: ObjectChangeSeen['before'], after: ObjectChangeSeen['after']): boolean {
  const read = (definition: object | undefined) =>
    JSON.stringify((definition as { readonly assignments: Assignments } | undefined)?.assignments)
  return after === undefined || read(before) === read(after)
}

/** Codes of a user who is not assigned to app, resource app or connection. */
export const NOT_ASSIGNED: ReadonlySet<string | undefined> = new Set([
  'XAA1501',
  'XAA1502',
  'XAA1503',
  'XAA1802',
])
