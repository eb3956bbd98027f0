// Security Event Tokens: their vocabulary, and whether one is well-formed and meant for its receiver. Pure; the
// signature, and whether the issuer is trusted for the subject, are judged elsewhere.
// @see RFC 8417, RFC 8935, RFC 9493, OpenID Shared Signals Framework 1.0, CAEP 1.0
import { isObject, isText } from '../finding.ts'
import { accept, refuse, type Result } from '../result.ts'
import type { EpochSeconds } from '../time.ts'

const OPENID = 'https://schemas.openid.net/secevent'
const OWN = 'urn:crosswalk:secevent:event-type'

export const SECURITY_EVENT = {
  sessionRevoked: `${OPENID}/caep/event-type/session-revoked`,
  credentialChange: `${OPENID}/caep/event-type/credential-change`,
  assuranceLevelChange: `${OPENID}/caep/event-type/assurance-level-change`,
  tokenClaimsChange: `${OPENID}/caep/event-type/token-claims-change`,
  accountDisabled: `${OPENID}/risc/event-type/account-disabled`,
  accountPurged: `${OPENID}/risc/event-type/account-purged`,
  verification: `${OPENID}/ssf/event-type/verification`,
  streamUpdated: `${OPENID}/ssf/event-type/stream-updated`,
  /** The app's access to this resource was revoked; the subject names the app by its client_id there. */
  connectionRevoked: `${OWN}:connection-revoked`,
  /** The app gets no new tokens for now; live ones may expire normally. */
  connectionSuspended: `${OWN}:connection-suspended`,
  /** All access from this issuer (in this tenant) was revoked. */
  accessRevoked: `${OWN}:access-revoked`,
} as const

/** The events that our IdP sends. */
export const SENT_SECURITY_EVENTS = [
  SECURITY_EVENT.sessionRevoked,
  SECURITY_EVENT.credentialChange,
  SECURITY_EVENT.connectionRevoked,
  SECURITY_EVENT.connectionSuspended,
  SECURITY_EVENT.accessRevoked,
] as const

/** Media type of a SET in transit (RFC 8417 section 2.3). */
export const SECURITY_EVENT_TYPE = 'application/secevent+jwt'

export const DELIVERY_METHOD = { push: 'urn:ietf:rfc:8935', poll: 'urn:ietf:rfc:8936' } as const

/** RFC 8935 section 2.4. */
export type SetErrorCode =
  | 'invalid_request'
  | 'invalid_key'
  | 'invalid_issuer'
  | 'invalid_audience'
  | 'authentication_failed'
  | 'access_denied'

export interface SetRefusal {
  readonly error: SetErrorCode
  readonly detail: string
}

export interface SecurityEventExpectations {
  /** Compared exactly */
  readonly audience: string
  readonly now: EpochSeconds
  readonly clockSkewSeconds: number
  /** Older ones are refused, so each `jti` is remembered this long */
  readonly maxAgeSeconds: number
}

export interface SecurityEvent {
  readonly id: string
  readonly issuedAt: EpochSeconds
  /** A subject identifier, unparsed; undefined for events about a stream */
  readonly subject: Readonly<Record<string, unknown>> | undefined
  /** By event type; at least one */
  readonly events: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/**
 * Checks the claims of a SET whose signature was verified.
 *
 * @returns the event, or the problem: malformed, another audience, or a time in the future or too long ago
 * @see RFC 8417 section 2.2; SSF 1.0 section 4.1: no `exp` and no `sub`, so that other kinds of tokens are
 * distinguishable
 */
export function checkSecurityEvent(
  claims: Readonly<Record<string, unknown>>,
  { audience, now, clockSkewSeconds, maxAgeSeconds }: SecurityEventExpectations,
): Result<SecurityEvent, SetRefusal> {
  const malformed = (detail: string) => refuse({ error: 'invalid_request' as const, detail })
  const { aud, jti, iat, events, sub_id: subject } = claims
  const audiences = typeof aud === 'string' ? [aud] : aud
  // Other receivers may be named beside this one: an event only ends access, and one that is refused would let it live.
  if (!Array.isArray(audiences) || !audiences.includes(audience))
    return refuse({ error: 'invalid_audience', detail: `aud does not name ${audience}` })
  if (!isText(jti, 255)) return malformed('jti is missing, or has over 255 characters')
  if (claims.exp !== undefined || claims.sub !== undefined)
    return malformed('exp and sub do not belong in a security event')
  if (typeof iat !== 'number' || !Number.isFinite(iat)) return malformed('iat is missing')
  if (iat > now + clockSkewSeconds) return malformed('iat is in the future')
  if (iat < now - maxAgeSeconds - clockSkewSeconds) return malformed('iat is too long ago')
  if (subject !== undefined && !isObject(subject)) return malformed('sub_id is not an object')
  if (!isObject(events) || Object.keys(events).length === 0) return malformed('events is missing')
  if (!Object.values(events).every(isObject)) return malformed('an event is not an object')
  // Otherwise the transmitter would take the acknowledgement for the end of someone's access.
  if (subject === undefined && Object.entries(events as SecurityEvent['events']).some(endsAccess))
    return malformed('sub_id is missing')
  return accept({
    id: jti,
    issuedAt: iat,
    subject: Object.keys(events).every(isAboutStream) ? undefined : subject,
    events: events as SecurityEvent['events'],
  })
}

function endsAccess([type, event]: readonly [string, Readonly<Record<string, unknown>>]): boolean {
  return suspendsAccess(type) || revokesAccess(type, event)
}

/** The subject of such an event is its stream (SSF 1.0 sections 8.1.4 and 8.1.5), which could pass for a user. */
function isAboutStream(type: string): boolean {
  return type === SECURITY_EVENT.verification || type === SECURITY_EVENT.streamUpdated
}

/** Larger values are milliseconds, which some transmitters send. */
const LAST_SECONDS = 100_000_000_000

/** @returns when it happened, never after the SET was issued; `iat` if the event does not state it */
export function readEventTime(
  { event_timestamp: moment }: Readonly<Record<string, unknown>>,
  issuedAt: EpochSeconds,
): EpochSeconds {
  if (typeof moment !== 'number' || !Number.isFinite(moment) || moment <= 0) return issuedAt
  return Math.min(issuedAt, moment > LAST_SECONDS ? moment / 1000 : moment)
}

/** Whether an event only stops new access tokens: earlier ones stay live. */
export function suspendsAccess(type: string): boolean {
  return type === SECURITY_EVENT.connectionSuspended
}

/** Whether an event requires existing access to end. */
export function revokesAccess(type: string, event: Readonly<Record<string, unknown>>): boolean {
  switch (type) {
    case SECURITY_EVENT.sessionRevoked:
    case SECURITY_EVENT.tokenClaimsChange:
    case SECURITY_EVENT.accountDisabled:
    case SECURITY_EVENT.accountPurged:
    case SECURITY_EVENT.connectionRevoked:
    case SECURITY_EVENT.accessRevoked:
      return true
    case SECURITY_EVENT.credentialChange:
      // An additional credential does not affect earlier sign-ins.
      return ['update', 'revoke', 'delete'].some((one) => one === event.change_type)
    case SECURITY_EVENT.assuranceLevelChange:
      return event.change_direction === 'decrease'
    default:
      return false
  }
}
