import { expect, test } from 'vitest'

import { renderBasicCredentials } from './basic-credentials.ts'

test('encodes both parts, so that only the separator is a colon (RFC 6749 section 2.3.1)', () => {
  expect(renderBasicCredentials('a:b%c', 's+ &=ä')).toBe('a%3Ab%25c:s%2B%20%26%3D%C3%A4')
})
