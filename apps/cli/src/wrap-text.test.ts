// Text in lines: widths, words that do not fit, and spaces.
import { expect, it } from 'vitest'

import { fillLines, widthOf, wrapText } from './wrap-text.ts'

it.each([
  [39, 40],
  [40, 40],
  [41, 41],
  [100, 100],
  [101, 100],
])('a terminal of %i columns has lines of %i', (columns, width) => {
  expect(widthOf({ columns })).toBe(width)
})

it('is 100 columns wide without a terminal', () => {
  expect(widthOf({})).toBe(100)
})

it.each([
  ['a line that just fits', 'one two', 9, ['one two']],
  ['a line that is one longer', 'one two', 8, ['one', '  two']],
  ['a word wider than a line', 'a http://127.0.0.1/mcp b', 8, ['a', '  http://127.0.0.1/mcp', '  b']],
  ['several spaces within a line', 'a  b c', 8, ['a  b c']],
  ['several spaces at its end', 'one  two', 8, ['one', '  two']],
  ['no text', '', 8, ['']],
])('wraps %s', (_, text, width, lines) => {
  expect(wrapText(text, width)).toEqual(lines)
})

it('fills lines with longer separators', () => {
  expect(fillLines(['a', 'b', 'c'], { width: 4, separator: '  ' })).toEqual(['a  b', 'c'])
})
