import { describe, expect, it } from 'vitest'

import { zSubjectIssuer } from './definitions/subject-issuer.ts'
import { findUpstreamAudience, inspectUpstreamIdToken, readUpstreamSubject } from './upstream-id-token.ts'

const NOW = 1_800_000_000
const ISSUER = 'https://login.corp.example'

const trust = zSubjectIssuer.parse({
  issuer: ISSUER,
  audiences: { 'agent-there': 'agent0', 'phone-there': 'agent0', 'other-there': 'other' },
  claims: { subject: 'oid' },
  requireClaims: { tid: ['tenant-1', 'tenant-2'] },
  nonce: 'required',
  session: 'required',
  maxAgeSeconds: 600,
})
const CLAIMS = {
  iss: ISSUER,
  sub: 'pairwise',
  oid: 'user-1',
  aud: 'agent-there',
  tid: 'tenant-2',
  nonce: 'n',
  sid: 's',
  iat: NOW - 10,
  exp: NOW + 600,
}

function failuresOf(change: Readonly<Record<string, unknown>> = {}) {
  const expected = { trust, clientId: 'agent0', now: NOW, clockSkewSeconds: 30 }
  return inspectUpstreamIdToken({ ...CLAIMS, ...change }, expected).flatMap(({ id, code }) =>
    code === undefined ? [] : [`${id} ${code}`],
  )
}

describe('an ID token of another identity provider', () => {
  it('passes every check if it is valid', () => {
    expect(failuresOf()).toEqual([])
  })

  it.each<[string, Readonly<Record<string, unknown>>]>([
    ['for another client_id of the same app', { aud: 'phone-there' }],
    ['for several audiences, with azp', { aud: ['x', 'agent-there'], azp: 'agent-there' }],
    ['of the maximum age', { iat: NOW - 630 }],
    ['that expired within the skew', { exp: NOW - 29 }],
    ['from within the skew', { iat: NOW + 30 }],
    ['whose session ended within the skew', { session_expiry: NOW - 29 }],
    ['of a sign-in within the skew', { auth_time: NOW + 30 }],
    ['of a sign-in long ago', { auth_time: 1 }],
    ['that states it is an ID token', { typ: 'ID' }],
    ['of the other tenant that is listed', { tid: 'tenant-1' }],
  ])('%s passes', (_, change) => {
    expect(failuresOf(change)).toEqual([])
  })

  it.each<[string, Readonly<Record<string, unknown>>, readonly string[]]>([
    ['of another issuer', { iss: `${ISSUER}/` }, ['subject_token.issuer XAA1210']],
    ['for the client of another app', { aud: 'other-there' }, ['subject_token.audience XAA1212']],
    ['for no client', { aud: undefined }, ['subject_token.audience XAA1212']],
    ['for a member of every object', { aud: 'toString' }, ['subject_token.audience XAA1212']],
    ['for several, without azp', { aud: ['agent-there', 'x'] }, ['subject_token.audience XAA1212']],
    ['whose azp is another client', { azp: 'x' }, ['subject_token.audience XAA1212']],
    ['that has expired', { exp: NOW - 30 }, ['subject_token.expiry XAA1202']],
    ['without expiry', { exp: undefined }, ['subject_token.expiry XAA1210']],
    ['whose session has ended (IDP-19)', { session_expiry: NOW - 30 }, ['subject_token.expiry XAA1216']],
    ['with a session end as text', { session_expiry: `${NOW}` }, ['subject_token.expiry XAA1210']],
    ['from the future', { iat: NOW + 31 }, ['subject_token.start XAA1206']],
    ['of a future sign-in', { auth_time: NOW + 31 }, ['subject_token.start XAA1206']],
    ['one second too old', { iat: NOW - 631 }, ['subject_token.age XAA1215']],
    ['without a time', { iat: undefined }, ['subject_token.start XAA1210', 'subject_token.age XAA1215']],
    ['with the scope of an access token', { scope: 'a' }, ['subject_token.form XAA1208']],
    ['with the scp of an access token', { scp: 'a' }, ['subject_token.form XAA1208']],
    ['with the azpacr of an access token of an app', { azpacr: '2' }, ['subject_token.form XAA1208']],
    ['with the appidacr of an access token of an app', { appidacr: '2' }, ['subject_token.form XAA1208']],
    ['with the idtyp of an access token of an app', { idtyp: 'app' }, ['subject_token.form XAA1208']],
    ['with the key of an access token', { cnf: {} }, ['subject_token.form XAA1208']],
    ['with the events of a logout token', { events: {} }, ['subject_token.form XAA1208']],
    ['that states it is a bearer token', { typ: 'Bearer' }, ['subject_token.form XAA1208']],
    ['of another tenant', { tid: 'tenant-3' }, ['subject_token.conditions XAA1213']],
    ['of several tenants', { tid: ['tenant-1'] }, ['subject_token.conditions XAA1213']],
    ['without a nonce', { nonce: '' }, ['subject_token.conditions XAA1213']],
    ['without a session', { sid: undefined }, ['subject_token.conditions XAA1213']],
    ['without the subject claim', { oid: undefined }, ['subject_token.conditions XAA1213']],
    ['with too long a subject', { oid: 'x'.repeat(256) }, ['subject_token.conditions XAA1213']],
    ['without sub', { sub: undefined }, ['subject_token.subject XAA1210']],
  ])('%s fails', (_, change, failures) => {
    expect(failuresOf(change)).toEqual(failures)
  })

  it('requires nonce, session and tenant only if configured', () => {
    const plain = zSubjectIssuer.parse({ issuer: ISSUER, audiences: { 'agent-there': 'agent0' } })
    const expected = { trust: plain, clientId: 'agent0', now: NOW, clockSkewSeconds: 30 }
    const { nonce: _n, sid: _s, tid: _t, oid: _o, ...claims } = CLAIMS
    expect(inspectUpstreamIdToken(claims, expected).filter(({ code }) => code !== undefined)).toEqual([])
    expect(readUpstreamSubject(claims, plain)).toBe('pairwise')
  })

  it('lists the audiences that would have been the app’s', () => {
    const expected = { trust, clientId: 'agent0', now: NOW, clockSkewSeconds: 30 }
    const found = inspectUpstreamIdToken({ ...CLAIMS, aud: 'x' }, expected).find(
      ({ code }) => code !== undefined,
    )
    expect(found).toMatchObject({ expected: ['agent-there', 'phone-there'], actual: 'x' })
    expect(findUpstreamAudience({ aud: ['x', 'other-there'] }, trust, 'other')).toBe('other-there')
    expect(findUpstreamAudience({ aud: 'other-there' }, trust, 'agent0')).toBeUndefined()
  })
})
