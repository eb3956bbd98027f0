import { DECISION_CODES, GRANT_TYPE, type JwtFact, type XaaCode } from '@crosswalk/protocol'
import { expect, it } from 'vitest'

import { evaluateRedemption } from './evaluate-redemption.ts'
import {
  IDP,
  ISSUER,
  makeClaims,
  makeFacts,
  makeSnapshot,
  NOW_SECONDS,
  RESOURCE,
  SERVER,
} from './testing/redemption-world.ts'
import { renderRecords } from './testing/render-records.ts'

const JKT = '0ZcOCORZNYy-DWpqq30jZyJGHTN0d2HglBV3uiguA4I'
const PROVED = { state: 'proved', jkt: JKT } as const
const PUBLIC_CLIENT = { state: 'authenticated', clientId: 'agent0-at-vendor', method: 'none' } as const

interface Case {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly facts?: Parameters<typeof makeFacts>[1]
  readonly server?: Readonly<Record<string, unknown>>
}

function decide({ claims, facts, server }: Case) {
  return evaluateRedemption(makeFacts(claims, facts), makeSnapshot(server))
}

function assertion(change: Partial<Extract<JwtFact, { state: 'read' }>>): JwtFact {
  return {
    state: 'read',
    typ: 'oauth-id-jag+jwt',
    algorithm: 'ES256',
    kid: 'k',
    claims: makeClaims(),
    signature: 'valid',
    ...change,
  }
}

it('allows a valid ID-JAG, for the account, resource and scope it names (RAS-24, RAS-35)', () => {
  const record = decide({})
  expect(record).toMatchObject({ outcome: 'allow', code: 'XAA0000', resolution: { account: 'acc_1' } })
  expect(record.granted).toEqual({
    client_id: 'agent0-at-vendor',
    audience: ISSUER,
    resource: [RESOURCE],
    scope: ['todos.read'],
    lifetime_seconds: 600,
    subject: { strategy: 'account', value: 'acc_1' },
  })
})

const two = {
  resources: [
    { id: RESOURCE, scopes: ['todos.read'] },
    { id: 'https://two.test/', scopes: ['two'] },
  ],
}

const boundClients = { clients: SERVER.clients.map((client) => ({ ...client, dpopBoundAccessTokens: true })) }
const boundResource = { resources: SERVER.resources.map((resource) => ({ ...resource, dpop: 'required' })) }

const locatedAt = (...locations: readonly string[]) => ({ type: 'todo_list', locations })

it.each([
  [NOW_SECONDS + 1, 1],
  [NOW_SECONDS + 599, 599],
  [NOW_SECONDS + 601, 600],
])('issues no token that outlives the session: %i leaves %i s (AT-11)', (end, seconds) => {
  const record = decide({ claims: { session_expiry: end } })
  expect(record).toMatchObject({ outcome: 'allow', granted: { lifetime_seconds: seconds } })
})

it('omits details of resources that the parameter omits (AT-06, RAR-05)', () => {
  const here = locatedAt(RESOURCE)
  const details = [here, locatedAt('https://two.test/'), { type: 'todo_list' }]
  const claims = { resource: [RESOURCE, 'https://two.test/'], authorization_details: details }
  const granted = (ask = {}) => decide({ claims, facts: { ask }, server: two }).granted?.authorization_details
  expect(granted()).toEqual(details)
  expect(granted({ resource: [RESOURCE] })).toEqual([here, { type: 'todo_list' }])
})

const accepted: readonly [string, Case][] = [
  [
    'a sign-in with its time, class and address, and scopes with spaces between',
    {
      claims: { auth_time: NOW_SECONDS - 60, acr: 'mfa' },
      facts: { ip: '192.0.2.7', ask: { scope: ' todos.read ' } },
    },
  ],
  ['aud as an array of one (RAS-12)', { claims: { aud: [ISSUER] } }],
  ['resource as an array (JAG-11)', { claims: { resource: [RESOURCE] } }],
  [
    'typ in capitals with the media type prefix (JAG-01)',
    { facts: { assertion: assertion({ typ: 'application/OAUTH-ID-JAG+JWT' }) } },
  ],
  ['an expiry within the skew', { claims: { iat: NOW_SECONDS - 300, exp: NOW_SECONDS - 29 } }],
  ['iat ahead within the skew (RAS-15)', { claims: { iat: NOW_SECONDS + 30, exp: NOW_SECONDS + 330 } }],
  ['nbf now (RAS-17, JAG-10)', { claims: { nbf: NOW_SECONDS } }],
  ['a lifetime of exactly the maximum (RAS-16)', { claims: { exp: NOW_SECONDS + 300 } }],
  ['a jti of 256 characters (JAG-08)', { claims: { jti: 'j'.repeat(256) } }],
  ['no resource where only one is served (RAS-22)', { claims: { resource: undefined } }],
  [
    'no resource claim, but a resource parameter (RAS-23)',
    { claims: { resource: undefined }, facts: { ask: { resource: [RESOURCE] } }, server: two },
  ],
  ['the resource repeated as parameter (RAS-23)', { facts: { ask: { resource: [RESOURCE] } } }],
  [
    'a narrower scope parameter (RAS-25)',
    { claims: { scope: 'todos.read todos.write' }, facts: { ask: { scope: 'todos.read' } } },
  ],
  ['a wider scope parameter (RAS-25)', { facts: { ask: { scope: 'todos.read todos.write' } } }],
  [
    'details only, without default scopes (RAR-06)',
    { claims: { scope: undefined, authorization_details: [{ type: 'todo_list' }] } },
  ],
  ['a bound ID-JAG with its key (DPOP-05)', { claims: { cnf: { jkt: JKT } }, facts: { dpop: PROVED } }],
  ['a proof without cnf (DPOP-07)', { facts: { dpop: PROVED } }],
  ['jwt-dpop with a proof (DPOP-09)', { facts: { dpop: PROVED, ask: { grantType: GRANT_TYPE.jwtDpop } } }],
  [
    'an actor four deep (ACT-06)',
    { claims: { act: { sub: 'a', act: { sub: 'b', act: { sub: 'c', act: { sub: 'd' } } } } } },
  ],
  [
    'the tenant that is trusted (TEN-03)',
    { claims: { tenant: 'acme' }, server: { trustedIssuers: [{ issuer: IDP, tenant: 'acme' }] } },
  ],
  ['the tenant of this server (TEN-06)', { claims: { aud_tenant: 'eu' }, server: { audTenant: 'eu' } }],
  ['no tenant where this server has one (TEN-06)', { server: { audTenant: 'eu' } }],
  ['an aud_tenant where this server has no tenant', { claims: { aud_tenant: 'eu' } }],
  ['a tenant of the issuer where trust names none', { claims: { tenant: 'acme' } }],
  ['a client that requires bound tokens, with a proof', { facts: { dpop: PROVED }, server: boundClients }],
  ['a resource that requires bound tokens, with a proof', { facts: { dpop: PROVED }, server: boundResource }],
  ['a public client with a proof', { facts: { dpop: PROVED, client: PUBLIC_CLIENT } }],
  [
    'a details parameter equal to the claim (RAR-07)',
    {
      claims: { authorization_details: [locatedAt(RESOURCE), { type: 'todo_list' }] },
      facts: { ask: { authorizationDetails: '[{"type":"todo_list"}]' } },
    },
  ],
  [
    'details of a served resource that only the parameter names (RAR-05)',
    {
      claims: { resource: undefined, authorization_details: [locatedAt('https://two.test/')] },
      facts: { ask: { resource: [RESOURCE] } },
      server: two,
    },
  ],
  [
    'a user known by issuer and subject only',
    {
      facts: {
        account: { state: 'external', id: 'ext_1', linkingSteps: [{ step: 'external', result: 'found' }] },
      },
    },
  ],
  ['a user to be created (RAS-31)', { facts: { account: { state: 'new', id: 'acc_2', linkingSteps: [] } } }],
]

it.each(accepted)('allows %s', (_, request) => {
  const record = decide(request)
  expect(record.checks.filter(({ result }) => result === 'fail')).toEqual([])
  expect(record.outcome).toBe('allow')
})

const refused: readonly [string, XaaCode, string, Case][] = [
  [
    'a repeated parameter (RAS-01)',
    'XAA2002',
    'request.form',
    { facts: { ask: { problems: [{ parameter: 'assertion', problem: 'repeated' }] } } },
  ],
  [
    'a missing assertion (RAS-01)',
    'XAA2002',
    'request.parameters',
    { facts: { ask: { hasAssertion: false }, assertion: undefined } },
  ],
  [
    'a wrong secret (RAS-03)',
    'XAA2101',
    'client.authentication',
    { facts: { client: { state: 'refused', code: 'XAA2101', detail: 'wrong' } } },
  ],
  [
    'a disabled client',
    'XAA2102',
    'client.grant',
    { server: { clients: [{ id: 'agent0-at-vendor', auth: { method: 'none' }, active: false }] } },
  ],
  [
    'a client without this grant (RAS-05)',
    'XAA2102',
    'client.grant',
    {
      server: {
        clients: [
          { id: 'agent0-at-vendor', auth: { method: 'none' }, grantTypes: [GRANT_TYPE.tokenExchange] },
        ],
      },
    },
  ],
  ['a public client without proof (RAS-04)', 'XAA2102', 'client.grant', { facts: { client: PUBLIC_CLIENT } }],
  [
    'a bad proof (DPOP-02)',
    'XAA2219',
    'dpop.proof',
    { facts: { dpop: { state: 'refused', nonceNeeded: false, detail: 'htm' } } },
  ],
  [
    'a bad proof of a public client (DPOP-02)',
    'XAA2219',
    'dpop.proof',
    { facts: { client: PUBLIC_CLIENT, dpop: { state: 'refused', nonceNeeded: false, detail: 'htm' } } },
  ],
  [
    'a proof of a public client without the nonce (DPOP-02)',
    'XAA2220',
    'dpop.proof',
    { facts: { client: PUBLIC_CLIENT, dpop: { state: 'refused', nonceNeeded: true, detail: 'nonce' } } },
  ],
  [
    'jwt-dpop without proof (DPOP-09)',
    'XAA2215',
    'dpop.required',
    { facts: { ask: { grantType: GRANT_TYPE.jwtDpop } } },
  ],
  [
    'something other than a JWT (RAS-06)',
    'XAA2201',
    'assertion.form',
    { facts: { assertion: { state: 'unreadable', detail: 'not-three-segments' } } },
  ],
  ['typ JWT (RAS-07)', 'XAA2201', 'assertion.form', { facts: { assertion: assertion({ typ: 'JWT' }) } }],
  ['an untrusted issuer (RAS-08)', 'XAA2202', 'trust.issuer', { claims: { iss: 'https://evil.test' } }],
  ['an issuer with one slash more (RAS-13)', 'XAA2202', 'trust.issuer', { claims: { iss: `${IDP}/` } }],
  [
    'an inactive issuer (SEC-33)',
    'XAA2202',
    'trust.issuer',
    { server: { trustedIssuers: [{ issuer: IDP, active: false }] } },
  ],
  ['an empty list of issuers (SEC-32)', 'XAA2202', 'trust.issuer', { server: { trustedIssuers: [] } }],
  [
    'an issuer this client may not use',
    'XAA2104',
    'trust.issuer',
    { facts: { client: { state: 'authenticated', clientId: 'other', method: 'client_secret_basic' } } },
  ],
  [
    'a wrong signature (RAS-11)',
    'XAA2203',
    'assertion.signature',
    { facts: { assertion: assertion({ signature: 'invalid' }) } },
  ],
  [
    'an unknown key (RAS-10)',
    'XAA2203',
    'assertion.signature',
    { facts: { assertion: assertion({ signature: 'unknown-key' }) } },
  ],
  [
    'an algorithm that is not allowed (JAG-02)',
    'XAA2205',
    'assertion.signature',
    { facts: { assertion: assertion({ signature: 'algorithm-refused' }) } },
  ],
  [
    'unreachable keys (RAS-44)',
    'XAA2204',
    'assertion.signature',
    { facts: { assertion: assertion({ signature: 'keys-unreachable' }) } },
  ],
  ['a missing sub (RAS-15)', 'XAA2210', 'assertion.claims', { claims: { sub: undefined } }],
  ['a jti of 257 characters (SEC-20)', 'XAA2210', 'assertion.claims', { claims: { jti: 'j'.repeat(257) } }],
  ['exp in milliseconds', 'XAA2210', 'assertion.claims', { claims: { exp: NOW_SECONDS * 1000 } }],
  [
    'exp with half a second (SEC-06)',
    'XAA2210',
    'assertion.claims',
    { claims: { exp: NOW_SECONDS + 200.5 } },
  ],
  ['nbf with half a second (SEC-06)', 'XAA2210', 'assertion.claims', { claims: { nbf: NOW_SECONDS - 0.5 } }],
  ['scope as an array (JAG-12)', 'XAA2210', 'assertion.claims', { claims: { scope: ['todos.read'] } }],
  ['another audience (RAS-12)', 'XAA2211', 'assertion.audience', { claims: { aud: 'https://other.test' } }],
  [
    'an audience with one slash more (RAS-13)',
    'XAA2211',
    'assertion.audience',
    { claims: { aud: `${ISSUER}/` } },
  ],
  [
    'two audiences (RAS-12)',
    'XAA2212',
    'assertion.audience',
    { claims: { aud: [ISSUER, 'https://other.test'] } },
  ],
  ['our audience twice (RAS-12)', 'XAA2212', 'assertion.audience', { claims: { aud: [ISSUER, ISSUER] } }],
  ['the grant of another client (RAS-14)', 'XAA2103', 'assertion.client', { claims: { client_id: 'other' } }],
  [
    'an expiry beyond the skew (RAS-15)',
    'XAA2206',
    'assertion.expiry',
    { claims: { iat: NOW_SECONDS - 300, exp: NOW_SECONDS - 30 } },
  ],
  [
    'iat ahead beyond the skew (RAS-15)',
    'XAA2207',
    'assertion.start',
    { claims: { iat: NOW_SECONDS + 31, exp: NOW_SECONDS + 200 } },
  ],
  [
    'nbf ahead beyond the skew (RAS-17, JAG-10)',
    'XAA2207',
    'assertion.start',
    { claims: { nbf: NOW_SECONDS + 31 } },
  ],
  [
    'a lifetime one second too long (RAS-16)',
    'XAA2208',
    'assertion.lifetime',
    { claims: { exp: NOW_SECONDS + 301 } },
  ],
  [
    'an old ID-JAG that has not expired yet (RAS-16)',
    'XAA2208',
    'assertion.lifetime',
    { claims: { iat: NOW_SECONDS - 331, exp: NOW_SECONDS - 31 + 10 } },
  ],
  [
    'a missing tenant (TEN-03)',
    'XAA2214',
    'tenant',
    { server: { trustedIssuers: [{ issuer: IDP, tenant: 'acme' }] } },
  ],
  [
    'the tenant of another server (TEN-06)',
    'XAA2214',
    'tenant',
    { claims: { aud_tenant: 't-2' }, server: { audTenant: 't-1' } },
  ],
  ['cnf without proof (DPOP-06)', 'XAA2215', 'binding', { claims: { cnf: { jkt: JKT } } }],
  [
    'cnf with another key (DPOP-05)',
    'XAA2215',
    'binding',
    { claims: { cnf: { jkt: JKT } }, facts: { dpop: { state: 'proved', jkt: 'x' } } },
  ],
  ['cnf of an unknown method (RAS-20)', 'XAA2215', 'binding', { claims: { cnf: { 'x5t#S256': 'abc' } } }],
  [
    'cnf with a known and an unknown method (DPOP-17)',
    'XAA2215',
    'binding',
    { claims: { cnf: { jkt: JKT, kid: 'k' } }, facts: { dpop: PROVED } },
  ],
  [
    'no proof from a client that requires bound tokens (DPOP-08)',
    'XAA2215',
    'binding',
    {
      server: {
        clients: [{ id: 'agent0-at-vendor', auth: { method: 'none' }, dpopBoundAccessTokens: true }],
      },
    },
  ],
  [
    'no proof for a resource that requires bound tokens',
    'XAA2215',
    'resource.binding',
    { server: { resources: [{ id: RESOURCE, scopes: ['todos.read'], dpop: 'required' }] } },
  ],
  [
    'an actor five deep (ACT-06)',
    'XAA2218',
    'assertion.actor',
    {
      claims: {
        act: { sub: 'a', act: { sub: 'b', act: { sub: 'c', act: { sub: 'd', act: { sub: 'e' } } } } },
      },
    },
  ],
  ['an actor that is a string (ACT-06)', 'XAA2218', 'assertion.actor', { claims: { act: 'agent' } }],
  [
    'a resource that is not served (RAS-21)',
    'XAA2213',
    'resource.claim',
    { claims: { resource: 'https://evil.test/' } },
  ],
  [
    'one served and one foreign resource (RAS-21)',
    'XAA2213',
    'resource.claim',
    { claims: { resource: [RESOURCE, 'https://evil.test/'] } },
  ],
  ['an empty resource', 'XAA2213', 'resource.claim', { claims: { resource: '' } }],
  [
    'no resource where several are served (RAS-22)',
    'XAA2213',
    'resource.parameter',
    { claims: { resource: undefined }, server: two },
  ],
  [
    'a resource parameter outside the claim (RAS-23)',
    'XAA2217',
    'resource.parameter',
    { facts: { ask: { resource: ['https://two.test/'] } }, server: two },
  ],
  [
    'a session that has ended (AT-11)',
    'XAA2206',
    'assertion.session',
    { claims: { session_expiry: NOW_SECONDS } },
  ],
  [
    'a session end that is a string (AT-11)',
    'XAA2210',
    'assertion.claims',
    { claims: { session_expiry: 'soon' } },
  ],
  [
    'details that are a string (RAS-20)',
    'XAA2210',
    'authorization_details',
    { claims: { authorization_details: 'x' } },
  ],
  [
    'details with an infinite number (RAR-04, SEC-06)',
    'XAA2210',
    'authorization_details',
    { claims: { authorization_details: [{ type: 'todo_list', list: Infinity }] } },
  ],
  [
    'details of an unknown type (RAR-04)',
    'XAA2221',
    'authorization_details',
    { claims: { authorization_details: [{ type: 'payment' }] } },
  ],
  [
    'details located at a resource that the claim does not name (RAR-05, RAS-28)',
    'XAA2221',
    'authorization_details',
    { claims: { authorization_details: [locatedAt('https://two.test/')] }, server: two },
  ],
  [
    'details whose locations are not a list (RAR-05)',
    'XAA2221',
    'authorization_details',
    { claims: { authorization_details: [{ type: 'todo_list', locations: RESOURCE }] } },
  ],
  [
    'a scope parameter that shares no scope with the claim (RAS-25)',
    'XAA2401',
    'scope',
    { facts: { ask: { scope: 'todos.write notes.read' } } },
  ],
  [
    'a scope parameter where the ID-JAG has no scope claim (RAS-25, RAS-26)',
    'XAA2401',
    'scope',
    { claims: { scope: undefined }, facts: { ask: { scope: 'todos.read' } } },
  ],
  [
    'a malformed scope parameter with a valid claim (RAS-25)',
    'XAA2404',
    'scope',
    { facts: { ask: { scope: 'todos.read "todos.write"' } } },
  ],
  [
    'a scope parameter that shares only unserved scopes with the claim (RAS-25)',
    'XAA2403',
    'scope',
    { claims: { scope: 'todos.read root' }, facts: { ask: { scope: 'root todos.write' } } },
  ],
  ['an unserved scope', 'XAA2403', 'scope', { claims: { scope: 'root:everything' } }],
  ['no scope at all (RAS-26)', 'XAA2403', 'scope', { claims: { scope: undefined } }],
  [
    'an unknown user (RAS-29)',
    'XAA2301',
    'account',
    { facts: { account: { state: 'missing', linkingSteps: [] } } },
  ],
  [
    'a user that matches several accounts',
    'XAA2302',
    'account',
    { facts: { account: { state: 'ambiguous', linkingSteps: [] } } },
  ],
  [
    'a disabled account (RAS-32)',
    'XAA2303',
    'account',
    { facts: { account: { state: 'found', id: 'a', active: false, linkingSteps: [] } } },
  ],
  [
    'an unacceptable e-mail address (RAS-30)',
    'XAA2305',
    'account',
    { facts: { account: { state: 'email-refused', linkingSteps: [] } } },
  ],
  [
    'a user whom two strategies link to different accounts',
    'XAA2302',
    'account',
    { facts: { account: { state: 'conflict', linkingSteps: [] } } },
  ],
  ['too many requests', 'XAA1904', 'client.rate', { facts: { retryAfterSeconds: 3 } }],
  [
    'a client that is not registered',
    'XAA2102',
    'client.grant',
    { facts: { client: { state: 'authenticated', clientId: 'gone', method: 'client_secret_basic' } } },
  ],
  [
    'keys that cannot be fetched, with the reason',
    'XAA2204',
    'assertion.signature',
    {
      facts: {
        assertion: assertion({ signature: 'keys-unreachable', keyProblem: 'timeout', retryAfterSeconds: 7 }),
      },
    },
  ],
  [
    'a details parameter beyond the ID-JAG (RAR-07)',
    'XAA2221',
    'request.authorization_details',
    {
      claims: { authorization_details: [{ type: 'todo_list' }] },
      facts: { ask: { authorizationDetails: JSON.stringify([{ type: 'todo_list' }, locatedAt(RESOURCE)]) } },
    },
  ],
  [
    'a details parameter where the ID-JAG has no details (RAR-04)',
    'XAA2221',
    'request.authorization_details',
    { facts: { ask: { authorizationDetails: '[{"type":"todo_list"}]' } } },
  ],
  [
    'an unreadable details parameter (RAR-01)',
    'XAA2221',
    'request.authorization_details',
    {
      claims: { authorization_details: [{ type: 'todo_list' }] },
      facts: { ask: { authorizationDetails: '{}' } },
    },
  ],
  [
    'an unserved scope, with valid details',
    'XAA2403',
    'scope',
    { claims: { scope: 'root', authorization_details: [{ type: 'todo_list' }] } },
  ],
  ['a grant used before (RAS-18)', 'XAA2209', 'replay', { facts: { replayed: true } }],
]

it.each(refused)('refuses %s with %s at %s', (_, code, check, request) => {
  const record = decide(request)
  expect(record.checks.find(({ result }) => result === 'fail')).toMatchObject({ id: check, code })
  expect(record).toMatchObject({ code, granted: null })
  const { http, error } = DECISION_CODES[code] as { http: number; error?: string }
  expect(record.wire).toMatchObject({ http, error })
})

it('records what each of these requested, which checks ran and what was found', async ({ expect }) => {
  const records = [...accepted, ...refused.map(([title, , , request]) => [title, request] as const)]
  const text = renderRecords(
    decide({}),
    records.map(([title, request]) => [title, decide(request)]),
  )
  await expect(text).toMatchFileSnapshot('testing/redemption-records.txt')
})

it('responds identically on the wire to every fault of the assertion (RAS-43)', () => {
  const wires = refused
    .filter(([, code]) => (DECISION_CODES[code] as { error?: string }).error === 'invalid_grant')
    .map(([, , , request]) => JSON.stringify(decide(request).wire))
  expect(wires.length).toBeGreaterThan(30)
  expect(new Set(wires).size).toBe(1)
})

const [NARROWED_BY_ID_JAG, NARROWED_BY_SERVER] = [
  { by: 'scope of the ID-JAG', code: 'XAA2401' },
  { by: 'resources of todo0', code: 'XAA2403' },
]

it('grants the intersection of parameter, ID-JAG and server, and records what narrowed it (RAS-25)', () => {
  const record = decide({
    claims: { scope: 'todos.read todos.delete' },
    facts: { ask: { scope: 'todos.read todos.write todos.delete' } },
  })
  expect(record).toMatchObject({ code: 'XAA0001', outcome: 'allow', granted: { scope: ['todos.read'] } })
  expect(record.narrowed).toEqual([
    { scope: 'todos.write', ...NARROWED_BY_ID_JAG },
    { scope: 'todos.delete', ...NARROWED_BY_SERVER },
  ])
})

it('does not record a scope parameter within the ID-JAG as narrowing: the client chose less (RAS-25)', () => {
  const record = decide({
    claims: { scope: 'todos.read todos.write' },
    facts: { ask: { scope: 'todos.write' } },
  })
  expect(record).toMatchObject({ code: 'XAA0000', granted: { scope: ['todos.write'] }, narrowed: [] })
})

it('drops unserved scopes and records it', () => {
  const record = decide({ claims: { scope: 'todos.read notes.read' } })
  expect(record).toMatchObject({ code: 'XAA0001', granted: { scope: ['todos.read'] } })
  expect(record.narrowed).toEqual([{ scope: 'notes.read', by: 'resources of todo0', code: 'XAA2403' }])
})

it('omits details that apply to more than the resource of the token (RAS-28, AT-06)', () => {
  const both = { type: 'todo_list', locations: [RESOURCE, 'https://two.test/'] }
  const mine = locatedAt(RESOURCE)
  const claims = { resource: [RESOURCE, 'https://two.test/'], authorization_details: [both, mine] }
  const grant = (ask: object) => decide({ claims, facts: { ask }, server: two }).granted
  expect(grant({ resource: [RESOURCE] })?.authorization_details).toEqual([mine])
  expect(grant({})?.authorization_details).toEqual([both, mine])
})

it('binds the token to the proved key (AT-07)', () => {
  expect(decide({ facts: { dpop: PROVED } }).granted?.cnf).toEqual({ jkt: JKT })
})

it('skips replay protection if any other check failed, so that no grant is used up (RAS-19)', () => {
  const record = decide({ claims: { scope: 'root' }, facts: { replayed: true } })
  expect(record.code).toBe('XAA2403')
  expect(record.checks.at(-1)).toMatchObject({ id: 'replay', result: 'skipped' })
})
