// The endpoint to which subject issuers push security events (RFC 8935). A user whose account was disabled there, or
// whose sessions were revoked, loses everything issued here for ID tokens of that issuer. Decides whether an event
// counts, and which user it means.
import { createPushEndpoint, type PushRefusal } from '@crosswalk/as-core'
import {
  accept,
  checkSecurityEvent,
  findReplayEnd,
  isTyp,
  JWT_TYP,
  parseSecuritySubject,
  readEventTime,
  refuse,
  type Result,
  revokesAccess,
  type SecurityEvent,
  type SecuritySubject,
  type SubjectIssuerDefinition,
} from '@crosswalk/protocol'

import { endUpstream } from './end-upstream.ts'
import { findKnownUser } from './find-linked-user.ts'
import type { UpstreamEndpointParts } from './logout-endpoint.ts'
import { verifyIssuerJwt } from './verify-issuer-jwt.ts'

export const UPSTREAM_EVENTS_PATH = '/upstream/events'

export function createUpstreamEventsEndpoint(
  parts: UpstreamEndpointParts,
): (request: Request) => Promise<Response> {
  return createPushEndpoint({
    receive: (token) => receive(token, parts),
    onFault: (fault, reference) => parts.onFault(fault, reference),
  })
}

async function receive(token: string, parts: UpstreamEndpointParts): Promise<Result<undefined, PushRefusal>> {
  const snapshot = parts.snapshot()
  const verified = await verifyIssuerJwt(token, snapshot, {
    keysOf: parts.sources.keysOf,
    isExpected: ({ header }, { securityEvents }) =>
      isTyp(header.typ, JWT_TYP.securityEvent) && securityEvents !== undefined,
  })
  if (!verified.accepted) return verified
  const { claims, trust } = verified.value
  const maxAgeSeconds = trust.securityEvents?.maxAgeSeconds ?? 0
  const checked = checkSecurityEvent(claims, {
    audience: trust.securityEvents?.audience ?? snapshot.issuer,
    now: parts.clock.nowMs() / 1000,
    clockSkewSeconds: snapshot.clockSkewSeconds,
    maxAgeSeconds,
  })
  if (!checked.accepted) return checked
  const subject = readSubject(checked.value, trust)
  if (!subject.accepted) return subject
  const rememberedUntil = findReplayEnd(checked.value.issuedAt + maxAgeSeconds, snapshot.clockSkewSeconds)
  await end({ trust, event: checked.value, subject: subject.value, rememberedUntil }, parts)
  return accept(undefined)
}

/** An issuer may name only its own users; undefined if none of them is known. */
function readSubject(
  { subject }: SecurityEvent,
  { issuer }: SubjectIssuerDefinition,
): Result<SecuritySubject['user'], PushRefusal> {
  if (subject === undefined) return accept(undefined)
  const parsed = parseSecuritySubject(subject)
  if (!parsed.accepted)
    return parsed.refusal === 'unknown'
      ? accept(undefined)
      : refuse({ error: 'invalid_request', detail: 'sub_id is malformed' })
  const { user } = parsed.value
  if (user !== undefined && 'issuer' in user && user.issuer !== issuer)
    return refuse({ error: 'access_denied', detail: 'sub_id names a user of another issuer' })
  return accept(user)
}

interface Received {
  readonly trust: SubjectIssuerDefinition
  readonly event: SecurityEvent
  readonly subject: SecuritySubject['user']
  readonly rememberedUntil: number
}

async function end(
  { trust, event, subject, rememberedUntil }: Received,
  parts: UpstreamEndpointParts,
): Promise<void> {
  const { issuer } = trust
  const taken = Object.entries(event.events).filter(([type, body]) => revokesAccess(type, body))
  const moments = taken.map(([, body]) => readEventTime(body, event.issuedAt))
  const endedAt = moments.length === 0 ? event.issuedAt : Math.max(...moments)
  const users =
    taken.length === 0 || subject === undefined ? [] : await findUsers(trust, subject, endedAt, parts)
  for (const userId of users) await parts.sources.ends.endUser(userId, endedAt, 'issuer')
  const ended = { issuer, tokenId: event.id, types: Object.keys(event.events), users, everywhere: true }
  await endUpstream({ ...ended, endedAt, rememberedUntil }, parts)
}

/** By sign-ins that were exchanged here, and by links. */
async function findUsers(
  trust: SubjectIssuerDefinition,
  subject: NonNullable<SecuritySubject['user']>,
  endedAt: number,
  { sources }: UpstreamEndpointParts,
): Promise<readonly string[]> {
  const seen =
    'subject' in subject
      ? await sources.ends.end({ issuer: trust.issuer, sub: subject.subject }, endedAt)
      : []
  const known = await findKnownUser(trust, subject, sources)
  return [...new Set([...seen, ...(known === undefined ? [] : [known.id])])]
}
