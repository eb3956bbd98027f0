// Each dialect against a fake server: what is sent, and how responses are read.
import { describe, expect, it } from 'vitest'

import {
  neverSendData,
  type Script,
  sendEvents,
  sendJson,
  sendLines,
  startFakeModelServer,
} from '../testing/fake-model-server.ts'
import { createModel } from './create-model.ts'
import { ModelFailed, type ModelReply, type ModelRequest } from './model.ts'
import type { ModelApi } from './model-settings.ts'

const KEY = 'sk-a-key-that-nobody-may-see'

const TOOL = { name: 'todo0_add_todo', description: 'Adds a todo.', parameters: { type: 'object' } }
const HISTORY: ModelRequest['messages'] = [
  { role: 'user', text: 'add milk' },
  {
    role: 'assistant',
    text: 'On it.',
    calls: [{ id: 'c1', name: TOOL.name, arguments: { title: 'milk' } }],
  },
  { role: 'tools', results: [{ id: 'c1', name: TOOL.name, text: '{"ok":true}', failed: false }] },
]

interface Dialect {
  readonly api: ModelApi
  readonly path: string
  readonly keyHeader: readonly [string, string]
  readonly says: (text: string, ...calls: readonly (readonly [string, string])[]) => Script
  readonly whole: unknown
  readonly sentHistory: unknown
  readonly sentTool: unknown
  /** An error after the response started */
  readonly breaksOff: Script
}

const openAiDelta = (delta: object) => ({ choices: [{ index: 0, delta }] })
const anthropicBlock = (index: number, block: object, deltas: readonly object[]) => [
  { type: 'content_block_start', index, content_block: block },
  ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
  { type: 'content_block_stop', index },
]
const halves = (text: string) => [text.slice(0, text.length / 2), text.slice(text.length / 2)]

const DIALECTS: readonly Dialect[] = [
  {
    api: 'openai',
    path: '/chat/completions',
    keyHeader: ['authorization', `Bearer ${KEY}`],
    says: (text, ...calls) =>
      sendEvents([
        ...halves(text).map((content) => openAiDelta({ content })),
        ...calls.map(([name], index) =>
          openAiDelta({ tool_calls: [{ index, id: `c${index}`, function: { name, arguments: '' } }] }),
        ),
        ...calls.flatMap(([, args], index) =>
          halves(args).map((piece) =>
            openAiDelta({ tool_calls: [{ index, function: { arguments: piece } }] }),
          ),
        ),
      ]),
    whole: { choices: [{ message: { role: 'assistant', content: 'Whole.' } }] },
    sentHistory: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'add milk' },
      {
        role: 'assistant',
        content: 'On it.',
        tool_calls: [
          { id: 'c1', type: 'function', function: { name: TOOL.name, arguments: '{"title":"milk"}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: '{"ok":true}' },
    ],
    sentTool: { type: 'function', function: TOOL },
    breaksOff: sendEvents([openAiDelta({ content: 'I will' }), { error: { message: 'overloaded' } }]),
  },
  {
    api: 'anthropic',
    path: '/v1/messages',
    keyHeader: ['x-api-key', KEY],
    says: (text, ...calls) =>
      sendEvents(
        [
          { type: 'message_start', message: { id: 'msg_1' } },
          { type: 'ping' },
          ...anthropicBlock(
            0,
            { type: 'text', text: '' },
            halves(text).map((piece) => ({ type: 'text_delta', text: piece })),
          ),
          ...calls.flatMap(([name, args], at) =>
            anthropicBlock(
              at + 1,
              { type: 'tool_use', id: `c${at}`, name, input: {} },
              halves(args).map((piece) => ({ type: 'input_json_delta', partial_json: piece })),
            ),
          ),
          { type: 'message_stop' },
        ],
        { done: false },
      ),
    whole: { type: 'message', content: [{ type: 'text', text: 'Whole.' }] },
    sentHistory: [
      { role: 'user', content: 'add milk' },
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'On it.' },
          { type: 'tool_use', id: 'c1', name: TOOL.name, input: { title: 'milk' } },
        ],
      },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'c1', content: '{"ok":true}' }] },
    ],
    sentTool: { name: TOOL.name, description: TOOL.description, input_schema: TOOL.parameters },
    breaksOff: sendEvents([
      { type: 'message_start' },
      { type: 'error', error: { type: 'overloaded_error', message: 'overloaded' } },
    ]),
  },
  {
    api: 'ollama',
    path: '/api/chat',
    keyHeader: ['authorization', `Bearer ${KEY}`],
    says: (text, ...calls) =>
      sendLines([
        ...halves(text).map((content) => ({ message: { role: 'assistant', content }, done: false })),
        {
          message: {
            role: 'assistant',
            content: '',
            tool_calls: calls.map(([name, args]) => ({
              function: { name, arguments: readJsonOrText(args) },
            })),
          },
          done: false,
        },
        { message: { role: 'assistant', content: '' }, done: true },
      ]),
    whole: { message: { role: 'assistant', content: 'Whole.' }, done: true },
    sentHistory: [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'add milk' },
      {
        role: 'assistant',
        content: 'On it.',
        tool_calls: [{ function: { name: TOOL.name, arguments: { title: 'milk' } } }],
      },
      { role: 'tool', tool_name: TOOL.name, content: '{"ok":true}' },
    ],
    sentTool: { type: 'function', function: TOOL },
    breaksOff: sendLines([{ message: { content: 'I will' }, done: false }, { error: 'overloaded' }]),
  },
]

function readJsonOrText(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

describe.each(DIALECTS)('$api', (dialect) => {
  const ask = async (url: string, change: Partial<ModelRequest> = {}, timeoutMs = 20_000) => {
    const heard: string[] = []
    const model = createModel({ api: dialect.api, url, model: 'small-1', key: KEY, timeoutMs })
    const request = { system: 'Be brief.', messages: HISTORY, tools: [TOOL], ...change }
    const reply = await model.reply({ ...request, onText: (text) => heard.push(text) })
    return { reply, heard }
  }
  const askAndFail = async (script: Script, timeoutMs?: number): Promise<Error> => {
    await using server = await startFakeModelServer(script)
    const outcome = await ask(server.url, {}, timeoutMs).catch((error: unknown) => error)
    expect(outcome).toBeInstanceOf(ModelFailed)
    const error = outcome as ModelFailed
    expect(error.message).not.toContain(KEY)
    return error
  }

  it('sends the conversation, the tools and the key in the format of the server', async () => {
    await using server = await startFakeModelServer(dialect.says('Yes.'))
    const { reply } = await ask(server.url)
    expect(reply).toEqual({ text: 'Yes.', calls: [] } satisfies ModelReply)
    const [request] = server.received
    expect(request?.path).toBe(dialect.path)
    expect(request?.headers[dialect.keyHeader[0]]).toBe(dialect.keyHeader[1])
    expect(request?.body).toMatchObject({ model: 'small-1', stream: true, messages: dialect.sentHistory })
    expect(request?.body.tools).toEqual([dialect.sentTool])
    expect(JSON.stringify(request?.body)).not.toContain(KEY)
  })

  it('passes on text as it arrives', async () => {
    await using server = await startFakeModelServer(dialect.says('Grüße, 你好.'))
    const { reply, heard } = await ask(server.url, { tools: [] })
    expect(heard.length).toBeGreaterThan(1)
    expect(heard.join('')).toBe('Grüße, 你好.')
    expect(reply.text).toBe('Grüße, 你好.')
    expect(server.received[0]?.body.tools).toBeUndefined()
  })

  it('reads several calls of one reply, each with its own id', async () => {
    const script = dialect.says('', ['todo0_add_todo', '{"title":"milk"}'], ['todo0_list_todos', '{}'])
    await using server = await startFakeModelServer(script)
    const { calls } = (await ask(server.url)).reply
    expect(calls.map(({ name, arguments: args }) => [name, args])).toEqual([
      ['todo0_add_todo', { title: 'milk' }],
      ['todo0_list_todos', {}],
    ])
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2)
  })

  it.each([['{"title": "mi'], ['"milk"'], ['[1]']])(
    'keeps a call with malformed arguments %s',
    async (args) => {
      await using server = await startFakeModelServer(dialect.says('', ['todo0_add_todo', args]))
      const [call] = (await ask(server.url)).reply.calls
      expect(call).toMatchObject({ name: 'todo0_add_todo', arguments: undefined })
    },
  )

  it('accepts a response that is not streamed', async () => {
    await using server = await startFakeModelServer(sendJson(200, dialect.whole))
    expect((await ask(server.url)).reply.text).toBe('Whole.')
  })

  it('reports the error of the server, without the key', async () => {
    const refusal = { error: { message: `Incorrect API key provided: ${KEY}` } }
    const { message } = await askAndFail(sendJson(401, refusal))
    expect(message).toMatch(/^The model server 127\.0\.0\.1:\d+ responded with 401: Incorrect API key/)
    expect((await askAndFail(sendJson(500, 'oops'))).message).toMatch(/responded with 500\.$/)
  })

  it('fails if the server stops in the middle, or sends nonsense', async () => {
    expect((await askAndFail(dialect.breaksOff)).message).toContain('overloaded')
    await askAndFail(sendJson(200, { hello: 'world' }))
    await askAndFail((response) => void response.destroy())
  })

  it('follows no redirects, to protect the key', async () => {
    await askAndFail((response) => {
      response.writeHead(307, { location: '/elsewhere' })
      response.end()
    })
  })

  it('times out', async () => {
    const { message } = await askAndFail(neverSendData, 50)
    expect(message).toMatch(/took longer than 0\.05 seconds/)
  })
})
