// Todo0 as a web app: a page, a REST API and an MCP server for the same todos. API and MCP server are separate
// resources: a token for one does not work at the other.
import { addFonts } from '@crosswalk/demo-kit'
import { xaaMcp } from '@crosswalk/mcp/server'
import { createResource, type Resource } from '@crosswalk/resource'
import { metadata, protect, type XaaEnv } from '@crosswalk/resource/hono'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { addApiRoutes } from './api-routes.ts'
import { addPageRoutes, type PageOptions } from './page-routes.ts'
import { createTodoServer, TODO_TOOL_SCOPES } from './todo-tools.ts'
import type { Todos } from './todos.ts'

export interface Todo0Options extends PageOptions {
  readonly todos: Todos
  /** Secret of `todo0-api` at the vendor's authorization server, for introspection */
  readonly apiSecret: string
}

const MAX_BODY_BYTES = 64 * 1024

export function createTodo0(options: Todo0Options): Hono {
  const { todos } = options
  const api = createTodoResource('/api', 'Todo0 API', options)
  const mcp = xaaMcp({
    resource: createTodoResource('/mcp', 'Todo0 for agents', options),
    tools: TODO_TOOL_SCOPES,
    server: ({ xaa }) => createTodoServer(todos, xaa.user, xaa.actor),
    maxBodyBytes: MAX_BODY_BYTES,
  })

  const app = new Hono()
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES }))
  app.get('/healthz', (c) => c.text('ok'))
  addFonts(app)
  app.use(metadata(api))
  app.all(mcp.metadataPath, (c) => mcp.fetch(c.req.raw))
  app.all('/mcp', (c) => mcp.fetch(c.req.raw))
  app.route('/api', addApiRoutes(new Hono<XaaEnv>().use(protect(api)), todos))
  addPageRoutes(app, options)
  return app
}

function createTodoResource(path: string, name: string, options: Todo0Options): Resource {
  return createResource({
    resource: `${options.baseUrl}${path}`,
    issuer: options.vendorIssuer,
    introspection: { clientId: 'todo0-api', clientSecret: options.apiSecret },
    scopes: ['todos.read', 'todos.write'],
    name,
  })
}
