// The endpoint to which subject issuers push security events (RFC 8935): a user whose account was disabled there, or whose
// sessions were revoked, loses what was issued here for ID tokens of that issuer. Decides whether an event counts, and whom
// it means.
import { answerFault, newId, readAtMost } from '@crosswalk/as-core'
import {
  accept,
  checkSecurityEvent,
  isTyp,
  JWT_TYP,
  parseSecuritySubject,
  readEventTime,
  refuse,
  type Result,
  SECURITY_EVENT_TYPE,
  type SecurityEvent,
  type SecuritySubject,
  type SubjectIssuerDefinition,
  takesAccessBack,
} from '@crosswalk/protocol'

import { endUpstream } from './end-upstream.ts'
import { findKnownUser } from './find-linked-user.ts'
import type { UpstreamEndpointParts } from './logout-endpoint.ts'
import { type IssuerJwtRefusal, verifyIssuerJwt } from './verify-issuer-jwt.ts'

export const UPSTREAM_EVENTS_PATH = '/upstream/events'

/** As long as any JWT may be that is read here. */
const MAX_BODY_BYTES = 16 * 1024
const NO_STORE = { 'cache-control': 'no-store' }

export function createUpstreamEventsEndpoint(
  parts: UpstreamEndpointParts,
): (request: Request) => Promise<Response> {
  return async (request) => {
    if (request.method !== 'POST')
      return new Response(null, { status: 405, headers: { allow: 'POST', ...NO_STORE } })
    try {
      const received = await receive(request, parts)
      if (received.accepted) return new Response(null, { status: 202, headers: NO_STORE })
      if (received.refusal === 'later')
        return new Response(null, { status: 503, headers: { 'retry-after': '5', ...NO_STORE } })
      const { error, detail } = received.refusal
      return Response.json({ err: error, description: detail }, { status: 400, headers: NO_STORE })
    } catch (fault) {
      parts.onFault(fault, newId('flt'))
      const { http, headers } = answerFault(fault)
      return new Response(null, { status: http, headers: { ...headers, ...NO_STORE } })
    }
  }
}

async function receive(
  request: Request,
  parts: UpstreamEndpointParts,
): Promise<Result<undefined, IssuerJwtRefusal>> {
  const invalid = (detail: string) => refuse({ error: 'invalid_request' as const, detail })
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== SECURITY_EVENT_TYPE) return invalid(`the content type is not ${SECURITY_EVENT_TYPE}`)
  const body = await readAtMost(request.body, MAX_BODY_BYTES)
  if (body === undefined) return invalid(`the body is over ${MAX_BODY_BYTES} bytes`)
  const snapshot = parts.snapshot()
  const verified = await verifyIssuerJwt(body.toString('utf8').trim(), snapshot, {
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
  const rememberedUntil = Math.ceil(checked.value.issuedAt + maxAgeSeconds) + snapshot.clockSkewSeconds + 1
  await end({ trust, event: checked.value, subject: subject.value, rememberedUntil }, parts)
  return accept(undefined)
}

/** An issuer speaks of its own users alone; undefined where an event is about no one known by such a name. */
function readSubject(
  { subject }: SecurityEvent,
  { issuer }: SubjectIssuerDefinition,
): Result<SecuritySubject['user'], IssuerJwtRefusal> {
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
  const taken = Object.entries(event.events).filter(([type, body]) => takesAccessBack(type, body))
  const moments = taken.map(([, body]) => readEventTime(body, event.issuedAt))
  const endedAt = moments.length === 0 ? event.issuedAt : Math.max(...moments)
  const users =
    taken.length === 0 || subject === undefined ? [] : await findUsers(trust, subject, endedAt, parts)
  for (const userId of users) await parts.sources.ends.endUser(userId, endedAt, 'issuer')
  const ended = { issuer, tokenId: event.id, types: Object.keys(event.events), users, everywhere: true }
  await endUpstream({ ...ended, endedAt, rememberedUntil }, parts)
}

/** By the sign-ins that were exchanged here, and by the links. */
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
