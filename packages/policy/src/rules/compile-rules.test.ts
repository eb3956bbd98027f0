import type { PolicyDefinition } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { compileRules } from './compile-rules.ts'
import { findNearest } from './nearest.ts'
import { buildDeny, buildLimit } from './testing/rule-fixtures.ts'

const plain = buildDeny('plain', { app: 'agent0' })

describe('compileRules', () => {
  it.each<[string, PolicyDefinition, boolean]>([
    ['limits grants by the hour', buildLimit('one', { perHour: 5 }), true],
    ['limits something else', buildLimit('one', { scopes: [] }), false],
    ['uses the volume', buildDeny('one', { 'volume.perHour.over': 5 }), true],
    ['uses the volume among other facts', buildDeny('one', { app: 'a', 'volume.perHour.over': 5 }), true],
    ['uses something else', buildDeny('one', { app: 'a' }), false],
    ['is off', { ...buildLimit('one', { perHour: 5 }), state: 'off' }, false],
  ])('determines whether grants must be counted, if one rule of two %s', (_, policy, counts) => {
    expect(compileRules([plain, policy]).countsGrants).toBe(counts)
    expect(compileRules([plain]).countsGrants).toBe(false)
  })

  it.each<[string, PolicyDefinition, boolean]>([
    ['requires a network', buildDeny('one', { network: '10.0.0.0/8' }), true],
    ['excludes a network', buildDeny('one', { app: 'a', 'network.outside': '10.0.0.0/8' }), true],
    ['is report-only', buildDeny('one', { network: '10.0.0.0/8' }, { state: 'report-only' }), true],
    ['is off', buildDeny('one', { network: '10.0.0.0/8' }, { state: 'off' }), false],
    ['requires something else', buildDeny('one', { app: 'a' }), false],
  ])('determines whether addresses are used, if one rule of two %s', (_, policy, reads) => {
    expect(compileRules([plain, policy]).readsAddress).toBe(reads)
  })

  it('ranks rules by id, whatever their order, and omits those that are off', () => {
    const policies = [buildDeny('c'), buildDeny('a'), buildDeny('b', {}, { state: 'off' }), buildDeny('B')]
    const ranked = compileRules(policies).rules.map(({ id, rank, isEnforced }) => [id, rank, isEnforced])
    expect(ranked).toEqual([
      ['B', 0, true],
      ['a', 1, true],
      ['c', 2, true],
    ])
    expect(compileRules([buildDeny('a', {}, { state: 'report-only' })]).rules[0]?.isEnforced).toBe(false)
  })

  it('judges clauses of the index first, so that evaluation usually ends early', () => {
    const [rule] = compileRules([
      buildDeny('a', { 'authAge.over': '1h', app: 'agent0', dpop: true, group: 'x' }),
    ]).rules
    expect(rule?.judged.map(({ name }) => name)).toEqual(['app', 'group', 'authAge.over', 'dpop'])
  })
})

it.each([
  ['app.knd', ['app', 'app.kind'], 'app.kind'],
  ['AP', ['app', 'app.kind'], 'app'],
  ['xyz', ['app'], undefined],
  ['apqr', ['app'], 'app'],
  ['apqrs', ['app'], undefined],
  ['app', [], undefined],
  ['x'.repeat(64), ['x'.repeat(60)], 'x'.repeat(60)],
  ['x'.repeat(65), ['x'.repeat(60)], undefined],
])('the nearest to %s among %j is %s', (given, known, nearest) => {
  expect(findNearest(given, known)).toBe(nearest)
})
