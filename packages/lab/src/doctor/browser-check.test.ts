// Which responses let a page call an endpoint: its origin and every header of the call have to be allowed.
import { expect, it } from 'vitest'

import { BROWSER_CHECK } from './browser-check.ts'

const [URL_, ORIGIN] = ['https://api.test/', 'https://app.test']

it.each([
  ['its origin', ORIGIN, 'authorization', 'pass'],
  ['any origin', '*', 'authorization', 'pass'],
  ['another origin', 'https://other.test', 'authorization', 'found'],
  ['its origin, without the header', ORIGIN, 'content-type', 'found'],
])('a server that allows %s', (_, origin, allowed, result) => {
  const headers = { 'access-control-allow-origin': origin, 'access-control-allow-headers': allowed }
  const request = { method: 'OPTIONS', url: URL_ } as const
  const preflight = { request, status: 204, headers, cookies: [], text: '', ms: 1 }
  const evidence = { url: URL_, origin: ORIGIN, headers: ['authorization'], preflight }
  expect(BROWSER_CHECK.judge(evidence).result).toBe(result)
})
