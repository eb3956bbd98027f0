// Which access request an act is about, and who may decide it.
import { type AccessRequest, type DeciderChange, ROUTES } from '@crosswalk/admin-api'

import { type AdminContext, principalOf } from '../http/context.ts'
import { checkIfSent } from '../http/etag.ts'
import { conflict, forbidden, isProblem, notFound, type Problem } from '../http/problem.ts'
import { isInScope } from '../http/scope.ts'
import type { Parts } from '../parts.ts'
import { findStoredRequest, type StoredRequest } from './access-request-records.ts'
import { findOwnRequest } from './own-interest.ts'
import { describeHeld } from './scope-approval-records.ts'
import { findSecondAccount, renderDeciderChange } from './second-account.ts'

/** Approvers must see what a scope means. */
export function withHeld(parts: Parts<'directory'>, request: AccessRequest) {
  const held = request.state === 'open' ? describeHeld(parts, request, request.scopes) : []
  return held.length === 0 ? request : { ...request, held: [...held] }
}

export async function findRequest(
  parts: Parts<'storage'>,
  id: string,
  { caller }: AdminContext,
): Promise<StoredRequest | Problem> {
  const kept = await findStoredRequest(parts, id)
  if (kept !== undefined && isInScope(caller, 'connections', kept.request)) return kept
  return notFound(`There is no request ${id}.`)
}

/** @returns the request, open and as the caller read it */
export async function findOpenRequest(
  parts: Parts<'directory' | 'storage'>,
  id: string,
  context: AdminContext,
): Promise<StoredRequest | Problem> {
  const found = await findRequest(parts, id, context)
  if (isProblem(found)) return found
  const { request } = found
  // As read: a decision about a scope that has changed its meaning since is stale.
  const stale = checkIfSent(context.ifMatch, withHeld(parts, request))
  if (stale !== undefined) return stale
  return request.state === 'open' ? found : conflict(`The request is already ${request.state}.`)
}

/** @returns the request, which the caller may decide */
export async function findUndecided(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  id: string,
  context: AdminContext,
): Promise<StoredRequest | Problem> {
  const found = await findOpenRequest(parts, id, context)
  if (isProblem(found)) return found
  const { obstacle, shown } = await judgeDecider(parts, found.request, context)
  if (obstacle !== undefined) return forbidden(`Another user must decide: ${obstacle}.`)
  return shown === undefined ? found : { ...found, request: { ...found.request, deciderChange: shown } }
}

interface JudgedDecider {
  /** Why the caller cannot decide */
  readonly obstacle?: string
  /** For the record, if they can */
  readonly shown?: DeciderChange | undefined
}

async function judgeDecider(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  request: AccessRequest,
  context: AdminContext,
): Promise<JudgedDecider> {
  const own = findOwn(parts, request, context)
  if (own !== undefined) return { obstacle: own }
  const { since, shown } = await findSecondAccount(parts, context.caller, {
    of: [request.askedBy, request.user],
    at: Date.parse(request.askedAt),
  })
  return since === undefined ? { shown } : { obstacle: `${renderDeciderChange(since)} after the request` }
}

function findOwn(
  parts: Parts<'directory'>,
  request: AccessRequest,
  { caller }: Pick<AdminContext, 'caller'>,
): string | undefined {
  if (request.askedBy === principalOf(caller) && caller.role !== 'owner') return 'you requested it'
  return findOwnRequest(parts, request, caller)
}

export async function mayDecide(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  request: AccessRequest,
  context: AdminContext,
): Promise<boolean> {
  const { roles } = ROUTES['access-requests.approve']
  if (request.state !== 'open' || !roles.includes(context.caller.role)) return false
  return (await judgeDecider(parts, request, context)).obstacle === undefined
}
