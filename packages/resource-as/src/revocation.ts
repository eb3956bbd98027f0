// Token revocation (RFC 7009): a client revokes its own access tokens; other tokens are not affected.
import {
  buildAuditEvent,
  type JsonAnswer,
  type ManagementRequest,
  refuseIncomplete,
  replayKeyDigest,
} from '@crosswalk/as-core'

import type { RedemptionDependencies } from './dependencies.ts'
import { type RecordedRevocation, revokeRecorded } from './revoke-recorded.ts'
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
    const { authorizationServer, id } = issued
    const revocation: RecordedRevocation = {
      revoke: () => deps.accessTokens.revoke({ authorizationServer, id }, nowMs),
      buildEvent: () =>
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
      once: {
        kind: 'token-revocation',
        key: replayKeyDigest('token-revocation', id, authorizationServer),
        expiresAt: issued.expiresAt,
      },
    }
    await revokeRecorded(revocation, deps.events)
  }
  return { http: 200, body: {} }
}
