// Guards an MCP server, with either version of the SDK. Every HTTP request is authorized, even within a session
// (RS-15), and must have the scopes of everything its message would reach. The SDK receives the checked body, already
// parsed: it never parses one itself.
import { describeValue, isObject } from '@crosswalk/protocol'
import {
  buildRefusal,
  createResource,
  holdToToken,
  type Resource,
  type ResourceOptions,
  toResponse,
  type Xaa,
} from '@crosswalk/resource'
import { withSpan } from '@crosswalk/tracing'
import {
  type AuthInfo,
  isLegacyRequest,
  originValidationResponse,
  ProtocolErrorCode,
  validateHostHeader,
} from '@modelcontextprotocol/server'

import { buildAuthInfo } from './auth-info.ts'
import { opensStream, type Target } from './classify-message.ts'
import { answerPreflight, shareWith } from './cross-origin.ts'
import { describeMessage } from './describe-message.ts'
import { createStreams, type OpenStream } from './held-streams.ts'
import { createScopeFinder, MAX_TARGETS, type McpScopes, type NeededScopes } from './needed-scopes.ts'
import { readJsonBody } from './read-json-body.ts'

export interface McpGuardOptions extends McpScopes {
  /** A resource, or the options for one; its identifier is the URL of the MCP server */
  readonly resource: Resource | ResourceOptions
  /** Host names (no port) accepted in `Host`; default: that of the resource (DNS rebinding) */
  readonly allowedHosts?: readonly string[]
  /** Host names (no port) of pages that may call it, besides the resource's own origin; default: none */
  readonly allowedOrigins?: readonly string[]
  /** Maximum request body in bytes; default 1 048 576 */
  readonly maxBodyBytes?: number
}

/** A mounted MCP server. */
export interface XaaMcp {
  /** Serves the MCP endpoint, and the metadata of the resource */
  readonly fetch: (request: Request) => Promise<Response>
  /** Path of its metadata; also route this path to `fetch` */
  readonly metadataPath: string
  /** Whether a path belongs to this server: its endpoint or its metadata */
  serves(path: string): boolean
  close(): Promise<void>
}

/** How the SDK handles an accepted request. A POST always has its parsed body. */
export interface McpHandler {
  fetch(
    request: Request,
    known: { readonly authInfo: AuthInfo; readonly parsedBody?: unknown },
  ): Promise<Response>
  close(): Promise<void>
}

const DEFAULT_BODY_BYTES = 1_048_576

interface Guard {
  readonly resource: Resource
  readonly handler: McpHandler
  readonly options: McpGuardOptions
  readonly maxBodyBytes: number
  readonly findScopes: (body: unknown) => NeededScopes | undefined
  readonly openStream: OpenStream
}

/** @throws RangeError if `maxBodyBytes` is not a positive whole number */
export function guardMcpServer(
  options: McpGuardOptions,
  openHandler: (maxBodyBytes: number) => McpHandler,
): XaaMcp {
  const { maxBodyBytes = DEFAULT_BODY_BYTES } = options
  if (!Number.isSafeInteger(maxBodyBytes) || maxBodyBytes < 1)
    throw new RangeError(`maxBodyBytes must be a positive whole number, not ${maxBodyBytes}`)
  const resource = 'verify' in options.resource ? options.resource : createResource(options.resource)
  const handler = openHandler(maxBodyBytes)
  const findScopes = createScopeFinder(options)
  const guard = { resource, handler, options, maxBodyBytes, findScopes, openStream: createStreams(resource) }
  return {
    fetch: (request) => serve(guard, request),
    metadataPath: resource.metadataPath,
    serves: (path) => path === resource.metadataPath || path === resource.path,
    close: () => handler.close(),
  }
}

async function serve(guard: Guard, request: Request): Promise<Response> {
  const { resource } = guard
  // Metadata is public: MCP clients in a browser read it from their own origin.
  const metadata = resource.findMetadata(request)
  if (metadata !== undefined) return toResponse(metadata)
  const foreign = findForeignRequest(request, guard)
  if (foreign !== undefined) return foreign
  const origin = request.headers.get('origin')
  if (origin === null || origin === new URL(resource.resource).origin) return await serveMcp(guard, request)
  return shareWith(origin, answerPreflight(request) ?? (await serveMcp(guard, request)))
}

async function serveMcp(guard: Guard, request: Request): Promise<Response> {
  const { resource, handler } = guard
  const verified = await resource.verify(request)
  if (!verified.accepted) return resource.challenge(verified.refusal)
  const authInfo = buildAuthInfo(verified.value, resource)
  if (request.method === 'POST') return await servePost(guard, request, verified.value, authInfo)
  // Requests for streams, and ends of sessions, contain no message. Other methods have no meaning in MCP.
  if (request.method === 'GET')
    return await guard.openStream(request, {
      xaa: verified.value,
      id: null,
      handle: () => handler.fetch(request, { authInfo }),
    })
  if (request.method === 'DELETE') return await handler.fetch(request, { authInfo })
  return new Response(null, { status: 405, headers: { allow: 'GET, POST, DELETE' } })
}

async function servePost(guard: Guard, request: Request, xaa: Xaa, authInfo: AuthInfo): Promise<Response> {
  const body = await readJsonBody(request, guard.maxBodyBytes)
  if (!body.ok) return body.response
  const refused = await findScopeRefusal(body.value, xaa, guard, request)
  if (refused !== undefined) return refused
  const { method, headers, signal } = request
  const judged = new Request(request.url, { method, headers, signal, body: body.bytes })
  const { name, attributes } = describeMessage(body.value, guard.options.tools)
  const handle = () => guard.handler.fetch(judged, { authInfo, parsedBody: body.value })
  const answer = () => withSpan(name, handle, { attributes, from: headers })
  const id = isObject(body.value) ? body.value.id : null
  if (opensStream(body.value)) return await guard.openStream(request, { xaa, id, handle: answer })
  return holdToToken(await answer(), {
    isLive: () => guard.resource.mayContinue(request, xaa),
    lastPart: renderEnd(id),
  })
}

/** The result of a call in progress, so that the client does not wait for another one; undefined for a batch. */
function renderEnd(id: unknown): string | undefined {
  if (id === null || id === undefined) return undefined
  const error = {
    code: ProtocolErrorCode.InternalError,
    message: 'The access token was revoked or has expired',
  }
  return `event: message\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, error })}\n\n`
}

/** DNS rebinding: pages of another site must not reach a local server under their own name. */
function findForeignRequest(request: Request, { resource, options }: Guard): Response | undefined {
  const { hostname, origin } = new URL(resource.resource)
  // Some runtimes keep the host in the URL only.
  const host = request.headers.get('host') ?? new URL(request.url).host
  const allowed = [...(options.allowedHosts ?? [hostname])]
  if (!validateHostHeader(host, allowed).ok) {
    const description = `This server answers for ${allowed.join(', ')}. List other host names in \`allowedHosts\`.`
    return Response.json({ error: 'invalid_request', error_description: description }, { status: 403 })
  }
  if (request.headers.get('origin') === origin) return undefined
  return originValidationResponse(request, [...(options.allowedOrigins ?? [])])
}

async function findScopeRefusal(
  body: unknown,
  xaa: Xaa,
  { resource, findScopes }: Guard,
  request: Request,
): Promise<Response | undefined> {
  const needed = findScopes(body)
  if (needed === undefined) return denyExcess()
  const { scopes, denied } = needed
  const missing = scopes.filter((scope) => !xaa.scopes.includes(scope))
  const [first] = denied
  if (missing.length === 0 && first === undefined) return undefined
  if (first !== undefined && isObject(body) && body.id !== undefined)
    return denyTarget(body.id, first, await isLegacyRequest(request, body))
  const scheme = xaa.claims.cnf === undefined ? 'Bearer' : 'DPoP'
  const detail =
    first === undefined ? `requires ${missing.join(' ')}` : `${describe(first)} has no scope mapping`
  return resource.challenge(buildRefusal('XAA3009', detail, { scope: scopes, scheme }))
}

function denyExcess(): Response {
  const error = {
    code: ProtocolErrorCode.InvalidRequest,
    message: `Invalid Request: over ${MAX_TARGETS} tools, prompts and resources at once, or too many long URIs`,
  }
  return Response.json({ jsonrpc: '2.0', id: null, error }, { status: 400 })
}

/** The SDK's response for something that does not exist: no scope would help, and callers cannot tell the two apart. */
function denyTarget(id: unknown, target: Target, isLegacy: boolean): Response {
  const isMethod = target.kind === 'method'
  const error = isMethod
    ? { code: ProtocolErrorCode.MethodNotFound, message: 'Method not found' }
    : { code: ProtocolErrorCode.InvalidParams, message: `${describe(target)} not found` }
  // Since revision 2026-07-28 of MCP, an unknown method is a 404.
  return Response.json({ jsonrpc: '2.0', id, error }, { status: isMethod && !isLegacy ? 404 : 200 })
}

const NOUN = {
  tool: 'Tool',
  prompt: 'Prompt',
  resource: 'Resource',
  template: 'Resource template',
  method: 'Method',
} as const

function describe({ kind, name }: Target): string {
  return `${NOUN[kind]} ${describeValue(name)}`
}
