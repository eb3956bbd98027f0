// The audit event of what was taken back: how much, by whom, why.
import { ADMIN_LOG, buildAdminEvent } from './change-event.ts'
import type { AdminContext } from './context.ts'
import type { AdminParts } from './parts.ts'

export interface WithdrawalCounts {
  readonly target: { readonly kind: string; readonly id: string }
  readonly revokedTokens: number
  readonly endedSessions: boolean
}

/** @returns when the event is durable */
export async function recordWithdrawal(
  { storage, clock }: Pick<AdminParts, 'storage' | 'clock'>,
  context: AdminContext,
  { target, revokedTokens, endedSessions }: WithdrawalCounts,
): Promise<void> {
  const event = buildAdminEvent(context, clock.nowMs(), {
    type: 'token.revoked',
    category: 'response',
    severity: 'warning',
    target,
    change: { revoked_tokens: revokedTokens, ended_sessions: endedSessions },
  })
  await storage.ledger.commit({ log: ADMIN_LOG, event })
}
