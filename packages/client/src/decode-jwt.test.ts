import { base64url } from 'jose'
import { expect, it } from 'vitest'

import { decodeJwt, isEncryptedJwt } from './decode-jwt.ts'

const [HEADER, CLAIMS] = [{ alg: 'ES256' }, { sub: 'alice' }].map((part) =>
  base64url.encode(JSON.stringify(part)),
)

it.each([
  ['a signed token', `${HEADER}.${CLAIMS}.sig`, { header: { alg: 'ES256' }, claims: { sub: 'alice' } }],
  ['an opaque token', 'opaque', undefined],
  ['one part', `${HEADER}`, undefined],
  ['four parts', `${HEADER}.${CLAIMS}.sig.more`, undefined],
  ['an encrypted token', `${HEADER}.${CLAIMS}.iv.text.tag`, undefined],
  ['a header that is no JSON', `x.${CLAIMS}.sig`, undefined],
  ['claims that are no JSON', `${HEADER}.x.sig`, undefined],
  ['claims that are no object', `${HEADER}.${base64url.encode('[1]')}.sig`, undefined],
])('reads %s', (_, token, expected) => {
  expect(decodeJwt(token)).toEqual(expected)
})

it.each([
  ['a.b.c.d.e', true],
  ['a.b.c.d', false],
  ['a.b.c', false],
])('%s is encrypted: %s', (token, expected) => {
  expect(isEncryptedJwt(token)).toBe(expected)
})
