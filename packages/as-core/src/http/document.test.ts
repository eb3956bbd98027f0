// Public documents: allowed methods and cache headers.
import { expect, test } from 'vitest'

import { createDocument } from './document.ts'

const METHODS = 'GET, HEAD, OPTIONS'

test.each([
  ['GET', 200, null, 'public, max-age=300'],
  ['HEAD', 200, null, 'public, max-age=300'],
  ['OPTIONS', 204, METHODS, null],
  ['POST', 405, METHODS, 'no-store'],
  ['DELETE', 405, METHODS, 'no-store'],
])('%s', async (method, ...expected) => {
  const { status, headers } = await createDocument(() => ({}))(
    new Request('https://as.test/jwks', { method }),
  )
  expect([status, headers.get('allow'), headers.get('cache-control')]).toEqual(expected)
})
