// MCP servers of version 2 of the official SDK behind Cross App Access. guard-mcp-server.ts decides what passes.
import { MCP_EMA_EXTENSION } from '@crosswalk/protocol'
import type { Xaa } from '@crosswalk/resource'
import {
  createMcpHandler,
  type CreateMcpHandlerOptions,
  type McpRequestContext,
  type McpServer,
  type ServerCapabilities,
  type ServerContext,
} from '@modelcontextprotocol/server'

import { readXaa } from './auth-info.ts'
import { guardMcpServer, type McpGuardOptions, type XaaMcp } from './guard-mcp-server.ts'

export type { XaaMcp } from './guard-mcp-server.ts'

/** The context of a server: one request of one caller. */
export interface XaaMcpContext extends McpRequestContext {
  readonly xaa: Xaa
}

export interface XaaMcpOptions extends McpGuardOptions {
  /** Creates the server for one request */
  readonly server: (context: XaaMcpContext) => McpServer | Promise<McpServer>
  /** Options of the SDK's handler */
  readonly handler?: Omit<CreateMcpHandlerOptions, 'maxRequestBodySize'>
}

/** Mounts an MCP server of the official SDK behind Cross App Access. */
export function xaaMcp(options: XaaMcpOptions): XaaMcp {
  return guardMcpServer(options, (maxRequestBodySize) =>
    createMcpHandler((context) => options.server({ ...context, xaa: readXaa(context.authInfo) }), {
      ...options.handler,
      maxRequestBodySize,
    }),
  )
}

/** Server capabilities that announce Enterprise-Managed Authorization in `initialize`, added to the given ones. */
export function withEnterpriseAuthorization(capabilities: ServerCapabilities = {}): ServerCapabilities {
  return { ...capabilities, extensions: { ...capabilities.extensions, [MCP_EMA_EXTENSION]: {} } }
}

/** The verified caller, inside a tool: `(args, context) => … xaaOf(context).user`. */
export function xaaOf(context: ServerContext): Xaa {
  return readXaa(context.http?.authInfo)
}
