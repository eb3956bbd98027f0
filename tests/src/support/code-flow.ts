// The authorization code flow at the vendor's Resource Authorization Server, in a browser without JavaScript: sign-in at the vendor's OpenID
// provider, the consent page, and the return to the app.
import { createHash } from 'node:crypto'

import { type Jar, renderCookies } from './cookie-jar.ts'
import { PASSWORD, REDIRECT_URI, TODO } from './company.ts'
import { type Answer, basic, type ClientCredentials, postForm } from './flow.ts'
import { walk } from './form-walker.ts'

export const WEB: ClientCredentials & { readonly redirectUri: string } = {
  id: 'web-at-vendor',
  secret: 'secret of the web app at the vendor',
  redirectUri: 'https://web.test/callback',
}
/** The vendor's server as a client of its OpenID provider, here the company's IdP */
export const VENDOR_SIGN_IN = { id: 'vendor-sign-in', secret: 'secret of the vendor at its provider' }
const VERIFIER = 'v'.repeat(50)

type Form = Readonly<Record<string, string>>

/** The configuration it needs. */
export function defineCodeFlow(baseUrl: string) {
  return {
    app: {
      id: VENDOR_SIGN_IN.id,
      name: 'Todo vendor',
      kind: 'web',
      redirectUris: [`${baseUrl}/as/vendor/signed-in`],
      auth: { method: 'client_secret_basic', secret: VENDOR_SIGN_IN.secret },
      assignments: { everyone: true },
    },
    client: {
      id: WEB.id,
      name: 'Web app',
      auth: { method: 'client_secret_basic', secret: WEB.secret },
      redirectUris: [WEB.redirectUri, REDIRECT_URI],
    },
    authorizationCode: {
      displayName: 'Todo vendor',
      signIn: {
        issuer: baseUrl,
        clientId: VENDOR_SIGN_IN.id,
        clientSecret: VENDOR_SIGN_IN.secret,
        provisioning: 'jit',
      },
    },
  }
}

/**
 * The test company, whose vendor offers the flow
 *
 * @param settings - more of `authorizationCode`
 */
export function addCodeFlow(
  baseUrl: string,
  file: Readonly<Record<string, unknown>>,
  settings: Readonly<Record<string, unknown>> = {},
) {
  const { app, client, ...flow } = defineCodeFlow(baseUrl)
  const authorizationCode = { ...flow.authorizationCode, ...settings }
  const idp = file['idp'] as { readonly apps: readonly unknown[] }
  const [server] = file['authorizationServers'] as { readonly clients: readonly unknown[] }[]
  const clients = [...(server?.clients ?? []), client]
  return {
    ...file,
    idp: { ...idp, apps: [...idp.apps, app] },
    authorizationServers: [{ ...server, clients, authorizationCode }],
  }
}

export function buildAuthorizationUrl(baseUrl: string, change: Form = {}): string {
  const query = new URLSearchParams({
    client_id: WEB.id,
    response_type: 'code',
    redirect_uri: WEB.redirectUri,
    resource: TODO,
    state: 'the state',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...change,
  })
  return `${baseUrl}/as/vendor/authorize?${query}`
}

const readAttribute = (page: string, pattern: RegExp) =>
  (pattern.exec(page)?.[1] ?? '').replaceAll('&amp;', '&')

/** Signs in, and stops at the vendor's page or at the redirect to the app. */
export function openAsUser(url: string, username: string, jar: Jar = new Map()) {
  return walk(url, { redirectUri: WEB.redirectUri, username, password: PASSWORD }, jar)
}

/** Allows the app on the consent page. */
export function pressConsent(page: string, jar: Jar): Promise<Response> {
  return fetch(readAttribute(page, /<form method="post" action="([^"]*)"/), {
    method: 'POST',
    redirect: 'manual',
    headers: { cookie: renderCookies(jar) },
    body: new URLSearchParams({
      request: readAttribute(page, /name="request" value="([^"]*)"/),
      decision: 'allow',
    }),
  })
}

/** Signs in and consents in a new browser. @returns the code */
export async function consentAs(baseUrl: string, username: string, change: Form = {}): Promise<string> {
  const jar: Jar = new Map()
  const walked = await openAsUser(buildAuthorizationUrl(baseUrl, change), username, jar)
  if (walked.code !== null) return walked.code
  const answer = await pressConsent(walked.page ?? '', jar)
  const code = new URL(answer.headers.get('location') ?? 'https://none.test').searchParams.get('code')
  if (code === null) throw new Error(`no code for ${username}: ${walked.page ?? ''}`)
  return code
}

export function redeemCode(
  baseUrl: string,
  code: string,
  change: Form = {},
  { client = WEB, dpop }: { readonly client?: ClientCredentials; readonly dpop?: string } = {},
): Promise<Answer> {
  const form = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: WEB.redirectUri,
    code_verifier: VERIFIER,
    ...change,
  }
  const headers = { authorization: basic(client), ...(dpop === undefined ? {} : { dpop }) }
  return postForm(`${baseUrl}/as/vendor/token`, form, headers)
}
