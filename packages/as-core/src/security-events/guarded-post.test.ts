import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'

import { createGuardedPost } from './guarded-post.ts'

let origin = ''
let seen: string[] = []
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '/', 'http://x')
  seen.push(pathname)
  if (pathname === '/silent') return
  if (pathname === '/endless') return void response.write('x'.repeat(100_000))
  if (pathname === '/elsewhere') response.writeHead(307, { location: `${origin}/target` })
  response.end(pathname === '/long' ? 'x'.repeat(100_000) : 'ok')
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
beforeEach(() => (seen = []))
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function post(url: string, allowLoopback = true) {
  const poster = createGuardedPost({ allowLoopback, totalTimeoutMs: 500 })
  const answered = await poster.post(url, { headers: { 'content-type': 'text/plain' }, body: 'event' })
  await poster.close()
  return answered
}

test('returns the status and the beginning of the body', async () => {
  expect(await post(`${origin}/`)).toEqual({ accepted: true, value: { status: 200, text: 'ok' } })
  expect(await post(`${origin}/long`)).toMatchObject({ value: { text: 'x'.repeat(4096) } })
})

test('reads no more than the beginning of a body that does not end (SEC-12)', async () => {
  expect(await post(`${origin}/endless`)).toMatchObject({ value: { status: 200, text: 'x'.repeat(4096) } })
})

test('sends nothing to this machine unless that is allowed (SEC-10)', async () => {
  expect(await post(`${origin}/`, false)).toEqual({ accepted: false, refusal: { reason: 'address-refused' } })
  expect(seen).toEqual([])
})

test('does not follow a redirect, which would send the event elsewhere (SEC-11)', async () => {
  expect(await post(`${origin}/elsewhere`)).toMatchObject({ accepted: true, value: { status: 307 } })
  expect(seen).toEqual(['/elsewhere'])
})

test('waits only for a limited time (SEC-12)', async () => {
  expect(await post(`${origin}/silent`)).toEqual({ accepted: false, refusal: { reason: 'timeout' } })
})
