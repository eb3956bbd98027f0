// Requests for access as they are kept: each change durable together with its audit event.
import { type AccessRequest, zAccessRequest } from '@crosswalk/admin-api'

import { ACTS } from '../definitions/stored-acts.ts'
import { ADMIN_LOG, buildAdminEvent } from '../audit/change-event.ts'
import { type AdminContext, principalOf } from '../http/context.ts'
import type { AdminParts, Parts } from '../http/parts.ts'

export const COLLECTION = ACTS.requests

export interface KeepingParts extends Parts<'clock'> {
  readonly directory: Pick<AdminParts['directory'], 'put' | 'changeAll'>
}

export async function listRequests({
  storage,
}: {
  readonly storage: Pick<AdminParts['storage'], 'objects'>
}): Promise<readonly AccessRequest[]> {
  const stored = await storage.objects.list(COLLECTION)
  return stored.map(({ body }) => zAccessRequest.parse(body))
}

export function describeDecision({ clock }: Parts<'clock'>, { caller, reason }: AdminContext) {
  return {
    decidedBy: principalOf(caller),
    decidedAt: new Date(clock.nowMs()).toISOString(),
    ...(reason === undefined ? {} : { decisionReason: reason }),
  }
}

interface Kept {
  readonly request: AccessRequest
  /** Of the audit event */
  readonly type: string
}

/** Durable together with its audit event. */
export async function keepRequest(parts: KeepingParts, context: AdminContext, kept: Kept): Promise<void> {
  await parts.directory.put(buildChange(parts, context, kept))
}

/** All in one change: everything that is defined is compiled again for each. */
export async function keepRequests(
  parts: KeepingParts,
  context: AdminContext,
  kept: readonly Kept[],
): Promise<void> {
  await parts.directory.changeAll(kept.map((one) => buildChange(parts, context, one)))
}

function buildChange({ clock }: Parts<'clock'>, context: AdminContext, { request, type }: Kept) {
  const at = clock.nowMs()
  const event = buildAdminEvent(context, at, {
    type,
    category: 'governance',
    target: { kind: 'access_request', id: request.id },
    on_behalf_of: { user_ref: request.user },
    ...(request.granted === undefined ? {} : { delegation: { connection: request.granted.connection } }),
    change: { request },
  })
  return {
    collection: COLLECTION,
    id: request.id,
    body: request,
    at,
    by: principalOf(context.caller),
    ...(context.reason === undefined ? {} : { reason: context.reason }),
    event: { log: ADMIN_LOG, event },
  }
}
