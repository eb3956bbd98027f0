// What a decision of a review removed from a connection, in parts: all of it, some scopes for all users, or all scopes of
// some users.
import type { ReviewItem } from '@crosswalk/admin-api'
import { findAssignment } from '@crosswalk/policy'

import type { Parts } from '../parts.ts'

export interface RemovedAccess {
  /** undefined: all scopes */
  readonly scopes: readonly string[] | undefined
  /** Ids; undefined: all users */
  readonly users: readonly string[] | undefined
  /** Whether the decision revoked what was issued before, or left it until it expires */
  readonly revokes: boolean
}

export async function listRemovedAccess(
  parts: Parts<'directory'>,
  item: ReviewItem,
): Promise<readonly RemovedAccess[]> {
  const { decision } = item
  switch (decision?.decision) {
    case undefined:
    case 'keep':
      return []
    case 'suspend':
      return [{ scopes: undefined, users: undefined, revokes: false }]
    case 'revoke':
      return [{ scopes: undefined, users: undefined, revokes: true }]
    case 'narrow': {
      const { scopes: left = item.scopes, removed = { users: [], groups: [] } } = decision
      const scopes = item.scopes.filter((scope) => !left.includes(scope))
      const users = [...new Set([...removed.users, ...(await listLost(parts, item, removed.groups))])]
      return [
        ...(scopes.length === 0 ? [] : [{ scopes, users: undefined, revokes: false }]),
        ...(users.length === 0 ? [] : [{ scopes: undefined, users, revokes: true }]),
      ]
    }
  }
}

/** @returns ids of the members of removed groups who are not assigned in another way */
async function listLost(
  { directory }: Parts<'directory'>,
  { connection }: ReviewItem,
  groups: readonly string[],
): Promise<readonly string[]> {
  const { world, users } = directory.current()
  const assignments = world.connections.get(connection)?.definition.assignments
  const members = await users.listAssigned({ everyone: false, users: [], groups: [...groups] })
  if (assignments === undefined) return [...members]
  const found = await users.findMany(members)
  return [...found.values()]
    .filter((user) => findAssignment(assignments, user) === undefined)
    .map(({ id }) => id)
}
