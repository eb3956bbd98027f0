// One MCP server that passes each call on to the upstream server with that tool. Created per caller, so that upstream
// servers are called only as that user.
import { Client } from '@modelcontextprotocol/client'
import {
  fromJsonSchema,
  InMemoryTransport,
  type JsonSchemaType,
  McpServer,
} from '@modelcontextprotocol/server'

/** A server behind the gateway: trusts the gateway, and handles no tokens. */
export interface Upstream {
  readonly name: string
  /** @param user - the user's key at the gateway; @param actor - the app that acts for the user */
  serve(user: string, actor: string): McpServer
}

/** @throws Error if two servers have a tool with the same name */
export async function createFront(
  upstreams: readonly Upstream[],
  { user, actor }: { readonly user: string; readonly actor: string },
): Promise<McpServer> {
  const front = new McpServer({ name: 'gateway0', version: '0.1.0' })
  for (const upstream of upstreams) await passOn(front, await connect(upstream.serve(user, actor)))
  return front
}

async function connect(server: McpServer): Promise<Client> {
  const [near, far] = InMemoryTransport.createLinkedPair()
  const client = new Client({ name: 'gateway0', version: '0.1.0' })
  await server.connect(far)
  await client.connect(near)
  return client
}

async function passOn(front: McpServer, client: Client): Promise<void> {
  const { tools } = await client.listTools()
  for (const { name, description, inputSchema, outputSchema, annotations } of tools) {
    const about = {
      ...(description === undefined ? {} : { description }),
      ...(annotations === undefined ? {} : { annotations }),
      ...(outputSchema === undefined
        ? {}
        : { outputSchema: fromJsonSchema<Record<string, unknown>>(outputSchema as JsonSchemaType) }),
      inputSchema: fromJsonSchema<Record<string, unknown>>(inputSchema as JsonSchemaType),
    }
    front.registerTool(name, about, async (args) => await client.callTool({ name, arguments: args }))
  }
}
