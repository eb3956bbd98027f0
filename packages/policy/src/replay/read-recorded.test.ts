import type { DecisionRecord } from '@crosswalk/protocol'
import { describe, expect, it } from 'vitest'

import { ASSUMED_KEY } from '../assumed-key.ts'
import { evaluateExchange } from '../evaluate-exchange.ts'
import { makeFacts, makeSnapshot } from '../testing/exchange-world.ts'
import { readRecorded, recoverRequest } from './read-recorded.ts'

const GRANTED = evaluateExchange(makeFacts({}), makeSnapshot())
const { request } = GRANTED
const DENIED: DecisionRecord = { ...GRANTED, outcome: 'deny', granted: null, checks: [], policies: [] }

function recover(record: DecisionRecord) {
  const recovered = recoverRequest(record, undefined)
  if (recovered === 'incomplete') throw new Error('incomplete')
  return { ...recovered.assumed, unknown: recovered.unknown }
}

const check = (id: string, result: string, more: object = {}) =>
  ({ id, result, ...more }) as unknown as DecisionRecord['checks'][number]
const saw = (text: string, value: unknown, result = 'true') =>
  [{ clauses: [{ text, value, result }] }] as unknown as DecisionRecord['policies']

it.each<[string, Partial<DecisionRecord>]>([
  ['app', { request: { ...request, requesting_app: null } }],
  ['user', { request: { ...request, subject: null } as DecisionRecord['request'] }],
  ['id of the user', { request: { ...request, subject: { ...request.subject, ref: undefined } as never } }],
  ['audience', { request: { ...request, audience: undefined } as DecisionRecord['request'] }],
  ['time', { time: 'yesterday' }],
])('is incomplete without the %s', (_, change) => {
  expect(recoverRequest({ ...GRANTED, ...change }, undefined)).toBe('incomplete')
})

it('is no exchange if another endpoint decided', () => {
  expect(readRecorded({ ...GRANTED, stage: 'ras.redemption' }, undefined)).toBe('not-an-exchange')
})

describe('the request', () => {
  it.each([
    [[], undefined],
    [['a', 'b'], 'a b'],
  ])('had the scope %j: %s', (scope, expected) => {
    expect(recover({ ...GRANTED, request: { ...request, scope } }).scope).toBe(expected)
  })

  it.each([
    ['192.0.2.1', '192.0.2.1'],
    [undefined, undefined],
    [7, undefined],
  ])('came from %s', (ip, expected) => {
    expect(recover({ ...GRANTED, request: { ...request, context: { ip } } }).ip).toBe(expected)
  })

  it('has the actor whose token was accepted', () => {
    const actor = (result: string) => [
      check('scope', 'pass', { ref: 'x' }),
      check('request.actor', result, { ref: 'a' }),
    ]
    expect(recover({ ...GRANTED, checks: actor('pass') }).actor).toBe('a')
    expect(recover({ ...GRANTED, checks: actor('fail') }).actor).toBeUndefined()
  })

  it('has details as it sent them, or as they were granted', () => {
    const details = [{ type: 'todo' }] as never
    const asked = { ...DENIED, request: { ...request, authorization_details: details } }
    expect(recover(asked)).toMatchObject({ authorizationDetails: '[{"type":"todo"}]', unknown: ['dpop'] })
    expect(recover(GRANTED).authorizationDetails).toBeUndefined()
  })
})

describe('of a denied request', () => {
  it.each<[string, Partial<DecisionRecord>, string | undefined, boolean]>([
    ['neither a check nor a rule looked for it', {}, undefined, false],
    ['a proof was required and there', { checks: [check('dpop.required', 'pass')] }, ASSUMED_KEY, true],
    ['a proof was required and missing', { checks: [check('dpop.required', 'fail')] }, undefined, true],
    ['the check was skipped', { checks: [check('dpop.required', 'skipped')] }, undefined, false],
    ['a rule saw a proof', { policies: saw('dpop: true', true) }, ASSUMED_KEY, true],
    ['a rule saw none', { policies: saw('dpop: true', false) }, undefined, true],
    ['a rule saw something else', { policies: saw('app: dpop:', true) }, undefined, false],
  ])('the proof of a key is known or not: %s', (_, change, thumbprint, isKnown) => {
    const { dpopThumbprint, unknown } = recover({ ...DENIED, ...change })
    expect([dpopThumbprint, !unknown.includes('dpop')]).toEqual([thumbprint, isKnown])
  })

  it.each<[string, DecisionRecord['checks'], boolean]>([
    ['scopes were not checked', [], false],
    ['scopes were skipped', [check('scope.granted', 'skipped')], false],
    ['scopes were checked, and there were no details', [check('scope.granted', 'fail')], true],
    [
      'scopes were checked, and details after them',
      [check('scope.granted', 'pass'), check('authorization_details', 'fail')],
      false,
    ],
  ])('details are known or not: %s', (_, checks, isKnown) => {
    expect(!recover({ ...DENIED, checks }).unknown.includes('authorization_details')).toBe(isKnown)
  })

  it.each<[string, Partial<DecisionRecord>, number | undefined]>([
    ['a limit', { checks: [check('policy.volume', 'fail', { actual: { volumeLastHour: 4 } })] }, 4],
    [
      'a limit that could not count',
      { checks: [check('policy.volume', 'fail', { actual: null })] },
      undefined,
    ],
    ['a condition', { policies: saw('volume.perHour.over: 3', 5) }, 5],
    [
      'a condition that could not count',
      { policies: saw('volume.perHour.over: 3', 5, 'unknown') },
      undefined,
    ],
    ['another condition', { policies: saw('app: agent0', 5) }, undefined],
    ['a condition with another value', { policies: saw('volume.perHour.over: 3', 'many') }, undefined],
  ])('the count of the preceding hour is what %s saw', (_, change, count) => {
    expect(recover({ ...DENIED, ...change }).volumeLastHour).toBe(count)
  })
})
