// Signs a user in with a browser that supports only HTML forms, redirects and cookies, through a test app: returns a
// new ID token each time.
import { createHash, randomBytes } from 'node:crypto'

import { GRANT_TYPE } from '@crosswalk/protocol'

import { APP, USER } from './configuration.ts'
import { basicAuthorization } from './basic-authorization.ts'
import type { Metadata } from './start-crosswalk.ts'

const MAX_STEPS = 12

type CookieJar = Map<string, string>

export async function signIn(idp: Metadata, jar: CookieJar = new Map()): Promise<string> {
  const verifier = randomBytes(32).toString('base64url')
  const code = await getCode(buildAuthorizationUrl(idp, verifier), jar)
  const response = await fetch(idp.token_endpoint, {
    method: 'POST',
    headers: { authorization: basicAuthorization(APP) },
    body: new URLSearchParams({
      grant_type: GRANT_TYPE.authorizationCode,
      code,
      redirect_uri: APP.redirectUri,
      code_verifier: verifier,
    }),
  })
  const answer = (await response.json()) as { id_token?: string }
  if (answer.id_token === undefined) throw new Error(`no id_token: ${JSON.stringify(answer)}`)
  return answer.id_token
}

/** Different ID tokens of one session. */
export async function signInOften(idp: Metadata, count: number): Promise<readonly string[]> {
  const jar: CookieJar = new Map()
  const tokens: string[] = []
  while (tokens.length < count) tokens.push(await signIn(idp, jar))
  return tokens
}

function buildAuthorizationUrl(idp: Metadata, verifier: string): URL {
  const url = new URL(idp.authorization_endpoint ?? '')
  const parameters = {
    client_id: APP.id,
    response_type: 'code',
    redirect_uri: APP.redirectUri,
    scope: 'openid',
    state: 'bench',
    nonce: randomBytes(8).toString('hex'),
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url
}

async function getCode(start: URL, jar: CookieJar): Promise<string> {
  let url = start
  let form: URLSearchParams | undefined
  for (let step = 0; step < MAX_STEPS; step++) {
    const response = await visit(url, form, jar)
    const location = response.headers.get('location')
    if (location === null) {
      const html = await response.text()
      form = fillForm(html)
      url = new URL(findAction(html) ?? url.href, url)
      continue
    }
    form = undefined
    url = new URL(location, url)
    const code = url.href.startsWith(APP.redirectUri) ? url.searchParams.get('code') : null
    if (code !== null) return code
  }
  throw new Error(`sign-in did not end within ${MAX_STEPS} steps; the last was ${url.href}`)
}

async function visit(url: URL, form: URLSearchParams | undefined, jar: CookieJar): Promise<Response> {
  const response = await fetch(url, {
    redirect: 'manual',
    headers: {
      accept: 'text/html',
      // Browsers send these with forms from the server's own page.
      ...(form === undefined ? {} : { origin: url.origin, 'sec-fetch-site': 'same-origin' }),
      cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; '),
    },
    ...(form === undefined ? {} : { method: 'POST', body: form }),
  })
  for (const cookie of response.headers.getSetCookie()) {
    const [pair = ''] = cookie.split(';')
    const at = pair.indexOf('=')
    jar.set(pair.slice(0, at), pair.slice(at + 1))
  }
  return response
}

/** Every input with its default value, and the two that a user types. */
function fillForm(html: string): URLSearchParams {
  const typed: Readonly<Record<string, string>> = USER
  const inputs = [...html.matchAll(/<input[^>]*>/gi)].flatMap(([input]) => {
    const name = attributeOf(input, 'name')
    return name === undefined ? [] : [[name, typed[name] ?? attributeOf(input, 'value') ?? '']]
  })
  return new URLSearchParams(inputs)
}

function findAction(html: string): string | undefined {
  return attributeOf(/<form[^>]*>/i.exec(html)?.[0] ?? '', 'action')
}

function attributeOf(tag: string, name: string): string | undefined {
  return new RegExp(`\\b${name}="([^"]*)"`, 'i').exec(tag)?.[1]?.replaceAll('&amp;', '&')
}
