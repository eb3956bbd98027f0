import { DECISION_CODES, type XaaCode, zScopeMeaning } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from './evaluate-exchange.ts'
import { addNearestAllow, findNearestAllow } from './simulation/find-nearest-allow.ts'
import type { ExchangeFacts } from './exchange-facts.ts'
import type { ExchangeDefinitions, ExchangeSnapshot } from './exchange-snapshot.ts'
import type { ExchangeUser, Namesake } from './namesakes.ts'
import {
  AUDIENCE,
  idTokenOf,
  ISSUER,
  makeFacts,
  makeSnapshot,
  NOTES_RESOURCE,
  NOW_SECONDS,
  USERS,
  TODO_RESOURCE,
  withConnection,
  withResourceApp,
} from './testing/exchange-world.ts'
import { renderRecords } from './testing/render-records.ts'

const { alice, bob, dave } = USERS as Record<'alice' | 'bob' | 'dave', ExchangeUser>

const PUBLIC_CLIENT = { state: 'authenticated', clientId: 'agent0', method: 'none' } as const

type Facts = Parameters<typeof makeFacts>[0]
interface Case {
  readonly facts?: Facts
  readonly world?: Partial<ExchangeDefinitions>
  readonly settings?: Partial<ExchangeSnapshot>
}

function decide({ facts, world, settings }: Case) {
  return evaluateExchange(makeFacts(facts), makeSnapshot(world, settings))
}

const nested = (levels: number): unknown => (levels === 0 ? 'end' : { in: nested(levels - 1) })
const asDetails = (...members: readonly object[]) =>
  JSON.stringify(members.map((member) => ({ type: 'todo_list', ...member })))
const ofLength = (length: number) => asDetails({ text: 'x'.repeat(length - asDetails({ text: '' }).length) })
const withDetails = (authorizationDetails: string): Case => ({ facts: { ask: { authorizationDetails } } })
const policyOn = (
  when: Readonly<Record<string, string | boolean>>,
  activeOwners: readonly string[] = [],
): Case => ({
  world: {
    activeOwners: new Set(activeOwners),
    apps: [...makeSnapshot().apps.values()].map((app) => ({ ...app, owners: ['usr_ada'] })),
    policies: [{ id: 'p', when, effect: 'deny', state: 'enforced' }],
  },
})
const noted = (length: number): Case => ({
  facts: { user: { ...alice, attributes: { note: 'x'.repeat(length) } } },
  world: withResourceApp({ subject: 'user.attributes.note' }),
})

const NOTE = 'user.attributes.note'
const withNameId = (nameid: string): Case => ({
  world: withResourceApp({ subId: { format: 'saml-nameid', issuer: 'x:y', nameid } }),
})
const namesake = (one: Omit<Namesake, 'users'>, change: object = {}): Case => ({
  facts: {
    user: { ...alice, attributes: { note: 'x' }, namesakes: [{ ...one, users: ['usr_bob'] }] },
  },
  world: withResourceApp({ subject: NOTE, ...change }),
})

it.each([
  ['has it where no resource app looks', { own: NOTE, theirs: 'user.username' }, {}],
  ['is like a value that this resource app does not get', { own: 'user.id', theirs: NOTE }, {}],
  ['is behind the issuer in another tenant', { own: NOTE, theirs: 'user.id' }, { tenant: 'acme' }],
])('allows a subject if the other user %s (JAG-05)', (_, one, change) => {
  expect(decide(namesake(one, change)).code).toBe('XAA0000')
})

const detailsAt = (...locations: readonly string[]) => JSON.stringify([{ type: 'todo_list', locations }])

it('allows a well-formed request and records what is granted and to whom (IDP-12, IDP-22)', () => {
  const record = decide({ facts: { ask: { scope: 'todos.read' } } })
  expect(record).toMatchObject({ outcome: 'allow', code: 'XAA0000', narrowed: [], wire: { http: 200 } })
  expect(record.granted).toEqual({
    client_id: 'agent0-at-vendor',
    audience: AUDIENCE,
    resource: [TODO_RESOURCE],
    scope: ['todos.read'],
    lifetime_seconds: 300,
    subject: { strategy: 'user.id', value: 'usr_alice' },
  })
  expect(record.checks.filter(({ result }) => result === 'fail')).toEqual([])
})

const accepted: readonly [string, Case][] = [
  ['no scope: all scopes of the connection', {}],
  [
    'the alias of the resource app (IDP-06)',
    { facts: { ask: { audience: ['urn:acme:todo0'], resource: [] } } },
  ],
  [
    'an ID token that expires within the skew',
    { facts: { subject: idTokenOf(alice, { exp: NOW_SECONDS - 29 }) } },
  ],
  [
    'an ID token from a clock ahead within the skew',
    { facts: { subject: idTokenOf(alice, { iat: NOW_SECONDS + 30 }) } },
  ],
  [
    'an ID token that is valid from the end of the skew',
    { facts: { subject: idTokenOf(alice, { nbf: NOW_SECONDS + 30 }) } },
  ],
  ['an ID token without typ', { facts: { subject: withTyp(undefined) } }],
  [
    'an ID token as old as the app may exchange',
    { facts: { subject: issuedAgo(60) }, world: { apps: makeBriskApps(60) } },
  ],
  [
    'a refresh token where ID tokens have a maximum age',
    {
      facts: { subject: { kind: 'refresh_token', state: 'active', signIn: { userId: alice.id } } },
      world: { apps: makeBriskApps(1) },
    },
  ],
  [
    'several audiences with azp (IDP-16)',
    { facts: { subject: idTokenOf(alice, { aud: ['agent0', 'x'], azp: 'agent0' }) } },
  ],
  [
    'the first second of a connection',
    { world: withConnection({ notBefore: '2027-01-15T08:00:00Z', startsAt: undefined }) },
  ],
  ['the first second of the window', { world: withWindow('Fri 08:00-08:01 UTC') }],
  [
    'the last second of the window',
    { world: withWindow('Fri 07:59-08:01 UTC'), facts: { nowMs: (NOW_SECONDS + 59.999) * 1000 } },
  ],
  [
    'a sign-in as old as allowed',
    { world: withConnection({ conditions: { maxAuthAgeSeconds: 60, dpop: 'optional' } }) },
  ],
  [
    'a proved key where one is required',
    {
      facts: { dpop: { state: 'proved', jkt: 'j' } },
      world: withConnection({ conditions: { dpop: 'required' } }),
    },
  ],
  [
    'details of a type that the connection lists (RAR-02)',
    { facts: { ask: { authorizationDetails: '[{"type":"todo_list"}]' } } },
  ],
  [
    'details with the same name at several levels, a large number and an escaped letter (RAR-01, SEC-06)',
    {
      facts: {
        ask: {
          authorizationDetails:
            '[{"type":"todo_list","a":{"a":[9007199254740991,-9007199254740991,1.5e-300]}},{"type":"todo_l\\u0069st","a":"\\ud83d\\ude00"}]',
        },
      },
    },
  ],
  ['details of the greatest length (RAR-07)', withDetails(ofLength(8192))],
  ['fifty details (RAR-07)', withDetails(asDetails(...Array<object>(50).fill({})))],
  ['details of the greatest depth (RAR-07)', withDetails(asDetails({ in: nested(9) }))],
  ['an empty list of details (RAR-01)', withDetails('[]')],
  ['a subject of 255 characters', noted(255)],
  ['a NameID that the user has', withNameId('user.email')],
  ['a NameID that this server computes', withNameId('pairwise')],
  [
    'a policy about another group, app, owner or attribute',
    {
      world: {
        policies: [
          { id: 'group', when: { group: 'sales' }, effect: 'deny', state: 'enforced' },
          { id: 'app', when: { app: 'other' }, effect: 'deny', state: 'enforced' },
          { id: 'user', when: { user: 'bob' }, effect: 'deny', state: 'enforced' },
          { id: 'attribute', when: { 'user.attributes.todo': 'u-2' }, effect: 'deny', state: 'enforced' },
        ],
      },
    },
  ],
  [
    'details located at a resource that is granted (RAR-05)',
    { facts: { ask: { authorizationDetails: detailsAt(TODO_RESOURCE) } } },
  ],
  [
    'a live refresh token (RT-01, RT-02)',
    { facts: { subject: { kind: 'refresh_token', state: 'active', signIn: { userId: alice.id } } } },
  ],
]

function withTyp(typ: string | undefined): ExchangeFacts['subject'] {
  const subject = idTokenOf(alice)
  if (subject.kind !== 'id_token' || subject.token.state !== 'read') throw new TypeError('an ID token')
  const { typ: _, ...token } = subject.token
  return { ...subject, token: { ...token, ...(typ === undefined ? {} : { typ }) } }
}

function withSignature(
  signature: 'invalid' | 'unknown-key' | 'algorithm-refused',
  change: Readonly<Record<string, unknown>> = {},
): ExchangeFacts['subject'] {
  const subject = idTokenOf(alice, change)
  if (subject.kind !== 'id_token' || subject.token.state !== 'read') throw new TypeError('an ID token')
  return { ...subject, token: { ...subject.token, signature } }
}

it.each(accepted)('allows %s', (_, world) => {
  expect(decide(world)).toMatchObject({ outcome: 'allow' })
})

const refused: readonly [string, XaaCode, string, Case][] = [
  [
    'a repeated parameter (IDP-02)',
    'XAA1004',
    'request.form',
    { facts: { ask: { problems: [{ parameter: 'subject_token', problem: 'repeated' }] } } },
  ],
  [
    'a missing subject token (IDP-03)',
    'XAA1001',
    'request.parameters',
    { facts: { ask: { hasSubjectToken: false } } },
  ],
  [
    'another requested token type (IDP-03)',
    'XAA1002',
    'request.requested_token_type',
    { facts: { ask: { requestedTokenType: 'urn:x' } } },
  ],
  [
    'an unsupported subject token type (IDP-21)',
    'XAA1003',
    'request.subject_token_type',
    { facts: { ask: { subjectTokenType: 'urn:x' } } },
  ],
  [
    'two audiences (IDP-04)',
    'XAA1004',
    'request.audience',
    { facts: { ask: { audience: [AUDIENCE, 'https://b.test'] } } },
  ],
  ['an actor token (ACT-02)', 'XAA1005', 'request.actor', { facts: { ask: { hasActorToken: true } } }],
  ['a relative resource (IDP-08)', 'XAA1303', 'request.resource', { facts: { ask: { resource: ['/mcp'] } } }],
  [
    'a resource with fragment (IDP-08)',
    'XAA1303',
    'request.resource',
    { facts: { ask: { resource: [`${TODO_RESOURCE}#f`] } } },
  ],
  ['malformed scope (IDP-11)', 'XAA1606', 'request.scope', { facts: { ask: { scope: 'a "b"' } } }],
  [
    'details that are not an array (RAR-01)',
    'XAA1308',
    'request.authorization_details',
    { facts: { ask: { authorizationDetails: '{}' } } },
  ],
  ...(['hasSubjectToken', 'requestedTokenType', 'subjectTokenType', 'audience'] as const).map(
    (name): (typeof refused)[number] => [
      `a request without ${name} (IDP-03)`,
      'XAA1001',
      'request.parameters',
      {
        facts: { ask: { [name]: name === 'audience' ? [] : name === 'hasSubjectToken' ? false : undefined } },
      },
    ],
  ),
  ...[
    ['one character too long', ofLength(8193)],
    ['of fifty-one members', asDetails(...Array<object>(51).fill({}))],
    ['one level too deep', asDetails({ in: nested(10) })],
    ['that cannot be read', '[{'],
    ['whose second member is null', '[{"type":"todo_list"},null]'],
    ['whose second member is a text', '[{"type":"todo_list"},"todo_list"]'],
    ['whose second member has no type', '[{"type":"todo_list"},{}]'],
  ].map(([title = '', text = '']): (typeof refused)[number] => [
    `details ${title} (RAR-01, RAR-07)`,
    'XAA1308',
    'request.authorization_details',
    withDetails(text),
  ]),
  ['a subject of 256 characters', 'XAA1505', 'people.subject', noted(256)],
  ['a NameID that the user does not have', 'XAA1505', 'people.sub_id', withNameId('user.attributes.none')],
  [
    'a user named like a workload, as its subject (JAG-05)',
    'XAA1506',
    'people.namesakes',
    {
      facts: { user: { ...alice, username: 'workload/agent0' } },
      world: withResourceApp({ subject: 'user.username' }),
    },
  ],
  [
    'a subject that another user has (JAG-05)',
    'XAA1506',
    'people.namesakes',
    namesake({ own: NOTE, theirs: NOTE }),
  ],
  [
    'a subject that another user has behind the same issuer (JAG-05)',
    'XAA1506',
    'people.namesakes',
    namesake({ own: NOTE, theirs: 'user.id' }),
  ],
  ...[
    `${AUDIENCE.replace('https', 'http')}`,
    `${AUDIENCE}:8443`,
    `${AUDIENCE}//`,
    AUDIENCE.toUpperCase(),
    `${AUDIENCE}:8443/`,
  ].map((audience): (typeof refused)[number] => [
    `the audience ${audience}, which nearly matches (IDP-07)`,
    'XAA1302',
    'target.audience',
    { facts: { ask: { audience: [audience] } } },
  ]),
  ...[`${AUDIENCE}1`, `https://as.vendor.test.evil.test`, 'as', `x-${AUDIENCE}`].map(
    (audience): (typeof refused)[number] => [
      `the audience ${audience}, which is a different one (IDP-07)`,
      'XAA1301',
      'target.audience',
      { facts: { ask: { audience: [audience] } } },
    ],
  ),
  ...[
    { group: 'engineering' },
    { 'user.attributes.todo': 'u-1' },
    { user: 'alice' },
    { app: 'agent0' },
    { 'app.owner': 'usr_ada' },
    { 'app.activeOwner': false },
  ].map((when): (typeof refused)[number] => [
    `a policy that denies for ${JSON.stringify(when)}`,
    'XAA1701',
    'policy.rules',
    policyOn(when as unknown as Readonly<Record<string, string | boolean>>),
  ]),
  [
    'details with a name twice (RAR-01, SEC-06)',
    'XAA1308',
    'request.authorization_details',
    { facts: { ask: { authorizationDetails: '[{"type":"todo_list","list":"a","list":"b"}]' } } },
  ],
  [
    'details with two types (RAR-01, SEC-06)',
    'XAA1308',
    'request.authorization_details',
    { facts: { ask: { authorizationDetails: '[{"type":"x","type":"todo_list"}]' } } },
  ],
  [
    'details with a lone surrogate (RAR-01, SEC-06)',
    'XAA1308',
    'request.authorization_details',
    { facts: { ask: { authorizationDetails: '[{"type":"todo_list","list":"\\ud800"}]' } } },
  ],
  [
    'details with U+0000 (RAR-01, SEC-06)',
    'XAA1308',
    'request.authorization_details',
    { facts: { ask: { authorizationDetails: '[{"type":"todo_list","list":"\\u0000"}]' } } },
  ],
  [
    'details with an infinite number (RAR-01, SEC-06)',
    'XAA1308',
    'request.authorization_details',
    { facts: { ask: { authorizationDetails: '[{"type":"todo_list","list":[1e400]}]' } } },
  ],
  [
    'details with an integer that JSON parsers round (RAR-01, SEC-06)',
    'XAA1308',
    'request.authorization_details',
    { facts: { ask: { authorizationDetails: '[{"type":"todo_list","list":[9007199254740993]}]' } } },
  ],
  [
    'details with trailing data (RAR-01, SEC-06)',
    'XAA1308',
    'request.authorization_details',
    { facts: { ask: { authorizationDetails: '[{"type":"todo_list"}] []' } } },
  ],
  [
    'details of an unknown type (RAR-03)',
    'XAA1308',
    'authorization_details',
    { facts: { ask: { authorizationDetails: '[{"type":"x"}]' } } },
  ],
  [
    'details located at a resource that is not granted (RAR-05)',
    'XAA1308',
    'authorization_details',
    { facts: { ask: { authorizationDetails: detailsAt(TODO_RESOURCE, NOTES_RESOURCE) } } },
  ],
  [
    'details with an empty list of locations (RAR-05)',
    'XAA1308',
    'authorization_details',
    { facts: { ask: { authorizationDetails: detailsAt() } } },
  ],
  [
    'a wrong secret',
    'XAA1101',
    'client.authentication',
    { facts: { client: { state: 'refused', code: 'XAA1101', detail: 'wrong secret' } } },
  ],
  ['a disabled app (IDP-24)', 'XAA1104', 'client.active', { world: { apps: makeDisabledApps() } }],
  [
    'a public client without proof (IDP-23)',
    'XAA1103',
    'client.active',
    { facts: { client: PUBLIC_CLIENT } },
  ],
  [
    'a bad DPoP proof (DPOP-02)',
    'XAA1007',
    'dpop.proof',
    { facts: { dpop: { state: 'refused', nonceNeeded: false, detail: 'htu' } } },
  ],
  [
    'a bad DPoP proof of a public client (DPOP-02)',
    'XAA1007',
    'dpop.proof',
    { facts: { client: PUBLIC_CLIENT, dpop: { state: 'refused', nonceNeeded: false, detail: 'htu' } } },
  ],
  [
    'a DPoP proof of a public client without the nonce (DPOP-02)',
    'XAA1008',
    'dpop.proof',
    { facts: { client: PUBLIC_CLIENT, dpop: { state: 'refused', nonceNeeded: true, detail: 'nonce' } } },
  ],
  ['too many requests (IDP-39)', 'XAA1904', 'client.rate', { facts: { retryAfterSeconds: 3 } }],
  [
    'an access token declared as an ID token (IDP-17)',
    'XAA1208',
    'subject_token.form',
    { facts: { subject: withTyp('at+jwt') } },
  ],
  [
    'an ID-JAG as subject (IDP-37)',
    'XAA1208',
    'subject_token.form',
    { facts: { subject: withTyp('oauth-id-jag+jwt') } },
  ],
  [
    'a signature that is not ours (IDP-14)',
    'XAA1201',
    'subject_token.signature',
    { facts: { subject: withSignature('invalid') } },
  ],
  [
    'an ID token of an issuer without an entry (IDP-14)',
    'XAA1201',
    'subject_token.issuer',
    { facts: { subject: withSignature('unknown-key', { iss: 'https://login.corp.test' }) } },
  ],
  [
    'an ID token of another issuer (IDP-14)',
    'XAA1201',
    'subject_token.issuer',
    { facts: { subject: idTokenOf(alice, { iss: `${ISSUER}/` }) } },
  ],
  [
    'an ID token of another app (IDP-15)',
    'XAA1203',
    'subject_token.audience',
    { facts: { subject: idTokenOf(alice, { aud: 'other' }) } },
  ],
  [
    'several audiences without azp (IDP-16)',
    'XAA1203',
    'subject_token.audience',
    { facts: { subject: idTokenOf(alice, { aud: ['agent0', 'x'] }) } },
  ],
  [
    'azp of another app (IDP-14)',
    'XAA1203',
    'subject_token.audience',
    { facts: { subject: idTokenOf(alice, { azp: 'other' }) } },
  ],
  [
    'an ID token with half a second in exp (SEC-06)',
    'XAA1201',
    'subject_token.expiry',
    { facts: { subject: idTokenOf(alice, { exp: NOW_SECONDS + 60.5 }) } },
  ],
  [
    'an ID token expired beyond the skew',
    'XAA1202',
    'subject_token.expiry',
    { facts: { subject: idTokenOf(alice, { exp: NOW_SECONDS - 30 }) } },
  ],
  [
    'an ID token older than the app may exchange',
    'XAA1204',
    'subject_token.age',
    { facts: { subject: issuedAgo(61) }, world: { apps: makeBriskApps(60) } },
  ],
  [
    'an expired ID token before one that is too old',
    'XAA1202',
    'subject_token.expiry',
    {
      facts: { subject: idTokenOf(alice, { iat: NOW_SECONDS - 900, exp: NOW_SECONDS - 300 }) },
      world: { apps: makeBriskApps(60) },
    },
  ],
  [
    'an expiry that is a string',
    'XAA1201',
    'subject_token.expiry',
    { facts: { subject: idTokenOf(alice, { exp: '9999999999' }) } },
  ],
  [
    'an ID token from the future',
    'XAA1206',
    'subject_token.start',
    { facts: { subject: idTokenOf(alice, { iat: NOW_SECONDS + 31 }) } },
  ],
  [
    'an ID token that is not valid yet, beyond the skew',
    'XAA1206',
    'subject_token.start',
    { facts: { subject: idTokenOf(alice, { nbf: NOW_SECONDS + 31 }) } },
  ],
  [
    'an ID token whose nbf is a text',
    'XAA1201',
    'subject_token.start',
    { facts: { subject: idTokenOf(alice, { nbf: String(NOW_SECONDS) }) } },
  ],
  [
    'an ID token of one user on the session of another',
    'XAA1201',
    'subject_token.session',
    { facts: { subject: idTokenOf(bob, { sub: alice.id }) } },
  ],
  [
    'a session that ended (IDP-18)',
    'XAA1205',
    'subject_token.session',
    { facts: { subject: { ...idTokenOf(alice), session: undefined } as ExchangeFacts['subject'] } },
  ],
  [
    'a rotated refresh token (RT-06)',
    'XAA1205',
    'subject_token.refresh_token',
    { facts: { subject: { kind: 'refresh_token', state: 'rotated', signIn: undefined } } },
  ],
  [
    'a refresh token that was revoked, of which nothing is kept (RT-02)',
    'XAA1205',
    'subject_token.refresh_token',
    { facts: { subject: { kind: 'refresh_token', state: 'unknown', signIn: undefined } } },
  ],
  [
    'an expired refresh token (RT-02)',
    'XAA1205',
    'subject_token.refresh_token',
    { facts: { subject: { kind: 'refresh_token', state: 'expired', signIn: undefined } } },
  ],
  [
    'a refresh token of another client (RT-09)',
    'XAA1203',
    'subject_token.refresh_token',
    { facts: { subject: { kind: 'refresh_token', state: 'other-client', signIn: undefined } } },
  ],
  [
    'an unknown audience (IDP-07)',
    'XAA1301',
    'target.audience',
    { facts: { ask: { audience: ['https://x.test'] } } },
  ],
  [
    'an audience with one slash more (IDP-07)',
    'XAA1302',
    'target.audience',
    { facts: { ask: { audience: [`${AUDIENCE}/`] } } },
  ],
  [
    'the IdP itself as the audience (IDP-36)',
    'XAA1306',
    'target.audience',
    { facts: { ask: { audience: [ISSUER] } } },
  ],
  [
    'an unknown resource (IDP-09)',
    'XAA1303',
    'target.resource',
    { facts: { ask: { resource: ['https://evil.test/'] } } },
  ],
  [
    'resources of two resource apps (IDP-09)',
    'XAA1304',
    'target.resource',
    { facts: { ask: { resource: [TODO_RESOURCE, NOTES_RESOURCE] } } },
  ],
  [
    'no resource where two resource apps share the issuer (TEN-10)',
    'XAA1305',
    'target.resource',
    { facts: { ask: { resource: [] } } },
  ],
  [
    'no resource where one is required (IDP-10)',
    'XAA1305',
    'target.resource',
    {
      facts: { ask: { audience: ['urn:acme:todo0'], resource: [] } },
      world: withResourceApp({ requireResource: true }),
    },
  ],
  [
    'the alias of one of several resource apps that lists no resources (RAS-23)',
    'XAA1305',
    'target.resource',
    {
      facts: { ask: { audience: ['urn:acme:todo0'], resource: [], scope: 'notes.read' } },
      world: {
        ...withResourceApp({ resources: [] }),
        ...withConnection({ resources: [], scopes: ['notes.read'] }),
      },
    },
  ],
  ['a disabled resource app', 'XAA1307', 'target.active', { world: withResourceApp({ active: false }) }],
  [
    'no connection (IDP-24)',
    'XAA1401',
    'connection.exists',
    {
      facts: {
        client: { state: 'authenticated', clientId: 'other', method: 'client_secret_basic' },
        subject: idTokenOf(alice, { aud: 'other' }),
      },
    },
  ],
  ['a draft connection', 'XAA1402', 'connection.active', { world: withConnection({ status: 'draft' }) }],
  [
    'a report-only connection',
    'XAA1402',
    'connection.active',
    { world: withConnection({ status: 'report-only' }) },
  ],
  [
    'a suspended connection',
    'XAA1403',
    'connection.active',
    { world: { holds: new Map([['agent0-todo0', { state: 'suspended', by: 'adm', since: 'now' }]]) } },
  ],
  [
    'a revoked connection',
    'XAA1407',
    'connection.active',
    { world: { holds: new Map([['agent0-todo0', { state: 'revoked', by: 'adm', since: 'now' }]]) } },
  ],
  [
    'the second before the window opens',
    'XAA1405',
    'connection.window',
    { world: withWindow('Fri 08:00-09:00 UTC'), facts: { nowMs: NOW_SECONDS * 1000 - 1 } },
  ],
  [
    'the second in which the window closes',
    'XAA1405',
    'connection.window',
    { world: withWindow('Fri 07:00-08:00 UTC') },
  ],
  [
    'a connection that ended this second',
    'XAA1404',
    'connection.period',
    { world: withConnection({ expiresAt: '2027-01-15T08:00:00Z' }) },
  ],
  [
    'a connection that starts in a second',
    'XAA1404',
    'connection.period',
    { world: withConnection({ notBefore: '2027-01-15T08:00:01Z' }) },
  ],
  [
    'no client id at the resource (CID-01)',
    'XAA1406',
    'connection.client_id',
    { world: withConnection({ clientId: undefined }) },
  ],
  [
    'a resource outside the connection',
    'XAA1304',
    'connection.resource',
    { world: withConnection({ resources: [] }) },
  ],
  [
    'a user whose access request is pending',
    'XAA1802',
    'people.connection',
    {
      facts: { user: bob, subject: idTokenOf(bob) },
      world: {
        openRequests: [
          { id: 'req_1', user: 'usr_bob', app: 'agent0', resourceApp: 'todo0', scopes: ['todos.read'] },
        ],
      },
    },
  ],
  [
    'a user who requested access elsewhere',
    'XAA1503',
    'people.connection',
    {
      facts: { user: bob, subject: idTokenOf(bob) },
      world: {
        openRequests: [
          { id: 'req_1', user: 'usr_bob', app: 'agent0', resourceApp: 'notes0', scopes: ['notes.read'] },
        ],
      },
    },
  ],
  [
    'a user not assigned to the app',
    'XAA1501',
    'people.app_assignment',
    { world: { apps: makeUnassignedApps() } },
  ],
  [
    'a user not assigned to the resource app',
    'XAA1502',
    'people.resource_app_assignment',
    { world: withResourceApp({ assignments: { everyone: false, users: [], groups: ['x'] } }) },
  ],
  [
    'a user outside the connection',
    'XAA1503',
    'people.connection',
    { facts: { subject: idTokenOf(bob), user: bob } },
  ],
  [
    'an inactive user (IDP-18)',
    'XAA1504',
    'people.active',
    { facts: { subject: idTokenOf(dave), user: dave } },
  ],
  ['a deleted user', 'XAA1504', 'people.active', { facts: { user: undefined } }],
  [
    'a user without the value that the subject requires',
    'XAA1505',
    'people.subject',
    { world: withResourceApp({ subject: 'user.attributes.none' }) },
  ],
  [
    'undefined scopes (IDP-13)',
    'XAA1601',
    'scope.granted',
    { facts: { ask: { scope: 'admin:everything' } } },
  ],
  [
    'scopes the connection does not allow (IDP-13)',
    'XAA1602',
    'scope.granted',
    { facts: { ask: { scope: 'todos.write' } }, world: withConnection({ scopes: ['todos.read'] }) },
  ],
  [
    'a sign-in one second too old (STEP-01)',
    'XAA1801',
    'stepup',
    { world: withConnection({ conditions: { maxAuthAgeSeconds: 59, dpop: 'optional' } }) },
  ],
  [
    'a sign-in of unknown strength, where a stronger one is possible (STEP-05)',
    'XAA1801',
    'stepup',
    { world: withConnection({ conditions: { acr: ['mfa'], dpop: 'optional' } }) },
  ],
  [
    'a sign-in too weak, where no stronger one is possible (STEP-03)',
    'XAA1702',
    'stepup',
    { world: withConnection({ conditions: { acr: ['hardware'], dpop: 'optional' } }) },
  ],
  [
    'no key where one is required',
    'XAA1007',
    'dpop.required',
    { world: withConnection({ conditions: { dpop: 'required' } }) },
  ],
  [
    'a policy that denies',
    'XAA1701',
    'policy.rules',
    { world: { policies: [{ id: 'p', when: { 'app.kind': 'agent' }, effect: 'deny', state: 'enforced' }] } },
  ],
  [
    'a block on the user',
    'XAA1901',
    'blocks',
    { world: { blocks: [{ id: 'b', kind: 'user', target: 'usr_alice', by: 'adm' }] } },
  ],
  [
    'a block on the app',
    'XAA1902',
    'blocks',
    { world: { blocks: [{ id: 'b', kind: 'app', target: 'agent0', by: 'adm' }] } },
  ],
  [
    'a connection that the user blocked for themselves',
    'XAA1902',
    'blocks',
    {
      world: {
        blocks: [
          { id: 'b', kind: 'connection', target: 'agent0-todo0', onlyFor: 'usr_alice', by: 'usr_alice' },
        ],
      },
    },
  ],
  [
    'the kill switch',
    'XAA1903',
    'blocks',
    { world: { blocks: [{ id: 'b', kind: 'everything', target: '*', by: 'adm' }] } },
  ],
]

function withWindow(window: string) {
  return withConnection({ conditions: { window, dpop: 'optional' } })
}

function issuedAgo(seconds: number): ExchangeFacts['subject'] {
  return idTokenOf(alice, { iat: NOW_SECONDS - seconds })
}

function makeBriskApps(maxSubjectTokenAgeSeconds: number) {
  return [...makeSnapshot().apps.values()].map((app) => ({ ...app, maxSubjectTokenAgeSeconds }))
}

function makeDisabledApps() {
  return [...makeSnapshot().apps.values()].map((app) => ({ ...app, active: false }))
}
function makeUnassignedApps() {
  return [...makeSnapshot().apps.values()].map((app) => ({
    ...app,
    assignments: { everyone: false, users: [], groups: [] },
  }))
}

it.each(refused)('refuses %s with %s at %s', (_, code, check, world) => {
  const record = decide(world)
  expect(record.code).toBe(code)
  expect(record.checks.find(({ result }) => result === 'fail')).toMatchObject({ id: check, code })
  expect(record.granted).toBeNull()
  const { http, error } = DECISION_CODES[code] as { http: number; error?: string }
  expect(record.wire).toMatchObject({ http, error })
  expect(record.remedies.length).toBeGreaterThan(0)
})

describe('blocks of a user whose sign-in is not accepted', () => {
  const blocks = [{ id: 'b', kind: 'user', target: alice.id, by: 'adm' }] as const
  const ofEndedSession = { ...idTokenOf(alice), session: undefined } as ExchangeFacts['subject']
  const unknown = { kind: 'refresh_token', state: 'unknown', signIn: undefined } as const
  const check = (subject: ExchangeFacts['subject']) => {
    const { code, checks, remedies } = decide({ facts: { subject }, world: { blocks } })
    return { code, blocks: checks.find(({ id }) => id === 'blocks'), fixes: remedies.map(({ text }) => text) }
  }

  it('are reported if a verified ID token names the user, as after a kill', () => {
    const blocked = { id: 'blocks', result: 'fail', code: 'XAA1901', ref: 'b' }
    expect(check(ofEndedSession)).toEqual({
      code: 'XAA1205',
      blocks: blocked,
      fixes: ['Lift the block.', 'Sign in again.'],
    })
  })

  it('are not reported as passed if the user is unknown', () => {
    const skipped = { id: 'blocks', result: 'skipped', because: 'subject_token.refresh_token' }
    expect(check(unknown)).toEqual({ code: 'XAA1205', blocks: skipped, fixes: ['Sign in again.'] })
  })
})

it('records what each of these requested, which checks ran and what was found', async ({ expect }) => {
  const records = [...accepted, ...refused.map(([title, , , world]) => [title, world] as const)]
  const text = renderRecords(
    decide({}),
    records.map(([title, world]) => [title, decide(world)]),
  )
  await expect(text).toMatchFileSnapshot('testing/exchange-records.txt')
})

/** As if the configuration file contained all definitions. */
const FROM_FILE = new Map(
  ['apps/agent0', 'resource-apps/todo0', 'connections/agent0-todo0', 'users/usr_bob', 'users/usr_dave'].map(
    (object, at) => [
      object,
      at === 0 ? { file: 'crosswalk.yaml' } : { file: 'crosswalk.yaml', line: at * 10 },
    ],
  ),
)

const listFurtherFaults = (): readonly (readonly [string, Case])[] => [
  [
    'a draft connection that does not include the user',
    { facts: { user: bob, subject: idTokenOf(bob) }, world: withConnection({ status: 'draft' }) },
  ],
  [
    'an inactive user at a disabled resource app',
    { facts: { user: dave, subject: idTokenOf(dave) }, world: withResourceApp({ active: false }) },
  ],
  [
    'four failures together, which leave no near yes',
    {
      facts: { user: dave, subject: idTokenOf(dave) },
      world: {
        ...withResourceApp({ active: false }),
        ...withConnection({ status: 'draft' }),
        apps: makeDisabledApps(),
      },
    },
  ],
  [
    'a suspended connection past its end, with an expired window',
    {
      world: {
        ...withConnection({
          expiresAt: '2027-01-15T08:00:00Z',
          conditions: { window: 'Mon 07:00-08:00 UTC', dpop: 'optional' },
        }),
        holds: new Map([['agent0-todo0', { state: 'suspended', by: 'adm', since: 'now' }]]),
      },
    },
  ],
  [
    'a policy about one of two scopes',
    {
      world: {
        policies: [{ id: 'p', when: { scope: 'todos.write' }, effect: 'deny', state: 'enforced' }],
      },
    },
  ],
  ['a scope that needs approval', { world: guarded(WRITE), facts: { ask: { scope: 'todos.write' } } }],
  [
    'a scope whose meaning changed, for a user outside the connection',
    {
      world: guarded({ ...WRITE, risk: 2 }, WRITE),
      facts: { user: bob, subject: idTokenOf(bob), ask: { scope: 'todos.write' } },
    },
  ],
  [
    'a suspended app',
    {
      world: {
        apps: makeDisabledApps(),
        blocks: [{ id: 'app:agent0', kind: 'app', target: 'agent0', by: 'adm' }],
      },
    },
  ],
  [
    'a suspended user, with a block that stays',
    {
      facts: { user: dave, subject: idTokenOf(dave) },
      world: {
        blocks: [
          { id: 'user:usr_dave', kind: 'user', target: 'usr_dave', by: 'adm' },
          { id: 'b', kind: 'user', target: 'usr_bob', by: 'adm' },
        ],
      },
    },
  ],
  [
    'a resource that no connection covers, together with one that is covered',
    {
      facts: { ask: { resource: [TODO_RESOURCE, `${TODO_RESOURCE}/more`] } },
      world: withResourceApp({
        resources: [
          { id: TODO_RESOURCE, scopes: ['todos.read', 'todos.write'] },
          { id: `${TODO_RESOURCE}/more`, scopes: ['todos.read'] },
        ],
      }),
    },
  ],
  [
    'an unassigned user, at a resource app without scopes',
    {
      facts: { user: bob, subject: idTokenOf(bob), ask: { resource: [], audience: ['urn:acme:todo0'] } },
      world: { resourceApps: withResourceApp({ resources: [] }).resourceApps?.slice(0, 1) ?? [] },
    },
  ],
  [
    'a sign-in too old and a missing key',
    { world: withConnection({ conditions: { maxAuthAgeSeconds: 59, dpop: 'required' } }) },
  ],
]

it('proposes for each of these what would allow it, with the place in the configuration file', async ({
  expect,
}) => {
  const render = (title: string, { facts, world, settings }: Case) => {
    const list = (origins?: ExchangeSnapshot['origins']) => {
      const question = [
        makeFacts(facts),
        makeSnapshot(world, { ...settings, ...(origins && { origins }) }),
      ] as const
      return findNearestAllow(evaluateExchange(...question), ...question).map(({ text: _, ...rest }) =>
        JSON.stringify(rest),
      )
    }
    const [plain, inFile] = [list(), list(FROM_FILE)]
    return [`## ${title}`, ...plain, ...inFile.filter((line) => !plain.includes(line))].join('\n')
  }
  const text = [...listFurtherFaults(), ...refused.map(([title, , , world]) => [title, world] as const)]
    .map(([title, world]) => render(title, world))
    .join('\n\n')
  await expect(`${text}\n`).toMatchFileSnapshot('testing/nearest-yes.txt')
})

it('distinguishes users in the record only: the wire is the same (SEC-31)', () => {
  const unassigned = decide({ facts: { subject: idTokenOf(bob), user: bob } })
  const inactive = decide({ facts: { subject: idTokenOf(dave), user: dave } })
  const unknown = decide({ facts: { user: undefined } })
  const denied = decide({ world: { policies: [{ id: 'p', when: {}, effect: 'deny', state: 'enforced' }] } })
  const blocked = decide({ world: { blocks: [{ id: 'b', kind: 'user', target: 'usr_alice', by: 'adm' }] } })
  expect(
    new Set([unassigned, inactive, unknown, denied, blocked].map(({ wire }) => JSON.stringify(wire))).size,
  ).toBe(1)
  expect(new Set([unassigned, inactive, denied, blocked].map(({ code }) => code)).size).toBe(4)
})

it('applies a block for one user to no other user', () => {
  const blocks = [{ id: 'b', kind: 'everything', target: '*', onlyFor: 'usr_bob', by: 'usr_bob' }] as const
  expect(decide({ world: { blocks } }).outcome).toBe('allow')
})

it('states when a closed window next opens, and what else would help', () => {
  const ends = (expiresAt: string) => ({
    conditions: { window: 'Mon 07:00-20:00 Europe/Berlin' },
    expiresAt,
  })
  const texts = (world: Partial<ExchangeDefinitions>) => {
    const [facts, snapshot] = [makeFacts(), makeSnapshot(world)]
    const record = addNearestAllow(evaluateExchange(facts, snapshot), facts, snapshot)
    expect(record.checks).toContainEqual(
      expect.objectContaining({
        id: 'connection.window',
        expected: 'Mon 07:00-20:00 Europe/Berlin',
        actual: 'Fri 09:00 Europe/Berlin',
      }),
    )
    return record.remedies.map(({ text }) => text)
  }
  const opening = 'Mon 07:00 Europe/Berlin (2027-01-18T06:00:00.000Z)'
  const change = 'Remove the time window of the connection Agent0 → Todo0.'
  const remedy = 'Retry when the window is open, or change the window.'
  expect(texts(withConnection(ends('2027-01-18T06:00:01Z')))).toEqual([
    `Wait until ${opening}.`,
    change,
    `${remedy} It opens next on ${opening}.`,
  ])
  expect(texts(withConnection(ends('2027-01-18T06:00:00Z')))).toEqual([
    change,
    `${remedy} It does not open again before the connection ends.`,
  ])
})

it('narrows scopes and records what narrowed them (IDP-12, IDP-29)', () => {
  const record = decide({
    facts: { ask: { scope: 'todos.read todos.write admin' } },
    world: withConnection({ scopes: ['todos.read'] }),
  })
  expect(record).toMatchObject({ outcome: 'allow', code: 'XAA0001', granted: { scope: ['todos.read'] } })
  expect(record.narrowed).toEqual([
    { scope: 'todos.write', by: 'scopes of agent0-todo0', code: 'XAA1603' },
    { scope: 'admin', by: 'catalogue of todo0', code: 'XAA1601' },
  ])
})

it.each([
  ['only details', '[{"type":"todo_list"}]', undefined, []],
  ['details with a scope', '[{"type":"todo_list"}]', 'todos.read', ['todos.read']],
  ['an empty array of details', '[]', undefined, ['todos.read', 'todos.write']],
])('grants %s no scope that was not requested (RAR-06)', (_, authorizationDetails, scope, granted) => {
  const details = JSON.parse(authorizationDetails) as readonly object[]
  const record = decide({ facts: { ask: { authorizationDetails, scope } } })
  expect(record).toMatchObject({
    outcome: 'allow',
    code: 'XAA0000',
    narrowed: [],
    granted: { scope: granted },
  })
  expect(record.granted?.authorization_details).toEqual(details.length === 0 ? undefined : details)
})

const APPROVAL = { connection: 'agent0-todo0', by: 'adm', at: '2026-01-01T00:00:00Z' }
const meaningOf = (fields: object) => zScopeMeaning.parse(fields)
/** A catalogue in which writing needs approval, with an optional approval. */
function guarded(now: object, approved?: object, connection = APPROVAL.connection) {
  const scopeMeanings = { 'todos.write': { ...meaningOf(now), needsApproval: true } }
  const approvals =
    approved === undefined
      ? []
      : [{ ...APPROVAL, connection, scope: 'todos.write', meaning: meaningOf(approved) }]
  return { ...withResourceApp({ scopeMeanings }), approvals }
}
const WRITE = { description: 'Add tasks', risk: 1, tools: ['add', 'change'] }

it.each<[string, object, object | undefined, XaaCode, object]>([
  [
    'a scope that was never approved',
    WRITE,
    undefined,
    'XAA1604',
    { expected: 'approved', actual: 'not approved' },
  ],
  [
    'a scope that gained a tool',
    { ...WRITE, tools: ['add', 'change', 'delete'] },
    WRITE,
    'XAA1605',
    {
      expected: { tools: ['add', 'change'] },
      actual: { tools: ['add', 'change', 'delete'] },
    },
  ],
  [
    'a scope with another description and a higher risk',
    { ...WRITE, description: 'Add and delete tasks', risk: 2 },
    WRITE,
    'XAA1605',
    {
      expected: { description: 'Add tasks', risk: 1 },
      actual: { description: 'Add and delete tasks', risk: 2 },
    },
  ],
  [
    'a scope that lost its risk',
    { ...WRITE, risk: undefined },
    WRITE,
    'XAA1605',
    { expected: { risk: 1 }, actual: { risk: null } },
  ],
])('withholds %s, alone and with others, and proposes its approval', (_, now, approved, code, difference) => {
  const world = guarded(now, approved)
  const seen = Object.fromEntries(
    Object.entries(difference).map(([side, value]) => [side, { 'todos.write': value }]),
  )
  const alone = decide({ world, facts: { ask: { scope: 'todos.write' } } })
  expect(alone).toMatchObject({ outcome: 'deny', code, wire: { error: 'invalid_scope' } })
  expect(alone.checks).toContainEqual({ id: 'scope.approval', result: 'fail', code, ...seen })
  const both = decide({ world })
  expect(both).toMatchObject({ outcome: 'allow', code: 'XAA0001', granted: { scope: ['todos.read'] } })
  expect(both.narrowed).toEqual([{ scope: 'todos.write', by: 'approvals of agent0-todo0', code }])
  expect(both.checks).toContainEqual({ id: 'scope.approval', result: 'pass', ...seen })
  const [facts, snapshot] = [makeFacts({ ask: { scope: 'todos.write' } }), makeSnapshot(world)]
  expect(addNearestAllow(alone, facts, snapshot).remedies).toContainEqual(
    expect.objectContaining({
      text: 'Approve todos.write for the connection Agent0 → Todo0.',
      cli: 'npx crosswalk connection approve agent0-todo0 --scope todos.write --reason "…"',
      verified: 're-evaluated: allow (todos.write)',
    }),
  )
})

it.each<[string, Case, readonly string[]]>([
  ['a scope approved with its current meaning', { world: guarded(WRITE, WRITE) }, ['todos.write']],
  [
    'a scope with the same tools in another order',
    { world: guarded(WRITE, { ...WRITE, tools: ['change', 'add', 'add'] }) },
    ['todos.write'],
  ],
])('grants %s', (_, world, approved) => {
  const record = decide(world)
  expect(record.outcome).toBe('allow')
  const check = record.checks.find(({ id }) => id === 'scope.approval')
  expect(check).toMatchObject({ result: 'pass', actual: approved })
})

it('does not apply an approval to another connection, and lists nothing if no scope needs one', () => {
  const ask = { scope: 'todos.write' }
  expect(decide({ world: guarded(WRITE, WRITE, 'agent0-notes0'), facts: { ask } }).code).toBe('XAA1604')
  for (const asked of [{ resource: [NOTES_RESOURCE] }, { authorizationDetails: '[{"type":"todo_list"}]' }]) {
    const { outcome, checks } = decide({ world: guarded(WRITE), facts: { ask: asked } })
    expect(outcome).toBe('allow')
    expect(checks.filter(({ id }) => id === 'scope.approval')).toEqual([])
  }
})

it('names what can be fixed first: a policy that limits the rest does not hide the approval', () => {
  const limit = { id: 'p', when: {}, effect: 'limit', limit: { scopes: ['todos.write'] }, state: 'enforced' }
  expect(decide({ world: { ...guarded(WRITE), policies: [limit] as never } }).code).toBe('XAA1604')
})

it('applies to each resource app behind one issuer its own terms (S10)', () => {
  const notes = decide({ facts: { ask: { resource: [NOTES_RESOURCE] } } })
  expect(notes).toMatchObject({
    outcome: 'allow',
    granted: { scope: ['notes.read'], resource: [NOTES_RESOURCE] },
    resolution: { connection: 'agent0-notes0' },
  })
  const write = decide({ facts: { ask: { resource: [NOTES_RESOURCE], scope: 'notes.write' } } })
  expect(write).toMatchObject({ outcome: 'deny', code: 'XAA1602' })
})

it('grants the resources of the connection if none was requested, and names them (IDP-10)', () => {
  expect(
    decide({ facts: { ask: { audience: ['urn:acme:todo0'], resource: [] } } }).granted?.resource,
  ).toEqual([TODO_RESOURCE])
})

it('requests a new sign-in, with max_age as a number (STEP-02), if the sign-in is too old (IDP-19)', () => {
  const record = decide({
    world: withConnection({ conditions: { acr: ['mfa'], maxAuthAgeSeconds: 59, dpop: 'optional' } }),
  })
  expect(record.outcome).toBe('step_up')
  expect(record.wire).toMatchObject({
    error: 'insufficient_user_authentication',
    acr_values: 'mfa',
    max_age: 59,
  })
  const young = withConnection({ conditions: { maxAuthAgeSeconds: 60, dpop: 'optional' } })
  expect(decide({ world: young }).outcome).toBe('allow')
})

it('prefers a lasting refusal to a step-up (STEP-03)', () => {
  const record = decide({
    facts: { subject: idTokenOf(bob), user: bob },
    world: withConnection({ conditions: { maxAuthAgeSeconds: 1, dpop: 'optional' } }),
  })
  expect(record.code).toBe('XAA1503')
})

it('evaluates every check after a failure, so that the record shows everything that is wrong', () => {
  const record = decide({
    facts: { subject: idTokenOf(bob), user: bob, ask: { scope: 'admin' } },
    world: withConnection({ status: 'suspended' }),
  })
  const failed = record.checks.filter(({ result }) => result === 'fail').map(({ code }) => code)
  expect(failed).toEqual(['XAA1403', 'XAA1503', 'XAA1601'])
})

it('is a function of its arguments: the same facts give the same record', () => {
  expect(decide({})).toEqual(decide({}))
})

it('compares an audience made to be expensive as quickly as any other (IDP-07)', () => {
  const startedAt = performance.now()
  const audience = [`${AUDIENCE}${'/'.repeat(60_000)}x`]
  expect(decide({ facts: { ask: { audience } } }).code).toBe('XAA1301')
  // Quadratic backtracking over the slashes would take nine seconds for each known audience.
  expect(performance.now() - startedAt).toBeLessThan(1000)
})

it('tells a disabled user from an unknown one, to administrators', () => {
  const sentence = (facts: object) => {
    const { summary } = decide({ facts })
    return [summary.admin, summary.user]
  }
  const unknown = sentence({ user: undefined })
  const disabled = sentence({ subject: idTokenOf(dave), user: dave })
  expect(unknown[0]).toMatch(/ is unknown here\.$/)
  expect(disabled[0]).toMatch(/ is disabled\.$/)
  expect(disabled[1]).toBe(unknown[1])
})
