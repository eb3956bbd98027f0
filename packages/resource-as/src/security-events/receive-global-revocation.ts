// The endpoint where a trusted issuer revokes everything that one of its users has here (Global Token Revocation; Okta
// calls it Universal Logout). Decides which request counts; its effect is that of a security event.
import { newId, parseStrictJsonObject, respondRetryLater, respondToFault } from '@crosswalk/as-core'
import {
  accept,
  checkGlobalRevocationAssertion,
  findReplayEnd,
  JWT_TYP,
  readAtMost,
  readRevokedSubject,
  refuse,
  type Result,
  SECURITY_EVENT,
  type SecurityEvent,
  type SubjectId,
} from '@crosswalk/protocol'

import { findTargets, type Target } from './find-target.ts'
import type { SecurityEventReceiverParts } from './receive-security-event.ts'
import { nameEvent, type Received, revokeAndRecord } from './revoke-and-record.ts'
import { type ExpectedToken, type VerifiedToken, verifyIssuerToken } from './verify-issuer-token.ts'

export interface GlobalRevocationParts extends SecurityEventReceiverParts {
  /** URL of this endpoint, the audience of assertions */
  readonly endpoint: string
}

interface Refusal {
  readonly http: 400 | 401 | 403 | 404 | 405 | 413
  /** For the caller; undefined if it sent no credentials */
  readonly detail?: string
}

/** The request cannot be judged now. */
type Outcome<T> = Result<T, Refusal | 'later'>

const ASSERTION: ExpectedToken = {
  typ: JWT_TYP.globalRevocation,
  isAccepted: ({ globalTokenRevocation }) => globalTokenRevocation === true,
  name: 'Global Token Revocation requests',
}

const MAX_BODY_BYTES = 16 * 1024
const NO_STORE = { 'cache-control': 'no-store' }

export function createGlobalRevocationEndpoint(
  parts: GlobalRevocationParts,
): (request: Request) => Promise<Response> {
  return async (request) => {
    try {
      const outcome =
        request.method === 'POST' ? await receive(request, parts) : refuse({ http: 405 } as const)
      if (outcome.accepted) return new Response(null, { status: 204, headers: NO_STORE })
      return outcome.refusal === 'later' ? respondRetryLater() : renderRefusal(outcome.refusal)
    } catch (fault) {
      parts.onFault(fault, newId('flt'))
      return respondToFault(fault)
    }
  }
}

async function receive(request: Request, parts: GlobalRevocationParts): Promise<Outcome<undefined>> {
  const requested = await readRequest(request, parts)
  if (!requested.accepted) return requested
  const { event } = requested.value
  const targets = await findRevoked(requested.value, parts)
  if (!targets.accepted) return targets
  const received = { ...requested.value, targets: targets.value, request: 'global-token-revocation' } as const
  if (await isReplayed(received, event.subject, parts))
    return refuse({ http: 401, detail: 'this JWT was used before' })
  await revokeAndRecord(received, parts)
  return accept(undefined)
}

interface Requested extends Omit<Received, 'targets'> {
  readonly event: SecurityEvent & { readonly subject: SubjectId }
  readonly trust: VerifiedToken['trust']
  readonly closed: VerifiedToken['closed']
}

/** First the sender, then the body. @returns the request as a security event */
async function readRequest(request: Request, parts: GlobalRevocationParts): Promise<Outcome<Requested>> {
  const snapshot = parts.snapshot()
  const { clockSkewSeconds } = snapshot
  const receivedAt = parts.clock.nowMs() / 1000
  const verified = await authenticate(request.headers, snapshot, parts)
  if (!verified.accepted) return verified
  const { claims, issuer, trust, closed } = verified.value
  const expected = { endpoint: parts.endpoint, now: receivedAt, clockSkewSeconds }
  const checked = checkGlobalRevocationAssertion(claims, expected)
  if (!checked.accepted) return refuse({ http: 401, detail: checked.refusal })
  const subject = await readSubject(request)
  if (!subject.accepted) return subject
  const { id, issuedAt, expiresAt } = checked.value
  const event = { id, issuedAt, subject: subject.value, events: { [SECURITY_EVENT.sessionRevoked]: {} } }
  const rememberedUntil = findReplayEnd(expiresAt, clockSkewSeconds)
  return accept({ snapshot, issuer, trust, closed, event, receivedAt, rememberedUntil })
}

async function findRevoked(
  { snapshot, issuer, trust, closed, event }: Requested,
  { accounts }: GlobalRevocationParts,
): Promise<Result<readonly Target[], Refusal>> {
  const targets = await findTargets({ server: snapshot.id, issuer, trust, closed, event }, accounts)
  if (!targets.accepted) {
    const { error, detail } = targets.refusal
    return refuse({ http: error === 'invalid_request' ? 400 : 403, detail })
  }
  // The same for addresses that the issuer may not assert, so it learns nothing about other users.
  return targets.value.length === 0
    ? refuse({ http: 404, detail: 'this issuer has no user with this address here' })
    : targets
}

async function authenticate(
  headers: Headers,
  snapshot: Received['snapshot'],
  { issuerKeys }: GlobalRevocationParts,
): Promise<Outcome<VerifiedToken>> {
  const token = /^bearer +([^\s]+)$/i.exec(headers.get('authorization') ?? '')?.[1]
  if (token === undefined) return refuse({ http: 401 })
  const verified = await verifyIssuerToken(token, ASSERTION, { snapshot, issuerKeys })
  if (verified.accepted) return verified
  return refuse(verified.refusal === 'later' ? 'later' : { http: 401, detail: verified.refusal.detail })
}

async function readSubject(request: Request): Promise<Result<SubjectId, Refusal>> {
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== 'application/json')
    return refuse({ http: 400, detail: 'the content type is not application/json' })
  const bytes = await readAtMost(request.body, MAX_BODY_BYTES)
  if (bytes === undefined) return refuse({ http: 413, detail: `the body is over ${MAX_BODY_BYTES} bytes` })
  const body = parseStrictJsonObject(bytes)
  if (!body.accepted) return refuse({ http: 400, detail: 'the body is not a JSON object' })
  const subject = readRevokedSubject(body.value)
  return subject.accepted ? subject : refuse({ http: 400, detail: subject.refusal })
}

/**
 * The signature does not cover the body, so a JWT is good for one subject, once. Only if a fault interrupted the request
 * may it be repeated: otherwise the user would keep access until the issuer tries again with another JWT.
 */
async function isReplayed(
  received: Received,
  subject: SubjectId,
  { events }: GlobalRevocationParts,
): Promise<boolean> {
  if (await events.isUsed(nameEvent(received))) return true
  const forSubject = nameEvent(received, 'subject', JSON.stringify(subject))
  const used = await events.useOnce([nameEvent(received, 'assertion'), forSubject])
  return used !== undefined && !(await events.isUsed(forSubject))
}

/** The form of RFC 6750 section 3, also for statuses that it does not mention. */
function renderRefusal({ http, detail }: Refusal): Response {
  const error = http === 401 ? 'invalid_token' : http === 403 ? 'access_denied' : 'invalid_request'
  const challenge = detail === undefined ? 'Bearer' : `Bearer error="${error}"`
  const headers = {
    ...NO_STORE,
    ...(http === 401 ? { 'www-authenticate': challenge } : {}),
    ...(http === 405 ? { allow: 'POST' } : {}),
  }
  return detail === undefined
    ? new Response(null, { status: http, headers })
    : Response.json({ error, error_description: detail }, { status: http, headers })
}
