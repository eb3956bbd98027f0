// One vendor in four frameworks: its own app, an API behind the check, and an embedded server, each mounted as its users would.
// Every framework listens on a loopback port of its own; Next.js is known by the shape of its route handlers alone.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { createAdaptorServer } from '@hono/node-server'
import type { Resource, Xaa } from '@crosswalk/resource'
import * as onExpress from '@crosswalk/resource/express'
import * as onFastify from '@crosswalk/resource/fastify'
import * as onHono from '@crosswalk/resource/hono'
import * as onNext from '@crosswalk/resource/next'
import { type EmbeddedServer, toFastifyHook, toMiddleware } from '@crosswalk/resource-as'
import express from 'express'
import fastify from 'fastify'
import { Hono } from 'hono'

/** What is mounted: the server at its own paths, the API at `/api`. */
export interface Mounted {
  readonly server: EmbeddedServer
  readonly api?: Resource
}

export interface Listening {
  readonly origin: string
  close(): Promise<void>
}

export type Framework = (mounted: Mounted) => Promise<Listening>

export const tell = ({ user, scopes }: Xaa, framework: string) => ({ user, scopes, framework })

export const FRAMEWORKS: Readonly<Record<string, Framework>> = {
  Express: async ({ server, api }) => {
    const app = express()
    app.use(toMiddleware(server))
    if (api !== undefined) {
      app.use(onExpress.metadata(api))
      app.use('/api', onExpress.protect(api))
      app.use(express.json())
      app.get(
        '/api/todos',
        onExpress.scope('todos.read'),
        (req, res) => void res.json(tell(req.xaa, 'Express')),
      )
      app.post('/api/todos', onExpress.scope('todos.write'), (req, res) => void res.json(req.body))
    }
    app.get('/hello', (_, res) => void res.send('hello'))
    const listening = app.listen(0, '127.0.0.1')
    await new Promise((resolve) => listening.once('listening', resolve))
    return describe(listening)
  },

  Fastify: async ({ server, api }) => {
    const app = fastify()
    app.addHook('onRequest', toFastifyHook(server))
    if (api !== undefined) {
      app.addHook('onRequest', onFastify.metadata(api))
      await app.register(
        async (routes) => {
          routes.addHook('onRequest', onFastify.protect(api))
          routes.get('/todos', { onRequest: onFastify.scope('todos.read') }, async (request) =>
            tell(request.xaa, 'Fastify'),
          )
          routes.post(
            '/todos',
            { onRequest: onFastify.scope('todos.write') },
            async (request) => request.body,
          )
        },
        { prefix: '/api' },
      )
    }
    app.get('/hello', async () => 'hello')
    const origin = await app.listen({ port: 0, host: '127.0.0.1' })
    return { origin, close: () => app.close() }
  },

  Hono: async ({ server, api }) => {
    const app = new Hono()
    app.get('/hello', (c) => c.text('hello'))
    if (api !== undefined) {
      const routes = new Hono<onHono.XaaEnv>()
      routes.use(onHono.protect(api))
      routes.get('/todos', onHono.scope('todos.read'), (c) => c.json(tell(c.get('xaa'), 'Hono')))
      routes.post('/todos', onHono.scope('todos.write'), async (c) => c.json(await c.req.json()))
      app.use(onHono.metadata(api))
      app.route('/api', routes)
    }
    app.all('*', (c) => server.fetch(c.req.raw))
    return await serve((request) => app.fetch(request))
  },

  'Next.js': async ({ server, api }) => {
    // app/[[...path]]/route.ts, or app/as/[...path]/route.ts and app/.well-known/…
    const GET = (request: Request) => server.fetch(request)
    const POST = (request: Request) => server.fetch(request)
    const files: Record<string, NextRoute> = {
      '/hello': { GET: () => new Response('hello') },
      ...(api === undefined
        ? {}
        : {
            '/.well-known/oauth-protected-resource/api': { GET: onNext.metadata(api) },
            '/api/[list]': {
              GET: onNext.protect(
                api,
                async (_, xaa, { params }: NextContext) =>
                  Response.json({ ...tell(xaa, 'Next.js'), list: (await params)['list'] }),
                { scope: ['todos.read'] },
              ),
              POST: onNext.protect(api, async (request) => Response.json(await request.json()), {
                scope: ['todos.write'],
              }),
            },
          }),
    }
    return await serve((request) => {
      const { pathname } = new URL(request.url)
      const params = /^\/api\/(?<list>[^/]+)$/.exec(pathname)?.groups ?? {}
      const route = files['list' in params ? '/api/[list]' : pathname] ?? { GET, POST }
      const handler = route[request.method as keyof NextRoute]
      return handler?.(request, { params: Promise.resolve(params) }) ?? new Response(null, { status: 405 })
    })
  },
}

/** As Next.js hands it to route handlers, as their second argument. */
interface NextContext {
  readonly params: Promise<Readonly<Record<string, string>>>
}

type NextHandler = (request: Request, context: NextContext) => Response | Promise<Response>
type NextRoute = Partial<Record<'GET' | 'POST', NextHandler>>

async function serve(fetch: (request: Request) => Response | Promise<Response>): Promise<Listening> {
  const server = createAdaptorServer({ fetch }) as Server
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return describe(server)
}

function describe(server: Server): Listening {
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
