// The simulator is accurate: over generated worlds and requests, its results match the token endpoint's.
import {
  type Chain,
  dropUndefined,
  type Hop,
  type PolicyDefinition,
  TOKEN_TYPE,
  zApp,
  zConnection,
  zPolicy,
  zResourceApp,
  zScopeApproval,
  zUser,
} from '@crosswalk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { Block } from '../blocks.ts'
import { evaluateExchange } from '../evaluate-exchange.ts'
import type { ExchangeFacts, SignInFact, SubjectFact } from '../exchange-facts.ts'
import { compileExchangeSnapshot, type ConnectionHold, type ExchangeSnapshot } from '../exchange-snapshot.ts'
import type { ExchangeUser } from '../namesakes.ts'
import { AUDIENCE, idTokenOf, ISSUER, makeFacts, NOW_SECONDS } from '../testing/exchange-world.ts'
import { assume } from '../testing/assumed-exchange.ts'
import { areRunsReduced, propertyRuns } from '../testing/property-runs.ts'
import { findNearestAllow } from './find-nearest-allow.ts'

const SCOPES = ['a.read', 'a.write', 'b.read', 'c.admin']
const GROUPS = ['engineering', 'sales']
const RESOURCES = ['https://a.vendor.test/mcp', 'https://b.vendor.test/mcp']
const AUDIENCES = [`${AUDIENCE}/`, 'urn:a', ISSUER, 'https://nowhere.test']

/** Two scopes that need approval; the approved meaning of one is its current or an earlier one. */
const GUARDED = { 'a.read': { needsApproval: true }, 'a.write': { needsApproval: true, tools: ['add'] } }
const approve = (scope: string, tools: readonly string[]) =>
  ['to-a', 'to-b'].map((to) =>
    zScopeApproval.parse({ connection: to, scope, meaning: { tools }, by: 'x', at: '2026-01-01T00:00:00Z' }),
  )

const some = <T>(values: readonly T[], minLength = 0) => fc.subarray([...values], { minLength })
/** Each fault is rare, so that not every world is refused for the first of them. */
const mostly = <T>(usual: fc.Arbitrary<T>, rare: fc.Arbitrary<T>) =>
  fc.oneof({ arbitrary: usual, weight: 14 }, { arbitrary: rare, weight: 1 })
const rarely = <T>(usual: T, rare: T) => mostly<T>(fc.constant(usual), fc.constant(rare))
const assignments = mostly<Readonly<Record<string, unknown>>>(
  fc.constantFrom({ everyone: true }, { users: ['usr_one'] }),
  fc.record({ users: some(['usr_one']), groups: some(GROUPS) }),
)

const anyUser = fc
  .record({
    groups: some(GROUPS),
    active: rarely(true, false),
    email: fc.constantFrom('one@acme.test', undefined),
    emailVerified: fc.boolean(),
  })
  .map((fields): ExchangeUser => ({
    ...zUser.parse({ id: 'usr_one', username: 'one', ...dropUndefined(fields) }),
    namesakes: [],
  }))

const app = fc
  .record({
    kind: fc.constantFrom('agent', 'web'),
    assignments,
    active: rarely(true, false),
    maxSubjectTokenAgeSeconds: rarely<number | undefined>(undefined, 60),
    serviceOf: fc.constantFrom(undefined, 'a', 'a', 'b'),
  })
  .map((fields) =>
    zApp.parse({
      id: 'agent0',
      name: 'Agent',
      auth: { method: 'client_secret_basic', secret: 's' },
      ...dropUndefined(fields),
    }),
  )

const resourceApp = (id: 'a' | 'b') =>
  fc
    .record({
      scopes: some(SCOPES, 1),
      assignments,
      requireResource: rarely(false, true),
      active: rarely(true, false),
      subject: fc.constantFrom('user.id', 'user.email', 'pairwise'),
      scopeMeanings: fc.constantFrom(undefined, undefined, GUARDED),
    })
    .map(({ scopes, scopeMeanings, ...fields }) =>
      zResourceApp.parse({
        id,
        name: id,
        issuer: AUDIENCE,
        aliases: id === 'a' ? ['urn:a'] : [],
        resources: [{ id: RESOURCES[id === 'a' ? 0 : 1], scopes }],
        ...(scopeMeanings === undefined ? {} : { scopeMeanings }),
        ...fields,
      }),
    )

const connection = (target: 'a' | 'b') =>
  fc
    .record({
      scopes: some(SCOPES),
      resources: fc.constant([RESOURCES[target === 'a' ? 0 : 1]]),
      assignments,
      status: mostly(fc.constant('active'), fc.constantFrom('draft', 'suspended', 'report-only')),
      clientId: rarely<string | undefined>('agent-there', undefined),
      expiresAt: fc.constantFrom(
        undefined,
        undefined,
        undefined,
        '2027-01-15T08:00:00Z',
        '2040-01-01T00:00:00Z',
      ),
      conditions: fc.constantFrom(
        {},
        {},
        { acr: ['mfa'] },
        { maxAuthAgeSeconds: 30 },
        { dpop: 'required' },
        { window: 'Fri 08:00-08:04 UTC' },
        { window: 'Fri 07:00-08:00 UTC' },
      ),
      delegation: fc.constantFrom(
        undefined,
        { scopes: { 'a.read': ['b.read'], 'b.read': ['a.read', 'a.write'] } },
        { maxDepth: 2, scopes: { 'a.read': ['a.read'], 'a.write': ['b.read'], 'b.read': ['a.read'] } },
      ),
    })
    .map((fields) =>
      zConnection.parse({ id: `to-${target}`, app: 'agent0', resourceApp: target, ...dropUndefined(fields) }),
    )

const policy: fc.Arbitrary<PolicyDefinition> = fc
  .record({
    id: fc.uuid().map((id) => `p-${id}`),
    when: fc.constantFrom(
      {},
      { scope: ['a.write'] },
      { 'app.kind': 'agent' },
      { group: 'sales' },
      { resourceApp: 'b' },
      { user: 'usr_one' },
    ),
    body: fc.constantFrom(
      { effect: 'deny' },
      { effect: 'limit', limit: { scopes: ['a.read'] } },
      { effect: 'limit', limit: { idJagTtlSeconds: 60 } },
      { effect: 'require', require: { acr: ['mfa'] } },
      { effect: 'require', require: { maxAuthAgeSeconds: 60 } },
      { effect: 'require', require: { acr: ['hardware'] } },
    ),
    state: fc.constantFrom('enforced', 'report-only', 'off'),
  })
  .map(({ body, ...rest }) => zPolicy.parse({ ...rest, ...body }))

const block: fc.Arbitrary<Block> = fc.constantFrom(
  { id: 'b1', kind: 'user', target: 'usr_one', by: 'x' },
  { id: 'b2', kind: 'app', target: 'agent0', by: 'x' },
  { id: 'b3', kind: 'connection', target: 'to-a', by: 'x' },
  { id: 'b4', kind: 'everything', target: '*', by: 'x' },
  { id: 'b5', kind: 'user', target: 'usr_one', by: 'x', until: '2020-01-01T00:00:00Z' },
)

const world = fc.record({
  anyUser,
  known: rarely(true, false),
  apps: fc.tuple(app),
  resourceApps: fc.tuple(resourceApp('a'), resourceApp('b')),
  connections: fc.tuple(connection('a'), connection('b')).chain((both) => some(both, 1)),
  policies: fc.oneof(fc.constant<PolicyDefinition[]>([]), fc.array(policy, { maxLength: 2 })),
  blocks: fc.oneof(
    { arbitrary: fc.constant<Block[]>([]), weight: 5 },
    { arbitrary: block.map((it) => [it]), weight: 1 },
  ),
  approvals: fc.constantFrom(
    [],
    approve('a.read', []),
    [...approve('a.read', []), ...approve('a.write', ['add'])],
    approve('a.write', ['add', 'delete']),
  ),
  held: mostly(fc.constant(undefined), fc.constantFrom('suspended', 'revoked')),
})

/** Of an access token issued to another app */
const chain = fc.oneof(
  { arbitrary: fc.constant<Chain | undefined>(undefined), weight: 8 },
  {
    arbitrary: fc.record({
      hops: fc.array(
        mostly<Hop>(
          fc.constant({ app: 'caller', resource_app: 'a', connection: 'caller-a' }),
          fc.constantFrom(
            { app: 'caller', resource_app: 'a', connection: 'gone' },
            { app: 'unknown', resource_app: 'b', connection: 'caller-a' },
          ),
        ),
        { minLength: 1, maxLength: 2 },
      ),
      scope: some(SCOPES),
      expires_at: fc.constantFrom(NOW_SECONDS + 1, NOW_SECONDS + 299, NOW_SECONDS + 3600),
    }),
    weight: 1,
  },
)

const request = fc.record({
  chain,
  audience: mostly(fc.constant(AUDIENCE), fc.constantFrom(...AUDIENCES)),
  resource: mostly(
    fc.constantFrom(...RESOURCES.map((one) => [one])),
    fc.oneof(some(RESOURCES), fc.constantFrom(['https://nowhere.test/x'], ['no-url'])),
  ),
  scope: mostly<string | undefined>(
    some([...SCOPES, 'unknown']).map((list) => (list.length === 0 ? undefined : list.join(' '))),
    fc.constant('a"b'),
  ),
  tokenAge: fc.constantFrom(0, 60, 61),
  authAge: fc.constantFrom(5, 59, 60, 61, 3600),
  acr: fc.constantFrom(undefined, undefined, 'mfa'),
  dpop: fc.constantFrom(undefined, 'thumbprint'),
  ip: fc.constantFrom(undefined, '192.0.2.1'),
})

const CALLER = zApp.parse({
  ...{ id: 'caller', name: 'Caller', kind: 'agent', auth: { method: 'client_secret_basic', secret: 's' } },
})
const CALLERS = zConnection.parse({ id: 'caller-a', app: 'caller', resourceApp: 'a', status: 'active' })

function compile({ held, ...given }: typeof world extends fc.Arbitrary<infer T> ? T : never) {
  const hold: ConnectionHold | undefined =
    held === undefined ? undefined : { state: held as 'suspended', by: 'x', since: '2026-01-01T00:00:00Z' }
  return compileExchangeSnapshot(
    1,
    { issuer: ISSUER, idJagTtlSeconds: 300, clockSkewSeconds: 30, acrValues: ['mfa'] },
    {
      ...given,
      apps: [...given.apps, CALLER],
      connections: [...given.connections, CALLERS],
      holds: new Map(hold === undefined ? [] : [['to-a', hold]]),
    },
  )
}

/** As the authorization server knows it, for the resource it was issued for */
function accessTokenOf(
  chain: Chain,
  { issuedAt, signIn }: { readonly issuedAt: number; readonly signIn: SignInFact },
  { resourceApps }: ExchangeSnapshot,
): SubjectFact {
  const { issuer = '', resources = [] } = resourceApps.get(chain.hops.at(-1)?.resource_app ?? '') ?? {}
  const audience = resources.map(({ id }) => id)
  const token = {
    id: 't',
    authorizationServer: 'as',
    state: 'live',
    issuer,
    audience,
    issuedAt,
    chain,
  } as const
  return { kind: 'access_token', token, signIn }
}

describe('simulation', () => {
  it('matches the endpoint over 10,000 generated worlds and requests', () => {
    const outcomes = new Map<string, number>()
    const codes = new Set<string>()
    fc.assert(
      fc.property(world, request, (given, asked) => {
        const snapshot = compile(given)
        const user = given.known ? given.anyUser : undefined
        const authTime = NOW_SECONDS - asked.authAge
        const acr = asked.acr === undefined ? {} : { acr: asked.acr }
        const signIn = { userId: 'usr_one', authTime, ...acr }
        const subject = idTokenOf(given.anyUser, {
          iat: NOW_SECONDS - asked.tokenAge,
          auth_time: authTime,
          ...acr,
        })
        const endpoint: ExchangeFacts = makeFacts({
          ask: {
            audience: [asked.audience],
            resource: asked.resource,
            ...dropUndefined({ scope: asked.scope }),
            ...(asked.chain === undefined ? {} : { subjectTokenType: TOKEN_TYPE.accessToken }),
          },
          dpop: asked.dpop === undefined ? { state: 'absent' } : { state: 'proved', jkt: asked.dpop },
          subject:
            asked.chain === undefined
              ? { ...subject, session: signIn }
              : accessTokenOf(asked.chain, { issuedAt: NOW_SECONDS - asked.tokenAge, signIn }, snapshot),
          user,
          ip: asked.ip,
        })
        const simulated = assume(
          {
            userId: 'usr_one',
            user,
            audience: asked.audience,
            resource: asked.resource,
            scope: asked.scope,
            authTime,
            ...acr,
            tokenIssuedAt: NOW_SECONDS - asked.tokenAge,
            chain: asked.chain,
            dpopThumbprint: asked.dpop,
            ip: asked.ip,
          },
          snapshot,
        )
        const [real, said] = [endpoint, simulated].map((facts) => evaluateExchange(facts, snapshot))
        const comparable = ({
          mode: _,
          checks,
          request: { subject: __, ...rest },
          ...record
        }: NonNullable<typeof real>) => ({
          ...record,
          request: rest,
          checks: checks.filter(({ id }) => !id.startsWith('subject_token')),
        })
        if (real === undefined || said === undefined) throw new Error('nothing was evaluated')
        expect(comparable(said)).toEqual(comparable(real))
        outcomes.set(real.outcome, (outcomes.get(real.outcome) ?? 0) + 1)
        codes.add(real.code)
      }),
      propertyRuns(10_000),
    )
    // A generator that only produces refusals would prove little.
    if (areRunsReduced()) return
    expect(outcomes.get('allow')).toBeGreaterThan(300)
    expect(outcomes.get('step_up')).toBeGreaterThan(50)
    expect(codes.size).toBeGreaterThan(15)
    expect([...codes]).toEqual(
      expect.arrayContaining([
        'XAA1204',
        'XAA1218',
        'XAA1220',
        'XAA1405',
        'XAA1409',
        'XAA1604',
        'XAA1605',
        'XAA1607',
      ]),
    )
  })

  it('offers only changes that make the request allowed', () => {
    let offered = 0
    fc.assert(
      fc.property(world, request, (given, asked) => {
        const snapshot = compile(given)
        const facts = assume(
          {
            userId: 'usr_one',
            user: given.anyUser,
            audience: asked.audience,
            resource: asked.resource,
            scope: asked.scope,
            authTime: NOW_SECONDS - asked.authAge,
            tokenIssuedAt: NOW_SECONDS - asked.tokenAge,
          },
          snapshot,
        )
        const record = evaluateExchange(facts, snapshot)
        const remedies = findNearestAllow(record, facts, snapshot)
        if (record.outcome === 'allow') expect(remedies).toEqual([])
        for (const remedy of remedies) expect(remedy.verified).toMatch(/^re-evaluated: allow \(/)
        offered += remedies.length
      }),
      propertyRuns(500),
    )
    if (!areRunsReduced()) expect(offered).toBeGreaterThan(100)
  })
})
