// Revokes the access tokens that a user got over a connection, after the access grant for it was revoked.
import type { EpochMs } from '@crosswalk/protocol'

import type { AccessGrantRecord } from '../definitions/records.ts'
import type { AdminContext } from '../http/context.ts'
import type { Parts } from '../parts.ts'
import type { RevokerPart } from './access-revoker.ts'
import { type RevocationAbout, revokeAndRecord } from './revoke-and-record.ts'

interface Limits extends Pick<RevocationAbout, 'onlyIfAny'> {
  /** Leaves tokens of ID-JAGs issued after this time: another access grant may have led to them */
  readonly issuedUntil?: EpochMs
}

/** Call once the grant is closed. @returns the number of revoked tokens */
export async function revokeGranted(
  parts: Parts<'directory' | 'storage' | 'clock'> & RevokerPart,
  context: AdminContext,
  { connection, user: id }: Pick<AccessGrantRecord, 'connection' | 'user'>,
  { onlyIfAny = false, issuedUntil }: Limits = {},
): Promise<number> {
  const { world, users } = parts.directory.current()
  const definition = world.connections.get(connection)?.definition
  const user = await users.findById(id)
  if (definition === undefined || user === undefined) return 0
  const about = { target: { kind: 'connection', id: connection }, endedSessions: false, onlyIfAny }
  return revokeAndRecord(parts, context, about, () =>
    parts.revoker.revokeUserOf(definition, user, issuedUntil),
  )
}
