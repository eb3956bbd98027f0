// Builds the claims of a SET from an event for a stream. The caller decides whether the stream gets it.
import { newTokenId, type OutgoingSecurityEvent } from '@crosswalk/as-core'
import type { EpochMs, SubjectId } from '@crosswalk/protocol'

import type { EventStream } from './streams.ts'

export interface SecurityEventParts {
  readonly issuer: string
  readonly stream: Pick<EventStream, 'id' | 'audience'>
  readonly subject: SubjectId
  readonly type: string
  readonly body: Readonly<Record<string, unknown>>
  readonly now: EpochMs
  /** The same for all events of one act */
  readonly transaction?: string | undefined
}

/** @see RFC 8417 section 2.2, SSF 1.0 section 4.1 */
export function buildSecurityEvent(parts: SecurityEventParts): OutgoingSecurityEvent {
  const { issuer, stream, subject, type, body, now, transaction } = parts
  const id = newTokenId()
  return {
    id,
    stream: stream.id,
    claims: {
      iss: issuer,
      aud: stream.audience,
      jti: id,
      iat: Math.floor(now / 1000),
      ...(transaction === undefined ? {} : { txn: transaction }),
      sub_id: subject,
      events: { [type]: body },
    },
    createdAt: now,
  }
}
