import { expect, it } from 'vitest'

import { describeMessage } from './describe-message.ts'

const TOOLS = { list_todos: 'todos.read', '*': [] }

it.each([
  [{ method: 'tools/call', params: { name: 'list_todos', arguments: { q: 'x' } } }, 'tools/call list_todos'],
  // It matches `*`, so the caller chose its name.
  [{ method: 'tools/call', params: { name: 'alice@acme.test' } }, 'tools/call'],
  [{ method: 'tools/call', params: { name: '__proto__' } }, 'tools/call'],
  [{ method: 'tools/call' }, 'tools/call'],
  [{ method: 'resources/read', params: { uri: 'file:///alice' } }, 'resources/read'],
  [{ method: 'initialize' }, 'initialize'],
  [{ method: 'secret/eyJ' }, 'mcp message'],
  [{ method: 7 }, 'mcp message'],
  [[{ method: 'initialize' }], 'mcp message'],
  [null, 'mcp message'],
])('%j is traced as %s', (message, name) => {
  expect(describeMessage(message, TOOLS).name).toBe(name)
})

it('has method and tool as attributes', () => {
  const message = { method: 'tools/call', params: { name: 'list_todos' } }
  expect(describeMessage(message, TOOLS).attributes).toEqual({
    'mcp.method.name': 'tools/call',
    'gen_ai.tool.name': 'list_todos',
  })
})
