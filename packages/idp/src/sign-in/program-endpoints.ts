// The endpoints for programs that the provider library serves: their methods, JSON responses, and corrections if the
// library responds differently from our other endpoints. Pages for users are elsewhere.
import {
  decodeCompactJws,
  findMisdirection,
  parseClientCredentials,
  readForm,
  renderUnauthenticated,
  renderUnread,
} from '@crosswalk/as-core'

import type { Bridge } from './provider/bridge.ts'
import type { SignInPorts } from './contract.ts'
import { ROUTES } from './provider/provider.ts'

/**
 * The methods of each; OPTIONS is for preflight requests of browsers. The token endpoint accepts only POST (IDP-01),
 * and passes requests on from there.
 */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  [ROUTES.pushed_authorization_request]: ['POST', 'OPTIONS'],
  [ROUTES.token]: ['POST'],
  [ROUTES.userinfo]: ['GET', 'HEAD', 'POST', 'OPTIONS'],
  [ROUTES.introspection]: ['POST', 'OPTIONS'],
  [ROUTES.revocation]: ['POST', 'OPTIONS'],
}

/** Where clients authenticate; the token endpoint has authenticated them before passing the request on. */
const OF_CLIENTS: ReadonlySet<string> = new Set([
  ROUTES.pushed_authorization_request,
  ROUTES.introspection,
  ROUTES.revocation,
])

export function isProgramEndpoint(path: string): boolean {
  return Object.hasOwn(METHODS, path)
}

interface Program {
  readonly bridge: Bridge
  /** Client address */
  readonly ip: string | undefined
  readonly verifySecret: SignInPorts['verifySecret']
  readonly issuer: string
}

/** @returns the response; undefined outside `baseUrl` */
export async function answerProgram(
  request: Request,
  path: string,
  program: Program,
): Promise<Response | undefined> {
  const { bridge, ip } = program
  const methods = METHODS[path] ?? []
  if (!methods.includes(request.method)) return refuseMethod(methods)
  if (request.method === 'OPTIONS' && !isPreflight(request)) return listMethods(methods)
  if (!OF_CLIENTS.has(path) || request.method === 'OPTIONS')
    return bridge.send(asJsonRequest(request, path), ip)
  const answer = await answerClient(request, path, program)
  return path === ROUTES.introspection && answer !== undefined ? hideTokenType(answer) : answer
}

/**
 * For missing or invalid credentials the library reports a malformed request; we report an unknown client. Secrets are
 * checked before the library, which does not compare secrets of unknown clients, so guesses at those would not count.
 * It also does not name the audience that it expects.
 */
async function answerClient(
  request: Request,
  path: string,
  { bridge, ip, verifySecret, issuer }: Program,
): Promise<Response | undefined> {
  const read = await readForm(request)
  if (!read.accepted) return renderUnread(read.refusal)
  const form = read.value
  const { url, headers, method } = request
  const credentials = parseClientCredentials({ authorization: headers.get('authorization'), form })
  // Leave malformed requests to the library, as other errors.
  const malformed =
    form.repeated.length > 0 || (!credentials.accepted && credentials.refusal.code === 'XAA1105')
  if (!credentials.accepted && !malformed) return renderUnauthenticated(credentials.refusal, request)
  // A public client is identified, not authenticated (RFC 7662 section 2.1).
  const isPublic = credentials.accepted && credentials.value.method === 'none'
  if (path === ROUTES.introspection && isPublic && !malformed)
    return renderUnauthenticated({ code: 'XAA1101' }, request)
  if (credentials.accepted && 'secret' in credentials.value) {
    const { clientId, secret } = credentials.value
    const verdict = verifySecret({ clientId, secret, ip })
    if (verdict.state === 'wrong') return renderUnauthenticated({ code: 'XAA1101' }, request)
    if (verdict.state === 'delayed')
      return renderUnauthenticated({ code: 'XAA1107', retryAfterSeconds: verdict.retryAfterSeconds }, request)
  }
  if (credentials.accepted && credentials.value.method === 'private_key_jwt') {
    const decoded = decodeCompactJws(credentials.value.assertion)
    const misdirected = decoded.accepted ? findMisdirection(decoded.value.claims, { issuer }) : undefined
    if (misdirected !== undefined) return renderUnauthenticated(misdirected, request)
  }
  return bridge.send(asJsonRequest(new Request(url, { method, headers, body: form.raw }), path), ip)
}

function refuseMethod(methods: readonly string[]): Response {
  const headers = { allow: methods.join(', ') }
  return Response.json(
    { error: 'invalid_request', error_description: 'method not allowed' },
    { status: 405, headers },
  )
}

function isPreflight({ headers }: Request): boolean {
  return headers.has('origin') && headers.has('access-control-request-method')
}

function listMethods(methods: readonly string[]): Response {
  return new Response(null, { status: 204, headers: { allow: methods.join(', ') } })
}

/**
 * Requests JSON errors (RFC 6749 section 5.2), whatever the program accepts. At userinfo, an authentication scheme
 * without a token counts as none (RFC 6750 section 3.1): the response is a challenge, while the library would report a
 * malformed request.
 */
function asJsonRequest(request: Request, path: string): Request {
  const changed = new Request(request)
  changed.headers.set('accept', 'application/json')
  const scheme = changed.headers.get('authorization')?.split(' ')[0] ?? ''
  if (path === ROUTES.userinfo && !/^(bearer|dpop)$/i.test(scheme)) changed.headers.delete('authorization')
  return changed
}

/**
 * A JWT is not one of our access tokens, hence not active; the library's error code is only for revocation (RFC 7662
 * section 2.2).
 */
async function hideTokenType(answer: Response): Promise<Response> {
  if (answer.status !== 400) return answer
  const { error } = (await answer.clone().json()) as { error?: string }
  return error === 'unsupported_token_type' ? Response.json({ active: false }) : answer
}
