// `guard()` in front of real apps, over a raw socket: request targets that `fetch` cannot send but routers treat as the same route. Each app
// without the guard is the control.
import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect } from 'node:net'

import { createResource } from '@crosswalk/resource'
import { guard as guardExpress } from '@crosswalk/resource/express'
import { guard as guardFastify } from '@crosswalk/resource/fastify'
import { guard as guardHono } from '@crosswalk/resource/hono'
import { getRequestListener } from '@hono/node-server'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'
import { describe, expect, it, onTestFinished } from 'vitest'

const resource = createResource({
  resource: 'https://todo0.test/api',
  issuer: 'https://as.todo0.test',
  jwks: { keys: [] },
})

const INSIDE = ['/api', '/api/me']

async function serveExpress(guarded: boolean): Promise<RequestListener> {
  const app = express()
  if (guarded) app.use(guardExpress(resource))
  for (const path of INSIDE) app.get(path, (_, res) => void res.send('inside'))
  return app.get('/open', (_, res) => void res.send('open'))
}

/** With every option that makes its router more lenient. */
async function serveFastify(guarded: boolean): Promise<RequestListener> {
  const routerOptions = {
    caseSensitive: false,
    ignoreDuplicateSlashes: true,
    ignoreTrailingSlash: true,
    useSemicolonDelimiter: true,
  }
  const app = fastify({ routerOptions })
  if (guarded) app.addHook('onRequest', guardFastify(resource))
  for (const path of INSIDE) app.get(path, async () => 'inside')
  app.get('/open', async () => 'open')
  await app.ready()
  return (req, res) => void app.server.emit('request', req, res)
}

async function serveHono(guarded: boolean): Promise<RequestListener> {
  const app = new Hono()
  if (guarded) app.use(guardHono(resource))
  for (const path of INSIDE) app.get(path, (c) => c.text('inside'))
  app.get('/open', (c) => c.text('open'))
  const listener = getRequestListener(app.fetch)
  return (req, res) => void listener(req, res)
}

async function listen(listener: RequestListener): Promise<Server> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return server
}

/** @returns the status line's number and the body, as text */
async function ask(server: Server, target: string): Promise<string> {
  const { port } = server.address() as AddressInfo
  const socket = connect(port, '127.0.0.1')
  socket.end(Buffer.from(`GET ${target} HTTP/1.1\r\nHost: todo0.test\r\nConnection: close\r\n\r\n`, 'latin1'))
  let answer = ''
  for await (const part of socket) answer += String(part)
  return `${answer.split(' ', 2)[1]} ${answer.includes('inside') ? 'inside' : answer.includes('open') ? 'open' : ''}`
}

const TARGETS = [
  '/api/me',
  'http://todo0.test/api/me',
  'HTTP://todo0.test/api/me',
  'https://other.test:8443/api/me?x=1',
  'http://user:pw@todo0.test/api/me',
  'http://todo0.test?/api/me',
  'http:///api/me',
  'ftp://todo0.test/api/me',
  '//user@todo0.test/api/me#',
  '//todo0.test/api/me',
  '//api//me',
  '/API/ME/',
  '/%61pi/me',
  '/%61pi/me?%ff',
  '/x/../api/me',
  '/x/%2e%2e/api/me',
  '/api;x=1',
  '/api\u00a0',
  '/api\\me#',
]

/** Forms that each router accepts, besides the absolute form, which all accept. */
const LOOSE = {
  express: ['http:///api/me', 'ftp://todo0.test/api/me', '//user@todo0.test/api/me#', '/api\\me#'],
  fastify: ['//api//me', '/API/ME/', '/%61pi/me', '/api;x=1'],
  hono: ['/%61pi/me', '/x/../api/me', '/x/%2e%2e/api/me'],
}

describe.each([
  ['express', serveExpress],
  ['fastify', serveFastify],
  ['hono', serveHono],
] as const)('%s', (name, serve) => {
  it('RS-03 lets no form of request target past the guard without a token', async () => {
    const guarded = await listen(await serve(true))
    for (const target of TARGETS) expect([target, await ask(guarded, target)]).not.toContain('200 inside')
    expect(await ask(guarded, 'http://todo0.test/api/me')).toBe('401 ')
    expect(await ask(guarded, 'http://todo0.test/open')).toBe('200 open')
    expect(await ask(guarded, '/open')).toBe('200 open')
  })

  it('control: accepts several of them without the guard', async () => {
    const open = await listen(await serve(false))
    const inside: string[] = []
    for (const target of TARGETS) if ((await ask(open, target)) === '200 inside') inside.push(target)
    const expected = [
      '/api/me',
      'http://todo0.test/api/me',
      'http://user:pw@todo0.test/api/me',
      ...LOOSE[name],
    ]
    expect(inside).toEqual(expect.arrayContaining(expected))
  })
})
