// A minimal MCP client over streamable HTTP, one message at a time: enough to list the tools and call one. Responses
// are JSON or a single event.
import { describeValue, isObject } from '@crosswalk/protocol'

import type { Exchange, GuardedSender, HttpRequest } from './guarded-sender.ts'

export interface McpServer {
  readonly url: string
  /** Absent: without authorization */
  readonly token?: string
  readonly sender: GuardedSender
  /** The session of stateful servers, from their response to `initialize` */
  readonly sessionId?: string | undefined
}

export interface Tool {
  readonly name: string
  readonly description: string
  /** As the tool declares itself */
  readonly readsOnly: boolean
  readonly needsInput: boolean
}

const PROTOCOL_VERSION = '2025-06-18'
const ACCEPT = 'application/json, text/event-stream'

export function isMcp(url: string): boolean {
  return URL.canParse(url) && /\/mcp\/?$/.test(new URL(url).pathname)
}

/** The first message, which reads and changes nothing. */
export function buildInitialize({ url, token }: Pick<McpServer, 'url' | 'token'>): HttpRequest {
  const params = {
    protocolVersion: PROTOCOL_VERSION,
    capabilities: {},
    clientInfo: { name: 'crosswalk-cli', version: '0.1.0' },
  }
  return {
    method: 'POST',
    url,
    headers: { ...authorize(token), accept: ACCEPT },
    json: { jsonrpc: '2.0', id: 1, method: 'initialize', params },
  }
}

const authorize = (token: string | undefined): Readonly<Record<string, string>> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` }

export function findSession({ headers }: Exchange): string | undefined {
  return headers['mcp-session-id']
}

export function askForTools(server: McpServer): Promise<Exchange> {
  return ask(server, 2, 'tools/list', {})
}

/** @returns undefined if the response lists none */
export function readTools(answer: Exchange): readonly Tool[] | undefined {
  const tools = readResult(answer)?.tools
  if (!Array.isArray(tools)) return undefined
  return tools.filter(isObject).map(({ name, description, annotations, inputSchema }) => ({
    name: describeValue(name),
    description: typeof description === 'string' ? description : '',
    readsOnly: isObject(annotations) && annotations.readOnlyHint === true,
    needsInput:
      isObject(inputSchema) && Array.isArray(inputSchema.required) && inputSchema.required.length > 0,
  }))
}

export function callTool(server: McpServer, name: string, input: Record<string, unknown>): Promise<Exchange> {
  return ask(server, 3, 'tools/call', { name, arguments: input })
}

/** @returns whether the tool succeeded */
export function isAnswered(exchange: Exchange): boolean {
  const result = readResult(exchange)
  return result !== undefined && result.isError !== true
}

function ask(
  { url, token, sender, sessionId }: McpServer,
  id: number,
  method: string,
  params: Record<string, unknown>,
): Promise<Exchange> {
  return sender.send({
    method: 'POST',
    url,
    headers: {
      ...authorize(token),
      accept: ACCEPT,
      'mcp-protocol-version': PROTOCOL_VERSION,
      ...(sessionId === undefined ? {} : { 'mcp-session-id': sessionId }),
    },
    json: { jsonrpc: '2.0', id, method, params },
  })
}

function readResult({ status, json, text }: Exchange): Readonly<Record<string, unknown>> | undefined {
  if (status !== 200) return undefined
  const message = json ?? parseEvent(text)
  const result = message?.result
  return isObject(result) ? result : undefined
}

/** Notifications can precede the response. */
function parseEvent(text: string): Readonly<Record<string, unknown>> | undefined {
  for (const line of text.split('\n').toReversed()) {
    if (!line.startsWith('data:')) continue
    try {
      const message = JSON.parse(line.slice('data:'.length)) as unknown
      if (isObject(message) && 'result' in message) return message
    } catch {
      return undefined
    }
  }
  return undefined
}
