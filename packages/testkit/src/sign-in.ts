// Signs in users of a world like a browser, through the pages of the real IdP: authorization code with PKCE, form by
// form, with cookies. Returns tokens that the IdP issued; creates none itself.
import { createHash, randomBytes } from 'node:crypto'

import { GRANT_TYPE, isObject } from '@crosswalk/protocol'

import type { AgentIdentity } from './agent-identity.ts'
import type { Network } from './network.ts'
import { IDP, PASSWORD, REDIRECT_URI } from './world-options.ts'

export interface SignInOptions {
  /** The app that signs the user in; default: the first agent */
  readonly app?: string
  /** Default: the password that every user of a world has */
  readonly password?: string
  /** Additional parameters of the authorization request, such as `acr_values` or `max_age` */
  readonly parameters?: Readonly<Record<string, string>>
}

export interface SignedIn {
  readonly idToken: string
  readonly refreshToken: string
  readonly accessToken: string
}

const MAX_STEPS = 12

/** @throws Error with the text of the page if the IdP does not sign the user in */
export async function signIn(
  network: Network,
  username: string,
  { app, password = PASSWORD, parameters = {} }: Omit<SignInOptions, 'app'> & { readonly app: AgentIdentity },
): Promise<SignedIn> {
  const metadata = await readJson(await network.fetch(`${IDP}/.well-known/openid-configuration`))
  const verifier = randomBytes(32).toString('base64url')
  const query = new URLSearchParams({
    client_id: app.id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid email offline_access',
    state: randomBytes(8).toString('hex'),
    nonce: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...parameters,
  })
  const url = `${String(metadata.authorization_endpoint)}?${query}`
  const code = await walk(network, url, { username, password })
  return await redeem(network, String(metadata.token_endpoint), { app, code, verifier })
}

interface EvaluatedUser {
  readonly username: string
  readonly password: string
}

/** @returns the code that the app receives */
async function walk(network: Network, start: string, user: EvaluatedUser): Promise<string> {
  const cookies = new Map<string, string>()
  let url = start
  let body: URLSearchParams | undefined
  let filled = false
  for (let step = 0; step < MAX_STEPS; step += 1) {
    const response = await visit(network, { url, body, cookies })
    const location = response.headers.get('location')
    body = undefined
    if (location === null) {
      const page = await response.text()
      if (filled || !page.includes('name="password"')) throw refuse(user, page)
      ;({ url, body } = fillForm(page, url, user))
      filled = true
      continue
    }
    url = new URL(location, url).href
    if (url.startsWith(REDIRECT_URI)) return readCode(url, user)
  }
  throw refuse(user, `not done after ${MAX_STEPS} steps`)
}

interface Visit {
  readonly url: string
  readonly body: URLSearchParams | undefined
  readonly cookies: Map<string, string>
}

async function visit(network: Network, { url, body, cookies }: Visit): Promise<Response> {
  const headers = { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
  const response = await network.fetch(
    url,
    body === undefined ? { headers } : { method: 'POST', headers, body },
  )
  for (const cookie of response.headers.getSetCookie()) {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(cookie) ?? []
    cookies.set(name, value)
  }
  return response
}

function fillForm(page: string, url: string, user: EvaluatedUser): { url: string; body: URLSearchParams } {
  const action = unescape(/<form[^>]*\baction="([^"]*)"/i.exec(page)?.[1] ?? url)
  const body = new URLSearchParams()
  const typed: Readonly<Record<string, string>> = { ...user }
  for (const [input] of page.matchAll(/<input\b[^>]*>/gi)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1]
    if (name !== undefined)
      body.set(name, typed[name] ?? unescape(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? ''))
  }
  return { url: new URL(action, url).href, body }
}

function unescape(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&#x2F;', '/').replaceAll('&amp;', '&')
}

function readCode(url: string, user: EvaluatedUser): string {
  const { searchParams } = new URL(url)
  const code = searchParams.get('code')
  if (code === null)
    throw refuse(user, `${searchParams.get('error')} ${searchParams.get('error_description')}`)
  return code
}

function refuse({ username }: EvaluatedUser, page: string): Error {
  const text = page
    .replace(/<(style|script)[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
  return new Error(`${username} was not signed in: ${text.slice(0, 300)}`)
}

interface Code {
  readonly app: AgentIdentity
  readonly code: string
  readonly verifier: string
}

async function redeem(network: Network, endpoint: string, { app, code, verifier }: Code): Promise<SignedIn> {
  const { headers, params } = await app.authenticate(app.id).build({
    clientId: app.id,
    issuer: IDP,
    tokenEndpoint: endpoint,
    // The provider library checks these assertions with the system clock.
    nowSeconds: Date.now() / 1000,
  })
  const response = await network.fetch(endpoint, {
    method: 'POST',
    headers,
    body: new URLSearchParams({
      grant_type: GRANT_TYPE.authorizationCode,
      code,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
      ...params,
    }),
  })
  const body = await readJson(response)
  if (response.status !== 200) throw new Error(`the code was refused: ${JSON.stringify(body)}`)
  return {
    idToken: String(body.id_token),
    refreshToken: String(body.refresh_token),
    accessToken: String(body.access_token),
  }
}

async function readJson(response: Response): Promise<Readonly<Record<string, unknown>>> {
  const body: unknown = await response.json()
  if (!isObject(body)) throw new Error('not a JSON object')
  return body
}
