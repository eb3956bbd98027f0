// Gateway0 as a web app: one MCP server and its metadata, without a page. Only the access token identifies the user:
// the authorization server keeps no accounts, and derives the user's key from issuer and subject.
import { createNoteServer, NOTE_TOOL_SCOPES, type Notes } from '@crosswalk/demo-notes0'
import { createTodoServer, TODO_TOOL_SCOPES, type Todos } from '@crosswalk/demo-todo0'
import { xaaMcp } from '@crosswalk/mcp/server'
import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'

import { createFront, type Upstream } from './front.ts'

export interface Gateway0Options {
  readonly baseUrl: string
  /** Issuer of the gateway's authorization server */
  readonly issuer: string
  /** Secret of `gateway-api` there, for introspection */
  readonly apiSecret: string
  readonly todos: Todos
  readonly notes: Notes
}

const MAX_BODY_BYTES = 64 * 1024

export function createGateway0(options: Gateway0Options): Hono {
  const { baseUrl, issuer, apiSecret, todos, notes } = options
  const upstreams: readonly Upstream[] = [
    { name: 'Todo0', serve: (user, actor) => createTodoServer(todos, user, actor) },
    { name: 'Notes0', serve: (user) => createNoteServer(notes, user) },
  ]
  const tools = { ...TODO_TOOL_SCOPES, ...NOTE_TOOL_SCOPES }
  const mcp = xaaMcp({
    resource: {
      resource: `${baseUrl}/mcp`,
      issuer,
      introspection: { clientId: 'gateway-api', clientSecret: apiSecret },
      scopes: [...new Set(Object.values(tools))],
      name: 'Gateway0',
    },
    tools,
    server: ({ xaa }) => createFront(upstreams, xaa),
    maxBodyBytes: MAX_BODY_BYTES,
  })

  const app = new Hono()
  app.use(bodyLimit({ maxSize: MAX_BODY_BYTES }))
  app.get('/', (c) => c.text('Gateway0 has no page. Its MCP server is /mcp.\n'))
  app.get('/healthz', (c) => c.text('ok'))
  app.all(mcp.metadataPath, (c) => mcp.fetch(c.req.raw))
  app.all('/mcp', (c) => mcp.fetch(c.req.raw))
  return app
}
