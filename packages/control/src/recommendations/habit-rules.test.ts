// Unusual behaviour, at both edges: which hours count as usual, how many resource apps are many, and what is reported
// for networks, users and report-only policies.
import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '@crosswalk/protocol'

import {
  manyResources,
  networkFirstUse,
  userFirstUse,
  reportOnlyDiffers,
  unusualHours,
} from './habit-rules.ts'
import type { RecommendationFacts } from './recommendation.ts'

const DAY = Date.parse('2026-06-15T00:00:00.000Z')

function facts(habits: object, recentGrants: readonly object[] = []): RecommendationFacts {
  const connection = { id: 'con', app: 'agent', resourceApp: 'todo' }
  return {
    nowMs: DAY + 23 * HOUR_MS,
    compiled: {
      world: {
        apps: new Map([['agent', { definition: { name: 'Agent' } }]]),
        'resource-apps': new Map([['todo', { definition: { name: 'Todo' } }]]),
        connections: new Map([['con', { definition: connection }]]),
      },
    },
    habits: { hours: [], hourNorms: new Map(), targets: [], ...habits },
    recentGrants,
  } as never
}

describe('unusual hours', () => {
  const mask = (...hours: readonly number[]) => hours.reduce((all, hour) => all | (1 << hour), 0)
  const at = (hour: number, count = 5) => ({ app: 'agent', at: DAY + hour * HOUR_MS, count })
  const norm = (days: number, ...hours: readonly number[]) =>
    new Map([['agent', { days, hours: mask(...hours) }]])
  it.each([
    ['two hours after the last usual one', [at(19)], norm(14, 9, 17), 1],
    ['the hour after it', [at(18)], norm(14, 9, 17), 0],
    ['the hour before the first', [at(8)], norm(14, 9, 17), 0],
    ['two hours before', [at(7)], norm(14, 9, 17), 1],
    ['past midnight, the hour after', [at(0)], norm(14, 23), 0],
    ['before midnight, the hour before', [at(23)], norm(14, 0), 0],
    ['past midnight, two hours after', [at(1)], norm(14, 23), 1],
    ['4 ID-JAGs', [at(3, 4)], norm(14, 12), 0],
    ['5 ID-JAGs', [at(3, 5)], norm(14, 12), 1],
    ['used on 13 days', [at(3)], norm(13, 12), 0],
    ['never used before', [at(3)], new Map(), 0],
  ])('%s', (_, hours, hourNorms, count) =>
    expect(unusualHours.find(facts({ hours, hourNorms }))).toHaveLength(count),
  )

  it('are reported once per app, for the busiest hour', () => {
    const hours = [at(2, 6), at(3, 9), at(4, 7)]
    expect(unusualHours.find(facts({ hours, hourNorms: norm(28, 9, 12) }))).toMatchObject([
      {
        sentence: 'Agent got 9 ID-JAGs between 03:00 and 04:00 UTC, an hour in which it is never used.',
        values: { idJags: 9, hour: '03:00', usedDays: 28, usualHours: '09:00 12:00' },
        since: DAY + 3 * HOUR_MS,
      },
    ])
  })
})

describe('many resource apps at once', () => {
  const window = (targets: number, at = DAY) => ({ app: 'agent', at, targets })
  it.each([
    [9, []],
    [10, [10]],
  ])('%d', (targets, counts) =>
    expect(
      manyResources.find(facts({ targets: [window(targets)] })).map(({ values }) => values['resourceApps']),
    ).toEqual(counts),
  )

  it('are reported once per app, for the busiest window; windows are not added up', () => {
    const targets = [window(10), window(12, DAY + 1), window(11, DAY + 2)]
    expect(manyResources.find(facts({ targets }))).toMatchObject([
      { values: { resourceApps: 12 }, since: DAY + 1 },
    ])
    expect(manyResources.find(facts({ targets: [window(6), window(6, DAY + 1)] }))).toEqual([])
  })
})

describe('of the newest ID-JAGs', () => {
  const grant = (number: number, more: object = {}) => ({
    ...{
      app: 'agent',
      connection: 'con',
      user: `usr_${number}`,
      at: DAY + number,
      decisionId: `dec_${number}`,
    },
    ...{ isFirstForUser: false, newNetwork: undefined, refusedBy: [] },
    ...more,
  })

  it('usual ones are not reported', () => {
    for (const rule of [networkFirstUse, userFirstUse, reportOnlyDiffers])
      expect(rule.find(facts({}, [grant(1)]))).toEqual([])
  })

  it('new networks are reported once per app', () => {
    const from = (number: number, newNetwork: string) => grant(number, { newNetwork })
    expect(networkFirstUse.find(facts({}, [from(3, '192.0.2.0/24')]))).toMatchObject([
      { sentence: 'Agent used a new network, 192.0.2.0/24.', since: DAY + 3 },
    ])
    const two = [from(3, '192.0.2.0/24'), from(2, '2001:db8:1::/48'), from(1, '192.0.2.0/24')]
    expect(networkFirstUse.find(facts({}, two))).toMatchObject([
      {
        subject: { kind: 'app', id: 'agent' },
        values: { networks: '192.0.2.0/24 2001:db8:1::/48', count: 2 },
        samples: [{ id: 'dec_3' }, { id: 'dec_2' }, { id: 'dec_1' }],
      },
    ])
  })

  it('users are counted once per connection, and not for a removed one', () => {
    const first = (number: number, more: object = {}) => grant(number, { isFirstForUser: true, ...more })
    const grants = [
      first(1),
      first(2),
      first(3, { user: 'usr_1' }),
      grant(4),
      first(5, { connection: 'gone' }),
    ]
    expect(userFirstUse.find(facts({}, grants))).toMatchObject([
      {
        subject: { kind: 'connection', id: 'con' },
        app: 'agent',
        sentence: 'Agent → Todo was used for 2 users for the first time in 90 days.',
        values: { people: 2 },
      },
    ])
  })

  it('report-only policies are reported with how many ID-JAGs they would have denied', () => {
    const stopped = (number: number, ...refusedBy: readonly string[]) => grant(number, { refusedBy })
    const grants = [stopped(1, 'mfa'), stopped(2, 'mfa', 'hours'), grant(3)]
    expect(reportOnlyDiffers.find(facts({}, grants))).toMatchObject([
      {
        subject: { kind: 'policy', id: 'mfa' },
        sentence:
          'Under the report-only policy mfa, 2 of the 3 newest ID-JAGs of the last 24 hours would have been denied or limited.',
        values: { differ: 2, examined: 3, apps: 1, people: 2 },
        since: DAY + 1,
      },
      { subject: { id: 'hours' }, values: { differ: 1 } },
    ])
  })
})
