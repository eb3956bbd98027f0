// Growing permissions, at both edges: how many more scopes than 90 days ago, and which approvals add up to how many.
import { connectionKey } from '@crosswalk/policy'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '@crosswalk/protocol'

import { approvalsAddUp, scopeCreep } from './growth-rules.ts'
import type { RecommendationFacts } from './recommendation.ts'

const NOW = Date.parse('2026-06-15T12:00:00.000Z')
const ago = (days: number) => NOW - days * DAY_MS

interface Over {
  readonly id?: string
  readonly scopes: readonly string[]
  readonly owner?: string
  readonly status?: string
  readonly expiresAt?: string
}

const list = (count: number, prefix = 's') => Array.from({ length: count }, (_, index) => `${prefix}${index}`)
const define = ({ id = 'con', scopes, status = 'active', expiresAt }: Over) => ({
  ...{ id, app: 'agent', resourceApp: 'todo', status, scopes },
  ...(expiresAt === undefined ? {} : { expiresAt }),
})

interface World {
  readonly past?: readonly Over[]
  readonly now: readonly Over[]
  readonly holds?: readonly string[]
  readonly states?: ReadonlyMap<string, object>
}

function facts({ past = [], now, holds = [], states }: World): RecommendationFacts {
  const connections = now.map((one) => [
    one.id ?? 'con',
    { definition: define(one), owner: one.owner ?? 'database' },
  ])
  return {
    nowMs: NOW,
    compiled: {
      world: {
        apps: new Map([['agent', { definition: { name: 'Agent' } }]]),
        'resource-apps': new Map([['todo', { definition: { name: 'Todo' } }]]),
        connections: new Map(connections as never),
        holds: new Map(holds.map((id) => [id, {}])),
      },
      exchange: {
        connections: new Map([[connectionKey('agent', 'todo'), { approvals: states }]]),
      },
    },
    pastConnections: new Map(past.map((one) => [one.id ?? 'con', define(one)])),
  } as never
}

describe('scopes that grow', () => {
  const recommendation = ['agent']
  const besideOneUntil = (endMs: number): World => ({
    past: [{ scopes: list(5) }, { id: 'two', scopes: list(5), expiresAt: new Date(endMs).toISOString() }],
    now: [{ scopes: list(10) }],
  })
  it.each<readonly [string, World, readonly string[]]>([
    ['5 more', { past: [{ scopes: list(5) }], now: [{ scopes: list(10) }] }, recommendation],
    ['4 more', { past: [{ scopes: list(5) }], now: [{ scopes: list(9) }] }, []],
    ['half as many again', { past: [{ scopes: list(10) }], now: [{ scopes: list(15) }] }, recommendation],
    ['less than half as many again', { past: [{ scopes: list(11) }], now: [{ scopes: list(16) }] }, []],
    ['none before', { past: [{ scopes: [] }], now: [{ scopes: list(10) }] }, []],
    ['a new connection', { now: [{ scopes: list(10) }] }, []],
    [
      'over another connection',
      { past: [{ scopes: list(5) }], now: [{ scopes: list(5) }, { id: 'two', scopes: list(5) }] },
      recommendation,
    ],
    [
      'over a suspended connection',
      {
        ...{ past: [{ scopes: list(5) }], now: [{ scopes: list(5) }, { id: 'two', scopes: list(5) }] },
        holds: ['connection:two'],
      },
      [],
    ],
    [
      'over a connection of the file',
      {
        past: [{ scopes: list(5) }],
        now: [{ scopes: list(5) }, { id: 'two', scopes: list(5), owner: 'file' }],
      },
      [],
    ],
    [
      'over a draft connection',
      {
        past: [{ scopes: list(5) }],
        now: [{ scopes: list(5) }, { id: 'two', scopes: list(5), status: 'draft' }],
      },
      [],
    ],
    [
      'over one that was a draft before',
      {
        past: [
          { scopes: list(10), status: 'draft' },
          { id: 'two', scopes: ['x'] },
        ],
        now: [{ scopes: list(10) }],
      },
      recommendation,
    ],
    ['beside one that ended by then', besideOneUntil(ago(90)), recommendation],
    ['beside one that ended a moment later', besideOneUntil(ago(90) + 1), []],
    [
      'over one that ends now',
      { past: [{ scopes: list(5) }], now: [{ scopes: list(10), expiresAt: new Date(NOW).toISOString() }] },
      [],
    ],
    [
      'over one that ends a moment later',
      {
        past: [{ scopes: list(5) }],
        now: [{ scopes: list(10), expiresAt: new Date(NOW + 1).toISOString() }],
      },
      recommendation,
    ],
    [
      'twice the same scope',
      { past: [{ scopes: ['s0'] }], now: [{ scopes: Array(10).fill('s0') as string[] }] },
      [],
    ],
  ])('%s', (_, world, ids) =>
    expect(scopeCreep.find(facts(world)).map(({ subject }) => subject.id)).toEqual(ids),
  )

  it('reports both counts and their connections', () => {
    const world = { past: [{ scopes: list(5) }], now: [{ scopes: list(12) }] }
    expect(scopeCreep.find(facts(world))).toMatchObject([
      {
        sentence: 'Agent has 12 scopes over its connections, up from 5 90 days ago.',
        values: { scopes: 12, before: 5, added: 7 },
        samples: [{ kind: 'connection', id: 'con' }],
      },
    ])
  })
})

describe('approvals that add up', () => {
  /** @param times - how many days ago each scope was approved; undefined: it needs approval but has none */
  const approved = (...times: readonly (number | undefined)[]): World => ({
    now: [{ scopes: list(times.length) }],
    states: new Map(
      times.map((days, index) => [
        `s${index}`,
        days === undefined
          ? { state: 'needed' }
          : { state: 'approved', approval: { at: new Date(ago(days)).toISOString() } },
      ]),
    ),
  })
  it.each<readonly [string, World, number]>([
    ['4 scopes on 3 occasions', approved(1, 1, 2, 3), 1],
    ['3 scopes on 3 occasions', approved(1, 2, 3), 0],
    ['4 scopes on 2 occasions', approved(1, 1, 2, 2), 0],
    ['more than half at once', approved(1, 1, 1, 2, 3), 0],
    ['half at once', approved(1, 1, 1, 2, 3, 4), 1],
    ['one of them 90 days ago', approved(1, 1, 2, 90), 0],
    ['one of them a moment later', approved(1, 1, 2, 89.999), 1],
    ['three quarters of all', approved(1, 1, 2, 3, 4, 4, undefined, undefined), 1],
    ['less than three quarters', approved(1, 1, 2, 3, 4, undefined, undefined), 0],
    ['some approved long ago', approved(1, 1, 2, 3, 200, undefined), 1],
    ['of a suspended connection', { ...approved(1, 1, 2, 3), holds: ['connection:con'] }, 0],
    ['no longer of the connection', { ...approved(1, 1, 2, 3), now: [{ scopes: list(3) }] }, 0],
    ['no scope needs approval', { now: [{ scopes: list(4) }] }, 0],
  ])('%s', (_, world, count) => expect(approvalsAddUp.find(facts(world))).toHaveLength(count))

  it('are reported by name, with their total', () => {
    expect(approvalsAddUp.find(facts(approved(1, 1, 2, 3, 200, undefined)))).toMatchObject([
      {
        subject: { kind: 'connection', id: 'con' },
        app: 'agent',
        sentence:
          '4 scopes of Agent → Todo were approved on 3 occasions in 90 days; it now has 5 of the 6 that need approval.',
        values: { approved: 5, needing: 6, approvedOfLate: 4, times: 3 },
        since: ago(1),
      },
    ])
  })
})
