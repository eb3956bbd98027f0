// Messages and tools, as all chat dialects format them; only tool calls and their results differ.
import type { Message, ModelRequest, ToolResult, ToolUse } from './model.ts'

export interface Dialect {
  call(use: ToolUse): object
  result(result: ToolResult): object
}

export function renderChat({ system, messages, tools }: ModelRequest, dialect: Dialect) {
  return {
    messages: [
      { role: 'system', content: system },
      ...messages.flatMap((message) => renderMessage(message, dialect)),
    ],
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => ({ type: 'function', function: tool })) }),
  }
}

function renderMessage(message: Message, { call, result }: Dialect): readonly object[] {
  switch (message.role) {
    case 'user':
      return [{ role: 'user', content: message.text }]
    case 'assistant': {
      const { text, calls } = message
      return [
        { role: 'assistant', content: text, ...(calls.length === 0 ? {} : { tool_calls: calls.map(call) }) },
      ]
    }
    case 'tools':
      return message.results.map((one) => ({ role: 'tool', ...result(one) }))
  }
}
