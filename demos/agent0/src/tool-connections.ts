// The tools of all products for one turn, as a model can call them. The settings fix the servers: no sentence or
// model can name another. A product to which access is refused is omitted, and the refusal kept.
import type { AgentSession } from '@crosswalk/client'
import { connectXaa } from '@crosswalk/mcp/client'
import { Client, type Tool } from '@modelcontextprotocol/client'

import type { ToolResult, ToolSpec, ToolUse } from './model/model.ts'
import type { Product } from './planner.ts'
import { describeRefusal, type Refusal } from './refusal.ts'
import { scrubJson, scrubText } from './scrub.ts'

export interface ToolConnections {
  readonly tools: readonly ToolSpec[]
  /** By product, in plain words: what this user may not use */
  readonly refusals: readonly Refusal[]
  /** Never throws if a tool fails or is refused: the model gets the error. */
  call(use: ToolUse): Promise<CalledTool>
  close(): Promise<void>
}

export interface CalledTool {
  readonly result: ToolResult
  readonly product?: Product
  /** Set if the organisation or a server refused the call */
  readonly refusal?: Refusal
}

export interface ToolConnectionsOptions {
  readonly session: AgentSession
  readonly servers: Readonly<Record<Product, string>>
  /** Called with errors that are not refusals */
  onFault(error: unknown): void
}

/** The scopes for listing tools; for a tool that needs more, the SDK requests more. */
const FIRST_SCOPE: Readonly<Record<Product, readonly string[]>> = {
  Todo0: ['todos.read'],
  Notes0: ['notes.read'],
}
const MAX_RESULT_LENGTH = 8000
const MAX_TOOLS_PER_PRODUCT = 32

interface ToolConnection {
  readonly product: Product
  readonly client: Client
  readonly tools: readonly Tool[]
}

export async function connectTools(options: ToolConnectionsOptions): Promise<ToolConnections> {
  const opened = await Promise.all(
    listToolServers(options.servers).map((server) => connectServer(server, options)),
  )
  const connections = opened.filter((one): one is ToolConnection => 'client' in one)
  const byName = new Map(
    connections.flatMap((connection) =>
      connection.tools.map((tool) => [buildName(connection.product, tool), connection]),
    ),
  )
  return {
    tools: connections.flatMap(({ product, tools }) => tools.map((tool) => describeTool(product, tool))),
    refusals: opened.filter((one): one is Refusal => 'text' in one),
    call: (use) => callTool(use, byName.get(use.name), options),
    close: async () => {
      await Promise.all(connections.map(({ client }) => client.close().catch(options.onFault)))
    },
  }
}

interface ToolServer {
  readonly product: Product
  readonly url: string
  readonly scope: readonly string[]
}

/** Behind a gateway, several products share one server, which is opened once. */
function listToolServers(servers: ToolConnectionsOptions['servers']): readonly ToolServer[] {
  const byUrl = new Map<string, ToolServer>()
  for (const [product, url] of Object.entries(servers) as [Product, string][]) {
    const known = byUrl.get(url) ?? { product, url, scope: [] }
    byUrl.set(url, { ...known, scope: [...known.scope, ...FIRST_SCOPE[product]] })
  }
  return [...byUrl.values()]
}

async function connectServer(
  { product, url, scope }: ToolServer,
  { session, onFault }: ToolConnectionsOptions,
): Promise<ToolConnection | Refusal> {
  const client = new Client({ name: 'agent0', version: '0.1.0' }, { versionNegotiation: { mode: 'auto' } })
  try {
    await connectXaa(client, session, url, { scope })
    const { tools } = await client.listTools()
    return { product, client, tools: tools.slice(0, MAX_TOOLS_PER_PRODUCT) }
  } catch (error) {
    const refusal = describeRefusal(error, product, undefined)
    if (refusal === undefined) onFault(error)
    return refusal ?? { text: `${product} did not respond correctly.` }
  }
}

/** Prefixed by product: tools of different products may have the same name. */
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
  connection: ToolConnection | undefined,
  { onFault }: ToolConnectionsOptions,
): Promise<CalledTool> {
  const { id, name } = use
  const fail = (text: string) => ({ id, name, text, failed: true })
  const tool = connection?.tools.find((one) => buildName(connection.product, one) === name)
  if (connection === undefined || tool === undefined) return { result: fail('There is no such tool.') }
  const { product, client } = connection
  if (use.arguments === undefined)
    return { product, result: fail('The arguments are not a JSON object. Send them again.') }
  try {
    const answer = await client.callTool({ name: tool.name, arguments: { ...use.arguments } })
    const { structuredContent, content, isError } = answer
    const text = isError !== true && structuredContent !== undefined ? structuredContent : content
    return { product, result: { id, name, text: renderResult(text), failed: isError === true } }
  } catch (error) {
    const refusal = describeRefusal(error, product, tool.name)
    if (refusal !== undefined) return { product, refusal, result: fail(refusal.text) }
    onFault(error)
    return { product, result: fail('The tool failed, or rejected these arguments.') }
  }
}

function renderResult(value: unknown): string {
  return JSON.stringify(scrubJson(value)).slice(0, MAX_RESULT_LENGTH)
}
