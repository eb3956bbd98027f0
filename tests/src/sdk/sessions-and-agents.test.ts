// One path for users with a session and agents with an access token: requests without a token go to the session middleware in `otherwise`. The
// Express code is that of the how-to page.
import { fileURLToPath } from 'node:url'

import { guard as guardFastify, scope as scopeFastify } from '@crosswalk/resource/fastify'
import { protect } from '@crosswalk/resource/fetch'
import { guard as guardHono, scope as scopeHono, type XaaEnv } from '@crosswalk/resource/hono'
import { createWorld, type World } from '@crosswalk/testkit'
import type express from 'express'
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify'
import { type Context, Hono } from 'hono'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { readSnippets } from '../packages/snippets.ts'
import { runSnippet } from './support/run-snippet.ts'

const PAGE = fileURLToPath(new URL('../../../docs/how-to/sessions-and-agents.md', import.meta.url))
const API = 'https://todo0.test/api'
const userOf = (cookie: string | null | undefined) => /session=(\w+)/.exec(cookie ?? '')?.[1]

let world: World
beforeEach(async () => {
  world = await createWorld({ resources: [{ id: 'todo0', runs: 'authorization-server' }] })
})
afterEach(() => world.close())

const mounts = {
  async express(guarded: boolean) {
    const { createApp } = await runSnippet({
      name: 'sessions-and-agents',
      code: readSnippets(PAGE).find(({ info }) => info === 'app.ts')?.code ?? '',
    })
    const requireSession: express.RequestHandler = (req, res, next) => {
      const user = userOf(req.headers.cookie)
      if (user === undefined) res.status(401).json({ error: 'sign in' })
      else {
        res.locals.user = user
        next()
      }
    }
    const make = createApp as (...given: unknown[]) => express.Express
    const options = guarded ? requireSession : undefined
    world.mountNode('https://todo0.test', make(world.resourceOptions('todo0'), options))
  },
  async fastify(guarded: boolean) {
    const app = fastify()
    const otherwise = async (request: FastifyRequest, reply: FastifyReply) => {
      const user = userOf(request.headers.cookie)
      if (user === undefined) await reply.code(401).send({ error: 'sign in' })
      else Object.assign(request, { sessionUser: user })
    }
    app.addHook('onRequest', guardFastify(world.resourceOptions('todo0'), guarded ? { otherwise } : {}))
    app.get('/api/todos', { onRequest: scopeFastify('todos.read') }, async (request) => ({
      user: (request as { sessionUser?: string }).sessionUser ?? request.xaa?.user,
    }))
    await app.ready()
    world.mountNode('https://todo0.test', (req, res) => void app.server.emit('request', req, res))
  },
  async hono(guarded: boolean) {
    const app = new Hono<{ Variables: XaaEnv['Variables'] & { sessionUser?: string } }>()
    const options = guarded
      ? {
          otherwise: async (c: Context, next: () => Promise<void>) => {
            const user = userOf(c.req.header('cookie'))
            if (user === undefined) return c.json({ error: 'sign in' }, 401)
            c.set('sessionUser', user)
            return await next()
          },
        }
      : {}
    app.use(guardHono(world.resourceOptions('todo0'), options))
    app.get('/api/todos', scopeHono('todos.read'), (c) =>
      c.json({ user: c.get('sessionUser') ?? c.get('xaa').user }),
    )
    world.mount('https://todo0.test', async (request) => await app.fetch(request))
  },
  async fetch(guarded: boolean) {
    const otherwise = (request: Request) => {
      const user = userOf(request.headers.get('cookie'))
      return user === undefined
        ? Response.json({ error: 'sign in' }, { status: 401 })
        : Response.json({ user })
    }
    const api = protect(world.resourceOptions('todo0'), (_, xaa) => Response.json({ user: xaa.user }), {
      scope: ['todos.read'],
      ...(guarded ? { otherwise } : {}),
    })
    world.mount('https://todo0.test', api)
  },
}

async function ask(headers: Readonly<Record<string, string>>, query = '') {
  const response = await world.fetch(`${API}/todos${query}`, { headers })
  const text = await response.text()
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) }
}

describe.each(['express', 'fastify', 'hono', 'fetch'] as const)('%s', (framework) => {
  const cookie = 'session=alice'

  it('serves agents with a token and users with a session on one path', async () => {
    await mounts[framework](true)
    const agent = world.agent().as('alice').at('todo0', { scope: 'todos.read' })
    expect(await (await agent.fetch('/todos')).json()).toEqual({ user: expect.stringMatching(/^acc_/) })
    expect(await ask({ cookie })).toEqual({ status: 200, body: { user: 'alice' } })
    expect(await ask({})).toEqual({ status: 401, body: { error: 'sign in' } })
  })

  it('adds its metadata to a 401 of the session handler, and to no other response', async () => {
    const challengeOf = async (headers: Record<string, string>) =>
      (await world.fetch(`${API}/todos`, { headers })).headers.get('www-authenticate')
    await mounts[framework](true)
    const metadata = 'https://todo0.test/.well-known/oauth-protected-resource/api'
    // A route handler knows its scope; middleware before the routes does not.
    const scope = framework === 'fetch' ? 'scope="todos.read", ' : ''
    expect(await challengeOf({})).toBe(`Bearer ${scope}resource_metadata="${metadata}"`)
    expect(await challengeOf({ cookie })).toBeNull()
  })

  it('still requires a scope in a token', async () => {
    await mounts[framework](true)
    const token = await world.agent().as('alice').at('todo0', { scope: 'todos.write' }).token()
    expect(await ask({ authorization: `Bearer ${token.value.reveal()}`, cookie })).toMatchObject({
      status: 403,
      body: { error: 'insufficient_scope' },
    })
  })

  it.each([
    ['a wrong token', { authorization: 'Bearer wrong.token.here' }, '', 401],
    ['a malformed token', { authorization: 'Bearer' }, '', 400],
    ['a DPoP token without a proof', { authorization: 'DPoP x.y.z' }, '', 401],
    ['a token in the query', {}, '?access_token=x', 400],
  ])('rejects %s, even with a session', async (_, headers, query, status) => {
    await mounts[framework](true)
    expect(await ask({ ...headers, cookie } as Record<string, string>, query)).toMatchObject({ status })
    expect(await ask({ cookie })).toMatchObject({ status: 200 })
  })

  it('accepts no session without `otherwise`', async () => {
    await mounts[framework](false)
    const refused = await ask({ cookie })
    expect(refused).toMatchObject({ status: 401, body: { code: 'XAA3001' } })
  })
})
