// The individual steps of an app's sign-in, so that tests can modify one.
import { createHash } from 'node:crypto'

import type { Browser, Visited } from './browser.ts'
import { ORIGIN, PASSWORDS, type App, type World } from './world.ts'

export const VERIFIER = 'a-code-verifier-of-more-than-forty-three-characters'
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url')

type Parameters = Readonly<Record<string, string | undefined>>

export function buildAuthorizationUrl(app: App, change: Parameters = {}, origin = ORIGIN): string {
  const parameters: Parameters = {
    client_id: app.id,
    redirect_uri: app.callback,
    response_type: 'code',
    scope: 'openid profile email',
    state: 'state-1',
    nonce: 'nonce-1',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
    ...change,
  }
  return `${origin}/authorize?${toForm(parameters)}`
}

export function toForm(parameters: Parameters): URLSearchParams {
  return new URLSearchParams(
    Object.entries(parameters).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  )
}

/** From the app to the sign-in page and, with the password, back to the app. */
export async function signInAs(
  browser: Browser,
  user: keyof typeof PASSWORDS,
  app: App,
  change: Parameters = {},
  origin = ORIGIN,
): Promise<Visited> {
  const page = await browser.open(buildAuthorizationUrl(app, change, origin))
  return browser.submit(page, { username: user, password: PASSWORDS[user] })
}

export async function post(world: World, path: string, app: App | undefined, parameters: Parameters) {
  const body = toForm(parameters)
  const headers = new Headers()
  app?.authenticate(headers, body)
  const response = await world.signIn.fetch(
    new Request(`${ORIGIN}${path}`, { method: 'POST', body, headers }),
  )
  const text = await response.text()
  const json = (text === '' ? {} : JSON.parse(text)) as Record<string, string>
  return { status: response.status, headers: response.headers, json }
}

export function redeem(world: World, app: App, code: string | null | undefined, change: Parameters = {}) {
  return post(world, '/token', app, {
    grant_type: 'authorization_code',
    code: code ?? '',
    redirect_uri: app.callback,
    code_verifier: VERIFIER,
    ...change,
  })
}

export function refresh(world: World, app: App, refreshToken: string | undefined, change: Parameters = {}) {
  return post(world, '/token', app, { grant_type: 'refresh_token', refresh_token: refreshToken, ...change })
}

export function introspect(world: World, app: App, token: string | undefined) {
  return post(world, '/introspect', app, { token })
}

/** The complete flow: tokens for a user at an app, with a refresh token unless `scope` is changed. */
export async function obtainTokens(
  world: World,
  browser: Browser,
  user: keyof typeof PASSWORDS,
  app: App,
  change: Parameters = {},
) {
  const back = await signInAs(browser, user, app, { scope: 'openid profile email offline_access', ...change })
  const answer = await redeem(world, app, back.left?.searchParams.get('code'))
  if (answer.status !== 200) throw new Error(`no tokens: ${JSON.stringify(answer.json)} after ${back.text}`)
  return answer.json
}
