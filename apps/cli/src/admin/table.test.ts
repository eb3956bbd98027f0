// Values in tables for tickets.
import { expect, it } from 'vitest'

import { renderMarkdown, sanitizeLine } from './table.ts'

it.each([
  ['![x](https://evil.example)', '\\!\\[x\\](https://evil.example)'],
  ['a | b', 'a \\| b'],
  ['<img src=x> &amp;', '\\<img src=x\\> \\&amp;'],
  ['`code` *b* _i_ ~s~ @ops #1', '\\`code\\` \\*b\\* \\_i\\_ \\~s\\~ \\@ops \\#1'],
  ['two\nlines', 'two\ufffdlines'],
  [undefined, '–'],
])('%j is no markup', (value, expected) => {
  expect(renderMarkdown(['name'], [[value]])).toBe(`| name |\n| --- |\n| ${expected} |\n`)
})

it('a line that quotes another server is cut', () => {
  const longest = `\ufffd${'x'.repeat(1999)}`
  expect(sanitizeLine(`\u009b${'x'.repeat(1999)}`)).toBe(longest)
  expect(sanitizeLine(`\u009b${'x'.repeat(2000)}`)).toBe(`${longest} … (2001 characters)`)
})
