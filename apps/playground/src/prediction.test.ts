import { type Ending, findEnding, type Leg } from '@crosswalk/lab'
import { expect, it } from 'vitest'

import { judgePrediction, parsePrediction } from './prediction.ts'

const leg = (name: Leg['leg'], outcome: Leg['outcome']): Leg => ({
  leg: name,
  outcome,
  request: { method: 'POST', url: 'https://a.example', headers: {}, params: {} },
  response: { status: 200, headers: {}, body: '' },
  ms: 1,
  checks: [],
})

it.each([
  ['exchange', 'exchange'],
  ['taken', 'taken'],
  ['', undefined],
  ['recorded', undefined],
  ['<b>', undefined],
  [null, undefined],
])('parses %j as %j', (text, expected) => {
  expect(parsePrediction(text)).toBe(expected)
})

it.each<[Leg[], Ending | undefined]>([
  [[leg('exchange', 'refused')], 'exchange'],
  [[leg('exchange', 'done'), leg('redemption', 'refused')], 'redemption'],
  [[leg('exchange', 'done'), leg('redemption', 'done'), leg('call', 'refused')], 'call'],
  [[leg('exchange', 'done'), leg('redemption', 'done')], 'taken'],
  [[], undefined],
])('ends at the leg that refused, or as accepted', (legs, ending) => {
  expect(findEnding(legs)).toBe(ending)
})

it.each<[Ending, Ending | undefined, string]>([
  ['exchange', 'exchange', 'right'],
  ['taken', 'taken', 'right'],
  ['exchange', 'redemption', 'wrong'],
  ['exchange', 'taken', 'wrong'],
  ['taken', 'call', 'wrong'],
  ['taken', undefined, 'open'],
  ['call', undefined, 'open'],
])('a prediction of %s for a result of %s is %s', (expected, ended, result) => {
  expect(judgePrediction(expected, ended)).toBe(result)
})
