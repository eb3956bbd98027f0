// Tests that the failover test detects problems: each invariant holds for a valid history, and one planted fault
// breaks it.
import { digest, grantIdOf } from '@crosswalk/as-core'
import { describe, expect, it } from 'vitest'

import {
  type Acknowledged,
  type AnswerKind,
  type Attempt,
  findDoubleUses,
  findLostGrants,
  findRefusedUnused,
  findUnexpectedAnswers,
  type GrantEvent,
  measureOutage,
  median,
} from './invariants.ts'

const ACKNOWLEDGED: readonly Acknowledged[] = [
  { leg: 'exchange', decisionId: 'dec_1', jti: 'jag-1', idJag: 'jag-1' },
  { leg: 'redemption', decisionId: 'dec_2', jti: 'token-1', idJag: 'jag-1' },
  { leg: 'exchange', decisionId: 'dec_3', jti: 'jag-2', idJag: 'jag-2' },
  { leg: 'redemption', decisionId: 'dec_4', jti: 'token-2', idJag: 'jag-2' },
]
const EVENTS: readonly GrantEvent[] = ACKNOWLEDGED.map(({ leg, decisionId, jti, idJag }) => ({
  type: leg === 'exchange' ? 'idjag.issued' : 'token.redeemed',
  decisionId,
  jtiHash: digest(jti),
  grantId: grantIdOf(idJag),
}))

describe('lost grants', () => {
  it('do not exist if every token has its event', () =>
    expect(findLostGrants(ACKNOWLEDGED, EVENTS)).toEqual([]))

  it.each([0, 1])('are detected at each leg', (lost) =>
    expect(
      findLostGrants(
        ACKNOWLEDGED,
        EVENTS.filter((_, index) => index !== lost),
      ),
    ).toEqual([ACKNOWLEDGED[lost]]),
  )

  it.each<Partial<GrantEvent>>([
    { jtiHash: digest('other') },
    { grantId: 'other' },
    { type: 'idjag.denied' },
  ])('are detected if the event is for something else: %j', (change) => {
    const events = EVENTS.map((event, index) => (index === 0 ? { ...event, ...change } : event))
    expect(findLostGrants(ACKNOWLEDGED, events)).toEqual([ACKNOWLEDGED[0]])
  })
})

describe('ID-JAGs accepted twice', () => {
  it('are not found if each ID-JAG has one access token', () =>
    expect(findDoubleUses(ACKNOWLEDGED, EVENTS)).toEqual([]))

  it('are detected in the tokens that the client received, although the log has one event', () => {
    const again: Acknowledged = { leg: 'redemption', decisionId: 'dec_5', jti: 'token-3', idJag: 'jag-1' }
    expect(findDoubleUses([...ACKNOWLEDGED, again], EVENTS)).toEqual([grantIdOf('jag-1')])
  })

  it('are detected in the log, although the client received one token', () => {
    const again = { type: 'token.redeemed', decisionId: 'dec_5', jtiHash: 'x', grantId: grantIdOf('jag-2') }
    expect(findDoubleUses(ACKNOWLEDGED, [...EVENTS, again])).toEqual([grantIdOf('jag-2')])
  })
})

const attempt = (kind: AnswerKind, sentAt = 0, answeredAt = sentAt + 10, idJag?: string): Attempt => ({
  leg: idJag === undefined ? 'exchange' : 'redemption',
  kind,
  sentAt,
  answeredAt,
  text: kind,
  ...(idJag === undefined ? {} : { idJag }),
})

it('expects 503 with Retry-After and failed connections, but no timeouts or other responses', () => {
  const kinds: AnswerKind[] = ['granted', 'used', 'unavailable', 'connection', 'silence', 'wrong']
  expect(findUnexpectedAnswers(kinds.map((kind) => attempt(kind))).map(({ kind }) => kind)).toEqual([
    'silence',
    'wrong',
  ])
})

it('finds an unused ID-JAG that was refused as used', () => {
  const pairs: readonly [AnswerKind, AnswerKind][] = [
    ['granted', 'used'],
    ['unavailable', 'used'],
    ['used', 'used'],
  ]
  const attempts = pairs.flatMap((kinds, pair) => kinds.map((kind) => attempt(kind, 0, 1, `jag-${pair}`)))
  expect(new Set(findRefusedUnused(attempts))).toEqual(new Set(['jag-2']))
})

describe('an outage', () => {
  it('is empty if nothing failed', () =>
    expect(measureOutage([attempt('granted', 0), attempt('used', 5), attempt('granted', 40)])).toEqual({
      failed: 0,
      unavailableMs: 0,
      longestGapMs: 40,
    }))

  it('lasts from the first failed request to the first token after the last failed one', () => {
    const attempts = [
      attempt('granted', 0, 10),
      attempt('unavailable', 100, 6_100),
      attempt('granted', 150, 300),
      attempt('connection', 400, 401),
      attempt('granted', 1_000, 1_200),
      attempt('granted', 2_000, 2_010),
    ]
    expect(measureOutage(attempts)).toEqual({ failed: 2, unavailableMs: 1_100, longestGapMs: 900 })
  })

  it('has no end if no token followed', () =>
    expect(measureOutage([attempt('granted', 0), attempt('silence', 20)]).unavailableMs).toBe(Infinity))
})

it.each([
  [[3, 1, 2], 2],
  [[4, 1, 2, 3], 2.5],
  [[], 0],
])('finds the median of %j', (values, middle) => expect(median(values)).toBe(middle))
