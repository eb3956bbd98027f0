import { createHash } from 'node:crypto'

import { expect, test } from 'vitest'

import { chainHash, FIRST_PREV_HASH } from './chain-hash.ts'

const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url')

test('a hash covers the one before it, the chain, the number and the text, as auditors compute it', () => {
  const first = chainHash(FIRST_PREV_HASH, 'idp', 1, '{"a":1}')
  expect(first).toBe(sha256(`\nidp\n1\n${sha256('{"a":1}')}`))
  expect(chainHash(first, 'idp', 2, '{}')).toBe(sha256(`${first}\nidp\n2\n${sha256('{}')}`))
})
