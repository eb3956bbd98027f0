// Text that users paste into a shell is one word to it, whatever it contains.
import { expect, it } from 'vitest'

import { toCommandLine, toShellWord, withOptions, withServer } from './shell-word.ts'

it.each([
  ['agent0', 'agent0'],
  ['https://idp.acme.test/as/main', 'https://idp.acme.test/as/main'],
  ['Night Planner', "'Night Planner'"],
  ['todos.read todos.write', "'todos.read todos.write'"],
  ['a$(id)', "'a$(id)'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
])('%j becomes %s', (text, word) => expect(toShellWord(text)).toBe(word))

it('names the server in every command of a line', () => {
  const [first, second] = [toCommandLine('app', 'show', "it's a && b"), toCommandLine('user', 'show', 'ada')]
  expect(withServer(`${first} && ${second}`, 'http://[::1]:4000')).toBe(
    `${first} --server 'http://[::1]:4000' && ${second} --server 'http://[::1]:4000'`,
  )
})

it('adds nothing without options', () =>
  expect(withOptions('npx crosswalk whoami', '')).toBe('npx crosswalk whoami'))
