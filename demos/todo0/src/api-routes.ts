// The REST API of Todo0. Each route declares its scope; the access token identifies the user.
import { scope, type XaaEnv } from '@crosswalk/resource/hono'
import type { Hono } from 'hono'
import { z } from 'zod'

import { MAX_TITLE_LENGTH, type Todos } from './todos.ts'

const zTitle = z.string().trim().min(1).max(MAX_TITLE_LENGTH)
const zNewTodo = z.strictObject({ title: zTitle })
const zChange = z.strictObject({ title: zTitle.optional(), done: z.boolean().optional() })

const zShow = z.enum(['all', 'open', 'done'])

const NO_SUCH_TODO = { error: 'no such todo' }

/** @param api - already protected by `protect` */
export function addApiRoutes(api: Hono<XaaEnv>, todos: Todos): Hono<XaaEnv> {
  api.get('/todos', scope('todos.read'), (c) => {
    const show = zShow.safeParse(c.req.query('show') ?? 'all')
    if (!show.success) return c.json({ error: 'show must be all, open or done' }, 400)
    const shown = todos
      .list(c.get('xaa').user)
      .filter(({ done }) => show.data === 'all' || done === (show.data === 'done'))
    return c.json({ todos: shown })
  })

  api.post('/todos', scope('todos.write'), async (c) => {
    const body = zNewTodo.safeParse(await readJson(c.req.raw))
    if (!body.success)
      return c.json({ error: `send { "title": "…" }, 1 to ${MAX_TITLE_LENGTH} characters` }, 400)
    const todo = todos.add(c.get('xaa').user, body.data.title, c.get('xaa').actor)
    return todo === undefined ? c.json({ error: 'the list is full' }, 409) : c.json({ todo }, 201)
  })

  api.patch('/todos/:id', scope('todos.write'), async (c) => {
    const body = zChange.safeParse(await readJson(c.req.raw))
    if (!body.success) return c.json({ error: 'send { "title": "…", "done": true }, or one of them' }, 400)
    const { title, done } = body.data
    const { user, actor: by } = c.get('xaa')
    const change = { by, ...(title === undefined ? {} : { title }), ...(done === undefined ? {} : { done }) }
    const todo = todos.change(user, c.req.param('id'), change)
    return todo === undefined ? c.json(NO_SUCH_TODO, 404) : c.json({ todo })
  })

  api.delete('/todos/:id', scope('todos.write'), (c) =>
    todos.remove(c.get('xaa').user, c.req.param('id')) ? c.body(null, 204) : c.json(NO_SUCH_TODO, 404),
  )
  return api
}

async function readJson(request: Request): Promise<unknown> {
  return await request.json().catch(() => undefined)
}
