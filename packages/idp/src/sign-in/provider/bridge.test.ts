// What the provider library learns about a request.
import { expect, it, test } from 'vitest'

import { createBridge } from './bridge.ts'

const bridge = createBridge((request, response) => {
  const parts: Buffer[] = []
  request.on('data', (part: Buffer) => parts.push(part))
  request.on('end', () => {
    const { url, headers } = request
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ url, headers, bytes: Buffer.concat(parts).length }))
  })
}, 'https://acme.test/idp')

it('keeps its place to itself: a client cannot claim another host, scheme or address', async () => {
  const headers = {
    'x-forwarded-host': 'evil.test',
    'x-forwarded-proto': 'http',
    'x-forwarded-for': '10.0.0.1',
    forwarded: 'host=evil.test;proto=http',
    'accept-language': 'de',
  }
  const response = await bridge.send(new Request('https://acme.test/idp/token?a=1', { headers }))
  const seen = (await response?.json()) as { url: string; headers: Readonly<Record<string, string>> }
  expect(seen).toMatchObject({
    url: '/token?a=1',
    headers: { host: 'acme.test', 'x-forwarded-proto': 'https', 'accept-language': 'de' },
  })
  expect(Object.keys(seen.headers).filter((name) => name.includes('forwarded'))).toEqual([
    'x-forwarded-proto',
  ])
})

test.each([
  ['https://acme.test/idp', undefined],
  ['https://acme.test/idp-2/token', undefined],
  ['https://acme.test/idp/token', 200],
])('%s: %s', async (url, status) => {
  expect((await bridge.send(new Request(url)))?.status).toBe(status)
})

test.each([
  [65_536, 200],
  [65_537, 413],
])('a body of %i bytes: %i', async (bytes, status) => {
  const request = new Request('https://acme.test/idp/token', { method: 'POST', body: 'a'.repeat(bytes) })
  expect((await bridge.send(request))?.status).toBe(status)
})

// Koa compares each occurrence of a parameter with all others: 7000 took a second.
test.each([
  [500, 200],
  [501, 400],
])('a query of %i parameters: %i', async (count, status) => {
  const request = new Request(`https://acme.test/idp/authorize?${Array(count).fill('a').join('&')}`)
  expect((await bridge.send(request))?.status).toBe(status)
})
