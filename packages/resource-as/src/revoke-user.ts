// Ends what a user was given here: every live access token of the account. Whether the user gets new ones is for the accounts
// to say, so a service disables the user first.
import { newId } from '@crosswalk/as-core'
import { renderMoment } from '@crosswalk/policy'

import type { RedemptionDependencies } from './dependencies.ts'

/** @returns how many live tokens were revoked; durable and recorded when it resolves */
export async function revokeUser(
  accountId: string,
  { snapshot, clock, accessTokens, events }: RedemptionDependencies,
): Promise<number> {
  const { id } = snapshot()
  const revoke = () => accessTokens.revoke({ authorizationServer: id, accountId }, clock.nowMs())
  const count = await revoke()
  await events.record({
    schema: 'xaa.event/v1',
    id: newId('evt'),
    time: renderMoment(clock.nowMs()),
    type: 'token.revoked',
    category: 'response',
    severity: 'notice',
    outcome: 'success',
    actor: { kind: 'system', id: `as:${id}` },
    on_behalf_of: { user_ref: accountId, subject_at_resource_ref: accountId },
    change: { revoked_tokens: count },
  })
  // The event was written behind every grant that was decided before, so this finds what those issued.
  return count + (await revoke())
}
