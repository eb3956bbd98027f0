import { randomBytes } from 'node:crypto'

import { expect, it } from 'vitest'

import { parseKeyUri, renderKeyUri } from './key-uri.ts'

it('a key location and its URI convert into each other (RFC 7512)', () => {
  expect(renderKeyUri({ token: 'my token; 2', id: Buffer.from([0, 0xab]) })).toBe(
    'pkcs11:token=my%20token%3B%202;id=%00%AB;type=private',
  )
  const place = { token: 'a=b/ü', id: randomBytes(16) }
  expect(parseKeyUri(renderKeyUri(place))).toEqual(place)
})

it.each(['', 'arn:aws:kms:x', 'pkcs11:token=a;type=private', 'pkcs11:token=a;id=%0;type=private'])(
  'rejects %j',
  (text) => expect(() => parseKeyUri(text)).toThrow('not a URI of a key in a token'),
)
