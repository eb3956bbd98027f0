import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { setTimeout } from 'node:timers/promises'

import { ADMIN_API_PATH } from '@crosswalk/admin-api'
import { afterEach, describe, expect, it } from 'vitest'

import type { App } from './app.ts'
import { limitConnection } from './limit-connection.ts'
import { listen, type Listener } from './listener.ts'

let listener: Listener | undefined
afterEach(async () => {
  await listener?.close(0)
  listener = undefined
})

/** Sends text over one connection. @returns the responses until it ends */
async function send(app: App, text: string): Promise<string> {
  listener = await listen(app, { host: '127.0.0.1', port: 0 })
  const socket = connect(listener.port, '127.0.0.1')
  socket.write(text)
  return readAll(socket)
}

async function readAll(socket: Socket): Promise<string> {
  let received = ''
  socket.on('data', (data) => (received += data.toString('latin1')))
  socket.on('error', () => undefined)
  await once(socket, 'close')
  return received
}

const count = (text: string) => text.match(/HTTP\/1\.1 200/g)?.length ?? 0

describe('requests before their responses', () => {
  const get = (connection: string) => `GET / HTTP/1.1\r\nhost: x\r\nconnection: ${connection}\r\n\r\n`
  const pipeline = (requests: number) => get('keep-alive').repeat(requests - 1) + get('close')

  it.each([
    [16, 16],
    [17, 0],
  ])('of %d, %d get a response', async (requests, answered) => {
    expect(count(await send({ fetch: async () => new Response('ok') }, pipeline(requests)))).toBe(answered)
  })

  const post = 'POST / HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\nx'

  it('count with a body too, although they are answered while the next ones are parsed', async () => {
    const answer = { fetch: async () => new Response('ok') }
    expect(count(await send(answer, post.repeat(15) + get('close')))).toBe(16)
    await listener?.close(0)
    expect(count(await send(answer, post.repeat(100) + get('close')))).toBeLessThanOrEqual(16)
  })

  it('count only until the response', async () => {
    listener = await listen({ fetch: async () => new Response('ok') }, { host: '127.0.0.1', port: 0 })
    const socket = connect(listener.port, '127.0.0.1')
    for (let request = 0; request < 50; request += 1) {
      socket.write(get('keep-alive'))
      expect(String((await once(socket, 'data'))[0])).toContain('200 OK')
    }
    socket.destroy()
  })
})

describe.each(['/token', `${ADMIN_API_PATH}/configuration/plan`])('a body for %s', (path) => {
  const read = { fetch: async (request: Request) => new Response(String((await request.text()).length)) }
  const post = (chunks: number, chunk: string) =>
    [
      `POST ${path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n`,
      `${chunk.length.toString(16)}\r\n${chunk}\r\n`.repeat(chunks),
      '0\r\n\r\n',
    ].join('')

  it.each([
    [1000, 1, 1],
    [2000, 1, 0],
    [1008, 65, 1],
  ])('in %d chunks of %d bytes gets %d response', async (chunks, bytes, answered) => {
    expect(count(await send(read, post(chunks, 'x'.repeat(bytes))))).toBe(answered)
  })
})

describe('a client that reads nothing', () => {
  async function ask(answer: RequestListener, doRead: boolean): Promise<string> {
    const server = createServer((incoming, outgoing) => {
      limitConnection(incoming, outgoing)
      answer(incoming, outgoing)
    })
    server.timeout = 100
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
    socket.write('GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
    const [held] = (await once(server, 'connection')) as [Socket]
    if (!doRead) await once(held, 'close')
    const received = await readAll(socket)
    server.close()
    return received
  }

  it('loses its connection', async () => {
    await ask((_, outgoing) => outgoing.end(Buffer.alloc(64 * 1_048_576)), false)
  })

  it('keeps it while the response is computed', async () => {
    const late: RequestListener = (_, outgoing) => void setTimeout(300).then(() => outgoing.end('ok'))
    expect(count(await ask(late, true))).toBe(1)
  })
})
