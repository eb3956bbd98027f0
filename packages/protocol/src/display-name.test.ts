import { describe, expect, it } from 'vitest'

import { zGroup, zUser } from './definitions/idp.ts'
import { cutText, isDisplayName, toDisplayName } from './display-name.ts'

const GOOD = [
  'Anna',
  'Ana María',
  'علي رضایی',
  'می\u200cخواهم',
  'ക\u0d4d\u200d',
  'דוד (2)\u200f',
  '\u200fדוד',
  '陳大文',
  '葛\u{e0100}城',
  '葛\u{e01ef}',
  '葛\ufe00',
  'ᠠ\u180b',
  'ᠠ\u180d',
  'ᠠ\u180f',
  '👩\u200d💻',
  '❤\ufe0f',
  '❤\ufe0e',
  '🏳\ufe0f\u200d🌈',
  'O’Neill',
]
const BAD: readonly (readonly [string, string, string | undefined])[] = [
  ['an override', 'Bob \u202etoor', 'Bob toor'],
  ['an embedding', '\u202aBob', 'Bob'],
  ['an isolate', 'Bob\u2067 admin', 'Bob admin'],
  ['a line break', 'Bob\nAdministrator', 'Bob Administrator'],
  ['a line separator', 'Bob\u2028x', 'Bob x'],
  ['a control character', 'Bob\u001b[2J', 'Bob [2J'],
  ['a C1 control character', 'Bob\u009b', 'Bob'],
  ['a space of no width', 'Bob\u200by', 'Boby'],
  ['a direction mark', '\u200fBob', 'Bob'],
  ['direction marks that excuse each other', 'Bob\u200f\u061c', 'Bob'],
  ['a joiner that joins nothing', 'Bob\u200d', 'Bob'],
  ['a separator that separates nothing', 'B\u200cob', 'Bob'],
  ['a variation selector after a letter', 'Bob\ufe0f', 'Bob'],
  ['a variation selector after a digit', 'agent1\ufe0f', 'agent1'],
  ['a joiner after an emoji', '👩\u200d', '👩'],
  ['a direction change inside Hebrew', 'דוד\u202e', 'דוד'],
  ['a vowel separator', 'ᠠ\u180eᠠ', 'ᠠᠠ'],
  ['a soft hyphen', 'Bo\u00adb', 'Bob'],
  ['a tag', 'Bob\u{e0041}', 'Bob'],
  ['a blank letter', 'Bob\u3164', 'Bob'],
  ['nothing visible', ' \u200b', undefined],
  ['only blank letters', '\u115f\u3164', undefined],
  ['only joiners', '\u200c\u200d', undefined],
  ['only a blank pattern', '\u2800', undefined],
  ['only control characters', '\u202e\n', undefined],
]

describe('a display name', () => {
  it.each(GOOD)('%s is unchanged', (name) => {
    expect([isDisplayName(name, 256), toDisplayName(name, 256)]).toEqual([true, name])
  })

  it.each(BAD)('with %s is refused, or shown without it', (_, name, shown) => {
    expect([isDisplayName(name, 256), toDisplayName(name, 256)]).toEqual([false, shown])
  })

  it('has at most the maximum length', () => {
    expect([isDisplayName('abc', 3), isDisplayName('abcd', 3), toDisplayName('abcd', 3)]).toEqual([
      true,
      false,
      'abc',
    ])
    expect(toDisplayName(7, 3)).toBeUndefined()
    // A backtracking pattern would take minutes for this.
    expect(toDisplayName(`${' '.repeat(500_000)}a${' \n'.repeat(500_000)}b`, 3)).toBe('a b')
  })

  it.each([
    ['direction marks', '\u200e', ''],
    ['direction marks after Hebrew', '\u200e', 'דוד'],
    ['joiners', '\u200d', ''],
    ['variation selectors', '\ufe0f', ''],
  ])('of many %s is cleaned in time that grows linearly with its length', (_, character, before) => {
    const startedAt = performance.now()
    expect(toDisplayName(`${before}${character.repeat(10_000)}`, 3)).toBe(before || undefined)
    // Looking along the whole text for each of them would take seconds, in which a server does nothing else.
    expect(performance.now() - startedAt).toBeLessThan(300)
  })
})

describe('in definitions', () => {
  const user = { id: 'usr_1', username: 'bob' }
  it.each(BAD)('a user or group name with %s is refused', (_, name) => {
    expect(zUser.safeParse(user).success).toBe(true)
    for (const change of [{ name }, { username: name }, { groups: [name] }])
      expect(zUser.safeParse({ ...user, ...change }).success).toBe(false)
    expect(zGroup.safeParse({ id: 'g', name: 'Group' }).success).toBe(true)
    expect(zGroup.safeParse({ id: 'g', name }).success).toBe(false)
    expect(zGroup.safeParse({ id: name }).success).toBe(false)
  })

  it('a user may have an empty name', () => {
    expect(zUser.safeParse({ ...user, name: '' }).success).toBe(true)
  })
})

it.each([
  ['four', 'four'],
  ['five!', 'five'],
  ['ab\u{1F600}', 'ab\u{1F600}'],
  ['abc\u{1F600}', 'abc'],
])('%s has at most four characters, and no half of one', (text, short) => {
  expect([cutText(text, 4), toDisplayName(text, 4)]).toEqual([short, short])
})
