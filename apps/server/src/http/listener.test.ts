import { once } from 'node:events'
import { request, Server } from 'node:http'
import { connect } from 'node:net'

import { ADMIN_API_PATH, EVALUATION_PATH, MAX_DOCUMENT_BYTES } from '@crosswalk/admin-api'
import { describe, expect, it, vi } from 'vitest'

import type { ConnectionBindings } from './app.ts'
import { listen } from './listener.ts'
import { BodyTooLongError } from './receive-body.ts'

const LOOPBACK = { host: '127.0.0.1', port: 0 }
const PLAN = `${ADMIN_API_PATH}/configuration/plan`

it('binds a free port, and passes the peer address to handlers', async () => {
  const seen: unknown[] = []
  const listener = await listen(
    {
      fetch: async (_request, connection) => {
        seen.push(connection?.incoming?.socket.remoteAddress)
        return new Response('here')
      },
    },
    LOOPBACK,
  )
  const response = await fetch(`http://127.0.0.1:${listener.port}/`)
  expect(await response.text()).toBe('here')
  expect(seen).toEqual(['127.0.0.1'])
  await listener.close(1000)
})

it('fails if the address is in use', async () => {
  const app = { fetch: async () => new Response() }
  const first = await listen(app, LOOPBACK)
  await expect(listen(app, { ...LOOPBACK, port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await first.close(1000)
})

it('finishes running requests, accepts no new ones, and can be closed twice', async () => {
  const started = Promise.withResolvers<void>()
  const finish = Promise.withResolvers<void>()
  const listener = await listen(
    {
      fetch: async () => {
        started.resolve()
        await finish.promise
        return new Response('finished')
      },
    },
    LOOPBACK,
  )
  const running = fetch(`http://127.0.0.1:${listener.port}/`)
  await started.promise
  const closed = Promise.all([listener.close(60_000), listener.close(60_000)])
  await expect(fetch(`http://127.0.0.1:${listener.port}/`)).rejects.toThrow()
  finish.resolve()
  expect(await (await running).text()).toBe('finished')
  await closed
})

it('cuts requests that are not done within the grace period', async () => {
  const started = Promise.withResolvers<void>()
  const never = () => (started.resolve(), new Promise<never>(() => undefined))
  const listener = await listen({ fetch: never }, LOOPBACK)
  const running = fetch(`http://127.0.0.1:${listener.port}/`).catch(() => 'cut')
  await started.promise
  const cutAll = vi.spyOn(Server.prototype, 'closeAllConnections')
  await listener.close(100)
  expect(await running).toBe('cut')
  // Otherwise, the limit of idle connections has cut it.
  expect(cutAll).toHaveBeenCalledOnce()
  cutAll.mockRestore()
})

it('closes connections over the limit at once, and takes new ones when others have ended', async () => {
  const warnings: string[] = []
  const app = { fetch: async () => new Response('here') }
  const listener = await listen(app, { ...LOOPBACK, mostConnections: 2, warn: (line) => warnings.push(line) })
  const open = async () => {
    const socket = connect(listener.port, '127.0.0.1')
    socket.on('error', () => undefined)
    await once(socket, 'connect')
    return socket
  }
  const ask = () => fetch(`http://127.0.0.1:${listener.port}/`, { headers: { connection: 'close' } })
  const first = await open()
  expect(await (await ask()).text()).toBe('here')
  await open()
  await expect(ask()).rejects.toThrow()
  await expect(ask()).rejects.toThrow()
  expect(warnings).toEqual([
    '2 connections are open (limits.connections): more are closed, and this is reported once a minute',
  ])
  first.destroy()
  await expect.poll(async () => (await ask().catch(() => undefined))?.status).toBe(200)
  await listener.close(0)
})

const SHORT = Buffer.from(Array.from({ length: 300 }, (_, index) => index % 256))
const LONG = Buffer.alloc(65_537, 'ä')

it.each([
  ['short, in one piece', [SHORT], { 'content-length': SHORT.length }],
  ['short, in pieces', [SHORT.subarray(0, 7), SHORT.subarray(7)], { 'content-length': SHORT.length }],
  ['as long as the limit', [LONG.subarray(1)], { 'content-length': 65_536 }],
  ['longer', [LONG], { 'content-length': 65_537 }],
  ['without a declared length', [SHORT], { 'transfer-encoding': 'chunked' }],
  ['empty', [], { 'content-length': 0 }],
])('passes on a body unchanged: %s', async (_, pieces, headers) => {
  const readers = {
    bytes: async (request: Request) => new Response(await request.arrayBuffer()),
    stream: async (request: Request) => new Response(request.body),
  }
  for (const fetch of Object.values(readers)) {
    const listener = await listen({ fetch }, LOOPBACK)
    const answered = Promise.withResolvers<Buffer>()
    const sent = request({ port: listener.port, host: '127.0.0.1', method: 'POST', headers }, (response) => {
      void response.toArray().then((chunks) => answered.resolve(Buffer.concat(chunks as Buffer[])))
    })
    for (const piece of pieces) {
      sent.write(piece)
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    sent.end()
    expect(await answered.promise).toEqual(Buffer.concat(pieces))
    await listener.close(1000)
  }
})

it('still serves others after a caller disconnects in the middle of its body', async () => {
  let asked = 0
  const listener = await listen(
    {
      fetch: async (each) => {
        asked += 1
        return new Response(await each.text())
      },
    },
    LOOPBACK,
  )
  const socket = connect(listener.port, '127.0.0.1')
  socket.write('POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nhalf')
  await new Promise((resolve) => setTimeout(resolve, 50))
  const closed = new Promise((resolve) => socket.once('close', resolve))
  socket.destroy()
  await closed
  const response = await fetch(`http://127.0.0.1:${listener.port}/`, { method: 'POST', body: 'whole' })
  expect([await response.text(), asked]).toEqual(['whole', 1])
  await listener.close(1000)
})

const LIMIT = 65_536
const PIECE = Buffer.alloc(LIMIT, 'x')

/** Sends pieces until the other side stops reading. @returns the status of the response */
async function upload(port: number, path: string, bytes: number, headers: Record<string, string | number>) {
  const answered = Promise.withResolvers<number>()
  const sent = request({ port, host: '127.0.0.1', path, method: 'POST', headers }, (response) => {
    response.resume()
    answered.resolve(response.statusCode ?? 0)
  })
  sent.on('error', answered.reject)
  sent.setMaxListeners(0)
  for (let left = bytes; left > 0; left -= PIECE.length)
    if (!sent.write(PIECE.subarray(0, left))) await Promise.race([once(sent, 'drain'), answered.promise])
  sent.end()
  return answered.promise
}

it.each(['/', `${ADMIN_API_PATH}/audit-events/verify`])(
  'tells a handler at %s that the caller left after its body',
  async (path) => {
    const left = Promise.withResolvers<void>()
    const read = Promise.withResolvers<void>()
    const listener = await listen(
      {
        fetch: async (received) => {
          received.signal.addEventListener('abort', () => left.resolve())
          await received.text()
          read.resolve()
          await left.promise
          return new Response()
        },
      },
      LOOPBACK,
    )
    const sent = request({ port: listener.port, host: '127.0.0.1', method: 'POST', path })
    sent.on('error', () => undefined)
    sent.end('{}')
    await read.promise
    sent.destroy()
    await left.promise
    await listener.close(0)
  },
)

it.each(['/', PLAN])(
  'answers the next request on a connection, however late the rest of a body arrives that %s did not read',
  async (path) => {
    const listener = await listen({ fetch: async () => new Response('', { status: 401 }) }, LOOPBACK)
    const socket = connect(listener.port, '127.0.0.1')
    const head = `POST ${path} HTTP/1.1\r\nhost: x\r\ncontent-length: ${4 * LIMIT}\r\n\r\n`
    socket.write(Buffer.concat([Buffer.from(head), PIECE, PIECE]))
    const closed = once(socket, 'close')
    await once(socket, 'data')
    // Longer than the adapter of Hono gives a body by default.
    await new Promise((resolve) => setTimeout(resolve, 600))
    socket.write(Buffer.concat([PIECE, PIECE, Buffer.from('GET / HTTP/1.1\r\nhost: x\r\n\r\n')]))
    const next = await Promise.race([once(socket, 'data'), closed])
    expect(String(next[0])).toMatch(/^HTTP\/1\.1 401 /)
    socket.destroy()
    await listener.close(1000)
  },
)

it('answers a body that is too long only once it has arrived, if the connection closes then', async () => {
  const listener = await listen({ fetch: async () => new Response('', { status: 413 }) }, LOOPBACK)
  const socket = connect(listener.port, '127.0.0.1')
  const answers: string[] = []
  socket.on('data', (chunk) => answers.push(String(chunk)))
  const closed = once(socket, 'close')
  const head = `POST / HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: ${4 * LIMIT}\r\n\r\n`
  socket.write(Buffer.concat([Buffer.from(head), PIECE, PIECE]))
  await new Promise((resolve) => setTimeout(resolve, 100))
  expect(answers).toEqual([])
  socket.write(Buffer.concat([PIECE, PIECE]))
  await closed
  expect(answers[0]).toMatch(/^HTTP\/1\.1 413 /)
  await listener.close(1000)
})

describe('a handler that reads without its own limit', () => {
  const taken: { bytes: number; isTooLong: boolean | undefined; error: unknown }[] = []
  const naive = {
    fetch: async (each: Request, connection?: ConnectionBindings) => {
      let bytes = 0
      let error: unknown
      try {
        for await (const chunk of each.body ?? []) bytes += chunk.byteLength
      } catch (thrown) {
        error = thrown
      }
      taken.push({ bytes, isTooLong: connection?.incoming?.isTooLong, error })
      return new Response(null, { status: error === undefined ? 200 : 413 })
    },
  }

  it.each([
    ['declared', LIMIT, false],
    ['chunked', LIMIT, false],
    ['declared', LIMIT + 1, true],
    ['chunked', LIMIT + 1, true],
    ['declared', 20 * 1_048_576, true],
    ['chunked', 20 * 1_048_576, true],
  ])('gets at most one byte over the body limit: %s, %i bytes', async (how, bytes, isTooLong) => {
    taken.length = 0
    const listener = await listen(naive, LOOPBACK)
    const headers = how === 'declared' ? { 'content-length': bytes } : { 'transfer-encoding': 'chunked' }
    expect(await upload(listener.port, '/any/path', bytes, headers)).toBe(200)
    expect(taken).toEqual([{ bytes: Math.min(bytes, LIMIT + 1), isTooLong, error: undefined }])
    await listener.close(1000)
  })

  it.each([
    [PLAN, 'declared', MAX_DOCUMENT_BYTES, false],
    [PLAN, 'chunked', MAX_DOCUMENT_BYTES, false],
    [PLAN, 'declared', 4 * MAX_DOCUMENT_BYTES, true],
    [PLAN, 'chunked', 4 * MAX_DOCUMENT_BYTES, true],
    [EVALUATION_PATH, 'chunked', MAX_DOCUMENT_BYTES, false],
  ])(
    'gets at most one chunk over the document limit of %s: %s, %i bytes',
    async (path, how, bytes, isTooLong) => {
      taken.length = 0
      const listener = await listen(naive, LOOPBACK)
      const headers = how === 'declared' ? { 'content-length': bytes } : { 'transfer-encoding': 'chunked' }
      const status = await upload(listener.port, path, bytes, headers)
      expect(status).toBe(isTooLong ? 413 : 200)
      const [one] = taken
      expect(one?.bytes).toBeLessThanOrEqual(MAX_DOCUMENT_BYTES + LIMIT)
      if (!isTooLong) expect(one?.bytes).toBe(bytes)
      expect(one?.error instanceof BodyTooLongError).toBe(isTooLong)
      await listener.close(1000)
    },
  )
})

/** @returns what the server sent before it closed the connection, and how long that took */
async function connectAndSend(port: number, text: string) {
  const began = performance.now()
  const socket = connect(port, '127.0.0.1')
  socket.write(text)
  const said = Buffer.concat((await socket.toArray()) as Buffer[]).toString()
  return { said, seconds: (performance.now() - began) / 1000 }
}

it('cuts a request whose headers are incomplete after 10 seconds', { timeout: 30_000 }, async () => {
  const listener = await listen({ fetch: async () => new Response('ok') }, LOOPBACK)
  const { said, seconds } = await connectAndSend(listener.port, 'GET / HTTP/1.1\r\nhost: x\r\n')
  expect(said).toMatch(/^HTTP\/1\.1 408 /)
  expect(seconds).toBeGreaterThanOrEqual(10)
  expect(seconds).toBeLessThan(12)
  await listener.close(1000)
})

it.each([
  ['HTTP/1.0', 200],
  ['HTTP/1.1', 400],
])(
  'handles %s without Host by its standard, for health checks of load balancers: %d',
  async (version, status) => {
    const app = { fetch: async ({ url }: Request) => new Response(new URL(url).pathname) }
    const listener = await listen(app, LOOPBACK)
    const { said } = await connectAndSend(listener.port, `GET /readyz ${version}\r\n\r\n`)
    expect(said).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(said.includes('/readyz')).toBe(status === 200)
    await listener.close(1000)
  },
)

it.each([
  ['one host', ['Host: a'], 200],
  ['a host with a port', ['Host: 127.0.0.1:4000'], 200],
  ['an IPv6 address', ['Host: [::1]:4000'], 200],
  ['an empty host, for a URL without one', ['Host:'], 200],
  ['no host', [], 400],
  ['the same host twice', ['Host: a', 'Host: a'], 400],
  ['two hosts', ['Host: a', 'Host: b'], 400],
  ['two hosts, in different case', ['Host: a', 'hOST: b'], 400],
  ['two hosts, apart', ['Host: a', 'Accept: */*', 'Host: b'], 400],
  ['an empty and another host', ['Host:', 'Host: b'], 400],
  ['a list', ['Host: a, b'], 400],
  ['a host with a space', ['Host: a b'], 400],
  ['a user', ['Host: user@a'], 400],
  ['a path', ['Host: a/b'], 400],
  ['a port that is no number', ['Host: a:b'], 400],
  ['a broken IPv6 address', ['Host: [::1'], 400],
  ['five numbers', ['Host: 1.2.3.4.5'], 400],
  ['a number over 255', ['Host: 256.0.0.1'], 400],
  ['a port over 65535', ['Host: a:65536'], 400],
  ['a space before the colon', ['Host : a'], 400],
  ['a folded line', ['Host: a', ' b'], 400],
])('RFC 9112 section 3.2: a request with %s', async (_, lines, status) => {
  let handled = 0
  const app = {
    async fetch() {
      handled += 1
      return new Response('ok')
    },
  }
  const listener = await listen(app, LOOPBACK)
  for (const target of ['/', 'http://a/'])
    for (const method of ['GET', 'POST']) {
      const head = [`${method} ${target} HTTP/1.1`, ...lines, 'Content-Length: 0', 'Connection: close']
      const { said } = await connectAndSend(listener.port, `${head.join('\r\n')}\r\n\r\n`)
      expect([method, target, said.split(' ')[1]]).toEqual([method, target, String(status)])
    }
  expect(handled).toBe(status === 200 ? 4 : 0)
  await listener.close(1000)
})

it('refuses several hosts over HTTP/1.0 as well, and closes the connection', async () => {
  const listener = await listen({ fetch: async () => new Response('ok') }, LOOPBACK)
  const twice = 'host: a\r\nhost: b\r\n'
  for (const head of [`GET / HTTP/1.0\r\n${twice}`, `POST / HTTP/1.1\r\n${twice}content-length: 10\r\n`]) {
    const { said } = await connectAndSend(listener.port, `${head}\r\n`)
    expect(said).toMatch(/^HTTP\/1\.1 400 /)
    expect(said.toLowerCase()).toContain('connection: close')
  }
  await listener.close(1000)
})

it('keeps idle connections longer than proxies do, or as long as configured', async () => {
  const app = { fetch: async () => new Response('ok') }
  const usual = await listen(app, LOOPBACK)
  const { headers } = await fetch(`http://127.0.0.1:${usual.port}/`)
  expect(headers.get('keep-alive')).toBe('timeout=75')
  await usual.close(1000)
  const short = await listen(app, { ...LOOPBACK, keepAliveSeconds: 1 })
  const { said } = await connectAndSend(short.port, 'GET / HTTP/1.1\r\nhost: x\r\n\r\n')
  expect(said).toMatch(/^HTTP\/1\.1 200 OK[^]*keep-alive: timeout=1/i)
  await short.close(1000)
})

it('closes a connection with the next response on request', async () => {
  const listener = await listen({ fetch: async () => new Response('ok') }, LOOPBACK)
  const before = await fetch(`http://127.0.0.1:${listener.port}/`)
  listener.endConnections()
  const after = await fetch(`http://127.0.0.1:${listener.port}/`)
  expect([before.headers.get('connection'), after.headers.get('connection')]).toEqual(['keep-alive', 'close'])
  await listener.close(1000)
})
