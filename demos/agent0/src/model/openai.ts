// OpenAI's chat completions dialect, which most servers support: tool calls arrive in pieces, by index.
import type { Model, ModelReply, ToolUse } from './model.ts'
import { ModelFailed, parseArguments } from './model.ts'
import { type Dialect, renderChat } from './chat-messages.ts'
import type { ModelSettings } from './model-settings.ts'
import { readList, readObject, readText } from './read.ts'
import { describeError, streamJson } from './stream-request.ts'

export function createOpenAiModel({ url, model, key, timeoutMs }: ModelSettings): Model {
  return {
    title: `${model} at ${new URL(url).host}`,
    reply: async (request) => {
      const parts = streamJson({
        url: `${url}/chat/completions`,
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
        timeoutMs,
        body: { model, stream: true, ...renderChat(request, DIALECT) },
      })
      return await collect(parts, request.onText)
    },
  }
}

interface Collected {
  id: string
  name: string
  arguments: string
}

async function collect(parts: AsyncIterable<unknown>, onText: (text: string) => void): Promise<ModelReply> {
  const calls = new Map<unknown, Collected>()
  let text = ''
  let answered = false
  for await (const part of parts) {
    const { error, choices } = readObject(part)
    if (error !== undefined) throw new ModelFailed(describeError(error, 'The model server failed'))
    const [choice] = readList(choices)
    if (choice === undefined) continue
    answered = true
    // Servers that do not stream send the whole reply as `message`.
    const { content, tool_calls } = readObject(choice['delta'] ?? choice['message'])
    const piece = readText(content)
    text += piece
    if (piece !== '') onText(piece)
    for (const [at, call] of readList(tool_calls).entries()) addPiece(calls, call, at)
  }
  if (!answered) throw new ModelFailed('The model server sent no reply.')
  return { text, calls: [...calls.values()].map(finishCall) }
}

function addPiece(calls: Map<unknown, Collected>, call: Readonly<Record<string, unknown>>, at: number): void {
  // Some servers send complete calls without an index: then each id is a separate call.
  const index = call['index'] ?? (readText(call['id']) || at)
  const known = calls.get(index) ?? { id: '', name: '', arguments: '' }
  const made = readObject(call['function'])
  const args = made['arguments']
  calls.set(index, {
    id: known.id || readText(call['id']),
    name: known.name || readText(made['name']),
    arguments: known.arguments + (typeof args === 'object' ? JSON.stringify(args) : readText(args)),
  })
}

function finishCall({ id, name, arguments: text }: Collected, at: number): ToolUse {
  return { id: id || `call_${at + 1}`, name, arguments: parseArguments(text) }
}

const DIALECT: Dialect = {
  call: ({ id, name, arguments: args }) => ({
    id,
    type: 'function',
    function: { name, arguments: JSON.stringify(args ?? {}) },
  }),
  result: ({ id, text }) => ({ tool_call_id: id, content: text }),
}
