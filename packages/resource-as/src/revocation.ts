// Token revocation (RFC 7009): a client revokes its own access tokens; other tokens are not affected.
import {
  buildAuditEvent,
  type JsonAnswer,
  type ManagementRequest,
  refuseIncomplete,
  replayKeyDigest,
} from '@crosswalk/as-core'

import type { RedemptionDependencies } from './dependencies.ts'
import { findIssuedToken } from './token-inspection.ts'

/** @returns 200 also for tokens that are unknown, foreign or inactive (RFC 7009 section 2.2) */
export async function revoke(
  { form, clientId, nowMs }: ManagementRequest,
  deps: RedemptionDependencies,
): Promise<JsonAnswer> {
  const token = form.get('token')
  if (token === undefined) return refuseIncomplete(['token'])
  const issued = await findIssuedToken(token, deps)
  if (issued?.clientId === clientId) {
    const selector = { authorizationServer: issued.authorizationServer, id: issued.id }
    await deps.accessTokens.revoke(selector, nowMs)
    // Recorded once, also for a revoked token: a fault may have interrupted an earlier request.
    const once = {
      kind: 'token-revocation',
      key: replayKeyDigest('token-revocation', issued.id, issued.authorizationServer),
      expiresAt: issued.expiresAt,
    } as const
    await deps.events.record(
      buildAuditEvent(nowMs, {
        type: 'token.revoked',
        category: 'response',
        severity: 'notice',
        outcome: 'success',
        actor: { kind: 'app', id: clientId, client_id: clientId },
        on_behalf_of: { user_ref: issued.issuerSubject, subject_at_resource_ref: issued.accountId },
        delegation: { issuer: issued.issuer, grant_id: issued.grantId },
        decision_id: issued.decisionId,
      }),
      [once],
    )
    // The event is written after every earlier grant, so this finds all tokens derived from it.
    await deps.accessTokens.revoke(selector, nowMs)
  }
  return { http: 200, body: {} }
}
