// Which access request an act is about, and who may decide it.
import { type AccessRequest, ALLOWED, type DeciderChange, type Role } from '@crosswalk/admin-api'
import { dropUndefined } from '@crosswalk/protocol'

import { isDeveloper } from '../audit/decision-tiers.ts'
import { type AdminContext, type Caller, principalOf } from '../http/context.ts'
import { checkIfSent } from '../http/etag.ts'
import { conflict, forbidden, isProblem, notFound, type Problem } from '../http/problem.ts'
import { isInScope, seesReason } from '../http/scope.ts'
import type { Parts } from '../parts.ts'
import { findStoredRequest, type StoredRequest } from './access-request-records.ts'
import { findOwnRequest } from './own-interest.ts'
import { findAskedNow } from './route-request.ts'
import { describeHeld } from './scope-approval-records.ts'
import { findSecondAccount, renderDeciderChange } from './second-account.ts'

/** Approvers must see what a scope means, and who is asked to decide. */
export function showRequest(
  parts: Parts<'directory' | 'clock'>,
  request: AccessRequest,
  { caller }: Pick<AdminContext, 'caller'>,
) {
  const held = request.state === 'open' ? describeHeld(parts, request, request.scopes) : []
  const asked = findAskedNow(parts, request)
  return {
    ...showTo(request, caller),
    ...(asked === undefined ? {} : { asked }),
    ...(held.length === 0 ? {} : { held: [...held] }),
  }
}

/** As in decisions, app owners and developers see no blocks, authors of rules or earlier decisions. */
export function showTo(
  { waits, decisionReason, ...request }: AccessRequest,
  caller: Pick<Caller, 'role' | 'apps'>,
): AccessRequest {
  const reason = seesReason(request, caller) ? decisionReason : undefined
  return {
    ...request,
    ...dropUndefined({ decisionReason: reason }),
    ...(waits === undefined ? {} : { waits: { ...waits, why: showObstacle(waits.why, caller) } }),
  }
}

export function showObstacle(why: string, caller: Pick<Caller, 'role'>): string {
  return isDeveloper(caller) ? 'only administrators see the reason' : why
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
  parts: Parts<'directory' | 'storage' | 'clock'>,
  id: string,
  context: AdminContext,
): Promise<StoredRequest | Problem> {
  const found = await findRequest(parts, id, context)
  if (isProblem(found)) return found
  const { request } = found
  // As read: a decision about a scope that has changed its meaning since is stale.
  const stale = checkIfSent(context.ifMatch, showRequest(parts, request, context))
  if (stale !== undefined) return stale
  return request.state === 'open' ? found : conflict(`The request is already ${request.state}.`)
}

/** @returns the request, which the caller may decide */
export async function findUndecided(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  id: string,
  context: AdminContext,
): Promise<StoredRequest | Problem> {
  const found = await findOpenRequest(parts, id, context)
  if (isProblem(found)) return found
  const { obstacle, shown } = await judgeCaller(parts, found.request, context)
  if (obstacle !== undefined) return forbidden(`Another user must decide: ${obstacle}.`)
  return shown === undefined ? found : { ...found, request: { ...found.request, deciderChange: shown } }
}

interface JudgedDecider {
  /** Why the caller cannot decide */
  readonly obstacle?: string
  /** For the record, if they can */
  readonly shown?: DeciderChange | undefined
}

async function judgeCaller(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  request: AccessRequest,
  { caller }: AdminContext,
): Promise<JudgedDecider> {
  const asked = findAskedNow(parts, request)
  if (asked !== undefined && asked.rules.length > 0 && !asked.users.includes(principalOf(caller)))
    return { obstacle: `the approval rule ${asked.rules.join(', ')} asks ${asked.users.join(', ')}` }
  return judgeDecider(parts, request, caller)
}

/** @param name - how to call the decider; addressed as `you` by default */
export async function judgeDecider(
  parts: Parts<'configuration' | 'directory' | 'storage'>,
  request: AccessRequest,
  caller: Pick<Caller, 'id' | 'principal' | 'role'>,
  name?: string,
): Promise<JudgedDecider> {
  const own = findOwn(parts, request, caller, name)
  if (own !== undefined) return { obstacle: own }
  const { since, shown } = await findSecondAccount(parts, caller, {
    of: [request.askedBy, request.user],
    at: Date.parse(request.askedAt),
  })
  return since === undefined
    ? { shown }
    : { obstacle: `${renderDeciderChange(since, name)} after the request` }
}

/** @param name - as above. @returns why they have an interest in the request */
export function findOwn(
  parts: Parts<'directory'>,
  request: AccessRequest,
  caller: Pick<Caller, 'id' | 'principal' | 'role'>,
  name?: string,
): string | undefined {
  if (request.askedBy === principalOf(caller) && caller.role !== 'owner')
    return `${name ?? 'you'} requested it`
  return findOwnRequest(parts, request, caller, name)
}

export async function mayDecide(
  parts: Parts<'configuration' | 'directory' | 'storage' | 'clock'>,
  request: AccessRequest,
  context: AdminContext,
): Promise<boolean> {
  const roles: readonly Role[] = ALLOWED.decideRequests
  if (request.state !== 'open' || !roles.includes(context.caller.role)) return false
  return (await judgeCaller(parts, request, context)).obstacle === undefined
}
