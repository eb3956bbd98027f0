// A server of ours in Express and Fastify: created or mounted in the wrong way, and with a malformed `Host`.
// `examples.test.ts` covers the right use.
import { once } from 'node:events'
import { connect } from 'node:net'

import { createIdp } from '@crosswalk/idp'
import { guard } from '@crosswalk/resource/express'
import { createResourceAs, toFastifyHook, toMiddleware } from '@crosswalk/resource-as'
import express, { type ErrorRequestHandler } from 'express'
import fastify from 'fastify'
import { expect, it, onTestFinished } from 'vitest'

const DEFINITION = { issuer: 'https://as.todo0.test', trustedIssuers: [], resources: [] }

it('reports a body parser mounted before it, instead of reading an empty request', async () => {
  const app = express()
  app.use(express.urlencoded({ extended: false }))
  app.use(toMiddleware({ fetch: async () => new Response('reached') }))
  app.use(((error, _, res, __) => void res.status(500).send(error.message)) as ErrorRequestHandler)
  const listening = app.listen(0, '127.0.0.1')
  await new Promise((resolve) => listening.once('listening', resolve))
  onTestFinished(() => void listening.close())
  const { port } = listening.address() as { readonly port: number }
  const send = (body?: URLSearchParams) =>
    fetch(`http://127.0.0.1:${port}/token`, body === undefined ? {} : { method: 'POST', body })
  expect(await (await send(new URLSearchParams({ a: 'b' }))).text()).toContain('before body parsers')
  expect(await (await send()).text()).toBe('reached')
})

it.each<[string, () => unknown, RegExp]>([
  [
    'ports that are a promise',
    () => createResourceAs(DEFINITION, Promise.resolve() as never),
    /await openPorts/,
  ],
  ['no ports', () => createResourceAs(DEFINITION, undefined as never), /await openPorts/],
  ['half of the ports', () => createIdp(DEFINITION as never, { onDecision: () => {} } as never), /all ports/],
  ['a server that is a promise', () => toMiddleware(Promise.resolve() as never), /await createResourceAs/],
  ['no server', () => toFastifyHook(undefined as never), /await createResourceAs/],
  ['no options', () => guard(undefined as never), /invalid options\n- options: not an object/],
])('says what is wrong with %s', async (_, act, said) => {
  await expect((async () => await act())()).rejects.toThrow(said)
})

const server = {
  fetch: async (_: Request, ip?: string) => new Response(ip),
  serves: (path: string) => path === '/token',
}

it.each([
  ['Express', startExpress],
  ['Fastify', startFastify],
])('is told the address of the client by %s, behind a proxy if that is trusted', async (_, start) => {
  const address = '192.0.2.7'
  const ask = async (url: string) =>
    (await fetch(`${url}/token`, { headers: { 'x-forwarded-for': address } })).text()
  expect(await ask(await start(true))).toBe(address)
  expect(await ask(await start(false))).toBe('127.0.0.1')
})

it.each([
  ['Express', startExpress],
  ['Fastify', startFastify],
])('refuses a request with two hosts in %s (RFC 9112 section 3.2)', async (_, start) => {
  const port = Number(new URL(await start()).port)
  async function send(...hosts: readonly string[]): Promise<string | undefined> {
    const socket = connect(port, '127.0.0.1')
    const head = ['GET /token HTTP/1.1', ...hosts.map((host) => `Host: ${host}`), 'Connection: close']
    socket.write(`${head.join('\r\n')}\r\n\r\n`)
    return Buffer.concat((await socket.toArray()) as Buffer[])
      .toString()
      .split(' ')[1]
  }
  expect(await send('a')).toBe('200')
  expect(await send('a', 'a')).toBe('400')
  expect(await send('a', 'b')).toBe('400')
})

async function startExpress(trustsProxy = false): Promise<string> {
  const app = express().set('trust proxy', trustsProxy).use(toMiddleware(server))
  const listening = app.listen(0, '127.0.0.1')
  onTestFinished(() => void listening.close())
  await once(listening, 'listening')
  return `http://127.0.0.1:${(listening.address() as { readonly port: number }).port}`
}

async function startFastify(trustsProxy = false): Promise<string> {
  const app = fastify({ trustProxy: trustsProxy })
  onTestFinished(() => app.close())
  app.addHook('onRequest', toFastifyHook(server))
  return app.listen({ host: '127.0.0.1', port: 0 })
}
