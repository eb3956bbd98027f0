// What a verified message of an issuer causes here: its revocations are applied and recorded, before it is acknowledged.
import {
  type AuditEvent,
  buildAuditEvent,
  type Clock,
  type EventRecorder,
  type ReplayKey,
  replayKeyDigest,
} from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import {
  type EpochSeconds,
  readEventTime,
  revokesAccess,
  type SecurityEvent,
  suspendsAccess,
} from '@crosswalk/protocol'

import { type RecordedRevocation, revokeRecorded } from '../revoke-recorded.ts'
import { SIGN_IN_TTL_SECONDS } from '../sign-in-lifetime.ts'
import { readResources, type Target } from './find-target.ts'
import type { ReceivedRevocation, ReceivedRevocations } from './received-revocations.ts'
import { findIssuedUntil, type RevokeParts, revokeReceived } from './revoke-received.ts'

export interface RevokeAndRecordParts extends RevokeParts {
  readonly events: EventRecorder
  readonly receivedRevocations: ReceivedRevocations
}

export interface Received {
  readonly snapshot: RedemptionSnapshot
  readonly issuer: string
  readonly event: SecurityEvent
  readonly targets: readonly Target[]
  readonly receivedAt: number
  /** As long as the event would be accepted */
  readonly rememberedUntil: EpochSeconds
  /** The audit event states it if the event did not come as a security event */
  readonly request?: 'global-token-revocation'
}

/**
 * Stores the revocation before it revokes. Every step is repeatable: tokens are selected by the issue time of their ID-JAG,
 * and the latest affected time is fixed when the event first arrives. A crash between two steps therefore loses
 * nothing, and a repeated event changes nothing and is recorded once.
 */
export async function revokeAndRecord(received: Received, parts: RevokeAndRecordParts): Promise<void> {
  const revocations = await parts.receivedRevocations.add(describeRevocations(received))
  const revocation: RecordedRevocation = {
    async revoke() {
      let count = 0
      for (const one of revocations) count += await revokeReceived(one, parts)
      return count
    },
    buildEvent: (count) => buildEvent(received, revocations.length > 0, count, parts.clock),
    once: nameEvent(received),
  }
  await revokeRecorded(revocation, parts.events)
}

function describeRevocations(received: Received): readonly ReceivedRevocation[] {
  const { snapshot, issuer, event, targets, receivedAt, rememberedUntil } = received
  return Object.entries(event.events)
    .filter(([type, body]) => suspendsAccess(type) || revokesAccess(type, body))
    .flatMap(([type, body]) => {
      const issuedUntil = findIssuedUntil(readEventTime(body, event.issuedAt), receivedAt)
      const lifetime = Math.max(snapshot.definition.maxIdJagLifetimeSeconds, SIGN_IN_TTL_SECONDS)
      return targets.map((target) => ({
        ...target,
        id: event.id,
        authorizationServer: snapshot.id,
        issuer,
        resources: readResources(body),
        ...(suspendsAccess(type) ? { onlyIdJags: true } : {}),
        issuedUntil,
        expiresAt: issuedUntil + lifetime + 2 * snapshot.clockSkewSeconds,
        rememberedUntil,
      }))
    })
}

/** Makes a repeated event be recorded only once. @param more - distinguishes keys of the same event */
export function nameEvent(
  {
    snapshot,
    issuer,
    event,
    rememberedUntil,
  }: Pick<Received, 'snapshot' | 'issuer' | 'event' | 'rememberedUntil'>,
  ...more: readonly string[]
): ReplayKey {
  return {
    kind: 'security-event',
    key: replayKeyDigest('security-event', event.id, snapshot.id, issuer, ...more),
    expiresAt: rememberedUntil,
  }
}

function buildEvent(
  { issuer, event, targets, request }: Received,
  effective: boolean,
  revokedTokens: number,
  clock: Clock,
): AuditEvent {
  const [target] = targets
  return buildAuditEvent(clock.nowMs(), {
    type: 'security_event.received',
    category: 'response',
    severity: effective ? 'warning' : 'info',
    outcome: 'success',
    actor: { kind: 'system', id: issuer },
    ...describeUser(target),
    delegation: { issuer },
    change: {
      security_event: event.id,
      ...(request === undefined ? {} : { request }),
      events: Object.keys(event.events).slice(0, 10),
      effective,
      revoked_tokens: revokedTokens,
    },
  })
}

/** A user named by address may be known here by the account only. */
function describeUser(target: Target | undefined): Pick<AuditEvent, 'on_behalf_of'> {
  const { subject, accountId } = target ?? {}
  if (accountId !== undefined)
    return { on_behalf_of: { user_ref: accountId, subject_at_resource_ref: accountId } }
  return subject === undefined ? {} : { on_behalf_of: { user_ref: subject } }
}
