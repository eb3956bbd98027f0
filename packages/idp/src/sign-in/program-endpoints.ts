// The endpoints that programs ask and the provider library answers: by which methods, in JSON, and where the library's
// answer is not the one of our other endpoints. Pages for users are elsewhere.
import { parseClientCredentials, readForm, renderUnauthenticated, renderUnread } from '@crosswalk/as-core'

import type { Bridge } from './bridge.ts'
import type { SignInPorts } from './contract.ts'
import { ROUTES } from './provider.ts'

/**
 * How each is asked; OPTIONS is for browsers before they let a program ask. The token endpoint takes nothing but POST
 * (IDP-01), and is handed on from there.
 */
const METHODS: Readonly<Record<string, readonly string[]>> = {
  [ROUTES.pushed_authorization_request]: ['POST', 'OPTIONS'],
  [ROUTES.token]: ['POST'],
  [ROUTES.userinfo]: ['GET', 'HEAD', 'POST', 'OPTIONS'],
  [ROUTES.introspection]: ['POST', 'OPTIONS'],
  [ROUTES.revocation]: ['POST', 'OPTIONS'],
}

/** Where clients authenticate; at the token endpoint they did before it was handed on. */
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
  /** Address of the client */
  readonly ip: string | undefined
  readonly verifySecret: SignInPorts['verifySecret']
}

/** @returns the answer; undefined outside `baseUrl` */
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
 * The library calls credentials that are missing or none a malformed request; to us they are an unknown client. Secrets are
 * checked before it sees them: it compares none for a client that it does not know, so guesses at those would not count.
 */
async function answerClient(
  request: Request,
  path: string,
  { bridge, ip, verifySecret }: Program,
): Promise<Response | undefined> {
  const read = await readForm(request)
  if (!read.accepted) return renderUnread(read.refusal)
  const form = read.value
  const { url, headers, method } = request
  const credentials = parseClientCredentials({ authorization: headers.get('authorization'), form })
  // What is malformed is the library's to say, as it says the rest.
  const malformed =
    form.repeated.length > 0 || (!credentials.accepted && credentials.refusal.code === 'XAA1105')
  if (!credentials.accepted && !malformed) return renderUnauthenticated(credentials.refusal.code, request)
  if (credentials.accepted && 'secret' in credentials.value) {
    const { clientId, secret } = credentials.value
    const verdict = verifySecret({ clientId, secret, ip })
    if (verdict.state === 'wrong') return renderUnauthenticated('XAA1101', request)
    if (verdict.state === 'delayed')
      return renderUnauthenticated('XAA1107', request, verdict.retryAfterSeconds)
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
 * Errors in JSON (RFC 6749 section 5.2), whatever a program says it accepts. At userinfo a scheme that carries no token is
 * as good as none (RFC 6750 section 3.1): the answer is a challenge, where the library would call the request malformed.
 */
function asJsonRequest(request: Request, path: string): Request {
  const changed = new Request(request)
  changed.headers.set('accept', 'application/json')
  const scheme = changed.headers.get('authorization')?.split(' ')[0] ?? ''
  if (path === ROUTES.userinfo && !/^(bearer|dpop)$/i.test(scheme)) changed.headers.delete('authorization')
  return changed
}

/** A JWT is no access token of ours, and so not active; the library's code for it is one of revocation alone (RFC 7662 section 2.2). */
async function hideTokenType(answer: Response): Promise<Response> {
  if (answer.status !== 400) return answer
  const { error } = (await answer.clone().json()) as { error?: string }
  return error === 'unsupported_token_type' ? Response.json({ active: false }) : answer
}
