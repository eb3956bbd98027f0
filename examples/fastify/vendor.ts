// Todo0 in a Fastify app: its page, its protected API, and its own authorization server.
import { guard, scope, xaaOf } from '@crosswalk/resource/fastify'
import { createResourceAs, type ResourceAsDefinition, toFastifyHook } from '@crosswalk/resource-as'
import type { Ports } from '@crosswalk/storage'
import fastify, { type FastifyInstance } from 'fastify'

export async function createVendor(definition: ResourceAsDefinition, ports: Ports): Promise<FastifyInstance> {
  const server = await createResourceAs(definition, ports)
  const todos = new Map<string, string[]>()

  const app = fastify()
  app.addHook('onRequest', toFastifyHook(server))
  app.addHook('onRequest', guard(server.resourceOptions(`${definition.issuer}/api`))) // below /api
  app.get('/', async () => 'Todo0')
  app.get(
    '/api/todos',
    { onRequest: scope('todos.read') },
    async (request) => todos.get(xaaOf(request).user) ?? [],
  )
  app.post('/api/todos', { onRequest: scope('todos.write') }, async (request, reply) => {
    const { title } = request.body as { readonly title: string }
    todos.set(xaaOf(request).user, [...(todos.get(xaaOf(request).user) ?? []), title])
    return await reply.status(201).send(todos.get(xaaOf(request).user))
  })
  app.delete('/api/todos', { onRequest: scope('todos.delete') }, async (request) => {
    todos.delete(xaaOf(request).user)
    return []
  })
  return app
}
