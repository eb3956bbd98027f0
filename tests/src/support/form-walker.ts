// Signs a user in like a browser without JavaScript: follows redirects, keeps cookies, fills in forms.
import { createHash, randomBytes } from 'node:crypto'

import { type Jar, keepCookies, renderCookies } from './cookie-jar.ts'

export interface SignInRequest {
  readonly authorizationEndpoint: string
  readonly clientId: string
  readonly redirectUri: string
  readonly username: string
  readonly password: string
  /** Computes the second-factor code from its page; without it, the walk stops there */
  readonly code?: (page: string) => string
  readonly scope?: string
  readonly extra?: Readonly<Record<string, string>>
}

export interface SignInResult extends Walk {
  readonly codeVerifier: string
}

const MAX_STEPS = 12

export async function signIn(request: SignInRequest, jar: Jar = new Map()): Promise<SignInResult> {
  const codeVerifier = randomBytes(32).toString('base64url')
  return { ...(await walk(buildAuthorizationUrl(request, codeVerifier), request, jar)), codeVerifier }
}

export interface Walk {
  readonly code: string | null
  readonly parameters: URLSearchParams
  /** The redirect URL, if the walk ended at the app */
  readonly arrivedAt?: string
  /** Text of the last page, if the walk ended on one */
  readonly page?: string
}

type Typed = Pick<SignInRequest, 'username' | 'password' | 'code'>
type Person = Typed & Pick<SignInRequest, 'redirectUri'>

/** Walks from a given authorization URL. */
export async function walk(authorizationUrl: string, user: Person, jar: Jar = new Map()): Promise<Walk> {
  let url = authorizationUrl
  let body: URLSearchParams | undefined
  const filled = new Set<Step>()
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const response = await fetch(url, {
      redirect: 'manual',
      method: body === undefined ? 'GET' : 'POST',
      headers: { cookie: renderCookies(jar) },
      ...(body === undefined ? {} : { body }),
    })
    keepCookies(response, jar)
    body = undefined
    const location = response.headers.get('location')
    if (location !== null) {
      url = new URL(location, url).href
      if (url.startsWith(user.redirectUri)) return arrive(url)
      continue
    }
    const page = await response.text()
    const asked = findStep(page, user)
    if (asked === undefined || filled.has(asked))
      return { code: null, parameters: new URLSearchParams(), page }
    ;({ url, body } = fillForm(page, url, user))
    filled.add(asked)
  }
  throw new Error(`sign-in of ${user.username} did not end after ${MAX_STEPS} steps`)
}

type Step = 'password' | 'code'

/** The fields of a page. Each is filled in once, since a repeated form means rejection. */
function findStep(page: string, { code }: Pick<Person, 'code'>): Step | undefined {
  if (page.includes('name="password"')) return 'password'
  return code !== undefined && page.includes('name="code"') ? 'code' : undefined
}

function buildAuthorizationUrl(
  { authorizationEndpoint, clientId, redirectUri, scope, extra }: SignInRequest,
  codeVerifier: string,
): string {
  const query = new URLSearchParams({
    client_id: clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: scope ?? 'openid email offline_access',
    state: 'state',
    nonce: 'nonce',
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  })
  return `${authorizationEndpoint}?${query}`
}

function arrive(url: string): Walk {
  const parameters = new URL(url).searchParams
  return { code: parameters.get('code'), parameters, arrivedAt: url }
}

/** @returns the request that submits the form of a page */
export function fillForm(page: string, url: string, user: Typed): { url: string; body: URLSearchParams } {
  const action = unescape(/<form[^>]*\baction="([^"]*)"/i.exec(page)?.[1] ?? url)
  const body = new URLSearchParams()
  const { username, password, code } = user
  const asked = findStep(page, user)
  const typed: Readonly<Record<string, string | undefined>> =
    asked === 'code' ? { code: code?.(page) } : { username, password }
  for (const [input] of page.matchAll(/<input\b[^>]*>/gi)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1]
    if (name === undefined) continue
    const value = unescape(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? '')
    body.set(name, typed[name] ?? value)
  }
  return { url: new URL(action, url).href, body }
}

function unescape(text: string): string {
  return text.replaceAll('&amp;', '&').replaceAll('&#x2F;', '/').replaceAll('&quot;', '"')
}
