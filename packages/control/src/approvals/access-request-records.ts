// Stores access requests: each change is durable together with its audit event.
import type { AccessRequest } from '@crosswalk/admin-api'
import type { Storage } from '@crosswalk/storage'

import { readStored } from '../definitions/read-stored.ts'
import { ACTS } from '../definitions/stored-acts.ts'
import { iterateObjects } from '../definitions/stored-items.ts'
import { type AdminEvent, buildAct, buildAdminEvent } from '../audit/change-event.ts'
import { type AdminContext, principalOf } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { Directory } from '../definitions/directory.ts'
import { conflict, type Problem } from '../http/problem.ts'

export const COLLECTION = ACTS.requests

export interface KeepingParts extends Parts<'clock'> {
  readonly directory: Pick<Directory, 'put' | 'changeAll'>
}

export interface StoredRequest {
  readonly request: AccessRequest
  readonly revision: number
}

interface RequestStorage {
  readonly storage: Pick<Storage, 'objects'>
}

export async function findStoredRequest(
  { storage }: RequestStorage,
  id: string,
): Promise<StoredRequest | undefined> {
  const stored = await storage.objects.find(COLLECTION, id)
  return stored && { request: readStored(COLLECTION, stored), revision: stored.revision }
}

/** @returns the requests for a user, whatever became of them */
export async function listRequestsOf(
  { storage }: RequestStorage,
  userId: string,
): Promise<readonly AccessRequest[]> {
  const own: AccessRequest[] = []
  // Parse only what is returned: requests are kept permanently.
  for await (const stored of iterateObjects(storage.objects, COLLECTION))
    if ((stored.body as AccessRequest).user === userId) own.push(readStored(COLLECTION, stored))
  return own
}

export function describeDecision({ clock }: Parts<'clock'>, { caller, reason }: AdminContext) {
  return {
    decidedBy: principalOf(caller),
    decidedAt: new Date(clock.nowMs()).toISOString(),
    ...(reason === undefined ? {} : { decisionReason: reason }),
  }
}

export interface RequestChange {
  readonly request: AccessRequest
  /** The revision the decision is based on. If two processes decide at the same time, the later one fails. */
  readonly revision?: number
  /** Type of the audit event */
  readonly type: string
  /** The request before its approval, and its requester: opened in the same change, with an event for each */
  readonly opened?: { readonly request: AccessRequest; readonly context: AdminContext }
}

/** Durable together with its audit event. @returns the conflict if the request has changed since it was read */
export async function storeRequest(
  parts: KeepingParts,
  context: AdminContext,
  change: RequestChange,
): Promise<Problem | undefined> {
  const outcome = await parts.directory.put(buildRequestChange(parts, context, change))
  return outcome.ok ? undefined : changedMeanwhile()
}

/** In one change, all or nothing: every change recompiles all definitions. */
export async function storeRequests(
  parts: KeepingParts,
  context: AdminContext,
  changes: readonly RequestChange[],
): Promise<void> {
  await parts.directory.changeAll(changes.map((one) => buildRequestChange(parts, context, one)))
}

export function changedMeanwhile(): Problem {
  return conflict('The request has changed in the meantime. Read it again.')
}

export function buildRequestChange(
  { clock }: Parts<'clock'>,
  context: AdminContext,
  { request, revision, type, opened }: RequestChange,
) {
  const at = clock.nowMs()
  const act = buildAct(context, at, {
    collection: COLLECTION,
    id: request.id,
    body: request,
    ...(revision === undefined ? {} : { ifRevision: revision }),
    event: describeRequestEvent(request, type),
  })
  if (opened === undefined) return act
  const opening = describeRequestEvent(opened.request, 'request.opened')
  return { ...act, event: [buildAdminEvent(opened.context, at, opening), act.event] }
}

function describeRequestEvent(request: AccessRequest, type: string): AdminEvent {
  return {
    type,
    category: 'governance',
    target: { kind: 'access_request', id: request.id },
    on_behalf_of: { user_ref: request.user },
    ...(request.granted === undefined ? {} : { delegation: { connection: request.granted.connection } }),
    change: { request },
  }
}
