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
