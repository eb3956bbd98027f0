// An MCP server with one tool, on a given port, that accepts only tokens of our authorization server.
import { xaaMcp } from '@crosswalk/mcp/server-v1'
import { createAdaptorServer } from '@hono/node-server'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'

import { API } from './todos-company.ts'

export async function serveTodos({
  port,
  resource,
  issuer,
}: {
  readonly port: number
  readonly resource: string
  /** `API` may introspect its tokens. */
  readonly issuer: string
}): Promise<AsyncDisposable> {
  const { fetch } = xaaMcp({
    resource: {
      ...{ resource, issuer, scopes: ['todos.read'] },
      introspection: { clientId: API.id, clientSecret: API.secret },
    },
    tools: { list_todos: 'todos.read' },
    server: ({ xaa }) => {
      const todos = new McpServer({ name: 'todos', version: '1.0.0' })
      todos.registerTool('list_todos', {}, () => ({
        content: [{ type: 'text', text: `todos of ${xaa.user}, for ${xaa.client}` }],
      }))
      return todos
    },
  })
  const listener = createAdaptorServer({ fetch })
  await new Promise<void>((resolve) => listener.listen(port, '127.0.0.1', resolve))
  return { [Symbol.asyncDispose]: async () => void listener.close() }
}
