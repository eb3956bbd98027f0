import { createHash } from 'node:crypto'

import { type Check, CHECK_NAMES, type CheckName } from '@crosswalk/protocol'
import { describe, expect, it, test } from 'vitest'

import { packCheck, unpackCheck } from './packed-checks.ts'

const numberOf = (name: CheckName) => CHECK_NAMES.indexOf(name) + 1

describe('a check in the log', () => {
  it.each<[string, Check, unknown]>([
    ['that passed', { id: 'replay', result: 'pass' }, numberOf('replay')],
    ['that did not apply', { id: 'tenant', result: 'not_applicable' }, -numberOf('tenant')],
    ['with what was found', { id: 'scope', result: 'pass', actual: ['a'] }, [numberOf('scope'), ['a']]],
    [
      'with the object looked at',
      { id: 'account', result: 'pass', actual: 'x', ref: 'acc_1' },
      [numberOf('account'), 'x', 'acc_1', null, null],
    ],
    [
      'with what was expected',
      { id: 'replay', result: 'pass', expected: 'single-use' },
      [numberOf('replay'), null, null, 'single-use', null],
    ],
    [
      'with what it passed through',
      { id: 'people.connection', result: 'pass', via: 'everyone' },
      [numberOf('people.connection'), null, null, null, 'everyone'],
    ],
  ])('%s is short', (_, check, packed) => {
    expect(JSON.parse(JSON.stringify(packCheck(check)))).toEqual(packed)
    expect(unpackCheck(JSON.parse(JSON.stringify(packed)) as never)).toStrictEqual(check)
  })

  it.each<[string, Check]>([
    ['of no known name', { id: 'of.tomorrow', result: 'pass' }],
    ['that failed', { id: 'replay', result: 'fail', code: 'XAA2209' }],
    ['that is not known', { id: 'replay', result: 'unknown' }],
    ['that was skipped', { id: 'replay', result: 'skipped', because: 'scope' }],
    ['that found nothing', { id: 'scope', result: 'pass', actual: null }],
    ['that expected nothing', { id: 'scope', result: 'pass', expected: null, actual: 1 }],
    ['that did not apply and found something', { id: 'tenant', result: 'not_applicable', actual: 'none' }],
    ['that did not apply for a reason', { id: 'tenant', result: 'not_applicable', because: 'scope' }],
    ['with more to say', { id: 'policy.rules', result: 'pass', evaluated: 0, matched: 0 }],
  ])('%s stands as it is', (_, check) => {
    expect(packCheck(check)).toBe(check)
    expect(unpackCheck(check)).toBe(check)
  })

  it.each([0, CHECK_NAMES.length + 1])('of a number that no check has is no check: %i', (number) => {
    expect(() => unpackCheck(number)).toThrow(`no check has the number ${number}`)
  })
})

// Numbers are in logs for good: with another name in front of the end, old decisions would say something else.
test('the numbers of checks stay', () => {
  expect(new Set(CHECK_NAMES).size).toBe(CHECK_NAMES.length)
  const first = CHECK_NAMES.slice(0, 83).join(' ')
  expect(createHash('sha256').update(first).digest('hex')).toBe(
    'a7da014ee413a54136f92ff6ea5d261381d806386af206bf0ca743570557b070',
  )
})
