// Security Event Tokens: their words, and whether one is well-formed and meant for its reader. Pure; the signature, and
// whether its issuer may speak of the subject, are judged elsewhere.
// @see RFC 8417, RFC 8935, RFC 9493, OpenID Shared Signals Framework 1.0, CAEP 1.0
import { isObject, isText } from './finding.ts'
import { accept, refuse, type Result } from './result.ts'
import type { EpochSeconds } from './time.ts'

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
  /** What an app may do at this resource was revoked; the subject names the app by its client_id there. */
  connectionRevoked: `${OWN}:connection-revoked`,
  /** No new tokens are issued to the app for now; live ones may expire by themselves. */
  connectionSuspended: `${OWN}:connection-suspended`,
  /** Everything that rests on this issuer (in this tenant) was revoked. */
  accessRevoked: `${OWN}:access-revoked`,
} as const

/** What our IdP sends. */
export const SENT_SECURITY_EVENTS = [
  SECURITY_EVENT.sessionRevoked,
  SECURITY_EVENT.credentialChange,
  SECURITY_EVENT.connectionRevoked,
  SECURITY_EVENT.connectionSuspended,
  SECURITY_EVENT.accessRevoked,
] as const

/** Media type of a SET on its way (RFC 8417 section 2.3). */
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
  /** The only audience */
  readonly audience: string
  readonly now: EpochSeconds
  readonly clockSkewSeconds: number
  /** An older one is refused: so long its `jti` is remembered */
  readonly maxAgeSeconds: number
}

export interface SecurityEvent {
  readonly id: string
  readonly issuedAt: EpochSeconds
  /** A subject identifier, not looked into; undefined for events about a stream */
  readonly subject: Readonly<Record<string, unknown>> | undefined
  /** By event type; at least one */
  readonly events: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

/**
 * Checks the claims of a SET whose signature was verified.
 *
 * @returns the event, or why not: wrong form, another audience, a moment in the future or too long ago
 * @see RFC 8417 section 2.2; SSF 1.0 section 4.1: no `exp` and no `sub`, by which other kinds of tokens are told apart
 */
export function checkSecurityEvent(
  claims: Readonly<Record<string, unknown>>,
  { audience, now, clockSkewSeconds, maxAgeSeconds }: SecurityEventExpectations,
): Result<SecurityEvent, SetRefusal> {
  const malformed = (detail: string) => refuse({ error: 'invalid_request' as const, detail })
  const { aud, jti, iat, events, sub_id: subject } = claims
  const audiences = typeof aud === 'string' ? [aud] : aud
  // Exactly one: a SET for others too could be replayed there.
  if (!Array.isArray(audiences) || audiences.length !== 1 || audiences[0] !== audience)
    return refuse({ error: 'invalid_audience', detail: `aud is not exactly ${audience}` })
  if (!isText(jti, 255)) return malformed('jti is missing')
  if (claims.exp !== undefined || claims.sub !== undefined)
    return malformed('exp and sub do not belong in a security event')
  if (typeof iat !== 'number' || !Number.isFinite(iat)) return malformed('iat is missing')
  if (iat > now + clockSkewSeconds) return malformed('iat is in the future')
  if (iat < now - maxAgeSeconds - clockSkewSeconds) return malformed('iat is too long ago')
  if (subject !== undefined && !isObject(subject)) return malformed('sub_id is no object')
  if (!isObject(events) || Object.keys(events).length === 0) return malformed('events is missing')
  if (!Object.values(events).every(isObject)) return malformed('an event is no object')
  return accept({ id: jti, issuedAt: iat, subject, events: events as SecurityEvent['events'] })
}

/** A later moment than this is milliseconds, as some transmitters write. */
const LAST_SECONDS = 100_000_000_000

/** @returns when it happened, never after the SET was issued; `iat` where the event does not say */
export function readEventTime(
  { event_timestamp: moment }: Readonly<Record<string, unknown>>,
  issuedAt: EpochSeconds,
): EpochSeconds {
  if (typeof moment !== 'number' || !Number.isFinite(moment) || moment <= 0) return issuedAt
  return Math.min(issuedAt, moment > LAST_SECONDS ? moment / 1000 : moment)
}

/** Whether an event stops new access tokens only: earlier ones stay live. */
export function suspendsAccess(type: string): boolean {
  return type === SECURITY_EVENT.connectionSuspended
}

/** What an event does to access: whether what was given before it has to end. */
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
      // A further credential takes nothing from the sign-ins before it.
      return ['update', 'revoke', 'delete'].includes(String(event.change_type))
    case SECURITY_EVENT.assuranceLevelChange:
      return event.change_direction === 'decrease'
    default:
      return false
  }
}
