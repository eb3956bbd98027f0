// Properties of every request and definition: a grant is within what was requested, allowed and known, and more rules,
// fewer scopes or further conditions never enlarge it.
import { type PolicyDefinition, zConnection, zPolicy } from '@crosswalk/protocol'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { evaluateExchange } from './evaluate-exchange.ts'
import { evaluateRedemption } from './evaluate-redemption.ts'
import type { ExchangeDefinitions } from './exchange-snapshot.ts'
import type { ExchangeUser } from './namesakes.ts'
import * as exchangeWorld from './testing/exchange-world.ts'
import { areRunsReduced, propertyRuns } from './testing/property-runs.ts'
import * as redemptionWorld from './testing/redemption-world.ts'

const { TODO_RESOURCE } = exchangeWorld
const alice = exchangeWorld.USERS.alice as ExchangeUser
const SCOPES = ['todos.read', 'todos.write', 'todos.delete', 'notes.read', 'unknown']
const scopeSet = fc.uniqueArray(fc.constantFrom(...SCOPES), { maxLength: 4 })
const RUNS = propertyRuns(2000)

const isWithin = (inner: readonly string[], outer: readonly string[]) =>
  inner.every((one) => outer.includes(one))

interface Terms {
  readonly asked: readonly string[] | undefined
  readonly resource: readonly string[]
  readonly connection: readonly string[]
  /** Scopes of the first resource and of the second */
  readonly catalogue: readonly [readonly string[], readonly string[]]
  readonly policies: readonly PolicyDefinition[]
  readonly conditions: Readonly<Record<string, unknown>>
  readonly proof: { readonly acr: string | undefined; readonly authAge: number; readonly dpop: boolean }
}

const policy: fc.Arbitrary<PolicyDefinition> = fc
  .record({
    id: fc.uuid().map((id) => `p-${id}`),
    when: fc.constantFrom({}, { app: 'agent0' }, { scope: ['todos.write'] }, { 'app.kind': 'web' }),
    body: fc.oneof(
      fc.constant({ effect: 'deny' }),
      scopeSet.map((scopes) => ({ effect: 'limit', limit: { scopes } })),
      fc
        .integer({ min: 1, max: 300 })
        .map((idJagTtlSeconds) => ({ effect: 'limit', limit: { idJagTtlSeconds } })),
      fc
        .constantFrom(
          { acr: ['mfa'] },
          { acr: ['mfa', 'hwk'] },
          { acr: ['hwk'] },
          { dpop: true },
          { maxAuthAgeSeconds: 30 },
          { maxAuthAgeSeconds: 3600 },
        )
        .map((require) => ({ effect: 'require', require })),
    ),
    state: fc.constantFrom('enforced', 'report-only', 'off'),
  })
  .map(({ body, ...rest }) => zPolicy.parse({ ...rest, ...body }))

const conditions = fc.constantFrom(
  {},
  { maxAuthAgeSeconds: 30 },
  { maxAuthAgeSeconds: 3600 },
  { acr: ['mfa'] },
  { acr: ['hwk'] },
  { acr: ['mfa', 'hwk'], maxAuthAgeSeconds: 3600 },
  { dpop: 'required' },
)

/** Known facts about the sign-in and the key; weaker evidence must not get more access. */
const proof = fc.record({
  acr: fc.constantFrom(undefined, 'mfa', 'hwk'),
  authAge: fc.constantFrom(0, 30, 31, 3600, 3601),
  dpop: fc.boolean(),
})

const TASKS = 'https://todo.vendor.test/tasks'
const resources = fc.uniqueArray(fc.constantFrom(TODO_RESOURCE, TASKS), { minLength: 1 })

const terms: fc.Arbitrary<Terms> = fc.record({
  asked: fc.option(scopeSet, { nil: undefined }),
  resource: resources,
  connection: scopeSet,
  catalogue: fc.tuple(scopeSet, scopeSet),
  policies: fc.array(policy, { maxLength: 3 }),
  conditions,
  proof,
})

/** The scopes that the requested resources define. */
const knownTo = ({ resource, catalogue: [first, second] }: Terms) => [
  ...(resource.includes(TODO_RESOURCE) ? first : []),
  ...(resource.includes(TASKS) ? second : []),
]

function exchange({
  asked,
  resource,
  connection,
  catalogue,
  policies,
  conditions: held,
  proof: shown,
}: Terms) {
  const definitions: Partial<ExchangeDefinitions> = {
    policies,
    connections: exchangeWorld.DEFINITIONS.connections.map((one) =>
      one.id === 'agent0-todo0'
        ? zConnection.parse({
            ...one,
            resources: [TODO_RESOURCE, TASKS],
            scopes: connection,
            conditions: held,
          })
        : one,
    ),
    ...exchangeWorld.withResourceApp({
      resources: [
        { id: TODO_RESOURCE, scopes: [...catalogue[0]] },
        { id: TASKS, scopes: [...catalogue[1]] },
      ],
    }),
  }
  const ask = { resource: [...resource], ...(asked === undefined ? {} : { scope: asked.join(' ') }) }
  const snapshot = exchangeWorld.makeSnapshot(definitions, { acrValues: ['mfa', 'hwk'] })
  const record = evaluateExchange(exchangeWorld.makeFacts({ ask, ...signedIn(shown) }), snapshot)
  return record.outcome === 'allow' ? record.granted : null
}

function signedIn({ acr, authAge, dpop }: Terms['proof']) {
  const auth_time = exchangeWorld.NOW_SECONDS - authAge
  const context = acr === undefined ? {} : { acr }
  const subject = exchangeWorld.idTokenOf(alice, { auth_time, ...context })
  if (subject.kind !== 'id_token') throw new TypeError('an ID token')
  const session = { userId: alice.id, authTime: auth_time, ...context }
  return {
    subject: { ...subject, session },
    dpop: dpop ? ({ state: 'proved', jkt: 'j' } as const) : ({ state: 'absent' } as const),
  }
}

describe('an exchange', () => {
  it('grants within what is requested, connected and known, and never an empty scope (SEC-30, IDP-12, IDP-13)', () => {
    let grants = 0
    fc.assert(
      fc.property(terms, (given) => {
        const granted = exchange(given)
        if (granted === null) return
        grants += 1
        expect(granted.scope.length).toBeGreaterThan(0)
        expect(isWithin(granted.scope, given.connection)).toBe(true)
        expect(isWithin(granted.scope, knownTo(given))).toBe(true)
        if (given.asked !== undefined && given.asked.length > 0)
          expect(isWithin(granted.scope, given.asked)).toBe(true)
        expect([...granted.resource].sort()).toEqual([...given.resource].sort())
        expect(granted.lifetime_seconds).toBeLessThanOrEqual(300)
      }),
      RUNS,
    )
    if (!areRunsReduced()) expect(grants).toBeGreaterThan(100)
  })

  // Fewer scopes on the connection are different: a rule about a scope no longer applies if the scope cannot be
  // requested.
  it('never grants more with one more policy or condition (SEC-30, IDP-22)', () => {
    let grants = 0
    fc.assert(
      fc.property(terms, policy, conditions, (given, added, held) => {
        const before = exchange(given)
        const stricter: Terms[] = [
          { ...given, policies: [...given.policies, added] },
          { ...given, conditions: { ...held, ...given.conditions } },
        ]
        for (const after of stricter.map(exchange)) {
          if (after === null) continue
          grants += 1
          expect(isWithin(after.scope, before?.scope ?? [])).toBe(true)
          expect(after.lifetime_seconds).toBeLessThanOrEqual(before?.lifetime_seconds ?? 0)
        }
      }),
      RUNS,
    )
    if (!areRunsReduced()) expect(grants).toBeGreaterThan(100)
  })

  it('requires every context and the shortest age that connection and rules require (SEC-30, STEP-03)', () => {
    let grants = 0
    fc.assert(
      fc.property(terms, (given) => {
        if (exchange(given) === null) return
        grants += 1
        const required = [
          given.conditions,
          ...given.policies
            .filter((one) => one.state === 'enforced' && appliesToAll(one))
            .map(({ require }) => require ?? {}),
        ] as readonly Requirement[]
        for (const { acr, maxAuthAgeSeconds, dpop } of required) {
          if (acr !== undefined) expect(acr).toContain(given.proof.acr)
          if (maxAuthAgeSeconds !== undefined)
            expect(given.proof.authAge).toBeLessThanOrEqual(maxAuthAgeSeconds)
          if (dpop === true || dpop === 'required') expect(given.proof.dpop).toBe(true)
        }
      }),
      RUNS,
    )
    if (!areRunsReduced()) expect(grants).toBeGreaterThan(100)
  })
})

interface Requirement {
  readonly acr?: readonly string[]
  readonly maxAuthAgeSeconds?: number
  readonly dpop?: boolean | string
}

/** Rules that name no scope apply to these requests whatever the final grant. */
function appliesToAll({ when }: PolicyDefinition): boolean {
  return Object.entries(when).every(([key, value]) => key === 'app' && value === 'agent0')
}

const RESOURCES = [redemptionWorld.RESOURCE, 'https://notes.vendor.test/mcp', 'https://elsewhere.test/api']
const resourceSet = fc.uniqueArray(fc.constantFrom(...RESOURCES), { maxLength: 3 })
const [first = '', second = ''] = RESOURCES
const SERVED = { [first]: ['todos.read', 'todos.write'], [second]: ['notes.read'] }

const redemption = fc.record({
  claimed: scopeSet,
  asked: scopeSet,
  claimedResource: resourceSet,
  askedResource: resourceSet,
})

function redeem({
  claimed,
  asked,
  claimedResource,
  askedResource,
}: typeof redemption extends fc.Arbitrary<infer T> ? T : never) {
  const claims = {
    scope: claimed.length === 0 ? undefined : claimed.join(' '),
    resource: claimedResource.length === 0 ? undefined : claimedResource,
  }
  const facts = redemptionWorld.makeFacts(JSON.parse(JSON.stringify(claims)) as Record<string, unknown>, {
    ask: { resource: askedResource, ...(asked.length === 0 ? {} : { scope: asked.join(' ') }) },
  })
  // `makeClaims` fills in omitted claims, so they are removed again here.
  if (facts.assertion?.state === 'read')
    for (const [name, value] of Object.entries(claims))
      if (value === undefined) delete (facts.assertion.claims as Record<string, unknown>)[name]
  const resources = Object.entries(SERVED).map(([id, scopes]) => ({ id, scopes }))
  const record = evaluateRedemption(facts, redemptionWorld.makeSnapshot({ resources }))
  return record.outcome === 'allow' ? record.granted : null
}

describe('a redemption', () => {
  it('grants within claim, parameters and served scopes, and nothing from an empty claim (SEC-30, RAS-21 to RAS-26)', () => {
    let grants = 0
    fc.assert(
      fc.property(redemption, (given) => {
        const granted = redeem(given)
        if (granted === null) return
        grants += 1
        const served = granted.resource.flatMap((id) => SERVED[id] ?? [])
        expect(granted.scope.length).toBeGreaterThan(0)
        expect(isWithin(granted.scope, given.claimed) && isWithin(granted.scope, served)).toBe(true)
        if (given.asked.length > 0) expect(isWithin(granted.scope, given.asked)).toBe(true)
        expect(isWithin(granted.resource, Object.keys(SERVED))).toBe(true)
        if (given.claimedResource.length > 0)
          expect(isWithin(granted.resource, given.claimedResource)).toBe(true)
        if (given.askedResource.length > 0) expect(isWithin(granted.resource, given.askedResource)).toBe(true)
      }),
      propertyRuns(20_000),
    )
    if (!areRunsReduced()) expect(grants).toBeGreaterThan(100)
  })

  it('grants the whole intersection of parameter, claim and scopes served (RAS-25)', () => {
    fc.assert(
      fc.property(redemption, (given) => {
        const granted = redeem(given)
        const [bare, { asked }] = [redeem({ ...given, asked: [] }), given]
        if (bare === null || asked.length === 0) return
        const common = bare.scope.filter((one) => asked.includes(one))
        expect(granted?.scope ?? []).toEqual(asked.filter((one) => common.includes(one)))
      }),
      RUNS,
    )
  })

  it('never grants more with a parameter (RAS-23, RAS-25)', () => {
    fc.assert(
      fc.property(redemption, (given) => {
        const [bare, asked] = [redeem({ ...given, asked: [] }), redeem(given)]
        if (asked === null) return
        // If the request is refused without a scope parameter, it is refused with one.
        expect(isWithin(asked.scope, bare?.scope ?? [])).toBe(true)
      }),
      RUNS,
    )
  })
})
