import { expect, test } from 'vitest'

import { parsePointer, renderPointer } from './json-pointer.ts'

test.each([
  ['the whole document', [], ''],
  ['members and items', ['idp', 'apps', 0], '/idp/apps/0'],
  ['an empty name', [''], '/'],
  ['names with the characters that a pointer uses itself', ['a/b', 'm~n', '~1'], '/a~1b/m~0n/~01'],
])('renders and parses %s', (_, path, pointer) => {
  expect(renderPointer(path)).toBe(pointer)
  expect(parsePointer(pointer)).toEqual(path.map(String))
})
