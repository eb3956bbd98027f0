// Paths for shell commands: each is one word, and never looked up in the PATH.
import { expect, it } from 'vitest'

import { toSourceArgument } from './source-argument.ts'

it.each([
  ['crosswalk.env', './crosswalk.env'],
  ['new/crosswalk.env', './new/crosswalk.env'],
  ['./crosswalk.env', './crosswalk.env'],
  ['../crosswalk.env', '../crosswalk.env'],
  ['.hidden', './.hidden'],
  ['/etc/crosswalk.env', '/etc/crosswalk.env'],
  ['-x/crosswalk.env', './-x/crosswalk.env'],
  ['a b/crosswalk.env', "'./a b/crosswalk.env'"],
  ["/it's/$HOME", "'/it'\\''s/$HOME'"],
])('%s', (file, word) => expect(toSourceArgument(file)).toBe(word))
