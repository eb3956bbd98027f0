// Todo0 in a Hono app: its page, its protected API, and its own authorization server.
import { guard, scope, type XaaEnv } from '@crosswalk/resource/hono'
import { createResourceAs, type ResourceAsDefinition } from '@crosswalk/resource-as'
import type { Ports } from '@crosswalk/storage'
import { getConnInfo } from '@hono/node-server/conninfo'
import { Hono } from 'hono'

export async function createVendor(definition: ResourceAsDefinition, ports: Ports): Promise<Hono<XaaEnv>> {
  const server = await createResourceAs(definition, ports)
  const todos = new Map<string, string[]>()

  const app = new Hono<XaaEnv>()
  app.use(async (c, next) => {
    if (!server.serves(c.req.path)) return await next()
    return await server.fetch(c.req.raw, getConnInfo(c).remote.address)
  })
  app.use(guard(server.resourceOptions(`${definition.issuer}/api`))) // everything below /api requires a token
  app.get('/', (c) => c.text('Todo0'))
  app.get('/api/todos', scope('todos.read'), (c) => c.json(todos.get(c.get('xaa').user) ?? []))
  app.post('/api/todos', scope('todos.write'), async (c) => {
    const { title } = await c.req.json<{ readonly title: string }>()
    const { user } = c.get('xaa')
    todos.set(user, [...(todos.get(user) ?? []), title])
    return c.json(todos.get(user), 201)
  })
  app.delete('/api/todos', scope('todos.delete'), (c) => {
    todos.delete(c.get('xaa').user)
    return c.json([])
  })
  return app
}
