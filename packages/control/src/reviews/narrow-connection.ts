// Narrows a connection by a decision: to fewer scopes, or by users and groups, whose access grants end with it.
import type { ReviewItem } from '@crosswalk/admin-api'
import type { ConnectionDefinition } from '@crosswalk/protocol'
import type { ObjectPut } from '@crosswalk/storage'

import { prepareRevocation } from '../approvals/access-grant-records.ts'
import type { AccessGrantRecord, Item } from '../definitions/records.ts'
import type { AdminContext } from '../http/context.ts'
import { conflict, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { saveObject } from '../objects/save-object.ts'
import { ownedByFile, type WriteParts } from '../objects/target.ts'
import { revokeGranted } from '../respond/revoke-granted.ts'
import { listGrants } from './build-items.ts'
import { type DecideParts, type Deciding, recordDecision } from './record-decision.ts'
import { changedMeanwhile } from './review-records.ts'
import { verifyRemoval } from './verify-removals.ts'

export async function narrowConnection(
  parts: DecideParts,
  context: AdminContext,
  { item, input, found }: Deciding,
): Promise<ReviewItem | Problem> {
  const { definition } = item
  const { removeUsers: users = [], removeGroups: groups = [] } = input
  const onlyUsers = input.scopes === undefined && users.length + groups.length > 0
  // Used scopes may have been removed from the connection since.
  const used = definition.scopes.filter((scope) => found.item.evidence.usedScopes.includes(scope))
  const kept = onlyUsers ? definition.scopes : (input.scopes ?? used)
  const grants = listGrants(parts, definition).filter(({ user }) => users.includes(user))
  const problem = findNarrowingProblem(definition, { kept, users, groups, grants })
  if (problem !== undefined) return problem
  const { assignments } = definition
  const change = {
    scopes: definition.scopes.filter((scope) => kept.includes(scope)),
    assignments: {
      ...assignments,
      users: assignments.users.filter((user) => !users.includes(user)),
      groups: assignments.groups.filter((group) => !groups.includes(group)),
    },
  }
  const isChanged =
    change.scopes.length < definition.scopes.length ||
    change.assignments.users.length < assignments.users.length ||
    groups.length > 0
  const closing = await prepareRevocation(parts, context, grants)
  const { steps } = recordDecision(parts, context, found, {
    decision: 'narrow',
    scopes: change.scopes,
    removed: { users: [...users], groups: [...groups] },
  })
  const alongside = [...steps, ...closing.steps]
  const refused = isChanged
    ? await changeConnection(parts, context, { item, change, alongside })
    : (await parts.directory.changeAll(alongside)).ok
      ? undefined
      : changedMeanwhile()
  if (refused !== undefined) return refused
  for (const grant of closing.closed) await revokeGranted(parts, context, grant)
  return verifyRemoval(parts, context, { id: found.review, connection: definition.id })
}

/** A connection of the file stays unchanged; the problem contains the patch to make there. */
async function changeConnection(
  parts: WriteParts,
  context: AdminContext,
  {
    item,
    change,
    alongside,
  }: {
    readonly item: Item<ConnectionDefinition>
    readonly change: Partial<ConnectionDefinition>
    readonly alongside: readonly ObjectPut[]
  },
): Promise<Problem | undefined> {
  const { definition, owner } = item
  if (owner === 'file') {
    const { problem } = ownedByFile(parts, 'connections', definition.id)
    return { problem: { ...problem, patch: change } }
  }
  return saveObject(
    { parts, context, collection: 'connections' },
    { definition: { ...definition, ...change }, made: new Map(), secretChanged: false },
    { verb: 'changed', item, alongside },
  )
}

function findNarrowingProblem(
  { scopes, assignments }: ConnectionDefinition,
  {
    kept,
    users,
    groups,
    grants,
  }: {
    readonly kept: readonly string[]
    readonly users: readonly string[]
    readonly groups: readonly string[]
    /** Grants of the users to remove */
    readonly grants: readonly AccessGrantRecord[]
  },
): Problem | undefined {
  const errors = [
    ...kept
      .filter((scope) => !scopes.includes(scope))
      .map((scope) => ({ path: '/scopes', problem: `the connection does not have ${scope}` })),
    ...users
      .filter((user) => !assignments.users.includes(user) && !grants.some((grant) => grant.user === user))
      .map((user) => ({
        path: '/removeUsers',
        problem: `${user} is not assigned to the connection by name, and has no access grant for it`,
      })),
    ...groups
      .filter((group) => !assignments.groups.includes(group))
      .map((group) => ({ path: '/removeGroups', problem: `${group} is not assigned to the connection` })),
  ]
  if (errors.length > 0) return invalidRequest(errors)
  if (kept.length === 0)
    return conflict('None of its scopes were used. Revoke the connection, or list the scopes to keep.')
  const less = kept.length < scopes.length || users.length + groups.length > 0
  return less ? undefined : conflict('All of its scopes are used. Keep the connection.')
}
