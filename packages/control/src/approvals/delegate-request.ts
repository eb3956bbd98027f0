// Hands an open access request to a colleague, who is asked to decide it. Other deciders still can, so a request never
// waits for one user alone.
import { type AccessRequest, ALLOWED, type Role } from '@crosswalk/admin-api'
import { dropUndefined } from '@crosswalk/protocol'

import { findRole } from '../definitions/find-role.ts'
import { findUserId } from '../definitions/users/find-user-id.ts'
import { type AdminContext, principalOf } from '../http/context.ts'
import { conflict, type Problem } from '../http/problem.ts'
import { invalidRequest } from '../http/read-request.ts'
import { isInScope } from '../http/scope.ts'
import type { Parts } from '../parts.ts'
import { type StoredRequest, storeRequest } from './access-request-records.ts'
import { judgeDecider } from './judge-decider.ts'

/** A request is one object, of which all revisions are kept. */
const MAX_DELEGATIONS = 10
const DECIDING: readonly Role[] = ALLOWED.decideRequests

/** @param to - the colleague, by id or user name. @returns the request, durable */
export async function delegateRequest(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  context: AdminContext,
  { request, revision, to }: StoredRequest & { readonly to: string },
): Promise<AccessRequest | Problem> {
  const { deciderChange: _, delegations = [], ...kept } = request
  if (delegations.length >= MAX_DELEGATIONS)
    return conflict(`The request was delegated ${MAX_DELEGATIONS} times. Approve or decline it.`)
  const id = await findUserId(parts.directory.current(), to)
  const obstacle = await findObstacle(parts, context, { request, id })
  if (obstacle !== undefined) return invalidRequest([{ path: '/to', problem: obstacle }])
  const delegation = {
    ...{ to: id, by: principalOf(context.caller), at: new Date(parts.clock.nowMs()).toISOString() },
    ...dropUndefined({ reason: context.reason }),
  }
  const delegated: AccessRequest = { ...kept, delegations: [...delegations, delegation] }
  const change = { request: delegated, revision, type: 'request.delegated' }
  return (await storeRequest(parts, context, change)) ?? delegated
}

/** @returns why this user cannot decide the request */
async function findObstacle(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  { caller }: AdminContext,
  { request, id }: Pick<StoredRequest, 'request'> & { readonly id: string },
): Promise<string | undefined> {
  const user = await parts.directory.current().users.findById(id)
  if (user === undefined) return `${id} is not a user`
  if (id === principalOf(caller)) return 'is yourself'
  const found = findRole(parts.configuration.admin?.roles ?? {}, user)
  const colleague = found && { id, ...found }
  if (
    colleague === undefined ||
    !DECIDING.includes(colleague.role) ||
    !isInScope(colleague, 'connections', request)
  )
    return `${id} has no role that may decide this request`
  return (await judgeDecider(parts, request, colleague, id)).obstacle
}
