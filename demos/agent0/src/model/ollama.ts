// Ollama's own dialect: NDJSON, with complete tool calls that have no ids.
import type { Model, ModelReply } from './model.ts'
import { ModelFailed, parseArguments, type ToolUse } from './model.ts'
import { type Dialect, renderChat } from './chat-messages.ts'
import type { ModelSettings } from './model-settings.ts'
import { readList, readObject, readText } from './read.ts'
import { describeError, streamJson } from './stream-request.ts'

export function createOllamaModel({ url, model, key, timeoutMs }: ModelSettings): Model {
  return {
    title: `${model} at ${new URL(url).host}`,
    reply: async (request) => {
      const parts = streamJson({
        url: `${url}/api/chat`,
        // A local server needs no key, but a proxy in front of a remote one may.
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
        timeoutMs,
        body: { model, stream: true, ...renderChat(request, DIALECT) },
      })
      return await collect(parts, request.onText)
    },
  }
}

async function collect(parts: AsyncIterable<unknown>, onText: (text: string) => void): Promise<ModelReply> {
  const calls: ToolUse[] = []
  let text = ''
  let done = false
  for await (const part of parts) {
    const { error, message, done: last } = readObject(part)
    if (error !== undefined) throw new ModelFailed(describeError(error, 'The model server failed'))
    const { content, tool_calls } = readObject(message)
    const piece = readText(content)
    text += piece
    if (piece !== '') onText(piece)
    for (const call of readList(tool_calls)) calls.push(readCall(call, calls.length))
    done = last === true
  }
  if (!done) throw new ModelFailed('The model server closed the connection early.')
  return { text, calls }
}

function readCall(call: Readonly<Record<string, unknown>>, at: number): ToolUse {
  const { name, arguments: args } = readObject(call['function'])
  const text = typeof args === 'string' ? args : JSON.stringify(args ?? {})
  return {
    id: readText(call['id']) || `call_${at + 1}`,
    name: readText(name),
    arguments: parseArguments(text),
  }
}

const DIALECT: Dialect = {
  call: ({ name, arguments: args }) => ({ function: { name, arguments: args ?? {} } }),
  result: ({ name, text }) => ({ tool_name: name, content: text }),
}
