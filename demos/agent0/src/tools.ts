// Calls tools of MCP servers for a signed-in user. The SDK adds the access token to each request; neither this file
// nor the planner ever holds one.
import type { AgentSession } from '@crosswalk/client'
import { connectXaa } from '@crosswalk/mcp/client'
import { Client } from '@modelcontextprotocol/client'

export interface Toolbox {
  /** @returns the tool's structured result; @throws ToolFailed, and the errors of `@crosswalk/client` */
  call(tool: string, args: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>
}

export class ToolFailed extends Error {
  override readonly name = 'ToolFailed'
}

/** Connects to the MCP server at `url`, runs `use` with its tools, and disconnects. */
export async function withTools<T>(
  session: AgentSession,
  { url, scope }: { readonly url: string; readonly scope: readonly string[] },
  use: (toolbox: Toolbox) => Promise<T>,
): Promise<T> {
  // Newer servers need no handshake; older ones still get it.
  const client = new Client({ name: 'agent0', version: '0.1.0' }, { versionNegotiation: { mode: 'auto' } })
  await connectXaa(client, session, url, { scope })
  try {
    return await use({
      call: async (name, args) => {
        const { structuredContent, isError, content } = await client.callTool({
          name,
          arguments: { ...args },
        })
        if (isError === true) throw new ToolFailed(readText(content))
        return (structuredContent ?? {}) as Readonly<Record<string, unknown>>
      },
    })
  } finally {
    await client.close()
  }
}

function readText(content: readonly { readonly type: string; readonly text?: unknown }[]): string {
  return content
    .flatMap(({ type, text }) => (type === 'text' && typeof text === 'string' ? [text] : []))
    .join(' ')
}
