// Each rule at both edges of its thresholds: what just raises a recommendation, and what just does not.
import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS } from '@crosswalk/protocol'

import { listUnchanged } from '../connections/unused-connections.ts'
import {
  agentWithoutOwner,
  appKeyOld,
  connectionUnused,
  connectionWithoutEnd,
  scopeMeaningChanged,
  signingKeyOld,
} from './definition-rules.ts'
import type { RecommendationFacts, Rule } from './recommendation.ts'
import {
  auditStreamLag,
  killDrillMissing,
  restoreDrillMissing,
  reverseProxy,
  tokenExpiresSoon,
} from './operation-rules.ts'
import { activityReported } from './report-rules.ts'
import { accessReviewMissing, removalUnverified } from './review-rules.ts'
import {
  findSpike,
  userSpike,
  refusalBurst,
  scopeFirstUse,
  unknownClient,
  volumeSpike,
} from './traffic-rules.ts'

const NOW = Date.parse('2026-06-15T12:00:00.000Z')
const ago = (days: number) => NOW - days * DAY_MS

interface WorldParts {
  readonly apps?: readonly object[]
  readonly connections?: readonly object[]
  readonly resourceApps?: readonly object[]
  readonly updatedAt?: number
  readonly holds?: readonly string[]
  readonly people?: Readonly<Record<string, boolean>>
  readonly approvals?: Readonly<Record<string, string>>
  readonly tokens?: readonly object[]
}

function worldOf({ apps = [], connections = [], resourceApps = [], ...more }: WorldParts) {
  const { updatedAt, holds = [], approvals, tokens = [], people = {} } = more
  const items = (all: readonly object[]) =>
    new Map(all.map((definition) => [(definition as { id: string }).id, { definition, updatedAt }]))
  const states = new Map(Object.entries(approvals ?? {}).map(([scope, state]) => [scope, { state }]))
  return {
    activeOwners: new Set(Object.keys(people).filter((id) => people[id])),
    world: {
      apps: items(apps),
      connections: items(connections),
      'resource-apps': items(resourceApps),
      holds: new Map(holds.map((id) => [id, {}])),
      tokens: new Map(tokens.map((token) => [(token as { id: string }).id, token])),
    },
    exchange: { connections: { get: () => ({ approvals: approvals && states }) } },
  }
}

function facts(world: WorldParts, more: object = {}): RecommendationFacts {
  return {
    nowMs: NOW,
    compiled: worldOf(world),
    firstEventAt: ago(400),
    lastGrants: new Map(),
    appsAYearAgo: new Map(),
    signingKeys: [],
    refusals: [],
    volumes: [],
    scopeFirstUses: [],
    unauthenticated: [],
    auditStreams: [],
    lastDrillAt: undefined,
    lastRestoreDrillAt: undefined,
    pendingRemovals: [],
    proxyTrouble: undefined,
    ...more,
  } as never
}

const found = (rule: Rule, given: RecommendationFacts) => rule.find(given).map(({ subject: { id } }) => id)
const severities = (rule: Rule, given: RecommendationFacts) =>
  rule.find(given).map(({ severity }) => severity)

const agent = { id: 'agent', name: 'Agent', kind: 'agent', active: true, owners: [] as string[] }
const connection = { id: 'con', app: 'agent', resourceApp: 'todo', status: 'active', scopes: ['read'] }

describe('an agent without owner', () => {
  it.each([
    ['no owner', { apps: [agent] }, ['agent']],
    ['an active owner', { apps: [{ ...agent, owners: ['a'] }], people: { a: true } }, []],
    ['one active of two', { apps: [{ ...agent, owners: ['a', 'b'] }], people: { a: false, b: true } }, []],
    ['an inactive owner', { apps: [{ ...agent, owners: ['a'] }], people: { a: false } }, ['agent']],
    ['an unknown owner', { apps: [{ ...agent, owners: ['x'] }] }, ['agent']],
    ['no agent', { apps: [{ ...agent, kind: 'web' }] }, []],
    ['not active', { apps: [{ ...agent, active: false }] }, []],
    ['suspended', { apps: [agent], holds: ['app:agent'] }, []],
  ])('%s', (_, world, ids) => expect(found(agentWithoutOwner, facts(world))).toEqual(ids))
})

describe('a connection without end', () => {
  const soon = new Date(NOW + 1).toISOString()
  it.each([
    ['no end', connection, [], ['con']],
    ['an end', { ...connection, expiresAt: soon }, [], []],
    ['a draft', { ...connection, status: 'draft' }, [], []],
    ['suspended', connection, ['connection:con'], []],
  ])('%s', (_, one, holds, ids) =>
    expect(found(connectionWithoutEnd, facts({ connections: [one], holds }))).toEqual(ids),
  )
})

describe('an unused connection', () => {
  it.each([
    ['granted 60 days ago', ago(60), ago(400), ['con']],
    ['granted a moment later', ago(60) + 1, ago(400), []],
    ['never granted, events known for 60 days', undefined, ago(60), ['con']],
    ['never granted, events known for a moment less', undefined, ago(60) + 1, []],
    ['never granted, no events at all', undefined, undefined, []],
  ])('%s', (_, lastAt, firstEventAt, ids) => {
    const more = { lastGrants: new Map([['con', lastAt]]), firstEventAt }
    expect(found(connectionUnused, facts({ connections: [connection] }, more))).toEqual(ids)
  })

  it('is searched among active ones that have not changed for 60 days', () => {
    const candidates = (updatedAt: number | undefined, more: object = {}) =>
      listUnchanged(
        worldOf({
          connections: [{ ...connection, ...more }],
          ...(updatedAt === undefined ? {} : { updatedAt }),
        }) as never,
        NOW,
        60,
      )
    expect(candidates(ago(60))).toEqual(['con'])
    expect(candidates(ago(60) + 1)).toEqual([])
    expect(candidates(undefined)).toEqual(['con'])
    expect(candidates(ago(60), { expiresAt: new Date(NOW).toISOString() })).toEqual([])
    expect(candidates(ago(60), { expiresAt: new Date(NOW + 1).toISOString() })).toEqual(['con'])
    expect(candidates(ago(90), { notBefore: new Date(ago(60)).toISOString() })).toEqual(['con'])
    expect(candidates(ago(90), { notBefore: new Date(ago(60) + 1).toISOString() })).toEqual([])
  })
})

describe('an admin API token that expires soon', () => {
  const token = (createdDaysAgo: number, expiresAtMs?: number) => ({
    ...{ id: 'tok', name: 'pipeline', createdAt: new Date(ago(createdDaysAgo)).toISOString() },
    ...(expiresAtMs !== undefined && { expiresAt: new Date(expiresAtMs).toISOString() }),
  })

  it.each([
    ['in 14 days', token(60, NOW + 14 * DAY_MS), ['warning']],
    ['a moment after 14 days', token(60, NOW + 14 * DAY_MS + 1), []],
    ['in a day', token(60, NOW + DAY_MS), ['critical']],
    ['now', token(60, NOW), []],
    ['never', token(60), []],
    ['soon, created for 30 days', token(20, NOW + 10 * DAY_MS), ['warning']],
    ['soon, created for a moment less', token(20, NOW + 10 * DAY_MS - 1), []],
  ])('%s', (_, one, expected) =>
    expect(severities(tokenExpiresSoon, facts({ tokens: [one] }))).toEqual(expected),
  )
})

describe('a scope with a changed meaning', () => {
  it.each([
    ['changed', { read: 'changed' }, ['con']],
    ['approved', { read: 'approved' }, []],
    ['never approved', { read: 'needed' }, []],
    ['changed, but not of the connection', { write: 'changed' }, []],
    ['no scope that needs approval', undefined, []],
  ])('%s', (_, approvals, ids) => {
    const world = { connections: [connection], ...(approvals === undefined ? {} : { approvals }) }
    expect(found(scopeMeaningChanged, facts(world as never))).toEqual(ids)
  })
})

describe('an old key of an app', () => {
  const secret = (secretHash: string) => ({ method: 'client_secret_basic', secretHash })
  const keys = (...kids: string[]) => ({
    method: 'private_key_jwt',
    jwks: { keys: kids.map((kid) => ({ kid })) },
  })
  it.each([
    ['the same secret as a year ago', secret('a'), secret('a'), ['agent']],
    ['another secret', secret('b'), secret('a'), []],
    ['not registered a year ago', secret('a'), undefined, []],
    ['still the previous secret', { ...secret('b'), previousSecretHash: 'a' }, secret('a'), ['agent']],
    ['one of two keys is kept', keys('a', 'b'), keys('a'), ['agent']],
    ['all keys are new', keys('b'), keys('a'), []],
    ['keys behind a URL', { method: 'private_key_jwt', jwksUri: 'https://a' }, keys('a'), []],
    ['no credential', { method: 'none' }, { method: 'none' }, []],
  ])('%s', (_, auth, before, ids) => {
    const appsAYearAgo = new Map(before === undefined ? [] : [['agent', { auth: before }]])
    expect(found(appKeyOld, facts({ apps: [{ ...agent, auth }] }, { appsAYearAgo }))).toEqual(ids)
  })
})

describe('an old signing key', () => {
  const key = { owner: 'idp', purpose: 'id-jag', kid: 'k', state: 'current' }
  it.each([
    ['91 days', { createdAt: ago(91) }, []],
    ['a moment more', { createdAt: ago(91) - 1 }, ['idp/id-jag']],
    ['retired long ago', { createdAt: ago(200), state: 'retired' }, []],
  ])('%s', (_, change, ids) =>
    expect(found(signingKeyOld, facts({}, { signingKeys: [{ ...key, ...change }] }))).toEqual(ids),
  )
})

describe('a burst of refusals', () => {
  it.each([
    [19, []],
    [20, ['warning']],
    [199, ['warning']],
    [200, ['critical']],
  ])('%d in an hour', (count, expected) => {
    const refusals = [{ app: 'agent', count, people: 1, firstAt: NOW - 9, lastAt: NOW }]
    expect(severities(refusalBurst, facts({}, { refusals }))).toEqual(expected)
  })
})

describe('a spike', () => {
  const even = Array.from({ length: 28 }, () => 100)
  const uneven = Array.from({ length: 28 }, (_, index) => (index % 2 === 0 ? 50 : 150))
  it.each([
    ['at the limit of an even norm: 100 + 6 × √100', 160, even, 50, false],
    ['above it', 161, even, 50, true],
    [
      'above it, with higher counts on single days',
      161,
      [...even.slice(2, 15), 900, 900, ...even.slice(15)],
      50,
      true,
    ],
    ['at the limit of an uneven norm: 100 + 6 × 1.4826 × 50', 544, uneven, 50, false],
    ['above it', 545, uneven, 50, true],
    ['of an app with a norm of 7 days, the other days being none', 50, even.slice(0, 7), 50, true],
    ['of an app with 6 days', 500, even.slice(0, 6), 50, false],
    ['of too few to matter', 49, Array.from({ length: 28 }, () => 1), 50, false],
    ['of just enough', 50, Array.from({ length: 28 }, () => 1), 50, true],
  ])('%s', (_, now, before, least, isSpike) =>
    expect(findSpike(now, before, least) !== undefined).toBe(isSpike),
  )

  it('is reported for grants and users separately, with the norm and the limit', () => {
    const day = { count: 100, people: 10 }
    const last = { app: 'agent', count: 161, people: 28, firstAt: NOW - 9, lastAt: NOW }
    const volumes = [{ app: 'agent', last, before: Array.from({ length: 28 }, () => day) }]
    expect(volumeSpike.find(facts({}, { volumes }))).toMatchObject([
      { app: 'agent', values: { last24Hours: 161, median: 100, limit: 160 } },
    ])
    // 10 + 6 × √10 is 28.97
    expect(found(userSpike, facts({}, { volumes }))).toEqual([])
    const more = [{ ...volumes[0], last: { ...last, people: 29 } }]
    expect(found(userSpike, facts({}, { volumes: more }))).toEqual(['agent'])
  })
})

it('reports each first use of a scope with the decision that granted it', () => {
  const use = { connection: 'con', app: 'agent', scope: 'write', at: NOW, decisionId: 'dec_1' }
  expect(scopeFirstUse.find(facts({}, { scopeFirstUses: [use] }))).toMatchObject([
    {
      subject: { id: 'con', scope: 'write' },
      samples: [{ kind: 'decision', id: 'dec_1' }],
      severity: 'info',
    },
  ])
})

describe('an unknown client', () => {
  const ask = (ip: string, atMs: number, actual = 'unknown client') => ({
    decision_id: `dec_${atMs}`,
    time: new Date(atMs).toISOString(),
    request: { context: { ip } },
    checks: [{ id: 'client.authentication', actual }, { id: 'target' }],
  })
  const asks = (count: number, ip = 'who', atMs = NOW) => Array.from({ length: count }, () => ask(ip, atMs))
  it.each([
    ['asks twice', asks(2), []],
    ['asks three times', asks(3), ['who']],
    ['has a wrong secret', Array.from({ length: 3 }, () => ask('agent', NOW, 'wrong client secret')), []],
    ['asked 24 hours ago', asks(3, 'who', NOW - 24 * HOUR_MS), []],
    ['asked a moment later', asks(3, 'who', NOW - 24 * HOUR_MS + 1), ['who']],
  ])('that %s', (_, unauthenticated, ids) =>
    expect(found(unknownClient, facts({}, { unauthenticated }))).toEqual(ids),
  )

  it('is reported with its newest requests, and since the first one', () => {
    const unauthenticated = [4, 3, 2, 1].map((ms) => ask('who', NOW - 9 + ms))
    const ids = unauthenticated.slice(0, 3).map(({ decision_id: id }) => ({ kind: 'decision', id }))
    expect(unknownClient.find(facts({}, { unauthenticated }))).toMatchObject([
      { values: { asks: 4, lastAt: new Date(NOW - 5).toISOString() }, samples: ids, since: NOW - 8 },
    ])
  })

  it('with many addresses is reported for the 20 most active', () => {
    const many = Array.from({ length: 30 }, (_, index) => asks(3, `who-${index}`)).flat()
    const ids = found(unknownClient, facts({}, { unauthenticated: [...many, ...asks(4, 'most')] }))
    expect([ids.length, ids[0]]).toEqual([20, 'most'])
  })
})

describe('a late audit stream', () => {
  it.each([
    [299, []],
    [300, ['warning']],
    [3599, ['warning']],
    [3600, ['critical']],
  ])('by %d seconds', (lagSeconds, expected) => {
    const auditStreams = [{ id: 'siem', lagSeconds, lagEvents: 1, failures: 0, lastError: null }]
    expect(severities(auditStreamLag, facts({}, { auditStreams }))).toEqual(expected)
  })
})

describe('a missing drill', () => {
  it.each([
    ['never', undefined, [connection], 1],
    ['31 days ago', ago(31), [connection], 1],
    ['a moment later', ago(31) + 1, [connection], 0],
    ['never, with nothing to stop', undefined, [], 0],
  ])('%s', (_, lastDrillAt, connections, count) =>
    expect(killDrillMissing.find(facts({ connections }, { lastDrillAt }))).toHaveLength(count),
  )
})

describe('a missing restore drill', () => {
  it.each([
    ['never', undefined, [connection], ['No restore drill has run yet.']],
    ['90 days ago', ago(90), [connection], ['The last restore drill was 90 days ago.']],
    ['a moment later', ago(90) + 1, [connection], []],
    ['never, with nothing to lose', undefined, [], []],
  ])('%s', (_, lastRestoreDrillAt, connections, expected) =>
    expect(
      restoreDrillMissing
        .find(facts({ connections }, { lastRestoreDrillAt }))
        .map(({ sentence }) => sentence),
    ).toEqual(expected),
  )
})

it('a report of a user names the user, the apps and the decision', () => {
  const report = {
    ...{ decisionId: 'dec_1', at: ago(1), by: 'usr_a', app: 'agent', resourceApp: 'todo', text: 'Not me' },
  }
  const reported = facts(
    { apps: [agent] },
    { reports: [report], reporters: new Map([['usr_a', { name: 'Alice' }]]) },
  )
  expect(activityReported.find(reported)).toMatchObject([
    {
      ...{ subject: { kind: 'decision', id: 'dec_1' }, app: 'agent' },
      sentence: 'Alice did not expect that Agent got access to todo for them.',
      values: { report: 'Not me' },
    },
  ])
  expect(activityReported.find(facts({ apps: [agent] }, { reports: [] }))).toEqual([])
})

describe('a missing access review', () => {
  it.each([
    ['never', undefined, ago(90), [connection], ['No access review is on record.']],
    ['90 days ago', ago(90), ago(400), [connection], ['The last access review was opened 90 days ago.']],
    ['a moment later', ago(90) + 1, ago(400), [connection], []],
    ['never, events known for a moment less', undefined, ago(90) + 1, [connection], []],
    ['never, no events at all', undefined, undefined, [connection], []],
    ['never, with nothing to review', undefined, ago(400), [], []],
  ])('%s', (_, lastReviewAt, firstEventAt, connections, expected) => {
    const given = facts({ connections }, { lastReviewAt, firstEventAt })
    expect(accessReviewMissing.find(given).map(({ sentence }) => sentence)).toEqual(expected)
  })
})

describe('access that a review removed and that remains', () => {
  it.each([
    ['for a day', NOW - DAY_MS, connection.id, 1],
    ['a moment less', NOW - DAY_MS + 1, connection.id, 0],
    ['over a connection that no longer exists', NOW - DAY_MS, 'removed', 0],
  ])('%s', (_, decidedAt, id, count) => {
    const pendingRemovals = [{ review: 'rev_1', connection: id, decidedAt }]
    const found = removalUnverified.find(facts({ connections: [connection] }, { pendingRemovals }))
    expect(found.map(({ action }) => action?.path)).toEqual(Array(count).fill('/reviews/rev_1?show=decided'))
  })
})

describe('subjects are called by their name, or by their id if they were removed', () => {
  const there = { apps: [agent], connections: [connection], resourceApps: [{ id: 'todo', name: 'Todo' }] }
  const volume = { count: 500, people: 90, firstAt: NOW - 9, lastAt: NOW }
  const day = { count: 1, people: 1 }
  const more = {
    firstEventAt: ago(400),
    lastGrants: new Map([['con', undefined]]),
    refusals: [{ app: 'agent', ...volume }],
    volumes: [{ app: 'agent', last: volume, before: Array.from({ length: 28 }, () => day) }],
    scopeFirstUses: [{ connection: 'con', app: 'agent', scope: 'read', at: NOW }],
  }
  const begin = (rule: Rule, world: WorldParts) => rule.find(facts(world, more))[0]?.sentence

  it.each([
    [connectionUnused, 'No grant over Agent → Todo is on record.'],
    [connectionWithoutEnd, 'Agent → Todo has no expiry date.'],
    [scopeMeaningChanged, 'read of Agent → Todo changed meaning'],
    [refusalBurst, 'Agent was denied'],
    [volumeSpike, 'Agent got 500'],
    [userSpike, 'Agent acted for 90'],
    [scopeFirstUse, 'read was granted over Agent → Todo for'],
  ] as const)('$0.id', (rule, sentence) =>
    expect(begin(rule, { ...there, approvals: { read: 'changed' } })?.slice(0, sentence.length)).toBe(
      sentence,
    ),
  )

  it.each([
    [refusalBurst, 'agent was denied'],
    [volumeSpike, 'agent got 500'],
    [scopeFirstUse, 'read was granted over con for'],
  ] as const)('$0.id of a removed subject', (rule, sentence) =>
    expect(begin(rule, {})?.slice(0, sentence.length)).toBe(sentence),
  )
})

it.each([
  [undefined, []],
  [{ kind: 'undeclared', sinceMs: ago(1) }, [['undeclared-proxy', 'critical', ago(1)]]],
  [{ kind: 'silent', sinceMs: ago(2) }, [['silent-proxy', 'warning', ago(2)]]],
])('a proxy problem: %j', (proxyTrouble, expected) => {
  const recommendations = reverseProxy.find(facts({}, { proxyTrouble } as Partial<RecommendationFacts>))
  expect(recommendations.map(({ subject: { id }, severity, since }) => [id, severity, since])).toEqual(
    expected,
  )
})

const withSecret = { ...agent, auth: { method: 'client_secret_basic', secretHash: 'a' } }
const withKey = { ...agent, auth: { method: 'private_key_jwt', jwks: { keys: [{ kid: 'k' }] } } }
const yearAgo = (app: typeof withSecret | typeof withKey) => new Map([['agent', { auth: app.auth }]])
const late = (failures: number) => [{ id: 'siem', lagSeconds: 330, lagEvents: 1, failures, lastError: null }]

it.each<[string, Rule, RecommendationFacts, string | RegExp, number | undefined]>([
  [
    'an unused connection',
    connectionUnused,
    facts({ connections: [connection] }, { lastGrants: new Map([['con', ago(61.5)]]) }),
    /^No grant over .* for 61 days\.$/,
    ago(61.5),
  ],
  [
    'a connection that was never used',
    connectionUnused,
    facts({ connections: [connection] }, { lastGrants: new Map([['con', undefined]]) }),
    /^No grant over .* is on record\.$/,
    ago(400),
  ],
  [
    'an old secret',
    appKeyOld,
    facts({ apps: [withSecret] }, { appsAYearAgo: yearAgo(withSecret) }),
    'Agent has used the same secret for more than 365 days.',
    ago(365),
  ],
  [
    'an old key',
    appKeyOld,
    facts({ apps: [withKey] }, { appsAYearAgo: yearAgo(withKey) }),
    'Agent has used the same key for more than 365 days.',
    ago(365),
  ],
  [
    'a signing key that was not rotated',
    signingKeyOld,
    facts(
      {},
      {
        signingKeys: [{ owner: 'idp', purpose: 'id-jag', kid: 'k', state: 'current', createdAt: ago(95.5) }],
      },
    ),
    /after 90 days, but is 95 days old\.$/,
    ago(4.5),
  ],
  [
    'a late stream',
    auditStreamLag,
    facts({}, { auditStreams: late(0) }),
    'The audit stream siem is 5 minutes late.',
    NOW - 330_000,
  ],
  [
    'a stream that fails',
    auditStreamLag,
    facts({}, { auditStreams: late(3) }),
    'The audit stream siem is 5 minutes late, after 3 failed deliveries.',
    NOW - 330_000,
  ],
  [
    'an old drill',
    killDrillMissing,
    facts({ connections: [connection] }, { lastDrillAt: ago(40) }),
    'The last kill switch drill was 40 days ago.',
    ago(9),
  ],
  [
    'a drill that never ran',
    killDrillMissing,
    facts({ connections: [connection] }),
    'No kill switch drill has run yet.',
    undefined,
  ],
  [
    'a token',
    tokenExpiresSoon,
    facts({
      tokens: [
        {
          ...{ id: 'tok', name: 'pipeline', createdAt: new Date(ago(60)).toISOString() },
          expiresAt: new Date(NOW + 10 * DAY_MS).toISOString(),
        },
      ],
    }),
    'The admin API token pipeline expires soon.',
    ago(4),
  ],
])('%s: what is said, and since when it is true', (_, rule, given, sentence, since) => {
  const [first, ...more] = rule.find(given)
  expect(more).toEqual([])
  expect(first?.sentence).toEqual(expect.stringMatching(sentence))
  expect(first?.since).toBe(since)
})
