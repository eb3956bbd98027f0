// Text that users paste into a shell is one word to it, whatever it contains.
import { expect, it } from 'vitest'

import { toShellWord } from './shell-word.ts'

it.each([
  ['agent0', 'agent0'],
  ['https://idp.acme.test/as/main', 'https://idp.acme.test/as/main'],
  ['Night Planner', "'Night Planner'"],
  ['todos.read todos.write', "'todos.read todos.write'"],
  ['a$(id)', "'a$(id)'"],
  ["it's", "'it'\\''s'"],
  ['', "''"],
])('%j becomes %s', (text, word) => expect(toShellWord(text)).toBe(word))
