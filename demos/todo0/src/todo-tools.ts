// The tools of Todo0 for agents, for one account and one acting app. Access is checked before they are called.
import { answerTool, refuseTool } from '@crosswalk/demo-kit'
import { withEnterpriseAuthorization } from '@crosswalk/mcp/server'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

import { MAX_TITLE_LENGTH, type Todo, type Todos } from './todos.ts'

/** The scope that each tool needs. */
export const TODO_TOOL_SCOPES = {
  list_todos: 'todos.read',
  add_todo: 'todos.write',
  finish_todo: 'todos.write',
} as const

const zTodo = z.object({ id: z.string(), title: z.string(), done: z.boolean() })

/** @param actor - the acting app, stored with its changes */
export function createTodoServer(todos: Todos, account: string, actor: string): McpServer {
  const server = new McpServer(
    { name: 'todo0', version: '0.1.0' },
    { capabilities: withEnterpriseAuthorization() },
  )
  server.registerTool(
    'list_todos',
    {
      description: 'Lists all todos of the user, finished ones included.',
      inputSchema: z.object({}),
      outputSchema: z.object({ todos: z.array(zTodo) }),
      annotations: { readOnlyHint: true },
    },
    () => answerTool({ todos: todos.list(account).map(pick) }),
  )
  server.registerTool(
    'add_todo',
    {
      description: 'Adds a todo.',
      inputSchema: z.object({ title: z.string().trim().min(1).max(MAX_TITLE_LENGTH) }),
      outputSchema: z.object({ todo: zTodo }),
    },
    ({ title }) => {
      const todo = todos.add(account, title, actor)
      return todo === undefined ? refuseTool('The list is full.') : answerTool({ todo: pick(todo) })
    },
  )
  server.registerTool(
    'finish_todo',
    {
      description: 'Marks a todo as done.',
      inputSchema: z.object({ id: z.string() }),
      outputSchema: z.object({ todo: zTodo }),
      annotations: { idempotentHint: true },
    },
    ({ id }) => {
      const todo = todos.change(account, id, { done: true, by: actor })
      return todo === undefined ? refuseTool('There is no such todo.') : answerTool({ todo: pick(todo) })
    },
  )
  return server
}

/** An agent must not learn which other apps the user has. */
function pick({ id, title, done }: Todo) {
  return { id, title, done }
}
