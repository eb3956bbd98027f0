import { request } from 'node:http'
import { connect } from 'node:net'

import { expect, it } from 'vitest'

import { listen } from './listener.ts'

const LOOPBACK = { host: '127.0.0.1', port: 0 }

it('takes a free port, and tells handlers the address of the peer', async () => {
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

it('refuses an address in use', async () => {
  const app = { fetch: async () => new Response() }
  const first = await listen(app, LOOPBACK)
  await expect(listen(app, { ...LOOPBACK, port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
  await first.close(1000)
})

it('finishes a running request, takes no new one, and may be closed twice', async () => {
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

it('cuts what does not end within the grace period', async () => {
  const listener = await listen({ fetch: async () => new Response('ok') }, LOOPBACK)
  const socket = connect(listener.port, '127.0.0.1')
  await new Promise((resolve) => socket.once('connect', resolve))
  socket.write('POST / HTTP/1.1\r\nhost: x\r\n')
  const cut = new Promise((resolve) => socket.once('close', resolve))
  socket.on('error', () => undefined)
  await listener.close(100)
  await cut
})

const SHORT = Buffer.from(Array.from({ length: 300 }, (_, index) => index % 256))
const LONG = Buffer.alloc(65_537, 'ä')

it.each([
  ['short, in one piece', [SHORT], { 'content-length': SHORT.length }],
  ['short, in pieces', [SHORT.subarray(0, 7), SHORT.subarray(7)], { 'content-length': SHORT.length }],
  ['as long as a short one may be', [LONG.subarray(1)], { 'content-length': 65_536 }],
  ['longer', [LONG], { 'content-length': 65_537 }],
  ['of a length that is not said', [SHORT], { 'transfer-encoding': 'chunked' }],
  ['empty', [], { 'content-length': 0 }],
])('hands over a body as it came: %s', async (_, pieces, headers) => {
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

it('answers others after a caller left in the middle of its body', async () => {
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
