import { describe, expect, it } from 'vitest'

import { formatBound, renderWorstCase } from './outcome.ts'

describe('a bound', () => {
  it.each([
    [59, '59 s'],
    [60, '1 min'],
    [61, '2 min'],
    [3960, '66 min'],
    [7199, '120 min'],
    [7201, '3 h'],
  ])('of %i seconds is never less than that: %s', (seconds, shown) => {
    expect(formatBound(seconds)).toBe(shown)
  })

  it('of the kill switch includes APIs that verify JWTs themselves', () => {
    expect(renderWorstCase({ worstCaseSeconds: 0, offlineSeconds: 0 })).toBe('immediately')
    expect(renderWorstCase({ worstCaseSeconds: 0, offlineSeconds: 630 })).toBe('within 11 min')
    expect(renderWorstCase({ worstCaseSeconds: 3960, offlineSeconds: 630 })).toBe('within 66 min')
  })
})
