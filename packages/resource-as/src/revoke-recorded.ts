// Revokes access tokens and records it, so that neither a fault nor a grant at the same moment leaves a token.
import type { AuditEvent, EventRecorder, ReplayKey } from '@crosswalk/as-core'

export interface RecordedRevocation {
  /** @returns the number of revoked tokens */
  revoke(): Promise<number>
  /** @param count - of tokens revoked before the event is recorded */
  buildEvent(count: number): AuditEvent
  /** If it may be repeated: records only the first, even if that found no live token */
  readonly once?: ReplayKey
}

/**
 * Revokes, records, and revokes again: the event is written after every earlier grant, so the second pass finds the
 * tokens of those. A fault may interrupt any step, so a repeated request does them all.
 *
 * @returns the number of revoked tokens; durable when it resolves
 */
export async function revokeRecorded(
  { revoke, buildEvent, once }: RecordedRevocation,
  events: EventRecorder,
): Promise<number> {
  const count = await revoke()
  await events.record(buildEvent(count), once && [once])
  return count + (await revoke())
}
