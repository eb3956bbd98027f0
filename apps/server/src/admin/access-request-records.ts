// Requests for access as they are kept: each change durable together with its audit event.
import { type AccessRequest, zAccessRequest } from '@crosswalk/admin-api'

import { ACTS } from '../directory/directory.ts'
import { ADMIN_LOG, buildAdminEvent } from './change-event.ts'
import type { AdminContext } from './context.ts'
import type { AdminParts } from './parts.ts'

export const COLLECTION = ACTS.requests

export async function listRequests({ storage }: AdminParts): Promise<readonly AccessRequest[]> {
  const stored = await storage.objects.list(COLLECTION)
  return stored.map(({ body }) => zAccessRequest.parse(body))
}

export function describeDecision({ clock }: AdminParts, { caller, reason }: AdminContext) {
  return {
    decidedBy: caller.id,
    decidedAt: new Date(clock.nowMs()).toISOString(),
    ...(reason === undefined ? {} : { decisionReason: reason }),
  }
}

/** Durable together with its audit event. */
export async function keepRequest(
  { directory, clock }: AdminParts,
  context: AdminContext,
  { request, type }: { readonly request: AccessRequest; readonly type: string },
): Promise<void> {
  const at = clock.nowMs()
  const event = buildAdminEvent(context, at, {
    type,
    category: 'governance',
    target: { kind: 'access_request', id: request.id },
    on_behalf_of: { user_ref: request.user },
    ...(request.granted === undefined ? {} : { delegation: { connection: request.granted.connection } }),
    change: { request },
  })
  await directory.put({
    collection: COLLECTION,
    id: request.id,
    body: request,
    at,
    by: context.caller.id,
    ...(context.reason === undefined ? {} : { reason: context.reason }),
    event: { log: ADMIN_LOG, event },
  })
}
