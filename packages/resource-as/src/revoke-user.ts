// Revokes every live access token of an account. The accounts port decides whether the user gets new ones, so a service
// disables the user first.
import { buildAuditEvent } from '@crosswalk/as-core'

import type { RedemptionDependencies } from './dependencies.ts'
import { revokeRecorded } from './revoke-recorded.ts'

/** @returns the number of revoked tokens; durable and recorded when it resolves */
export async function revokeUser(
  accountId: string,
  { snapshot, clock, accessTokens, events }: RedemptionDependencies,
): Promise<number> {
  const { id } = snapshot()
  const revoke = () => accessTokens.revoke({ authorizationServer: id, accountId }, clock.nowMs())
  const buildEvent = (count: number) =>
    buildAuditEvent(clock.nowMs(), {
      type: 'token.revoked',
      category: 'response',
      severity: 'notice',
      outcome: 'success',
      actor: { kind: 'system', id: `as:${id}` },
      on_behalf_of: { user_ref: accountId, subject_at_resource_ref: accountId },
      change: { revoked_tokens: count },
    })
  return await revokeRecorded({ revoke, buildEvent }, events)
}
