import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { MAX_DOCUMENT_BYTES } from './guarded-fetch.ts'
import { createGuardedWebFetch } from './guarded-web-fetch.ts'

let origin = ''
const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://x')
  if (pathname === '/redirect')
    return void response.writeHead(302, { location: 'http://169.254.169.254/' }).end()
  if (pathname === '/bytes') return void response.end('x'.repeat(Number(searchParams.get('count'))))
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    const { method, headers } = request
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method, body: Buffer.concat(chunks).toString(), headers }))
  })
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

const resolveTo = (address: string) => async () => [{ address, family: 4 }]

test('sends method, headers and body, and returns status, headers and body', async () => {
  const { fetch, close } = createGuardedWebFetch({ allowLoopback: true })
  const response = await fetch(`${origin}/token`, {
    method: 'POST',
    headers: { authorization: 'Basic eA==' },
    body: new URLSearchParams({ grant_type: 'authorization_code' }),
  })
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
  expect(await response.json()).toMatchObject({
    method: 'POST',
    body: 'grant_type=authorization_code',
    headers: { authorization: 'Basic eA==' },
  })
  await close()
})

test('does not follow redirects (SEC-11)', async () => {
  const { fetch, close } = createGuardedWebFetch({ allowLoopback: true })
  expect((await fetch(`${origin}/redirect`)).status).toBe(302)
  await close()
})

test.each([
  [MAX_DOCUMENT_BYTES, true],
  [MAX_DOCUMENT_BYTES + 1, false],
])('a response of %i bytes: %s (SEC-12)', async (count, taken) => {
  const { fetch, close } = createGuardedWebFetch({ allowLoopback: true })
  const answer = fetch(`${origin}/bytes?count=${count}`).then(
    async (response) => (await response.text()).length,
    (error: unknown) => error,
  )
  if (taken) expect(await answer).toBe(count)
  else expect(await answer).toBeInstanceOf(TypeError)
  await close()
})

test.each([
  ['loopback', () => `${origin}/`, {}],
  ['plain http elsewhere', () => 'http://login.corp.test/', {}],
  ['a private address', () => 'https://10.0.0.7/', {}],
  [
    'a cloud metadata service, even with private networks allowed',
    () => 'https://169.254.169.254/',
    { allowPrivate: true },
  ],
  ['a name with a private address', () => 'https://login.corp.test/', { resolve: resolveTo('10.0.0.7') }],
  [
    'a name with a link-local address, even with private networks allowed',
    () => 'https://login.corp.test/',
    { resolve: resolveTo('169.254.169.254'), allowPrivate: true },
  ],
])('refuses %s (SEC-10, SEC-11)', async (_, url, more) => {
  const { fetch, close } = createGuardedWebFetch({ allowLoopback: false, ...more })
  const error: unknown = await fetch(url()).catch((cause: unknown) => cause)
  expect(error).toBeInstanceOf(TypeError)
  const told = `${String(error)} ${String((error as Error).cause)}`
  expect(told).toMatch(/refused/)
  await close()
})
