// The door of an MCP server, whichever version of the SDK is behind it. Every HTTP request is authorised, also within a
// session (RS-15), and each tool needs its scopes before it is reached. Tools see who calls, never the token (RS-09).
import { isObject } from '@crosswalk/protocol'
import {
  buildRefusal,
  createResource,
  type Resource,
  type ResourceOptions,
  toResponse,
  type Xaa,
} from '@crosswalk/resource'
import {
  type AuthInfo,
  originValidationResponse,
  ProtocolErrorCode,
  validateHostHeader,
} from '@modelcontextprotocol/server'

import { findNeededScopes, type ToolScopes } from './tool-scopes.ts'

export interface DoorOptions {
  /** A resource, or the options for one; its identifier is the URL of the MCP server */
  readonly resource: Resource | ResourceOptions
  /** The scopes of each tool; a tool without an entry is refused */
  readonly tools: ToolScopes
  /** Host names (no port) that requests may be addressed to; default: that of the resource (DNS rebinding) */
  readonly allowedHosts?: readonly string[]
  /** Host names (no port) of pages that may call besides those of the resource's own origin; default: none */
  readonly allowedOrigins?: readonly string[]
  /** Largest request body in bytes; default 1 048 576 */
  readonly maxBodyBytes?: number
}

/** A mounted MCP server. */
export interface XaaMcp {
  /** Serves the MCP endpoint and, if asked for it, the metadata of the resource */
  readonly fetch: (request: Request) => Promise<Response>
  /** Where its metadata belongs; route this path to `fetch` too */
  readonly metadataPath: string
  /** Whether a path is this server's: its endpoint or its metadata */
  serves(path: string): boolean
  close(): Promise<void>
}

/** What the SDK does with a request that may pass. */
export interface McpHandler {
  fetch(
    request: Request,
    known: { readonly authInfo: AuthInfo; readonly parsedBody?: unknown },
  ): Promise<Response>
  close(): Promise<void>
}

export const DEFAULT_BODY_BYTES = 1_048_576

export function openDoor(options: DoorOptions, handler: McpHandler): XaaMcp {
  const guard = 'verify' in options.resource ? options.resource : createResource(options.resource)
  const endpoint = new URL(guard.resource).pathname
  const door = { guard, handler, options }
  return {
    fetch: (request) => serve(door, request),
    metadataPath: guard.metadataPath,
    serves: (path) => path === guard.metadataPath || path === endpoint,
    close: () => handler.close(),
  }
}

interface Door {
  readonly guard: Resource
  readonly handler: McpHandler
  readonly options: DoorOptions
}

async function serve(door: Door, request: Request): Promise<Response> {
  const { guard, handler, options } = door
  const foreign = findForeignRequest(request, guard, options)
  if (foreign !== undefined) return foreign
  const metadata = guard.findMetadata(request)
  if (metadata !== undefined) return toResponse(metadata)
  const verified = await guard.verify(request)
  if (!verified.accepted) return guard.challenge(verified.refusal)
  const authInfo = buildAuthInfo(verified.value, guard)
  if (request.method !== 'POST') return await handler.fetch(request, { authInfo })
  const body = await readJson(request.clone(), options.maxBodyBytes ?? DEFAULT_BODY_BYTES)
  // What cannot be read calls no tool: the SDK answers it as the protocol says.
  if (body === undefined) return await handler.fetch(request, { authInfo })
  const refused = findScopeRefusal(body, verified.value, door)
  return refused ?? (await handler.fetch(request, { authInfo, parsedBody: body }))
}

/** DNS rebinding: a page of another site must not reach a server on this machine under a name of its own. */
function findForeignRequest(request: Request, guard: Resource, options: DoorOptions): Response | undefined {
  const { hostname, origin } = new URL(guard.resource)
  // Some runtimes keep the host in the URL only.
  const host = request.headers.get('host') ?? new URL(request.url).host
  const checked = validateHostHeader(host, [...(options.allowedHosts ?? [hostname])])
  if (!checked.ok) return Response.json({ error: 'invalid_request' }, { status: 403 })
  if (request.headers.get('origin') === origin) return undefined
  return originValidationResponse(request, [...(options.allowedOrigins ?? [])])
}

function findScopeRefusal(body: unknown, xaa: Xaa, { guard, options }: Door): Response | undefined {
  const { scopes, unknownTools } = findNeededScopes(body, options.tools)
  const missing = scopes.filter((scope) => !xaa.scopes.includes(scope))
  if (missing.length === 0 && unknownTools.length === 0) return undefined
  if (unknownTools.length > 0 && isObject(body) && body.id !== undefined)
    return refuseTool(body.id, unknownTools)
  const scheme = xaa.claims.cnf === undefined ? 'Bearer' : 'DPoP'
  const detail =
    unknownTools.length === 0 ? `needs ${missing.join(' ')}` : 'a tool that no scope is set for was called'
  return guard.challenge(buildRefusal('XAA3009', detail, { scope: scopes, scheme }))
}

/** As the SDK answers for a tool that does not exist: no scope would help, and nobody learns which of the two it is. */
function refuseTool(id: unknown, [name]: readonly string[]): Response {
  const error = { code: ProtocolErrorCode.InvalidParams, message: `Tool ${name} not found` }
  return Response.json({ jsonrpc: '2.0', id, error })
}

async function readJson(request: Request, maxBytes: number): Promise<unknown> {
  const type = request.headers.get('content-type') ?? ''
  if (!/^application\/json\s*(;|$)/i.test(type) || request.body === null) return undefined
  const bytes = await readBytes(request.body, maxBytes)
  if (bytes === undefined) return undefined
  try {
    return JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}

async function readBytes(
  stream: ReadableStream<Uint8Array>,
  maxBytes: number,
): Promise<Uint8Array | undefined> {
  const parts: Uint8Array[] = []
  let length = 0
  const reader = stream.getReader()
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    length += part.value.byteLength
    if (length > maxBytes) {
      void reader.cancel()
      return undefined
    }
    parts.push(part.value)
  }
  const bytes = new Uint8Array(length)
  let offset = 0
  for (const part of parts) {
    bytes.set(part, offset)
    offset += part.byteLength
  }
  return bytes
}

/** What the SDK's handlers are told; the token itself stays outside, where no tool can pass it on. */
function buildAuthInfo(xaa: Xaa, guard: Resource): AuthInfo {
  return {
    token: '',
    clientId: xaa.client,
    scopes: [...xaa.scopes],
    expiresAt: xaa.expiresAt,
    resource: new URL(guard.resource),
    resourceMetadataUrl: guard.metadataUrl,
    extra: { xaa },
  }
}

/** @throws Error where the request did not come through a door: a fault of the app, not an open door */
export function readXaa(authInfo: { readonly extra?: Readonly<Record<string, unknown>> } | undefined): Xaa {
  const xaa = authInfo?.extra?.xaa
  if (xaa === undefined) throw new Error('no verified caller: the MCP server is not behind xaaMcp()')
  return xaa as Xaa
}
