// Todo0 in an Express app: its page, its protected API, and its own authorization server.
import { guard, scope, xaaOf } from '@crosswalk/resource/express'
import { createResourceAs, type ResourceAsDefinition, toMiddleware } from '@crosswalk/resource-as'
import type { Ports } from '@crosswalk/storage'
import express, { type Express } from 'express'

export async function createVendor(definition: ResourceAsDefinition, ports: Ports): Promise<Express> {
  const server = await createResourceAs(definition, ports)
  const todos = new Map<string, string[]>()

  const app = express()
  app.use(toMiddleware(server)) // before body parsers: it reads request bodies itself
  app.use(guard(server.resourceOptions(`${definition.issuer}/api`))) // everything below /api requires a token
  app.use(express.json())
  app.get('/', (_, res) => {
    res.send('Todo0')
  })
  app.get('/api/todos', scope('todos.read'), (req, res) => {
    res.json(todos.get(xaaOf(req).user) ?? [])
  })
  app.post('/api/todos', scope('todos.write'), (req, res) => {
    const { title } = req.body as { readonly title: string }
    todos.set(xaaOf(req).user, [...(todos.get(xaaOf(req).user) ?? []), title])
    res.status(201).json(todos.get(xaaOf(req).user))
  })
  app.delete('/api/todos', scope('todos.delete'), (req, res) => {
    todos.delete(xaaOf(req).user)
    res.json([])
  })
  return app
}
