// Exchanging a SAML assertion for a refresh token: which client gets one, its scopes and lifetime, and each refusal.
import { SAML_BEARER, type SamlAssertion, TOKEN_TYPE, type XaaCode } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeFacts, SubjectFact } from '../exchange-facts.ts'
import type { ExchangeDefinitions, ExchangeSnapshot } from '../exchange-snapshot.ts'
import {
  DEFINITIONS,
  ISSUER,
  makeFacts,
  makeSnapshot,
  NOW_SECONDS,
  USERS,
} from '../testing/exchange-world.ts'
import { renderRecords } from '../testing/render-records.ts'
import { REFRESH_TOKEN_TTL_SECONDS } from './refresh-exchange.ts'

const NOBODY = { everyone: false, users: [], groups: [] }
const SAML_IDP = 'https://saml.acme.test'
const RECIPIENT = 'https://agent0.test/saml'

const saml = [
  { entityId: SAML_IDP, recipients: [RECIPIENT], audiences: { 'urn:agent0': 'agent0' }, nameId: 'email' },
] as unknown as ExchangeSnapshot['saml']

const ASSERTION: SamlAssertion = {
  id: '_1',
  issuer: SAML_IDP,
  issueInstant: NOW_SECONDS - 10,
  nameId: { value: 'alice@acme.test' },
  confirmations: [{ method: SAML_BEARER, recipient: RECIPIENT, notOnOrAfter: NOW_SECONDS + 60 }],
  notOnOrAfter: NOW_SECONDS + 60,
  audienceRestrictions: [['urn:agent0']],
  unknownConditions: [],
  authnStatements: [{ instant: NOW_SECONDS - 10 }],
}

interface Given {
  readonly ask?: Partial<ExchangeFacts['request']>
  readonly assertion?: Partial<SamlAssertion>
  readonly subject?: Partial<Extract<SubjectFact, { kind: 'saml' }>>
  readonly facts?: Partial<ExchangeFacts>
  readonly world?: Partial<ExchangeDefinitions>
  readonly settings?: Partial<ExchangeSnapshot>
}

function decide({ ask, assertion, subject, facts, world, settings }: Given) {
  return evaluateExchange(
    makeFacts({
      ask: {
        audience: [],
        resource: [],
        requestedTokenType: TOKEN_TYPE.refreshToken,
        subjectTokenType: TOKEN_TYPE.saml2,
        ...ask,
      },
      subject: {
        kind: 'saml',
        token: { state: 'verified', algorithm: 'RS256', assertion: { ...ASSERTION, ...assertion } } as never,
        signIn: { userId: 'usr_alice' },
        replayed: false,
        ...subject,
      },
      ...facts,
    }),
    makeSnapshot(world, { saml, ...settings }),
  )
}

const failed = (record: ReturnType<typeof decide>) =>
  record.checks.flatMap(({ id, result, code }) => (result === 'fail' ? [`${id} ${code ?? ''}`] : []))

describe('a SAML assertion for a refresh token', () => {
  it('grants the usual scopes for fourteen days, to the client and for this IdP only (SAML-01)', () => {
    const record = decide({})
    expect(record).toMatchObject({ outcome: 'allow', code: 'XAA0000', narrowed: [] })
    expect(failed(record)).toEqual([])
    expect(record.granted).toEqual({
      client_id: 'agent0',
      audience: ISSUER,
      resource: [],
      scope: ['openid', 'offline_access'],
      lifetime_seconds: REFRESH_TOKEN_TTL_SECONDS,
      subject: { strategy: 'user.id', value: 'usr_alice' },
    })
  })

  it.each([
    ['openid email', ['openid', 'email'], []],
    ['openid todos.read', ['openid'], ['todos.read']],
    ['openid offline_access email profile', ['openid', 'offline_access', 'email', 'profile'], []],
  ])('with scope "%s", grants what a sign-in can have', (scope, granted, dropped) => {
    const record = decide({ ask: { scope } })
    expect(record.granted?.scope).toEqual(granted)
    expect(record.narrowed).toEqual(
      dropped.map((one) => ({ scope: one, by: 'scopes of the sign-in', code: 'XAA1603' })),
    )
  })

  it.each([
    ['a session that ends later than the token', NOW_SECONDS + 20 * 86_400, REFRESH_TOKEN_TTL_SECONDS],
    ['a session of ten minutes and a half second', NOW_SECONDS + 600.5, 600],
    ['a session that ends this second', NOW_SECONDS, 1],
  ])('lives no longer than %s (SAML-06)', (_, endsAt, lifetime) => {
    const record = decide({ subject: { signIn: { userId: 'usr_alice', endsAt } } })
    expect(record.granted?.lifetime_seconds).toBe(lifetime)
  })

  it('is bound to the proved key of a public client, but not of a confidential one', () => {
    const dpop = { state: 'proved', jkt: 'thumbprint' } as const
    const client = { state: 'authenticated', clientId: 'agent0', method: 'none' } as const
    expect(decide({ facts: { dpop, client } }).granted?.cnf).toEqual({ jkt: 'thumbprint' })
    expect(decide({ facts: { dpop } }).granted).not.toHaveProperty('cnf')
  })

  const denied: readonly [string, XaaCode, string, Given][] = [
    ['no subject token', 'XAA1001', 'request.parameters', { ask: { hasSubjectToken: false } }],
    ['SAML being disabled', 'XAA1003', 'request.subject_token_type', { settings: { saml: undefined } }],
    ['an actor token', 'XAA1005', 'request.actor', { ask: { hasActorToken: true } }],
    ['malformed scope', 'XAA1606', 'scope', { ask: { scope: 'a "b"' } }],
    ['scopes of a resource only', 'XAA1602', 'scope', { ask: { scope: 'todos.read' } }],
    [
      'a client that failed to authenticate',
      'XAA1102',
      'client.authentication',
      { facts: { client: { state: 'refused', code: 'XAA1102', detail: 'wrong secret' } } },
    ],
    [
      'an inactive user',
      'XAA1504',
      'people.active',
      { facts: { user: { ...USERS['alice'], active: false } as never } },
    ],
    [
      'a user who is not assigned to the app',
      'XAA1501',
      'people.app_assignment',
      { world: { apps: DEFINITIONS.apps.map((app) => ({ ...app, assignments: NOBODY })) } },
    ],
    [
      'a block on the user',
      'XAA1901',
      'blocks',
      { world: { blocks: [{ id: 'b', kind: 'user', target: 'usr_alice', by: 'ada' }] } },
    ],
    [
      'an unreadable assertion',
      'XAA1209',
      'subject_token.form',
      { subject: { token: broken('unreadable') } },
    ],
    [
      'an invalid signature',
      'XAA1209',
      'subject_token.signature',
      { subject: { token: broken('unverified') } },
    ],
    ['an untrusted issuer', 'XAA1209', 'subject_token.issuer', { assertion: { issuer: 'https://x.test' } }],
    [
      'an assertion for another client',
      'XAA1207',
      'subject_token.audience',
      { assertion: { audienceRestrictions: [['urn:other']] } },
    ],
    [
      'an assertion that has expired',
      'XAA1202',
      'subject_token.expiry',
      { assertion: { notOnOrAfter: NOW_SECONDS - 30 } },
    ],
    [
      'a name that matches no single user',
      'XAA1504',
      'subject_token.user',
      { subject: { signIn: undefined } },
    ],
    [
      'an assertion that was used before (SAML-04)',
      'XAA1209',
      'subject_token.single_use',
      { subject: { replayed: true } },
    ],
  ]

  it.each(denied)('is denied for %s', (_, code, check, given) => {
    const record = decide(given)
    expect(record).toMatchObject({ outcome: 'deny', granted: null })
    expect(failed(record)).toContain(`${check} ${code}`)
  })

  it('records what each of these requested, which checks ran and what was found', async ({ expect }) => {
    const more: readonly [string, Given][] = [
      ['scopes that a sign-in cannot have', { ask: { scope: 'openid todos.read' } }],
      [
        'several faults together',
        { assertion: { issuer: 'https://x.test' }, subject: { replayed: true, signIn: undefined } },
      ],
    ]
    const records = [...more, ...denied.map(([title, , , given]) => [title, given] as const)]
    const text = renderRecords(
      decide({}),
      records.map(([title, given]) => [title, decide(given)]),
    )
    await expect(text).toMatchFileSnapshot('../testing/saml-records.txt')
  })

  it('accepts an assertion that expires within the skew', () => {
    expect(decide({ assertion: { notOnOrAfter: NOW_SECONDS - 29 } }).outcome).toBe('allow')
  })

  it.each([
    ['an ID token', { subjectTokenType: TOKEN_TYPE.idToken }],
    ['an ID-JAG', { requestedTokenType: TOKEN_TYPE.idJag }],
  ])('does not apply to %s, which needs an audience', (_, ask) => {
    expect(failed(decide({ ask }))).toContain('request.parameters XAA1001')
  })
})

function broken(state: 'unreadable' | 'unverified') {
  return { state, detail: 'broken' } as const
}
