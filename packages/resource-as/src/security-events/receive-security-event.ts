// The endpoint for security events from issuers (RFC 8935). A SET is trusted for its signature alone; before it is
// acknowledged, its revocations are applied and recorded.
import {
  type AuditEvent,
  buildAuditEvent,
  type Clock,
  createPushEndpoint,
  type EventRecorder,
  findIssuerKey,
  type IssuerKeys,
  observeJwt,
  type PushRefusal,
  type ReplayKey,
  replayKeyDigest,
  SIGNATURE_REFUSAL,
} from '@crosswalk/as-core'
import { type RedemptionSnapshot } from '@crosswalk/policy'
import {
  accept,
  checkSecurityEvent,
  type EpochSeconds,
  isTyp,
  JWT_TYP,
  readEventTime,
  refuse,
  type Result,
  type SecurityEvent,
  revokesAccess,
  suspendsAccess,
  type TrustedIssuerDefinition,
} from '@crosswalk/protocol'

import type { AccessTokens, Accounts } from '../ports.ts'
import { findTargets, readResources, type Target } from './find-target.ts'
import type { ReceivedRevocation, ReceivedRevocations } from './received-revocations.ts'
import { findIssuedUntil, revokeReceived } from './revoke-received.ts'

export interface SecurityEventReceiverParts {
  readonly clock: Clock
  snapshot(): RedemptionSnapshot
  readonly issuerKeys: IssuerKeys
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  readonly events: EventRecorder
  readonly receivedRevocations: ReceivedRevocations
  onFault(fault: unknown, reference: string): void
}

export function createSecurityEventReceiver(
  parts: SecurityEventReceiverParts,
): (request: Request) => Promise<Response> {
  return createPushEndpoint({
    receive: (token) => receive(token, parts),
    onFault: (fault, reference) => parts.onFault(fault, reference),
  })
}

async function receive(
  token: string,
  parts: SecurityEventReceiverParts,
): Promise<Result<undefined, PushRefusal>> {
  const snapshot = parts.snapshot()
  const receivedAt = parts.clock.nowMs() / 1000
  const verified = await verify(token, snapshot, parts)
  if (!verified.accepted) return verified
  const { claims, issuer, trust } = verified.value
  const settings = trust[0]?.securityEvents
  if (settings === undefined) throw new TypeError('verified by an entry that accepts no security events')
  const checked = checkSecurityEvent(claims, {
    audience: settings.audience ?? snapshot.issuer,
    now: receivedAt,
    clockSkewSeconds: snapshot.clockSkewSeconds,
    maxAgeSeconds: settings.maxAgeSeconds,
  })
  if (!checked.accepted) return checked
  const event = checked.value
  const targets = await findTargets({ server: snapshot.id, issuer, trust, event }, parts.accounts)
  if (!targets.accepted) return targets
  const about = { snapshot, issuer, event, targets: targets.value, receivedAt }
  await revokeAndRecord({ ...about, maxAgeSeconds: settings.maxAgeSeconds }, parts)
  return accept(undefined)
}

interface Verified {
  readonly claims: Readonly<Record<string, unknown>>
  readonly issuer: string
  /** The entries that accept security events of this issuer; at least one */
  readonly trust: readonly TrustedIssuerDefinition[]
}

/**
 * First `typ`, then trust, then the key: unknown issuers cause no traffic (SEC-13), and no other token passes (SEC-03).
 */
async function verify(
  token: string,
  snapshot: RedemptionSnapshot,
  { issuerKeys }: SecurityEventReceiverParts,
): Promise<Result<Verified, PushRefusal>> {
  let trust: readonly TrustedIssuerDefinition[] = []
  const jwt = await observeJwt(token, ({ header, claims }) => {
    if (!isTyp(header.typ, JWT_TYP.securityEvent)) return undefined
    trust = findTrust(snapshot, claims.iss)
    const [entry] = trust
    if (entry === undefined) return undefined
    const { issuer, jwksUri, jwks, algorithms } = entry
    return {
      algorithms,
      find: () =>
        findIssuerKey(issuerKeys, { issuer, kid: header.kid, algorithm: header.alg, jwksUri, jwks }),
    }
  })
  if (jwt.state === 'unreadable' || !isTyp(jwt.typ, JWT_TYP.securityEvent))
    return refuse({ error: 'invalid_request', detail: 'not one signed JWT of typ secevent+jwt' })
  const [entry] = trust
  if (entry === undefined)
    return refuse({ error: 'invalid_issuer', detail: 'no security events are accepted from this issuer' })
  const problem = SIGNATURE_REFUSAL[jwt.signature]
  return problem === undefined ? accept({ claims: jwt.claims, issuer: entry.issuer, trust }) : refuse(problem)
}

function findTrust({ trusted }: RedemptionSnapshot, issuer: unknown): readonly TrustedIssuerDefinition[] {
  const entries = typeof issuer === 'string' ? (trusted.get(issuer) ?? []) : []
  return entries.filter((entry) => entry.active && entry.securityEvents !== undefined)
}

interface Received {
  readonly snapshot: RedemptionSnapshot
  readonly issuer: string
  readonly event: SecurityEvent
  readonly targets: readonly Target[]
  readonly receivedAt: number
  readonly maxAgeSeconds: number
}

/**
 * Stores the revocation, revokes, records it, and revokes again: the record is written after every earlier grant, so
 * the second pass finds their tokens. Every step is repeatable: tokens are selected by the issue time of their ID-JAG,
 * and the latest affected time is fixed when the event first arrives. A crash between two steps therefore loses
 * nothing, and a repeated event changes nothing and is recorded once.
 */
async function revokeAndRecord(received: Received, parts: SecurityEventReceiverParts): Promise<void> {
  const revocations = await parts.receivedRevocations.add(describeRevocations(received))
  const revokeTargets = async () => {
    let count = 0
    for (const revocation of revocations) count += await revokeReceived(revocation, parts)
    return count
  }
  const count = await revokeTargets()
  const event = buildEvent(received, revocations.length > 0, count, parts.clock)
  const used = await parts.events.record(event, [nameEvent(received)])
  if (used === undefined) await revokeTargets()
}

function describeRevocations(received: Received): readonly ReceivedRevocation[] {
  const { snapshot, issuer, event, targets, receivedAt } = received
  return Object.entries(event.events)
    .filter(([type, body]) => suspendsAccess(type) || revokesAccess(type, body))
    .flatMap(([type, body]) => {
      const issuedUntil = findIssuedUntil(readEventTime(body, event.issuedAt), receivedAt)
      return targets.map((target) => ({
        ...target,
        id: event.id,
        authorizationServer: snapshot.id,
        issuer,
        resources: readResources(body),
        ...(suspendsAccess(type) ? { onlyIdJags: true } : {}),
        issuedUntil,
        expiresAt: issuedUntil + snapshot.definition.maxIdJagLifetimeSeconds + 2 * snapshot.clockSkewSeconds,
        rememberedUntil: findEndOfMemory(received),
      }))
    })
}

/** As long as the event would be accepted. */
function findEndOfMemory({ event, maxAgeSeconds, snapshot }: Received): EpochSeconds {
  return Math.ceil(event.issuedAt + maxAgeSeconds) + snapshot.clockSkewSeconds + 1
}

/** Makes a repeated event be recorded only once. */
function nameEvent(received: Received): ReplayKey {
  const { snapshot, issuer, event } = received
  return {
    kind: 'security-event',
    key: replayKeyDigest('security-event', event.id, snapshot.id, issuer),
    expiresAt: findEndOfMemory(received),
  }
}

function buildEvent(
  { issuer, event, targets }: Received,
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
    ...(target?.subject === undefined ? {} : { on_behalf_of: { user_ref: target.subject } }),
    delegation: { issuer },
    change: {
      security_event: event.id,
      events: Object.keys(event.events).slice(0, 10),
      effective,
      revoked_tokens: revokedTokens,
    },
  })
}
