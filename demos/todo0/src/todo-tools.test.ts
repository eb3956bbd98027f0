import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createMcpHandler } from '@modelcontextprotocol/server'
import { expect, it } from 'vitest'

import { createTodoServer } from './todo-tools.ts'
import { openTodos } from './todos.ts'

it('announces Enterprise-Managed Authorization and its tools in initialize', async () => {
  const todos = openTodos(join(tmpdir(), 'todo0-never-written.json'))
  const handler = createMcpHandler(() => createTodoServer(todos, 'acc_1', 'agent0'))
  const params = {
    protocolVersion: '2025-06-18',
    capabilities: {},
    clientInfo: { name: 'test', version: '1' },
  }
  const response = await handler.fetch(
    new Request('https://todo.test/mcp', {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'initialize', params }),
    }),
  )
  const text = await response.text()
  const { result } = JSON.parse(text.replace(/^[\s\S]*?data: /, '')) as {
    result: { capabilities: Record<string, unknown> }
  }
  expect(result.capabilities).toMatchObject({
    extensions: { 'io.modelcontextprotocol/enterprise-managed-authorization': {} },
    tools: {},
  })
})
