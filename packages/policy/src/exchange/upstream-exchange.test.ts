// An ID token of another identity provider as subject token: each possible fault, next to a valid case.
import { type JwtFact, zSubjectIssuer } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { SubjectFact } from '../exchange-facts.ts'
import { DEFINITIONS, makeFacts, makeSnapshot, NOW_SECONDS } from '../testing/exchange-world.ts'
import { renderRecords } from '../testing/render-records.ts'

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

interface Given {
  readonly listed?: boolean
  readonly authenticated?: boolean
  readonly maxAgeSeconds?: number
}

function evaluate(
  change: Partial<Upstream> = {},
  { listed = true, authenticated = true, maxAgeSeconds }: Given = {},
) {
  const subject: SubjectFact = {
    kind: 'upstream_id_token',
    token: TOKEN,
    signIn: { userId: 'usr_alice', session: 'digest' },
    unlinked: undefined,
    endedBy: undefined,
    ...change,
  }
  const apps = DEFINITIONS.apps.map((app) => ({ ...app, maxSubjectTokenAgeSeconds: maxAgeSeconds }))
  const snapshot = {
    ...makeSnapshot({ apps }),
    subjectIssuers: listed ? new Map([[ISSUER, trust]]) : undefined,
  }
  const client = { state: 'refused', code: 'XAA1101', detail: 'wrong secret' } as const
  return evaluateExchange(makeFacts({ subject, ...(authenticated ? {} : { client }) }), snapshot)
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

  const of = (claims: Readonly<Record<string, unknown>>): Partial<Upstream> => ({
    token: { ...TOKEN, claims: { ...TOKEN.claims, ...claims } },
  })
  const refused: readonly [string, Partial<Upstream>, string, string][] = [
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
      'with an unusable key set',
      { token: { ...TOKEN, signature: 'keys-refused', keyProblem: 'no JSON' } },
      'XAA1210',
      'subject_token.signature',
    ],
    ['for another client', of({ aud: 'x' }), 'XAA1212', 'subject_token.audience'],
    ['that expired before the skew', of({ exp: NOW_SECONDS - 30 }), 'XAA1202', 'subject_token.expiry'],
    ['from a clock ahead of the skew', of({ iat: NOW_SECONDS + 31 }), 'XAA1206', 'subject_token.start'],
    ['of an unknown user', { signIn: undefined, unlinked: 'unknown' }, 'XAA1214', 'subject_token.user'],
    ['of a session that ended there', { endedBy: 'issuer' }, 'XAA1216', 'subject_token.session'],
    ['of sessions ended here', { endedBy: 'administrator' }, 'XAA1216', 'subject_token.session'],
  ]
  it.each(refused)('%s is refused', (_, change, code, check) => {
    const record = evaluate(change)
    expect([record.outcome, record.code]).toEqual([code === 'XAA1211' ? 'error' : 'deny', code])
    expect(record.checks.find(({ result }) => result === 'fail')?.id).toBe(check)
    expect(record.granted).toBeNull()
  })

  it.each([
    ['that expired within the skew', of({ exp: NOW_SECONDS - 29 })],
    ['from a clock ahead within the skew', of({ iat: NOW_SECONDS + 30 })],
    ['with a type in another case', { token: { ...TOKEN, typ: 'Jwt' } }],
  ])('%s is accepted', (_, change) => {
    expect(evaluate(change).outcome).toBe('allow')
  })

  it.each([
    [{}, 'unknown; the token has no preferred_username'],
    [{ preferred_username: 'alice' }, 'unknown'],
  ])('with %j names the claim that could have linked the user', (claims, actual) => {
    const record = evaluate({ ...of(claims), signIn: undefined, unlinked: 'unknown' })
    expect(record.checks.find(({ id }) => id === 'subject_token.user')?.actual).toBe(actual)
  })

  it('accepts actors of its own issuer only (ACT-04)', () => {
    const nested = (iss?: string) => ({
      sub: 'desk',
      act: { sub: 'bot', ...(iss === undefined ? {} : { iss }) },
    })
    const named = { iss: ISSUER, sub: 'desk', act: { iss: ISSUER, sub: 'bot' } }
    for (const act of [nested(), nested(ISSUER)]) expect(evaluate(of({ act })).granted?.act).toEqual(named)
    for (const act of [nested('https://idp.acme.test'), { sub: 'agent0', iss: 'https://idp.acme.test' }])
      expect(evaluate(of({ act }))).toMatchObject({ code: 'XAA1010', granted: null })
  })

  it('has a record that says why', async ({ expect }) => {
    const records = [
      ...refused.map(([title, change]) => [title, evaluate(change)] as const),
      ['of an issuer that was removed', evaluate({}, { listed: false })] as const,
      ['of an app that has not authenticated', evaluate({}, { authenticated: false })] as const,
    ]
    await expect(renderRecords(evaluate(), records)).toMatchFileSnapshot('../testing/upstream-records.txt')
  })

  it('is refused if its issuer has been removed since', () => {
    expect(evaluate({}, { listed: false }).code).toBe('XAA1210')
  })

  it('states when the keys may be fetched again', () => {
    const token = { ...TOKEN, signature: 'keys-unreachable', retryAfterSeconds: 7 } as const
    expect(evaluate({ token }).wire).toMatchObject({ http: 503, retry_after: 7 })
  })

  it.each([
    [300, 'allow'],
    [301, 'deny'],
  ])('of %i seconds is subject to the age limit of an app', (age, outcome) => {
    const record = evaluate(of({ iat: NOW_SECONDS - age }), { maxAgeSeconds: 300 })
    expect(record.outcome).toBe(outcome)
    if (outcome === 'deny') expect(record.code).toBe('XAA1204')
  })
})
