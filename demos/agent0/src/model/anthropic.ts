// Anthropic's messages dialect: a reply is a list of blocks, and the results of tools are blocks of the next user
// message.
import type { Message, Model, ModelReply, ModelRequest, ToolUse } from './model.ts'
import { ModelFailed, parseArguments } from './model.ts'
import type { ModelSettings } from './model-settings.ts'
import { readList, readObject, readText } from './read.ts'
import { describeError, streamJson } from './stream-request.ts'

const API_VERSION = '2023-06-01'
const MAX_TOKENS = 2048

export function createAnthropicModel({ url, model, key, timeoutMs }: ModelSettings): Model {
  return {
    title: `${model} at ${new URL(url).host}`,
    reply: async (request) => {
      const parts = streamJson({
        url: `${url}/v1/messages`,
        headers: { 'anthropic-version': API_VERSION, ...(key === undefined ? {} : { 'x-api-key': key }) },
        timeoutMs,
        body: {
          model,
          max_tokens: MAX_TOKENS,
          stream: true,
          system: request.system,
          messages: request.messages.map(renderMessage),
          ...renderTools(request),
        },
      })
      return await collect(parts, request.onText)
    },
  }
}

interface Block {
  readonly type: string
  readonly id: string
  readonly name: string
  text: string
  json: string
}

async function collect(parts: AsyncIterable<unknown>, onText: (text: string) => void): Promise<ModelReply> {
  const blocks = new Map<unknown, Block>()
  let ended = false
  for await (const part of parts) {
    const event = readObject(part)
    switch (event['type']) {
      case 'content_block_start':
        startBlock(blocks, event['index'], event['content_block'], onText)
        break
      case 'content_block_delta':
        addPiece(blocks.get(event['index']), event['delta'], onText)
        break
      case 'message_stop':
        ended = true
        break
      case 'error':
        throw new ModelFailed(describeError(event['error'], 'The model server failed'))
      case 'message':
        // The server did not stream.
        ended = true
        for (const [at, block] of readList(event['content']).entries()) startBlock(blocks, at, block, onText)
        break
      default:
      // Unknown events, such as `ping`, are ignored.
    }
  }
  if (!ended) throw new ModelFailed('The model server closed the connection early.')
  return finish([...blocks.values()])
}

function startBlock(
  blocks: Map<unknown, Block>,
  index: unknown,
  value: unknown,
  onText: (text: string) => void,
): void {
  const { type, id, name, text, input } = readObject(value)
  const whole = Object.keys(readObject(input)).length > 0 ? JSON.stringify(input) : ''
  const block = { type: readText(type), id: readText(id), name: readText(name), text: '', json: whole }
  blocks.set(index, block)
  addPiece(block, { text }, onText)
}

function addPiece(block: Block | undefined, delta: unknown, onText: (text: string) => void): void {
  if (block === undefined) return
  const { text, partial_json } = readObject(delta)
  const piece = readText(text)
  block.text += piece
  block.json += readText(partial_json)
  if (piece !== '') onText(piece)
}

function finish(blocks: readonly Block[]): ModelReply {
  return {
    text: blocks.map(({ text }) => text).join(''),
    calls: blocks
      .filter(({ type }) => type === 'tool_use')
      .map(({ id, name, json }) => ({ id, name, arguments: parseArguments(json) })),
  }
}

function renderTools({ tools }: ModelRequest) {
  if (tools.length === 0) return {}
  return {
    tools: tools.map(({ name, description, parameters }) => ({
      name,
      description,
      input_schema: parameters,
    })),
  }
}

function renderMessage(message: Message): object {
  switch (message.role) {
    case 'user':
      return { role: 'user', content: message.text }
    case 'assistant':
      return { role: 'assistant', content: [...renderText(message.text), ...message.calls.map(renderCall)] }
    case 'tools':
      return {
        role: 'user',
        content: message.results.map(({ id, text, failed }) => ({
          type: 'tool_result',
          tool_use_id: id,
          content: text,
          ...(failed ? { is_error: true } : {}),
        })),
      }
  }
}

/** The API rejects empty text blocks. */
function renderText(text: string) {
  return text.trim() === '' ? [] : [{ type: 'text', text }]
}

function renderCall({ id, name, arguments: input }: ToolUse) {
  return { type: 'tool_use', id, name, input: input ?? {} }
}
