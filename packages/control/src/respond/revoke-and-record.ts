// Revokes live access tokens after an act, and records their number, the caller and the reason.
import { recordAdminEvent } from '../audit/change-event.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'

export interface RevocationAbout {
  readonly target: { readonly kind: string; readonly id: string }
  readonly endedSessions: boolean
  /** Record only if a token was live, for repeated revocations and changes that may affect no token */
  readonly onlyIfAny?: boolean
}

/**
 * Revokes, records, and revokes again: the record is written after every grant that was decided before the act became
 * active, so the second pass finds the tokens of those grants. The act must be active already.
 *
 * @returns the number of revoked tokens; they and the record are durable
 */
export async function revokeAndRecord(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  about: RevocationAbout,
  revoke: () => Promise<number>,
): Promise<number> {
  const found = await revoke()
  if (found > 0 || about.onlyIfAny !== true) await record(parts, context, about, found)
  const late = await revoke()
  if (late > 0) await record(parts, context, { ...about, endedSessions: false }, late)
  return found + late
}

async function record(
  parts: Parts<'storage' | 'clock'>,
  context: AdminContext,
  { target, endedSessions }: RevocationAbout,
  revokedTokens: number,
): Promise<void> {
  await recordAdminEvent(parts, context, {
    type: 'token.revoked',
    category: 'response',
    severity: 'warning',
    target,
    change: { revoked_tokens: revokedTokens, ended_sessions: endedSessions },
  })
}
