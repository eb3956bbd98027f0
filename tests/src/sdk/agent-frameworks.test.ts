// Runs the recipes of the page "Use an agent framework" in a world without sockets, with a scripted model that calls a tool once and repeats its
// result.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import type { AgentSession } from '@crosswalk/client'
import { xaaMcp, xaaOf } from '@crosswalk/mcp/server'
import { createWorld, type World } from '@crosswalk/testkit'
import { matchers } from '@crosswalk/testkit/vitest'
import type { Client } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { readSnippets } from '../packages/snippets.ts'
import { runSnippet } from './support/run-snippet.ts'

expect.extend(matchers)

const PAGE = fileURLToPath(new URL('../../../docs/how-to/agent-frameworks.md', import.meta.url))
/** A separate package, since LangGraph.js is too large to install with ours. */
const LANGGRAPH = new URL('../../langgraph/', import.meta.url)
const hasLanggraph = existsSync(new URL('node_modules/@langchain/langgraph', LANGGRAPH))
if (!hasLanggraph) console.warn('skipped: LangGraph.js is not installed; npm ci --prefix tests/langgraph')

const MCP = 'https://todo0.test/mcp'

let world: World
afterEach(() => world.close())

const code = (name: string) => readSnippets(PAGE).find(({ info }) => info === name)?.code ?? ''
const run = (name: string, folder?: URL) =>
  runSnippet({ name: name.replace('.ts', ''), code: code(name), ...(folder === undefined ? {} : { folder }) })

describe('at an MCP server', () => {
  beforeEach(async () => {
    world = await createWorld({ resources: [{ id: 'todo0', resource: MCP, runs: 'authorization-server' }] })
    const { fetch } = xaaMcp({
      resource: world.resourceOptions('todo0'),
      tools: { list_todos: 'todos.read' },
      server: () => {
        const server = new McpServer({ name: 'todo0', version: '1.0.0' })
        server.registerTool('list_todos', {}, (context) => ({
          content: [{ type: 'text', text: `a task of ${xaaOf(context).user}` }],
        }))
        return server
      },
    })
    world.mount('https://todo0.test', fetch)
  })

  it('the page has no other code', () => {
    const files = readSnippets(PAGE).map(({ info }) => info)
    expect(files).toEqual(['mcp-sdk.ts', 'ai-sdk.ts', 'langgraph.ts'])
  })

  it('the MCP SDK alone calls a tool for alice, and bob is denied', async () => {
    const { connect } = (await run('mcp-sdk.ts')) as {
      connect: (idToken: string, secrets: { atIdp: string; atTodo0: string }) => Promise<Client>
    }
    const secrets = { atIdp: world.secretOf('agent0'), atTodo0: world.secretOf('agent0-at-todo0') }
    const [alice, bob] = [await world.signIn('alice'), await world.signIn('bob')]
    const client = await onNetworkOf(world, () => connect(alice.idToken, secrets))
    const called = await onNetworkOf(world, () => client.callTool({ name: 'list_todos', arguments: {} }))
    expect(called.content).toEqual([{ type: 'text', text: expect.stringMatching(/^a task of acc_/) }])
    await expect(onNetworkOf(world, () => connect(bob.idToken, secrets))).rejects.toThrow(
      /access_denied|not permitted/,
    )
  })

  it('the Vercel AI SDK has a model call a tool for alice, and bob is denied', async () => {
    const { ask } = (await run('ai-sdk.ts')) as {
      ask: (session: AgentSession, model: object, prompt: string) => Promise<string>
    }
    const says = await ask(world.agent().as('alice'), createAiModel(), 'list my todos')
    expect(says).toMatch(/^The tool said: .*a task of acc_/)
    const denied = ask(world.agent().as('bob'), createAiModel(), 'list my todos')
    await expect(denied).rejects.toBeXaa('XAA1503')
  })
})

describe.skipIf(!hasLanggraph)('at an API', () => {
  it('LangGraph.js has a model call a tool for alice, and bob is denied', async () => {
    world = await createWorld()
    const { createGraph } = (await run('langgraph.ts', new URL('dist/', LANGGRAPH))) as {
      createGraph: (session: AgentSession, createModel: () => object) => Graph
    }
    const messages = [{ role: 'user', content: 'list my todos' }]
    const graph = createGraph(world.agent().as('alice'), createGraphModel)
    const answer = await graph.invoke({ messages })
    expect(answer.messages.at(-1)?.content).toMatch(/^The tool said: .*"user":"acc_/)
    const denied = createGraph(world.agent().as('bob'), createGraphModel).invoke({ messages })
    await expect(denied).rejects.toBeXaa('XAA1503')
  })
})

interface Graph {
  invoke(input: object): Promise<{ readonly messages: readonly { readonly content: string }[] }>
}

/** The MCP SDK uses the global `fetch` by default. */
async function onNetworkOf<T>(world: World, work: () => Promise<T>): Promise<T> {
  const outside = globalThis.fetch
  globalThis.fetch = ((input: string | URL | Request, init?: RequestInit) =>
    world.fetch(input, init)) as typeof globalThis.fetch
  try {
    return await work()
  } finally {
    globalThis.fetch = outside
  }
}

/** A language model of the AI SDK's specification, version 4. */
function createAiModel(): object {
  const usage = { inputTokens: { total: 1 }, outputTokens: { total: 1 } }
  return {
    specificationVersion: 'v4',
    provider: 'test',
    modelId: 'test',
    supportedUrls: {},
    async doGenerate({ prompt }: { prompt: readonly { role: string; content: unknown }[] }) {
      const last = prompt.at(-1)
      const text = `The tool said: ${JSON.stringify(last?.content)}`
      const call = { type: 'tool-call', toolCallId: 'call-1', toolName: 'list_todos', input: '{}' }
      return last?.role === 'tool'
        ? { content: [{ type: 'text', text }], finishReason: { unified: 'stop' }, usage, warnings: [] }
        : { content: [call], finishReason: { unified: 'tool-calls' }, usage, warnings: [] }
    },
  }
}

function createGraphModel(): object {
  return {
    async invoke(messages: readonly { getType(): string; content: unknown }[]) {
      const last = messages.at(-1)
      if (last?.getType() === 'tool')
        return { role: 'assistant', content: `The tool said: ${String(last.content)}` }
      const call = { id: 'call-1', name: 'list_todos', args: {}, type: 'tool_call' }
      return { role: 'assistant', content: '', tool_calls: [call] }
    },
  }
}
