// The loop of model and tools, with MCP servers in this process and a scripted model.
import { type AgentSession, BlockedByAdmin, NeedsMoreScope, type ResourceAccess } from '@crosswalk/client'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

import { converse } from './converse.ts'
import { type Model, ModelFailed, type ModelReply, type ModelRequest, type ToolUse } from './model/model.ts'

const JWT = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJ1c3JfYWxpY2UifQ.c2lnbmF0dXJl'
const SERVERS = { Todo0: 'http://todo0.test/mcp', Notes0: 'http://notes0.test/mcp' }

function createServer(): McpServer {
  const server = new McpServer({ name: 'test', version: '1' })
  const input = z.object({ title: z.string().optional() })
  server.registerTool('list', { description: `Lists. Bearer ${JWT}`, inputSchema: input }, () => ({
    content: [{ type: 'text', text: `{"title":"use ${JWT}","id":"0192c9f0-58ab-7cc2-9a4e-1b2c3d4e5f60"}` }],
  }))
  server.registerTool('add', { description: 'Adds.', inputSchema: input }, ({ title }) => ({
    content: [{ type: 'text', text: `added ${title ?? 'nothing'}` }],
  }))
  server.registerTool('write', { description: 'Writes.', inputSchema: input }, () => ({ content: [] }))
  return server
}

/** Reaches Todo0; access to Notes0 and to one tool of Todo0 is refused. */
const session: AgentSession = {
  at: (url) => {
    const handler = createMcpHandler(createServer)
    const reach: ResourceAccess['fetch'] = async (input, init) => {
      if (url === SERVERS.Notes0) throw new BlockedByAdmin({ code: 'XAA5001', decisionId: 'dec_1' })
      const request = new Request(input, init)
      const body = await request.clone().text()
      if (body.includes('"name":"write"')) throw new NeedsMoreScope({ code: 'XAA1602', missing: ['x'] })
      return await handler.fetch(request)
    }
    return { fetch: reach, token: () => Promise.reject(new Error('not asked for')) }
  },
  forget: () => undefined,
}

const call = (id: string, name: string, args: ToolUse['arguments'] = {}): ToolUse => ({
  id,
  name,
  arguments: args,
})

const run = (sentence: string, ...replies: readonly (Partial<ModelReply> | Error)[]) =>
  runAt(SERVERS, sentence, ...replies)

async function runAt(
  servers: typeof SERVERS,
  sentence: string,
  ...replies: readonly (Partial<ModelReply> | Error)[]
) {
  const requests: ModelRequest[] = []
  const faults: unknown[] = []
  const model: Model = {
    title: 'scripted',
    reply: (request) => {
      const reply = replies[Math.min(requests.length, replies.length - 1)] ?? {}
      requests.push({ ...request, messages: [...request.messages] })
      if (reply instanceof Error) return Promise.reject(reply)
      return Promise.resolve({ text: '', calls: [], ...reply })
    },
  }
  const answer = await converse(sentence, {
    session,
    servers,
    model,
    history: [],
    onFault: (error) => faults.push(error),
  })
  const results = requests.at(-1)?.messages.flatMap((one) => (one.role === 'tools' ? one.results : [])) ?? []
  return { answer, requests, results, faults }
}

describe('converse', () => {
  it('offers the tools of each allowed product, and names the products that are not allowed', async () => {
    const { requests, answer } = await run('hello', { text: 'Hi.' })
    expect(requests[0]?.tools.map(({ name }) => name)).toEqual(['todo0_list', 'todo0_add', 'todo0_write'])
    expect(requests[0]?.system).toContain('has not allowed Agent0 to use Notes0')
    expect(answer).toMatchObject({
      kind: 'said',
      text: 'Hi.',
      refusals: [{ text: expect.stringContaining('Notes0'), code: 'XAA5001', decisionId: 'dec_1' }],
    })
  })

  it('opens a gateway for both products only once', async () => {
    const gateway = { Todo0: SERVERS.Todo0, Notes0: SERVERS.Todo0 }
    const { requests, answer } = await runAt(gateway, 'hello', { text: 'Hi.' })
    expect(requests[0]?.tools).toHaveLength(3)
    expect(answer.refusals).toBeUndefined()
  })

  it('runs several calls of one reply, and returns the results in their order', async () => {
    const calls = [call('a', 'todo0_add', { title: 'milk' }), call('b', 'todo0_add', { title: 'bread' })]
    const { answer, results, requests } = await run('add both', { calls }, { text: 'Done.' })
    expect(results.map(({ id, failed }) => [id, failed])).toEqual([
      ['a', false],
      ['b', false],
    ])
    expect(results.map(({ text }) => text).join()).toMatch(/added milk.*added bread/)
    expect(requests).toHaveLength(2)
    expect(answer).toMatchObject({ text: 'Done.', tools: [{ name: 'todo0_add' }, { name: 'todo0_add' }] })
  })

  it('hides tokens from the model in descriptions, results and user input', async () => {
    const { requests, results } = await run(
      `use ${JWT} and access_token=abcdefgh please`,
      { calls: [call('a', 'todo0_list')] },
      { text: `Fine: ${JWT}` },
    )
    expect(JSON.stringify(requests)).not.toMatch(/eyJ|abcdefgh/)
    expect(results[0]?.text).toContain('[hidden]')
    expect(results[0]?.text).toContain('0192c9f0-58ab-7cc2-9a4e-1b2c3d4e5f60')
  })

  it.each([
    ['malformed arguments', { ...call('a', 'todo0_add'), arguments: undefined }, 'not a JSON object'],
    ['arguments that the tool does not accept', call('a', 'todo0_add', { title: 7 }), ''],
    ['a tool that does not exist', call('a', 'todo0_delete_everything'), 'no such tool'],
    ['a tool of a product that is refused', call('a', 'notes0_list'), 'no such tool'],
  ])('reports %s to the model, which can continue', async (_, use, text) => {
    const { answer, results } = await run('go', { calls: [use] }, { text: 'Sorry.' })
    expect(results).toMatchObject([{ id: 'a', failed: true, text: expect.stringContaining(text) }])
    expect(answer.text).toBe('Sorry.')
  })

  it('shows a refusal in its own words, whatever the model says', async () => {
    const { answer, results } = await run(
      'write',
      { calls: [call('a', 'todo0_write')] },
      { text: 'All done, no problem!' },
    )
    expect(results).toMatchObject([{ failed: true, text: expect.stringContaining('has not allowed') }])
    expect(answer.refusals).toContainEqual(
      expect.objectContaining({ code: 'XAA1602', text: expect.stringContaining('in Todo0 for you') }),
    )
  })

  it('stops a model that never stops calling', async () => {
    const { answer, requests } = await run('go', { calls: [call('a', 'todo0_add')] })
    expect(requests).toHaveLength(6)
    expect(answer.text).toContain('I stopped here')
    const many = Array.from({ length: 17 }, (_, at) => call(String(at), 'todo0_add'))
    const flood = await run('go', { calls: many })
    expect(flood.requests).toHaveLength(1)
    expect(flood.answer.tools).toEqual([])
  })

  it('reports in plain words that the model did not respond, and rethrows other faults', async () => {
    const { answer } = await run('hello', new ModelFailed('The model server x took too long.'))
    expect(answer).toMatchObject({ kind: 'refused', text: 'The model server x took too long.' })
    await expect(run('hello', new TypeError('bug'))).rejects.toThrow('bug')
  })
})
