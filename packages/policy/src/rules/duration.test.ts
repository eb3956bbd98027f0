import { describe, expect, it } from 'vitest'

import { parseDurationSeconds, renderDuration } from './duration.ts'

describe('parseDurationSeconds', () => {
  it.each([
    [0, 0],
    [43_200, 43_200],
    ['43200', 43_200],
    ['12h', 43_200],
    ['1d12h', 129_600],
    ['1m30s', 90],
    ['0s', 0],
  ])('reads %j as %d seconds', (written, seconds) => {
    expect(parseDurationSeconds(written)).toBe(seconds)
  })

  it.each([
    '',
    '12 hours',
    '12H',
    'h',
    '-1h',
    '1.5h',
    '30m1h',
    -1,
    1.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    true,
  ])('refuses %j', (written) => {
    expect(parseDurationSeconds(written)).toBeUndefined()
  })
})

describe('renderDuration', () => {
  it.each([
    [0, '0s'],
    [43_200, '12h'],
    [129_600, '1d12h'],
    [90.9, '1m30s'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(renderDuration(seconds)).toBe(text)
  })
})
