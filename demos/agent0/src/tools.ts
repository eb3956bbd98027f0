// Calls tools of MCP servers for a signed-in user. The SDK puts the access token on each request; nothing here, and
// no planner, ever holds one.
import type { AgentSession } from '@crosswalk/client'
import { connectXaa } from '@crosswalk/mcp/client'
import { Client } from '@modelcontextprotocol/client'

export interface Toolbox {
  /** @returns the tool's structured answer; @throws ToolFailed, and the errors of `@crosswalk/client` */
  call(tool: string, args: Readonly<Record<string, string>>): Promise<Readonly<Record<string, unknown>>>
}

/** The tool was reached and said that it could not do it. */
export class ToolFailed extends Error {
  override readonly name = 'ToolFailed'
}

/** Connects to the MCP server at `url`, lets `use` work with its tools, and leaves. */
export async function withTools<T>(
  session: AgentSession,
  { url, scope }: { readonly url: string; readonly scope: readonly string[] },
  use: (toolbox: Toolbox) => Promise<T>,
): Promise<T> {
  // Newer servers are asked without a handshake; older ones still get it.
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
