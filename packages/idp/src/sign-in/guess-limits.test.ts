import { describe, expect, test } from 'vitest'

import { createGuessLimits, type Guesser, type GuessLimits } from './guess-limits.ts'

const HERE = '192.0.2.7'
const stranger = (login: string, ip: string | undefined = HERE): Guesser => ({
  login,
  ip,
  knownBrowser: undefined,
})
const known = (login: string): Guesser => ({ login, ip: HERE, knownBrowser: 'usr_alice browser' })

function fail(limits: GuessLimits, guesser: Guesser, times: number, now = 0): void {
  for (let time = 0; time < times; time += 1) limits.guessPassword(guesser, now)
}
const waitOf = (limits: GuessLimits, guesser: Guesser, now = 0) =>
  limits.guessPassword(guesser, now).waitSeconds

describe('one name', () => {
  test.each([
    ['upper case', 'ALICE@ACME.TEST'],
    ['mixed case', 'Alice@Acme.Test'],
    ['full-width letters', 'ａｌｉｃｅ@acme.test'],
    ['blanks around it', ' alice@acme.test\t'],
  ])('has one count, also in %s', (_, spelling) => {
    const limits = createGuessLimits(2)
    fail(limits, stranger('alice@acme.test'), 2)
    expect(waitOf(limits, stranger(spelling))).toBe(1)
    expect(waitOf(limits, stranger('alice'))).toBe(0)
  })

  test('composed and decomposed letters are one name', () => {
    const limits = createGuessLimits(1)
    fail(limits, stranger('zo\u00eb'), 1)
    expect(waitOf(limits, stranger('zoe\u0308'))).toBe(1)
  })
})

describe('what a stranger does', () => {
  test('delays no one in another network', () => {
    const limits = createGuessLimits(2)
    fail(limits, stranger('alice'), 5)
    expect(waitOf(limits, stranger('alice'))).toBe(1)
    expect(waitOf(limits, stranger('alice', '198.51.100.1'))).toBe(0)
  })

  test('delays no browser that the user has signed in with before, which has a count of its own', () => {
    const limits = createGuessLimits(2)
    for (let network = 0; network < 40; network += 1)
      fail(limits, stranger('alice', `203.0.113.${network}`), 2)
    expect(waitOf(limits, stranger('alice', '198.51.100.1'))).toBeGreaterThan(0)
    expect([1, 2, 3].map(() => waitOf(limits, known('alice')))).toEqual([0, 0, 1])
  })

  test('delays a name by a minute at most, from however many networks', () => {
    const limits = createGuessLimits(1)
    let now = 0
    for (let network = 0; network < 200; network += 1) {
      const guesser = stranger('alice', `203.0.113.${network}`)
      now += waitOf(limits, guesser, now) * 1000
      fail(limits, guesser, 1, now)
    }
    expect(waitOf(limits, stranger('alice', '198.51.100.1'), now)).toBe(60)
  })

  test('with one name after the other is delayed by network', () => {
    const limits = createGuessLimits(2)
    for (let name = 0; name < 20; name += 1) fail(limits, stranger(`name-${name}`), 1)
    expect(waitOf(limits, stranger('one-more'))).toBe(1)
    expect(waitOf(limits, stranger('one-more', '198.51.100.1'))).toBe(0)
  })

  test('is no freer with all the addresses of one IPv6 network', () => {
    const limits = createGuessLimits(2)
    for (let host = 0; host < 20; host += 1)
      fail(limits, stranger(`name-${host}`, `2001:db8:0:1::${host + 1}`), 1)
    expect(waitOf(limits, stranger('one-more', '2001:db8:0:1:ffff::1'))).toBe(1)
    expect(waitOf(limits, stranger('one-more', '2001:db8:0:2::1'))).toBe(0)
  })
})

describe('a right password', () => {
  test('clears the count of the name there, and of a shared one takes nothing but its own', () => {
    const limits = createGuessLimits(1)
    for (let name = 0; name < 9; name += 1) fail(limits, stranger(`name-${name}`), 1)
    limits.guessPassword(stranger('alice'), 0).succeed()
    expect(waitOf(limits, stranger('alice'))).toBe(0)
    expect(waitOf(limits, stranger('bob'))).toBe(1)
  })
})

test('guesses of second factors are counted by user', () => {
  const limits = createGuessLimits(1)
  expect(limits.guessFactor('usr_alice', 0).waitSeconds).toBe(0)
  expect(limits.guessFactor('usr_alice', 0).waitSeconds).toBe(1)
  expect(limits.guessFactor('usr_bob', 0).waitSeconds).toBe(0)
})

test('where the address is not known, names are still counted', () => {
  const limits = createGuessLimits(1)
  const nowhere = (login: string) => ({ login, ip: undefined, knownBrowser: undefined })
  expect([waitOf(limits, nowhere('alice')), waitOf(limits, nowhere('alice'))]).toEqual([0, 1])
  expect(waitOf(limits, nowhere('bob'))).toBe(0)
})
