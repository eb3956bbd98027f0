import { expect, test } from 'vitest'

import { suggestFix } from './suggest.ts'

test.each([
  [1000, 'did you mean `n7`?'],
  [1001, /^define it; known here: n0, n1, .* and 989 more$/],
])('compares with at most a thousand known names, of %i', (count, fix) => {
  const known = Array.from({ length: count }, (_, at) => `n${at}`)
  expect(suggestFix('N7', known, 'define it')).toEqual(expect.stringMatching(fix))
})
