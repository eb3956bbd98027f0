import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterAll, beforeAll, expect, test } from 'vitest'

import { createGuardedStreamFetch } from './guarded-stream-fetch.ts'

let origin = ''
const asked: (string | undefined)[] = []
const server = createServer((request, response) => {
  asked.push(request.headers['accept-encoding'])
  const { searchParams } = new URL(request.url ?? '/', 'http://x')
  const encoding = searchParams.get('encoding')
  if (encoding !== null) response.setHeader('content-encoding', encoding)
  const status = Number(searchParams.get('status') ?? 200)
  response.writeHead(status, { location: 'http://169.254.169.254/', 'set-cookie': ['a=1', 'b=2'] })
  response.end(status === 200 ? 'content' : undefined)
})
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())

async function get(query: string) {
  const { fetch, close } = createGuardedStreamFetch({ allowLoopback: true })
  try {
    const response = await fetch(`${origin}/${query}`, { headers: { 'accept-encoding': 'gzip' } })
    return { status: response.status, headers: response.headers, text: await response.text() }
  } finally {
    await close()
  }
}

test.each([
  ['', 200, 'content'],
  ['?encoding=identity', 200, 'content'],
  ['?status=204', 204, ''],
  ['?status=304', 304, ''],
  ['?status=302', 302, ''],
])('returns the response to "%s", and requests no encoding', async (query, status, text) => {
  const answer = await get(query)
  expect(answer).toMatchObject({ status, text })
  expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2'])
  expect(asked.at(-1)).toBe('identity')
})

test('refuses an encoded response, whose content could not be inspected', async () => {
  await expect(get('?encoding=gzip')).rejects.toThrow('the response is encoded')
})

test('sends nothing to addresses that the guard refuses', async () => {
  const before = asked.length
  const { fetch, close } = createGuardedStreamFetch({ allowLoopback: false })
  await expect(fetch(origin)).rejects.toThrow(`refused to fetch ${origin}`)
  expect(asked).toHaveLength(before)
  await close()
})
