// Ends everything based on a finished sign-in at another identity provider: its ID tokens are no longer accepted, and
// what was issued for them is revoked, here immediately and elsewhere by security events.
import {
  type AuditEvent,
  buildAuditEvent,
  type Clock,
  type EventRecorder,
  type ReplayKey,
  replayKeyDigest,
} from '@crosswalk/as-core'

import type { IdpPorts } from '../idp-ports.ts'

export interface EndUpstreamParts extends Pick<IdpPorts, 'clock' | 'revokeSession' | 'securityEvents'> {
  readonly events: EventRecorder
  /** Ends all sessions of the user here, including refresh tokens. */
  endSessionsOfUser(userId: string): Promise<void>
}

export interface EndedUpstream {
  readonly issuer: string
  /** `jti` of the token that reported it */
  readonly tokenId: string
  /** The reported event types */
  readonly types: readonly string[]
  readonly users: readonly string[]
  /**
   * Only this session, and what was issued until then for ID tokens of the subject that name no session; undefined: all
   */
  readonly only?: { readonly session: string; readonly unnamed: string | undefined } | undefined
  /** Whether sessions that began here end as well */
  readonly everywhere: boolean
  /** When it happened there, epoch seconds */
  readonly endedAt: number
  /** How long the token could be replayed, epoch seconds */
  readonly rememberedUntil: number
}

/** Clocks may differ by this much; anything based on a later ID token is based on another sign-in. */
const OVERLAP_SECONDS = 60

/**
 * Durable and recorded when it resolves. Revokes twice: the record is queued after all grants decided before, so the
 * second revocation finds what they issued. A replayed token changes nothing, because sessions without an id may have
 * continued; one that is resent because a fault interrupted the first repeats everything but the record.
 */
export async function endUpstream(ended: EndedUpstream, parts: EndUpstreamParts): Promise<void> {
  const { users, only, everywhere, issuer, tokenId, endedAt, rememberedUntil } = ended
  const { securityEvents } = parts
  const nameKey = (...more: readonly string[]): ReplayKey => ({
    kind: 'security-event',
    key: replayKeyDigest('security-event', tokenId, 'upstream', issuer, ...more),
    expiresAt: rememberedUntil,
  })
  const finished = nameKey()
  if (await parts.events.isUsed(finished)) return
  const issuedUntil = endedAt + OVERLAP_SECONDS
  const revoke = async () => {
    for (const userId of users) {
      if (everywhere) await parts.endSessionsOfUser(userId)
      if (only === undefined) await parts.revokeSession?.({ userId, issuedUntil, everywhere })
      else await parts.revokeSession?.({ userId, session: only.session })
      if (only?.unnamed !== undefined)
        await parts.revokeSession?.({ userId, session: only.unnamed, issuedUntil })
    }
  }
  await revoke()
  if (securityEvents !== undefined) {
    const ends = users.map((userId) => securityEvents.ofSessionEnd({ userId, initiator: 'user' }))
    await securityEvents.outbox.add((await Promise.all(ends)).flat())
  }
  await parts.events.record(buildEvent(ended, parts.clock), [nameKey('record')])
  await revoke()
  await parts.events.useOnce([finished])
}

function buildEvent({ issuer, tokenId, types, users }: EndedUpstream, clock: Clock): AuditEvent {
  const [user] = users
  return buildAuditEvent(clock.nowMs(), {
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
  })
}
