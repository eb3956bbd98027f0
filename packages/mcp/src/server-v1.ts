// MCP servers with version 1 of the official SDK behind Cross App Access: one server and one transport per request,
// without sessions, so that callers never share state. guard-mcp-server.ts decides what passes.
import type { Xaa } from '@crosswalk/resource'
import type { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js'

import { readXaa } from './auth-info.ts'
import { guardMcpServer, type McpGuardOptions, type XaaMcp } from './guard-mcp-server.ts'

export type { XaaMcp } from './guard-mcp-server.ts'

export interface XaaMcpOptions extends McpGuardOptions {
  /** Creates the server for one request of this caller */
  readonly server: (context: { readonly xaa: Xaa }) => McpServer | Promise<McpServer>
}

/** Mounts an MCP server of version 1 of the official SDK behind Cross App Access. */
export function xaaMcp(options: XaaMcpOptions): XaaMcp {
  return guardMcpServer(options, (maxRequestBodySize) => ({
    async fetch(request, known) {
      // Without sessions, there is no stream to open and no session to end.
      if (request.method !== 'POST') return new Response(null, { status: 405, headers: { allow: 'POST' } })
      const server = await options.server({ xaa: readXaa(known.authInfo) })
      const transport = new WebStandardStreamableHTTPServerTransport({
        enableJsonResponse: true,
        maxRequestBodySize,
      })
      try {
        await server.connect(transport as Parameters<McpServer['connect']>[0])
        return await transport.handleRequest(request, known)
      } finally {
        await server.close()
      }
    },
    close: async () => undefined,
  }))
}

/** The verified caller, inside a tool: `(args, extra) => … xaaOf(extra).user`. */
export function xaaOf(extra: { readonly authInfo?: { readonly extra?: Record<string, unknown> } }): Xaa {
  return readXaa(extra.authInfo)
}
