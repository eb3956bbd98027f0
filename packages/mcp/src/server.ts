// MCP servers of version 2 of the official SDK behind Cross App Access. What passes is decided at the door.
import type { Xaa } from '@crosswalk/resource'
import {
  createMcpHandler,
  type CreateMcpHandlerOptions,
  type McpRequestContext,
  type McpServer,
  type ServerContext,
} from '@modelcontextprotocol/server'

import { DEFAULT_BODY_BYTES, type DoorOptions, openDoor, readXaa, type XaaMcp } from './door.ts'

export type { XaaMcp } from './door.ts'

/** What a server is made for: one request of one caller. */
export interface XaaMcpContext extends McpRequestContext {
  readonly xaa: Xaa
}

export interface XaaMcpOptions extends DoorOptions {
  /** Makes the server for one request */
  readonly server: (context: XaaMcpContext) => McpServer | Promise<McpServer>
  /** Options of the SDK's handler */
  readonly handler?: Omit<CreateMcpHandlerOptions, 'maxRequestBodySize'>
}

/** Mounts an MCP server of the official SDK behind Cross App Access. */
export function xaaMcp(options: XaaMcpOptions): XaaMcp {
  const handler = createMcpHandler(
    (context) => options.server({ ...context, xaa: readXaa(context.authInfo) }),
    { ...options.handler, maxRequestBodySize: options.maxBodyBytes ?? DEFAULT_BODY_BYTES },
  )
  return openDoor(options, handler)
}

/** The verified caller, inside a tool: `(args, context) => … xaaOf(context).user`. */
export function xaaOf(context: ServerContext): Xaa {
  return readXaa(context.http?.authInfo)
}
