import { describe, expect, it } from 'vitest'

import {
  checkSecurityEvent,
  readEventTime,
  SECURITY_EVENT,
  revokesAccess,
  suspendsAccess,
} from './security-event.ts'
import {
  buildSubjectId,
  parseSecuritySubject,
  type SecuritySubject,
  type SubjectId,
} from './security-subject.ts'

const NOW = 1_800_000_000
const EXPECTED = { audience: 'https://as.test', now: NOW, clockSkewSeconds: 30, maxAgeSeconds: 600 }
const GOOD = {
  iss: 'https://idp.test',
  aud: 'https://as.test',
  jti: 'j',
  iat: NOW,
  sub_id: { format: 'opaque', id: 'alice' },
  events: { [SECURITY_EVENT.sessionRevoked]: {} },
}

const ADDED = SECURITY_EVENT.credentialChange

describe('REV-05: the claims of a security event', () => {
  it.each([
    ['valid', {}],
    ['with the audience in an array', { aud: ['https://as.test'] }],
    ['with another receiver beside it', { aud: ['https://crm.test', 'https://as.test'] }],
    ['at the edge of the skew', { iat: NOW + 30 }],
    ['at the edge of the age', { iat: NOW - 630 }],
    [
      'without subject, if nothing ends',
      { sub_id: undefined, events: { [ADDED]: { change_type: 'create' } } },
    ],
  ])('are accepted %s', (_, change) => {
    expect(checkSecurityEvent({ ...GOOD, ...change }, EXPECTED).accepted).toBe(true)
  })

  it('have no subject if they are about the stream, which their sub_id names', () => {
    const [verification, updated] = [SECURITY_EVENT.verification, SECURITY_EVENT.streamUpdated]
    const subjectOf = (...types: readonly string[]) => {
      const events = Object.fromEntries(types.map((type) => [type, {}]))
      return checkSecurityEvent({ ...GOOD, events }, EXPECTED)
    }
    expect(subjectOf(verification)).toMatchObject({ accepted: true, value: { subject: undefined } })
    expect(subjectOf(updated)).toMatchObject({ accepted: true, value: { subject: undefined } })
    expect(subjectOf(updated, SECURITY_EVENT.sessionRevoked)).toMatchObject({
      value: { subject: GOOD.sub_id },
    })
  })

  it.each([
    ['another audience', { aud: 'https://as.test/' }, 'invalid_audience'],
    ['two other audiences', { aud: ['https://as.test/', 'https://crm.test'] }, 'invalid_audience'],
    ['an audience inside another', { aud: [['https://as.test']] }, 'invalid_audience'],
    ['a text that contains it', { aud: 'https://as.test https://crm.test' }, 'invalid_audience'],
    ['no audience', { aud: undefined }, 'invalid_audience'],
    ['no jti', { jti: '' }, 'invalid_request'],
    ['an iat beyond the skew', { iat: NOW + 31 }, 'invalid_request'],
    ['an iat beyond the age', { iat: NOW - 631 }, 'invalid_request'],
    ['an iat that is not a number', { iat: 'now' }, 'invalid_request'],
    ['an exp', { exp: NOW + 600 }, 'invalid_request'],
    ['a sub', { sub: 'alice' }, 'invalid_request'],
    ['a subject that is a string', { sub_id: 'alice' }, 'invalid_request'],
    ['no subject, though access ends', { sub_id: undefined }, 'invalid_request'],
    [
      'no subject, though a connection is suspended',
      { sub_id: undefined, events: { [ADDED]: {}, [SECURITY_EVENT.connectionSuspended]: {} } },
      'invalid_request',
    ],
    [
      'the subject inside the event, as in earlier drafts',
      { sub_id: undefined, events: { [SECURITY_EVENT.sessionRevoked]: { subject: GOOD.sub_id } } },
      'invalid_request',
    ],
    ['events in an array', { events: [{}] }, 'invalid_request'],
    ['no event', { events: {} }, 'invalid_request'],
  ])('are refused with %s', (_, change, error) => {
    expect(checkSecurityEvent({ ...GOOD, ...change }, EXPECTED)).toMatchObject({ refusal: { error } })
  })
})

it.each([
  ['in the past', { event_timestamp: NOW - 5 }, NOW - 5],
  ['in milliseconds', { event_timestamp: (NOW - 5) * 1000 }, NOW - 5],
  ['after it was issued', { event_timestamp: NOW + 5 }, NOW],
  ['absent', {}, NOW],
  ['in words', { event_timestamp: 'today' }, NOW],
])('an event time %s is read correctly', (_, event, expected) => {
  expect(readEventTime(event, NOW)).toBe(expected)
})

it('revokes access only if something ended', () => {
  expect(revokesAccess(SECURITY_EVENT.connectionRevoked, {})).toBe(true)
  expect(revokesAccess(SECURITY_EVENT.connectionSuspended, {})).toBe(false)
  expect(suspendsAccess(SECURITY_EVENT.connectionSuspended)).toBe(true)
  expect(suspendsAccess(SECURITY_EVENT.connectionRevoked)).toBe(false)
  expect(revokesAccess(SECURITY_EVENT.streamUpdated, {})).toBe(false)
  for (const [change, expected] of [
    ['create', false],
    ['update', true],
    ['revoke', true],
    ['delete', true],
    [['delete'], false],
    [{ toString: 1 }, false],
  ] as const)
    expect(revokesAccess(SECURITY_EVENT.credentialChange, { change_type: change })).toBe(expected)
})

describe('a subject identifier', () => {
  const iss = 'https://idp.test'
  const meant: readonly (readonly [SubjectId, SecuritySubject])[] = [
    [{ format: 'iss_sub', iss, sub: 'alice' }, { user: { issuer: iss, subject: 'alice' } }],
    [{ format: 'opaque', id: 'alice' }, { user: { subject: 'alice' } }],
    [{ format: 'email', email: 'a@acme.test' }, { user: { email: 'a@acme.test' } }],
    [{ format: 'jwt_id', iss, jti: 'j' }, { grant: { issuer: iss, jti: 'j' } }],
    [{ format: 'uri', uri: iss }, { everythingOf: iss }],
    [
      {
        format: 'complex',
        application: { format: 'opaque', id: 'agent0' },
        tenant: { format: 'opaque', id: 'acme' },
      },
      { clientId: 'agent0', tenant: 'acme' },
    ],
    [
      { format: 'complex', user: { format: 'opaque', id: 'a' }, session: { format: 'opaque', id: 's' } },
      { user: { subject: 'a' } },
    ],
  ]
  it.each(meant)('%j is parsed', (given, value) => {
    expect(parseSecuritySubject(given)).toEqual({ accepted: true, value })
  })

  const nobody: readonly (readonly [SubjectId, string])[] = [
    [{ format: 'iss_sub', iss }, 'malformed'],
    [{ format: 'opaque', id: '' }, 'malformed'],
    [{}, 'malformed'],
    [{ format: 'aliases', identifiers: 'x' }, 'malformed'],
    [{ format: 'aliases', identifiers: [{ format: 'aliases', identifiers: [] }] }, 'unknown'],
    [{ format: 'did', url: 'did:x:1' }, 'unknown'],
    [{ format: 'complex' }, 'unknown'],
    [{ format: 'complex', session: { format: 'opaque', id: 's' } }, 'unknown'],
    [{ format: 'complex', user: 'alice' }, 'malformed'],
    // Without the unreadable member it would match too much.
    [
      { format: 'complex', session: { format: 'opaque', id: 's' }, tenant: { format: 'opaque', id: 'acme' } },
      'unknown',
    ],
    [
      {
        format: 'complex',
        device: { format: 'opaque', id: 'd' },
        application: { format: 'opaque', id: 'a' },
      },
      'unknown',
    ],
    [
      { format: 'complex', user: { format: 'opaque', id: 'a' }, tenant: { format: 'did', url: 'd' } },
      'unknown',
    ],
  ]
  it.each(nobody)('%j identifies no subject', (given, refusal) => {
    expect(parseSecuritySubject(given)).toEqual({ accepted: false, refusal })
  })

  it.each([
    [{ issuer: iss, subject: 'alice' }, { user: { issuer: iss, subject: 'alice' } }],
    [{ issuer: iss }, { everythingOf: iss }],
    [{ issuer: iss, tenant: 'acme' }, { tenant: 'acme' }],
    [
      { issuer: iss, subject: 'alice', tenant: 'acme', clientId: 'agent0' },
      { user: { issuer: iss, subject: 'alice' }, tenant: 'acme', clientId: 'agent0' },
    ],
  ])('built from %j parses as the same subject', (parts, value) => {
    expect(parseSecuritySubject(buildSubjectId(parts))).toEqual({ accepted: true, value })
  })
})
