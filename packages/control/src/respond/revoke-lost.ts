// Revokes the access tokens of users who may have lost the access to get them, and records that.
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from './access-revoker.ts'
import type { AffectedUsers } from './lost-assignment.ts'
import { type RevocationAbout, revokeAndRecord } from './revoke-and-record.ts'

/** Tokens that would be issued again stay. Records nothing if there are no others. */
export async function revokeLost(
  parts: Parts<'storage' | 'clock'> & RevokerPart,
  context: AdminContext,
  target: RevocationAbout['target'],
  affected: AffectedUsers,
): Promise<void> {
  const about = { target, endedSessions: false, onlyIfAny: true }
  await revokeAndRecord(parts, context, about, () => parts.revoker.revokeUnassigned(affected))
}
