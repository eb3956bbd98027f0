// Runs the legs of the flow by plain HTTP, as any client would.
import { GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import { AGENT, AGENT_AT_VENDOR, PASSWORD, REDIRECT_URI, TODO } from './company.ts'
import { signIn } from './form-walker.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly body: Record<string, unknown>
}

export interface ClientCredentials {
  readonly id: string
  readonly secret: string
}

export async function readMetadata(url: string): Promise<Record<string, string>> {
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${url}: ${response.status}`)
  return (await response.json()) as Record<string, string>
}

export function basic({ id, secret }: ClientCredentials): string {
  return `Basic ${Buffer.from(`${encodeURIComponent(id)}:${encodeURIComponent(secret)}`).toString('base64')}`
}

export async function postForm(
  url: string,
  form: Readonly<Record<string, string>> | URLSearchParams,
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer> {
  const response = await fetch(url, { method: 'POST', headers, body: new URLSearchParams(form) })
  const text = await response.text()
  return {
    status: response.status,
    headers: response.headers,
    body: text === '' ? {} : (JSON.parse(text) as Record<string, unknown>),
  }
}

export interface Tokens {
  readonly idToken: string
  readonly refreshToken: string
  readonly accessToken: string
}

/** @returns an address that begins a sign-in to Agent0, for tests that only need its page */
export function buildSignInUrl(baseUrl: string): string {
  const query = new URLSearchParams({
    client_id: AGENT.id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid',
    code_challenge: 'c'.repeat(43),
    code_challenge_method: 'S256',
  })
  return `${baseUrl}/authorize?${query}`
}

/** Signs a user in to Agent0 and redeems the code. */
export async function signInFor(
  baseUrl: string,
  username: string,
  client: ClientCredentials = AGENT,
  extra: Readonly<Record<string, string>> = {},
  password = PASSWORD,
): Promise<Tokens> {
  const metadata = await readMetadata(`${baseUrl}/.well-known/openid-configuration`)
  const { code, codeVerifier, page } = await signIn({
    authorizationEndpoint: metadata.authorization_endpoint ?? '',
    clientId: client.id,
    redirectUri: REDIRECT_URI,
    username,
    password,
    extra,
  })
  if (code === null) throw new Error(`no code for ${username}: ${page ?? ''}`)
  const form = {
    grant_type: GRANT_TYPE.authorizationCode,
    code,
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
  const { status, body } = await postForm(metadata.token_endpoint ?? '', form, {
    authorization: basic(client),
  })
  if (status !== 200) throw new Error(`code refused: ${JSON.stringify(body)}`)
  return {
    idToken: String(body.id_token),
    refreshToken: String(body.refresh_token),
    accessToken: String(body.access_token),
  }
}

export function exchange(
  baseUrl: string,
  subjectToken: string,
  form: Readonly<Record<string, string>>,
  client: ClientCredentials = AGENT,
): Promise<Answer> {
  return postForm(
    `${baseUrl}/token`,
    {
      grant_type: GRANT_TYPE.tokenExchange,
      requested_token_type: TOKEN_TYPE.idJag,
      audience: `${baseUrl}/as/vendor`,
      subject_token: subjectToken,
      subject_token_type: TOKEN_TYPE.idToken,
      ...form,
    },
    { authorization: basic(client) },
  )
}

export function redeem(
  baseUrl: string,
  idJag: string,
  form: Readonly<Record<string, string>> = {},
  client: ClientCredentials = AGENT_AT_VENDOR,
): Promise<Answer> {
  return postForm(
    `${baseUrl}/as/vendor/token`,
    { grant_type: GRANT_TYPE.jwtBearer, assertion: idJag, ...form },
    { authorization: basic(client) },
  )
}

/** Gets an access token for Todo0. @returns the status of each leg */
export async function cross(baseUrl: string, idToken: string): Promise<readonly number[]> {
  const { status, body } = await exchange(baseUrl, idToken, { resource: TODO })
  return [status, (await redeem(baseUrl, String(body.access_token))).status]
}

/** @returns whether the vendor's authorization server calls the token active, asked by the API of Todo0 */
export async function isLive(baseUrl: string, token: string): Promise<boolean> {
  const { body } = await postForm(
    `${baseUrl}/as/vendor/introspect`,
    { token },
    { authorization: basic({ id: 'todo0-api', secret: 'todo0 api secret' }) },
  )
  return body.active === true
}
