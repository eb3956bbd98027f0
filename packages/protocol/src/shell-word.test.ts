// What is shown to be pasted is one word to a shell, however it was chosen.
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
