import { expect, test } from 'vitest'

import { hasEnded, parseMoment, renderTime } from './moment.ts'

test.each([
  ['1970-01-01T00:00:00Z', 0],
  ['1969-12-31T23:59:59.5Z', -1],
  ['2024-02-29T12:00:00.999Z', 1_709_208_000],
  ['2026-03-01T01:30:00+01:30', 1_772_323_200],
  ['2026-03-01T00:00-05:00', 1_772_341_200],
])('%s is a timestamp', (text, seconds) => {
  expect(parseMoment(text)).toBe(seconds)
})

test.each([
  [undefined],
  [''],
  ['2026-03-01'],
  ['2026-03-01T00:00:00'],
  ['2026-13-01T00:00:00Z'],
  ['2026-03-01T25:00:00Z'],
  ['March 1, 2026 00:00:00 Z'],
])('%s is not a timestamp', (text) => {
  expect(parseMoment(text)).toBeUndefined()
})

const END_MS = Date.parse('2026-03-01T00:00:00.500Z')

test.each([
  ['2026-03-01T00:00:00.500Z', END_MS - 1, false],
  ['2026-03-01T00:00:00.500Z', END_MS, true],
  ['2026-03-01T00:00:00.5Z', END_MS - 0.1, false],
  ['not a timestamp', END_MS, false],
  [undefined, END_MS, false],
  [END_MS / 1000, END_MS - 1, false],
  [END_MS / 1000, END_MS, true],
])('an end at %s is exact: at %d ms it is %s', (end, nowMs, isOver) => {
  expect(hasEnded(end, nowMs / 1000)).toBe(isOver)
})

test.each([
  [0, '1970-01-01T00:00:00.000Z'],
  [-1, '1969-12-31T23:59:59.999Z'],
  [1_709_208_000_999.9, '2024-02-29T12:00:00.999Z'],
  [8.64e15, '+275760-09-13T00:00:00.000Z'],
  [8.64e15 + 1, '+275760-09-13T00:00:00.000Z'],
  [-1e300, '-271821-04-20T00:00:00.000Z'],
])('%d renders as %s', (epochMs, text) => {
  expect(renderTime(epochMs)).toBe(text)
})
