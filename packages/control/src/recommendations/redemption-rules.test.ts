// What becomes of tokens, at both edges of the required counts, and attributed to the right app.
import type { RefusalCount } from '@crosswalk/storage'
import { describe, expect, it } from 'vitest'

import type { RecommendationFacts, Rule } from './recommendation.ts'
import {
  askedAfterSignOut,
  clockDrift,
  COUNTED_CODES,
  idJagNeverRedeemed,
  idJagOfAnother,
  idJagReused,
  redeemedForMore,
} from './redemption-rules.ts'

const NOW = Date.parse('2026-06-15T12:00:00.000Z')
const ISSUER = 'https://as.example'

const connection = (id: string, more: object = {}) => ({
  ...{ id, app: 'agent', resourceApp: 'todo', clientId: 'agent-there', status: 'active', scopes: [] },
  ...more,
})

function facts(
  habits: object,
  connections: readonly object[] = [connection('con')],
  widerRedemptions: readonly object[] = [],
): RecommendationFacts {
  const items = (all: readonly object[]) =>
    new Map(all.map((definition) => [(definition as { id: string }).id, { definition }]))
  return {
    nowMs: NOW,
    compiled: {
      world: {
        apps: items([{ id: 'agent', name: 'Agent' }]),
        'resource-apps': items([
          { id: 'todo', issuer: ISSUER },
          { id: 'notes', issuer: ISSUER },
          { id: 'foreign', issuer: 'https://elsewhere.example' },
        ]),
        'authorization-servers': items([
          { id: 'todo0', issuer: ISSUER },
          { id: 'crm0', issuer: 'https://crm.example' },
        ]),
        connections: items(connections),
      },
    },
    habits: { coded: [], issued: new Map(), redeemed: new Map(), ...habits },
    widerRedemptions,
  } as never
}

const refused = (count: number, code: string, more: Partial<RefusalCount> = {}): RefusalCount => ({
  ...{ log: 'as:todo0', app: 'agent-there', code, count, firstAt: NOW - 9, lastAt: NOW, decisionId: 'dec_1' },
  ...more,
})
const found = (rule: Rule, habits: object, connections?: readonly object[]) =>
  rule.find(facts(habits, connections)).map(({ subject: { id } }) => id)

describe('a refusal that goes on', () => {
  const other: Readonly<Record<string, string>> = { XAA2209: 'XAA2103', XAA2103: 'XAA2209' }
  it.each<readonly [string, Rule, string, number]>([
    ['an ID-JAG used again', idJagReused, 'XAA2209', 3],
    ['an ID-JAG of another client', idJagOfAnother, 'XAA2103', 1],
    ['a session that has ended', askedAfterSignOut, 'XAA1205', 10],
    ['an ID-JAG not yet valid', clockDrift, 'XAA2207', 3],
    ['a subject token not yet valid', clockDrift, 'XAA1206', 3],
  ])('%s', (_, rule, code, least) => {
    expect(COUNTED_CODES).toContain(code)
    expect(found(rule, { coded: [refused(least, code)] })).toEqual(['todo0/agent-there'])
    expect(found(rule, { coded: least > 1 ? [refused(least - 1, code)] : [] })).toEqual([])
    expect(found(rule, { coded: [refused(100, other[code] ?? 'XAA2209')] })).toEqual([])
    expect(rule.find(facts({ coded: [refused(least, code)] }))).toMatchObject([
      { app: 'agent', values: { refusals: least, code }, samples: [{ kind: 'decision', id: 'dec_1' }] },
    ])
  })

  it('counts codes with the same cause together', () => {
    const coded = [refused(2, 'XAA2207', { firstAt: NOW - 99, lastAt: NOW - 5 }), refused(1, 'XAA1206')]
    for (const all of [coded, coded.toReversed()])
      expect(clockDrift.find(facts({ coded: all }))).toMatchObject([
        {
          values: { refusals: 3, code: 'XAA2207', lastAt: new Date(NOW).toISOString() },
          since: NOW - 99,
        },
      ])
    const apart = [refused(2, 'XAA2207'), refused(2, 'XAA2207', { log: 'as:other' })]
    expect(found(clockDrift, { coded: apart })).toEqual([])
  })

  it('concerns the app at the IdP, or a client without connection', () => {
    const atIdp = refused(10, 'XAA1205', { log: 'idp', app: 'agent' })
    expect(askedAfterSignOut.find(facts({ coded: [atIdp] }))).toMatchObject([
      {
        subject: { kind: 'app', id: 'agent' },
        app: 'agent',
        sentence:
          'Agent kept making requests for users whose session had ended, 10 times in the last 24 hours.',
      },
    ])
    const stranger = idJagReused.find(facts({ coded: [refused(3, 'XAA2209', { app: 'stranger' })] }))
    expect(stranger).toMatchObject([
      {
        subject: { kind: 'client', id: 'todo0/stranger' },
        sentence: 'stranger, at todo0, reused ID-JAGs, 3 times in the last 24 hours.',
      },
    ])
    expect(stranger[0]).not.toHaveProperty('app')
    // Another app may have the same client id at another server.
    const elsewhere = idJagReused.find(facts({ coded: [refused(3, 'XAA2209', { log: 'as:crm0' })] }))
    expect(elsewhere).toMatchObject([{ subject: { id: 'crm0/agent-there' } }])
    expect(elsewhere[0]).not.toHaveProperty('app')
  })
})

describe('ID-JAGs that are never redeemed', () => {
  const issued = (count: number, id = 'con') => new Map([[id, count]])
  it.each<readonly [string, object, readonly object[] | undefined, readonly string[]]>([
    ['20 of them', { issued: issued(20) }, undefined, ['todo0/agent-there']],
    ['19 of them', { issued: issued(19) }, undefined, []],
    ['one redeemed', { issued: issued(20), redeemed: new Map([['as:todo0 agent-there', 1]]) }, undefined, []],
    [
      'one redeemed by another client',
      { issued: issued(20), redeemed: new Map([['as:todo0 other', 1]]) },
      undefined,
      ['todo0/agent-there'],
    ],
    [
      'one redeemed at another server',
      { issued: issued(20), redeemed: new Map([['as:other agent-there', 1]]) },
      undefined,
      ['todo0/agent-there'],
    ],
    [
      'over two connections of one client',
      { issued: new Map([...issued(10), ...issued(10, 'two')]) },
      [connection('con'), connection('two', { resourceApp: 'notes' })],
      ['todo0/agent-there'],
    ],
    [
      'over two connections of two clients',
      { issued: new Map([...issued(10), ...issued(10, 'two')]) },
      [connection('con'), connection('two', { clientId: 'other' })],
      [],
    ],
    [
      'for a server elsewhere, whose redemptions are unknown',
      { issued: issued(20) },
      [connection('con', { resourceApp: 'foreign' })],
      [],
    ],
    ['over a removed connection', { issued: issued(20, 'gone') }, undefined, []],
  ])('%s', (_, habits, connections, ids) =>
    expect(found(idJagNeverRedeemed, habits, connections)).toEqual(ids),
  )
})

describe('access tokens with more scopes than their ID-JAG', () => {
  const wider = (client: string, at: number, ...beyond: readonly string[]) => ({
    ...{ log: 'as:todo0', client, at, decisionId: `dec_${at}`, beyond },
  })
  const find = (...all: readonly object[]) => redeemedForMore.find(facts({}, undefined, all))

  it('are reported once per client, with every scope', () => {
    expect(find()).toEqual([])
    expect(find(wider('agent-there', 2, 'write'), wider('agent-there', 1, 'delete', 'write'))).toMatchObject([
      {
        ...{ subject: { kind: 'client', id: 'todo0/agent-there' }, app: 'agent', severity: 'critical' },
        sentence: 'todo0 granted Agent more scopes than its ID-JAGs had: delete, write.',
        values: { accessTokens: 2, scopes: 'delete write' },
        samples: [{ id: 'dec_2' }, { id: 'dec_1' }],
        since: 1,
      },
    ])
  })

  it('are reported per client, even without a connection', () => {
    const found = find(wider('agent-there', 1, 'write'), wider('stranger', 1, 'write'))
    expect(found.map(({ subject, app }) => [subject.id, app])).toEqual([
      ['todo0/agent-there', 'agent'],
      ['todo0/stranger', undefined],
    ])
  })

  it('link to the three newest decisions whose id is known', () => {
    const all = [5, 4, 3, 2, 1].map((at) => wider('agent-there', at, 'write'))
    const [finding] = find({ ...all[0], decisionId: undefined }, ...all.slice(1))
    expect(finding?.samples).toEqual(['dec_4', 'dec_3', 'dec_2'].map((id) => ({ kind: 'decision', id })))
  })
})
