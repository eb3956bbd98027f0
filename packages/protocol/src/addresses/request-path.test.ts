import { expect, it } from 'vitest'

import { readPath } from './request-path.ts'

it.each([
  ['http://127.0.0.1:4000/as/todo0/token', '/as/todo0/token'],
  ['http://127.0.0.1:4000/token?client_id=a', '/token'],
  ['https://idp.test/a#b', '/a'],
  ['https://idp.test', '/'],
  ['https://idp.test/', '/'],
  ['https://idp.test/?a=/b', '/'],
])('reads the path of %s', (url, path) => {
  expect(readPath(url)).toBe(path)
})
