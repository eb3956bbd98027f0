// Serves everything below `/admin`: the console page and its files, sign-in and sign-out, the session, live updates,
// and the admin API for sessions. The API itself decides what a role permits.
import { ADMIN_API_PATH, listRoutesOf } from '@crosswalk/admin-api'
import { decodeUtf8, type Sealing, isSameText } from '@crosswalk/as-core'
import {
  type AdminApi,
  ATTEMPT_COOKIE,
  buildProblem,
  CONSOLE_PATH,
  type Proofs,
  renderProblemDetails,
  SESSION_COOKIE,
} from '@crosswalk/control'
import { readAtMost } from '@crosswalk/protocol'

import { type CallerParts, type ConsoleCaller, digestToken, findCaller } from './callers.ts'
import { checkTarget } from './check-target.ts'
import { type ConsoleFiles, renderAsset } from './console-files.ts'
import { finishProof } from './finish-proof.ts'
import type { LiveUpdates } from './live-updates.ts'
import { isFromConsole, isSameOrigin } from './same-origin.ts'
import { endOfSession, SESSION_SECONDS } from './sessions.ts'
import { renderPlainPage, renderShell } from './shell.ts'
import type { RecordTokenSignIn } from './record-token-sign-in.ts'
import type { ConsoleSignIn, SignInAttempt } from './sign-in.ts'

export interface ConsoleParts {
  readonly baseUrl: string
  readonly issuer: string | undefined
  readonly callers: CallerParts
  readonly sealing: Pick<Sealing, 'seal' | 'open' | 'keyedDigest'>
  /** Undefined if no roles are defined: then the token of the configuration file signs in */
  readonly signIn: ConsoleSignIn | undefined
  readonly recordTokenSignIn: RecordTokenSignIn
  readonly api: AdminApi
  /** Undefined if no identity provider runs here */
  readonly proofs: Proofs | undefined
  readonly live: LiveUpdates
  /** Undefined if the console was not built */
  files(): ConsoleFiles | undefined
  onFault(fault: unknown, reference: string): void
}

export interface Console {
  fetch(request: Request, ip?: string): Promise<Response>
}

/** @param ip - address of the client */
type Handler = (request: Request, parts: ConsoleParts, ip?: string) => Promise<Response>

const OWN_ROUTES: Readonly<Record<string, Handler>> = {
  'GET /sign-in': beginSignIn,
  'GET /callback': finishSignIn,
  'GET /prove/callback': comeBackFromProof,
  'POST /sign-in/token': signInWithToken,
  'POST /sign-out': signOut,
  'GET /session': showSession,
  'GET /live': watch,
}

export function createConsole(parts: ConsoleParts): Console {
  return {
    async fetch(request, ip) {
      const { pathname } = new URL(request.url)
      if (pathname === ADMIN_API_PATH || pathname.startsWith(`${ADMIN_API_PATH}/`))
        return callApi(request, ip, parts)
      const path = pathname.slice(CONSOLE_PATH.length)
      const handler = OWN_ROUTES[`${request.method} ${path}`]
      if (handler !== undefined) return handler(request, parts, ip)
      return request.method === 'GET' || request.method === 'HEAD'
        ? showPage(request, path, parts)
        : renderProblemDetails(buildProblem('method-not-allowed', { headers: { allow: 'GET, HEAD' } }))
    },
  }
}

async function showPage(request: Request, path: string, parts: ConsoleParts): Promise<Response> {
  if (path === '') return redirect(`${CONSOLE_PATH}/`)
  const files = parts.files()
  if (files === undefined)
    return renderPlainPage(
      503,
      'The console is not built',
      'Run <code>npm run build:console</code> in the folder of the server, then restart it.',
    )
  const asset = /^\/assets\/([^/]+)$/.exec(path)?.[1]
  if (asset === undefined) return renderShell(files.shell, parts.baseUrl)
  return (
    renderAsset(files, asset, request) ?? renderPlainPage(404, 'Not found', 'The console has no such file.')
  )
}

/** Bearer tokens go to the API unchanged; the session applies only without one. */
async function callApi(request: Request, ip: string | undefined, parts: ConsoleParts): Promise<Response> {
  if (
    request.headers.has('authorization') ||
    parts.callers.cookies.read(request, SESSION_COOKIE) === undefined
  )
    return parts.api.fetch(request, ip)
  if (!isFromConsole(request, parts.baseUrl)) return refuseOtherSite()
  const found = await findCaller(request, parts.callers)
  if (typeof found === 'string') return refuseCaller(found)
  return parts.api.fetch(request, ip, found.caller)
}

function refuseOtherSite(): Response {
  return renderProblemDetails(
    buildProblem('forbidden', { detail: 'Only pages of the console may use its session.' }),
  )
}

function refuseCaller(why: 'no-session' | 'no-role'): Response {
  return renderProblemDetails(
    why === 'no-session'
      ? buildProblem('unauthenticated', { detail: 'Your console session has ended; sign in again.' })
      : buildProblem('forbidden', { detail: 'You no longer have a role in the console, or are blocked.' }),
  )
}

async function beginSignIn(request: Request, parts: ConsoleParts): Promise<Response> {
  if (parts.signIn === undefined) return redirect(`${CONSOLE_PATH}/`)
  const to = checkTarget(new URL(request.url).searchParams.get('to'))
  const { url, attempt } = await parts.signIn.begin(to)
  const sealed = parts.sealing.seal('console-sign-in', '', JSON.stringify(attempt))
  return redirect(url, [
    parts.callers.cookies.render(ATTEMPT_COOKIE, sealed, { sameSite: 'Lax', maxAgeSeconds: 600 }),
  ])
}

async function finishSignIn(request: Request, parts: ConsoleParts): Promise<Response> {
  const attempt = openAttempt(request, parts)
  if (parts.signIn === undefined || attempt === undefined) return signInAgain()
  const here = new URL(request.url)
  const url = new URL(here.pathname + here.search, parts.baseUrl)
  const signedIn = await parts.signIn.finish(url, attempt).catch((fault: unknown) => {
    parts.onFault(fault, 'console-sign-in')
    return undefined
  })
  if (signedIn === undefined) return signInAgain()
  const cookie = await parts.callers.sessions.start({
    kind: 'user',
    subject: signedIn.userId,
    ...(signedIn.sid === undefined ? {} : { sid: signedIn.sid }),
  })
  return redirect(attempt.to, [
    renderSession(parts, cookie),
    parts.callers.cookies.render(ATTEMPT_COOKIE, '', { sameSite: 'Lax', maxAgeSeconds: 0 }),
  ])
}

function openAttempt(request: Request, { sealing, callers }: ConsoleParts): SignInAttempt | undefined {
  const sealed = callers.cookies.read(request, ATTEMPT_COOKIE)
  if (sealed === undefined) return undefined
  try {
    return JSON.parse(sealing.open('console-sign-in', '', sealed)) as SignInAttempt
  } catch {
    return undefined
  }
}

function signInAgain(): Response {
  return renderPlainPage(
    400,
    'Sign-in did not finish',
    'It took too long, or was started in another browser.',
  )
}

/** A token and the JSON around it, with room to spare. */
const MAX_TOKEN_BYTES = 4096

function readToken(body: Uint8Array): string | undefined {
  try {
    const { token } = JSON.parse(decodeUtf8(body) ?? '') as { readonly token?: unknown }
    return typeof token === 'string' ? token : undefined
  } catch {
    return undefined
  }
}

/** For servers without roles: the token of the configuration file permits everything anyway. */
async function signInWithToken(request: Request, parts: ConsoleParts, ip?: string): Promise<Response> {
  const { callers, sealing } = parts
  if (!isFromConsole(request, parts.baseUrl)) return refuseOtherSite()
  if (parts.signIn !== undefined)
    return renderProblemDetails(
      buildProblem('unauthenticated', { detail: 'Users sign in at the identity provider here.' }),
    )
  const body = await readAtMost(request.body, MAX_TOKEN_BYTES)
  if (body === undefined)
    return renderProblemDetails(
      buildProblem('too-large', { detail: `At most ${MAX_TOKEN_BYTES} bytes are accepted.` }),
    )
  const token = readToken(body)
  const expected = digestToken(sealing, callers.adminToken)
  const succeeded = token !== undefined && isSameText(digestToken(sealing, token), expected)
  await parts.recordTokenSignIn({ succeeded, userAgent: request.headers.get('user-agent'), ip })
  if (!succeeded)
    return renderProblemDetails(buildProblem('unauthenticated', { detail: 'This is not the token.' }))
  const cookie = await callers.sessions.start({ kind: 'token', subject: expected })
  return new Response(null, {
    status: 204,
    headers: { ...NO_STORE, 'set-cookie': renderSession(parts, cookie) },
  })
}

/** Returns where to go next: the IdP, to end its session too. */
async function signOut(request: Request, parts: ConsoleParts): Promise<Response> {
  if (!isFromConsole(request, parts.baseUrl)) return refuseOtherSite()
  await parts.callers.sessions.end(parts.callers.cookies.read(request, SESSION_COOKIE))
  const to = (await parts.signIn?.buildSignOutUrl()) ?? `${CONSOLE_PATH}/`
  return Response.json({ to }, { headers: { ...NO_STORE, 'set-cookie': renderSession(parts, '', 0) } })
}

async function showSession(request: Request, parts: ConsoleParts): Promise<Response> {
  if (!isSameOrigin(request, parts.baseUrl)) return refuseOtherSite()
  const found = await findCaller(request, parts.callers)
  const body =
    typeof found === 'string'
      ? describeNoSession(found, parts)
      : { ...describeSession(found, parts), state: await parts.live.describe() }
  return Response.json(body, { headers: NO_STORE })
}

function describeNoSession(why: 'no-session' | 'no-role', { signIn }: ConsoleParts) {
  return { signedIn: false, why, signIn: signIn === undefined ? 'token' : 'idp' }
}

function describeSession({ caller, session, user }: ConsoleCaller, { issuer, baseUrl }: ConsoleParts) {
  return {
    signedIn: true,
    id: caller.id,
    name: user?.name ?? user?.username ?? 'Token of the configuration file',
    role: caller.role,
    ...(caller.apps === undefined ? {} : { apps: caller.apps }),
    routes: listRoutesOf(caller.role),
    expiresAt: new Date(endOfSession(session) * 1000).toISOString(),
    baseUrl,
    ...(issuer === undefined ? {} : { issuer }),
  }
}

async function comeBackFromProof(request: Request, parts: ConsoleParts, ip?: string): Promise<Response> {
  const { proofs } = parts
  return proofs === undefined ? redirect(`${CONSOLE_PATH}/`) : finishProof(request, ip, { ...parts, proofs })
}

async function watch(request: Request, parts: ConsoleParts): Promise<Response> {
  if (!isSameOrigin(request, parts.baseUrl)) return refuseOtherSite()
  // A page that is open, but not used, must not keep its session alive.
  const find = () => findCaller(request, parts.callers, { isUse: false })
  const found = await find()
  if (typeof found === 'string') return refuseCaller(found)
  return parts.live.open({
    isOver: async () => typeof (await find()) === 'string',
    since: new URL(request.url).searchParams.get('since') ?? undefined,
  })
}

const NO_STORE = { 'cache-control': 'no-store' }

function redirect(location: string, cookies: readonly string[] = []): Response {
  const headers = new Headers({ ...NO_STORE, location })
  for (const cookie of cookies) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

function renderSession(
  { callers }: ConsoleParts,
  value: string,
  maxAgeSeconds: number = SESSION_SECONDS,
): string {
  return callers.cookies.render(SESSION_COOKIE, value, { sameSite: 'Strict', maxAgeSeconds })
}
