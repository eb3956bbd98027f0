// An ID token of another identity provider as subject token: each possible fault, next to a valid case.
import { type JwtFact, zSubjectIssuer } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { SubjectFact } from '../exchange-facts.ts'
import { makeFacts, makeSnapshot, NOW_SECONDS } from '../testing/exchange-world.ts'

const ISSUER = 'https://login.corp.example'
const trust = zSubjectIssuer.parse({
  issuer: ISSUER,
  audiences: { 'agent-there': 'agent0' },
  link: ['username'],
})

const TOKEN = {
  state: 'read',
  algorithm: 'RS256',
  signature: 'valid',
  claims: {
    iss: ISSUER,
    sub: 'corp-alice',
    aud: 'agent-there',
    iat: NOW_SECONDS - 5,
    exp: NOW_SECONDS + 300,
  },
} as const satisfies JwtFact

type Upstream = Extract<SubjectFact, { kind: 'upstream_id_token' }>

function evaluate(change: Partial<Upstream> = {}, listed = true) {
  const subject: SubjectFact = {
    kind: 'upstream_id_token',
    token: TOKEN,
    signIn: { userId: 'usr_alice', session: 'digest' },
    unlinked: undefined,
    endedBy: undefined,
    ...change,
  }
  const snapshot = {
    ...makeSnapshot(),
    subjectIssuers: listed ? new Map([[ISSUER, trust]]) : undefined,
  }
  return evaluateExchange(makeFacts({ subject }), snapshot)
}

describe('an ID token of another identity provider', () => {
  it('yields an ID-JAG, and the record names its issuer', () => {
    const record = evaluate()
    expect(record).toMatchObject({
      outcome: 'allow',
      request: { subject: { ref: 'usr_alice', token_type: 'upstream_id_token', issuer: ISSUER } },
    })
    expect(record.checks).toContainEqual({ id: 'subject_token.session', result: 'pass' })
    expect(record.checks).toContainEqual({ id: 'subject_token.user', result: 'pass' })
  })

  it.each<[string, Partial<Upstream>, string, string]>([
    ['that is unreadable', { token: { state: 'unreadable', detail: 'x' } }, 'XAA1210', 'subject_token.form'],
    ['of another type', { token: { ...TOKEN, typ: 'at+jwt' } }, 'XAA1208', 'subject_token.form'],
    [
      'with a wrong signature',
      { token: { ...TOKEN, signature: 'invalid' } },
      'XAA1210',
      'subject_token.signature',
    ],
    [
      'with an unknown key',
      { token: { ...TOKEN, signature: 'unknown-key' } },
      'XAA1210',
      'subject_token.signature',
    ],
    [
      'with an algorithm that is not taken',
      { token: { ...TOKEN, signature: 'algorithm-refused' } },
      'XAA1210',
      'subject_token.signature',
    ],
    [
      'with unusable keys',
      { token: { ...TOKEN, signature: 'keys-refused' } },
      'XAA1210',
      'subject_token.signature',
    ],
    [
      'whose keys cannot be fetched',
      { token: { ...TOKEN, signature: 'keys-unreachable', retryAfterSeconds: 7 } },
      'XAA1211',
      'subject_token.signature',
    ],
    [
      'for another client',
      { token: { ...TOKEN, claims: { ...TOKEN.claims, aud: 'x' } } },
      'XAA1212',
      'subject_token.audience',
    ],
    ['of an unknown user', { signIn: undefined, unlinked: 'unknown' }, 'XAA1214', 'subject_token.user'],
    ['of a session that ended there', { endedBy: 'issuer' }, 'XAA1216', 'subject_token.session'],
    ['of sessions ended here', { endedBy: 'administrator' }, 'XAA1216', 'subject_token.session'],
  ])('%s is refused', (_, change, code, check) => {
    const record = evaluate(change)
    expect([record.outcome, record.code]).toEqual([code === 'XAA1211' ? 'error' : 'deny', code])
    expect(record.checks.find(({ result }) => result === 'fail')?.id).toBe(check)
    expect(record.granted).toBeNull()
  })

  it('is refused if its issuer has been removed since', () => {
    expect(evaluate({}, false).code).toBe('XAA1210')
  })

  it('states when the keys may be fetched again', () => {
    const token = { ...TOKEN, signature: 'keys-unreachable', retryAfterSeconds: 7 } as const
    expect(evaluate({ token }).wire).toMatchObject({ http: 503, retry_after: 7 })
  })

  it('is subject to the stricter age limit of an app', () => {
    const claims = { ...TOKEN.claims, iat: NOW_SECONDS - 300 }
    expect(evaluate({ token: { ...TOKEN, claims } }).outcome).toBe('allow')
  })
})
