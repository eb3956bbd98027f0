// All tools of all products for one turn, as a model may call them. Which servers there are is fixed by the settings:
// no sentence and no model can name another. A product that is refused is left out, and the refusal kept.
import type { AgentSession } from '@crosswalk/client'
import { connectXaa } from '@crosswalk/mcp/client'
import { Client, type Tool } from '@modelcontextprotocol/client'

import type { ToolResult, ToolSpec, ToolUse } from './model/model.ts'
import type { Product } from './planner.ts'
import { describeRefusal, type Refusal } from './refusal.ts'
import { scrubJson, scrubText } from './scrub.ts'

export interface ToolDesk {
  readonly tools: readonly ToolSpec[]
  /** In plain words, by product, what cannot be used for this user */
  readonly refusals: readonly Refusal[]
  /** Never throws for a tool that fails or is refused: the model is told. */
  call(use: ToolUse): Promise<CalledTool>
  close(): Promise<void>
}

export interface CalledTool {
  readonly result: ToolResult
  readonly product?: Product
  /** Where the organisation or a server said no */
  readonly refusal?: Refusal
}

export interface ToolDeskOptions {
  readonly session: AgentSession
  readonly servers: Readonly<Record<Product, string>>
  /** Told of errors that are not refusals */
  onFault(error: unknown): void
}

/** What is asked for first, so that tools can be listed; a tool that needs more makes the SDK ask for more. */
const FIRST_SCOPE: Readonly<Record<Product, readonly string[]>> = {
  Todo0: ['todos.read'],
  Notes0: ['notes.read'],
}
const MAX_RESULT_LENGTH = 8000
const MAX_TOOLS_PER_PRODUCT = 32

interface Counter {
  readonly product: Product
  readonly client: Client
  readonly tools: readonly Tool[]
}

export async function openToolDesk(options: ToolDeskOptions): Promise<ToolDesk> {
  const opened = await Promise.all(
    listToolServers(options.servers).map((server) => openCounter(server, options)),
  )
  const counters = opened.filter((one): one is Counter => 'client' in one)
  const byName = new Map(
    counters.flatMap((counter) => counter.tools.map((tool) => [buildName(counter.product, tool), counter])),
  )
  return {
    tools: counters.flatMap(({ product, tools }) => tools.map((tool) => describeTool(product, tool))),
    refusals: opened.filter((one): one is Refusal => 'text' in one),
    call: (use) => callTool(use, byName.get(use.name), options),
    close: async () => {
      await Promise.all(counters.map(({ client }) => client.close().catch(options.onFault)))
    },
  }
}

interface ToolServer {
  readonly product: Product
  readonly url: string
  readonly scope: readonly string[]
}

/** Behind a gateway, several products are one server: it is opened once. */
function listToolServers(servers: ToolDeskOptions['servers']): readonly ToolServer[] {
  const byUrl = new Map<string, ToolServer>()
  for (const [product, url] of Object.entries(servers) as [Product, string][]) {
    const known = byUrl.get(url) ?? { product, url, scope: [] }
    byUrl.set(url, { ...known, scope: [...known.scope, ...FIRST_SCOPE[product]] })
  }
  return [...byUrl.values()]
}

async function openCounter(
  { product, url, scope }: ToolServer,
  { session, onFault }: ToolDeskOptions,
): Promise<Counter | Refusal> {
  const client = new Client({ name: 'agent0', version: '0.1.0' }, { versionNegotiation: { mode: 'auto' } })
  try {
    await connectXaa(client, session, url, { scope })
    const { tools } = await client.listTools()
    return { product, client, tools: tools.slice(0, MAX_TOOLS_PER_PRODUCT) }
  } catch (error) {
    const refusal = describeRefusal(error, product, undefined)
    if (refusal === undefined) onFault(error)
    return refusal ?? { text: `${product} did not answer as it should.` }
  }
}

/** Products name their tools without knowing of each other. */
function buildName(product: Product, { name }: Pick<Tool, 'name'>): string {
  return `${product.toLowerCase()}_${name}`.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64)
}

function describeTool(product: Product, tool: Tool): ToolSpec {
  const { type, properties, required } = tool.inputSchema
  return {
    name: buildName(product, tool),
    description: scrubText(`${product}: ${tool.description ?? tool.name}`).slice(0, 1000),
    parameters: { type, properties: properties ?? {}, ...(required === undefined ? {} : { required }) },
  }
}

async function callTool(
  use: ToolUse,
  counter: Counter | undefined,
  { onFault }: ToolDeskOptions,
): Promise<CalledTool> {
  const { id, name } = use
  const fail = (text: string) => ({ id, name, text, failed: true })
  const tool = counter?.tools.find((one) => buildName(counter.product, one) === name)
  if (counter === undefined || tool === undefined) return { result: fail('There is no such tool.') }
  const { product, client } = counter
  if (use.arguments === undefined)
    return { product, result: fail('The arguments are no JSON object. Send them again.') }
  try {
    const answer = await client.callTool({ name: tool.name, arguments: { ...use.arguments } })
    const { structuredContent, content, isError } = answer
    const text = isError !== true && structuredContent !== undefined ? structuredContent : content
    return { product, result: { id, name, text: renderResult(text), failed: isError === true } }
  } catch (error) {
    const refusal = describeRefusal(error, product, tool.name)
    if (refusal !== undefined) return { product, refusal, result: fail(refusal.text) }
    onFault(error)
    return { product, result: fail('The tool did not work, or did not take these arguments.') }
  }
}

function renderResult(value: unknown): string {
  return JSON.stringify(scrubJson(value)).slice(0, MAX_RESULT_LENGTH)
}
