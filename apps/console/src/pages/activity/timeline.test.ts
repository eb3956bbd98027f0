import { describe, expect, it } from 'vitest'

import { countByLane, concernsApp, laneOf, mergeEvents, SLICES, type TimelineEvent } from './timeline.ts'

function event(change: Partial<TimelineEvent>): TimelineEvent {
  const time = new Date(0).toISOString()
  return {
    log: 'idp',
    chain: 'idp',
    seq: 1,
    time,
    type: 'x.y',
    category: 'decision',
    outcome: 'allow',
    ...change,
  }
}

describe('the timeline', () => {
  it.each([
    ['decision', 'allow', 'allowed'],
    ['decision', 'success', 'allowed'],
    ['decision', 'deny', 'refused'],
    ['decision', 'step_up', 'refused'],
    ['connection', 'success', 'permission'],
    ['governance', 'success', 'permission'],
    ['response', 'success', 'response'],
    ['session', 'failure', 'life'],
    ['something new', 'success', 'life'],
  ])('puts %s, %s into the lane %s', (category, outcome, lane) => {
    expect(laneOf({ category, outcome })).toBe(lane)
  })

  it('counts by slices, including the start and excluding the end', () => {
    const at = (ms: number) => event({ time: new Date(ms).toISOString() })
    const period = { fromMs: 1000, toMs: 1000 + SLICES * 10 }
    const { allowed } = countByLane([at(999), at(1000), at(1009), at(1010), at(1599), at(1600)], period)
    expect([allowed[0], allowed[1], allowed[SLICES - 1]]).toEqual([2, 1, 1])
    expect(allowed.reduce((sum, count) => sum + count, 0)).toBe(4)
  })

  it('shows an event in two lists once, newest first', () => {
    const old = event({ seq: 1 })
    const young = event({ seq: 2, time: new Date(5).toISOString() })
    expect(mergeEvents([old], [young, old])).toEqual([young, old])
  })

  it('omits simulations', () => {
    const real = event({ seq: 1, type: 'exchange.denied' })
    expect(mergeEvents([real, event({ seq: 2, type: 'simulation.run' })])).toEqual([real])
  })

  it.each([
    ['the app itself', { target: { kind: 'app', id: 'agent0' } }, true],
    ['another kind of that id', { target: { kind: 'group', id: 'agent0' } }, false],
    ['a connection of it', { delegation: { connection: 'c1' } }, true],
    ['a connection of others', { delegation: { connection: 'c2' } }, false],
    ['neither', {}, false],
  ])('includes admin events about %s: %o', (_, change, wanted) => {
    expect(concernsApp(event(change), 'agent0', new Set(['c1']))).toBe(wanted)
  })
})
