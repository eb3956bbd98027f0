// The pace of a reviewer, at both edges of each threshold.
import { describe, expect, it } from 'vitest'

import { judgePace } from './measure-pace.ts'

const NOW = Date.parse('2026-06-15T12:00:00.000Z')

/** Decisions that follow each other after these times, all kept except for the first few. */
function pace(gapsMs: readonly number[], changed = 0) {
  let atMs = NOW
  const times = [NOW, ...gapsMs.map((gap) => (atMs += gap))]
  return judgePace(
    'usr_ada',
    times.map((at, place) => ({
      decision: place < changed ? 'revoke' : 'keep',
      at: new Date(at).toISOString(),
    })),
  )
}
const every = (ms: number, decisions: number) => Array.from({ length: decisions - 1 }, () => ms)

it.each([
  ['one decision', [], null],
  ['two', [1500], 1.5],
  ['an odd number of gaps: the middle one', [9000, 1000, 2000], 2],
  ['an even number: between the middle ones', [1000, 2000, 4000, 600_000], 3],
])('the median of %s', (_, gaps, median) => {
  expect(pace(gaps).medianSeconds).toBe(median)
})

it('does not depend on the order in which decisions are read', () => {
  const at = (seconds: number) => ({
    decision: 'keep' as const,
    at: new Date(NOW + seconds * 1000).toISOString(),
  })
  expect(judgePace('usr_ada', [at(10), at(0), at(3)]).medianSeconds).toBe(5)
})

describe('rushed', () => {
  it.each([
    ['20 kept in less than 4 seconds each', every(3999, 20), 0, true],
    ['4 seconds', every(4000, 20), 0, false],
    ['19 decisions', every(1000, 19), 0, false],
    ['exactly 95 percent kept', every(1000, 20), 1, false],
    ['more than 95 percent kept', every(1000, 21), 1, true],
    ['a break in between', [...every(1000, 19), 3_600_000], 0, true],
  ])('%s', (_, gaps, changed, rushed) => {
    expect(pace(gaps, changed)).toMatchObject({
      rushed,
      kept: gaps.length + 1 - changed,
      decided: gaps.length + 1,
    })
  })
})
