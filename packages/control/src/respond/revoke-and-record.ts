// Revokes live access tokens after an act, and records how many, by whom, why.
import { recordAdminEvent } from '../audit/change-event.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'

export interface RevocationAbout {
  readonly target: { readonly kind: string; readonly id: string }
  readonly endedSessions: boolean
  /** Record only if a token was live: what is revoked again, or a change that may affect no token, is not worth an event */
  readonly onlyIfAny?: boolean
}

/**
 * Revokes, records, and revokes once more: the record waits behind every grant that was decided before the act
 * came into force, so the second time finds what those issued. The act must be in force already.
 *
 * @returns how many tokens were revoked; durable, as is the record
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
