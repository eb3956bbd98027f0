// Describes an MCP message as a span, by OpenTelemetry's semantic conventions. It contains only names that the protocol
// or the server chose, never arguments.
import { isObject } from '@crosswalk/protocol'
import type { Attributes } from '@crosswalk/tracing'

import { isProtocolMethod } from './classify-message.ts'
import type { ScopeMap } from './needed-scopes.ts'

export interface MessageSpan {
  readonly name: string
  readonly attributes: Attributes
}

/** @param tools - the server's tools */
export function describeMessage(message: unknown, tools: ScopeMap): MessageSpan {
  const { method, params } = isObject(message) ? message : {}
  if (!isProtocolMethod(method)) return { name: 'mcp message', attributes: {} }
  const tool = method === 'tools/call' && isObject(params) ? params.name : undefined
  if (typeof tool !== 'string' || !Object.hasOwn(tools, tool))
    return { name: method, attributes: { 'mcp.method.name': method } }
  return {
    name: `${method} ${tool}`,
    attributes: { 'mcp.method.name': method, 'gen_ai.tool.name': tool },
  }
}
