// Ends what rests on a sign-in at another identity provider that is over: its ID tokens are not taken any more, and what was
// issued for them is revoked, here at once and elsewhere by security events.
import {
  type AuditEvent,
  type Clock,
  type EventRecorder,
  newId,
  type OutgoingSecurityEvent,
  type ReplayKey,
  replayKeyDigest,
  type SecurityEventOutbox,
} from '@crosswalk/as-core'
import { renderMoment } from '@crosswalk/policy'

import type { EndedSession } from '../sign-in/contract.ts'

export interface EndUpstreamParts {
  readonly clock: Clock
  readonly events: EventRecorder
  /** What has to follow at authorization servers of this process */
  afterSessionEnd(ended: EndedSession): Promise<void>
  /** Undefined where no one is told */
  readonly outbox: SecurityEventOutbox | undefined
  ofSessionEnd(userId: string): Promise<readonly OutgoingSecurityEvent[]>
  /** Ends every session that the user has here, refresh tokens included. */
  endSessionsOfUser(userId: string): Promise<void>
}

export interface EndedUpstream {
  readonly issuer: string
  /** `jti` of the token that says so */
  readonly tokenId: string
  /** What it says, by event type */
  readonly types: readonly string[]
  readonly users: readonly string[]
  /** Only these sessions of theirs; undefined: all */
  readonly sessions?: readonly string[] | undefined
  /** Whether sessions that began here are over as well */
  readonly everywhere: boolean
  /** When it happened there, epoch seconds */
  readonly endedAt: number
  /** So long the token could come again, epoch seconds */
  readonly rememberedUntil: number
}

/** An act there and an exchange here may overlap by this; what was issued later rests on another sign-in. */
const OVERLAP_SECONDS = 60

/**
 * Durable and recorded when it resolves. Revoked twice: the record waits behind every grant that was decided before, so the
 * second time finds what those issued. A token that comes again changes nothing, since its sessions may go on where they
 * have no name; one that comes again because nothing was recorded is taken as the first.
 */
export async function endUpstream(ended: EndedUpstream, parts: EndUpstreamParts): Promise<void> {
  const { users, sessions, everywhere, issuer, tokenId, endedAt, rememberedUntil } = ended
  const once: ReplayKey = {
    kind: 'security-event',
    key: replayKeyDigest('security-event', tokenId, 'upstream', issuer),
    expiresAt: rememberedUntil,
  }
  if (await parts.events.isUsed(once)) return
  const issuedUntil = endedAt + OVERLAP_SECONDS
  const revoke = async () => {
    for (const userId of users) {
      if (sessions === undefined) await parts.afterSessionEnd({ userId, issuedUntil })
      else for (const session of sessions) await parts.afterSessionEnd({ userId, session })
    }
  }
  await revoke()
  if ((await parts.events.record(buildEvent(ended, parts.clock), [once])) !== undefined) return
  if (everywhere) for (const userId of users) await parts.endSessionsOfUser(userId)
  const told = await Promise.all(users.map((userId) => parts.ofSessionEnd(userId)))
  await parts.outbox?.add(told.flat())
  await revoke()
}

function buildEvent({ issuer, tokenId, types, users }: EndedUpstream, clock: Clock): AuditEvent {
  const [user] = users
  return {
    schema: 'xaa.event/v1',
    id: newId('evt'),
    time: renderMoment(clock.nowMs()),
    type: 'security_event.received',
    category: 'response',
    severity: user === undefined ? 'info' : 'warning',
    outcome: 'success',
    actor: { kind: 'system', id: issuer },
    ...(user === undefined ? {} : { on_behalf_of: { user_ref: user } }),
    delegation: { issuer },
    change: {
      security_event: tokenId,
      events: types.slice(0, 10),
      effective: user !== undefined,
      users: users.length,
    },
  }
}
