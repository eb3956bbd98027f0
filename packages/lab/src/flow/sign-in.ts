// Signs a user in with their own browser: an authorization request with PKCE, and a loopback listener for the response
// (RFC 8252). Only the code comes back this way; it is useless without the verifier kept here.
import { createHash, randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

import { describeValue, GRANT_TYPE, isServerUrl } from '@crosswalk/protocol'

import { LabError } from '../lab-error.ts'
import { decodeToken } from '../token/decode-token.ts'
import { authenticate, type Flow } from './flow-parties.ts'

export interface Attempt {
  readonly url: string
  readonly redirectUri: string
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

const WAIT_MS = 300_000

/** @returns the URL to open, and what is needed to handle the response */
export function beginSignIn({ idp }: Pick<Flow, 'idp'>, redirectUri: string): Attempt {
  const endpoint = idp.evidence.metadata?.authorization_endpoint
  if (typeof endpoint !== 'string' || !isServerUrl(endpoint))
    throw new LabError(
      'negative',
      `${idp.issuer} names no authorization endpoint that may be used`,
      'supply an ID token instead',
    )
  const [state, nonce, codeVerifier] = [random(), random(), random()]
  const url = new URL(endpoint)
  const query = {
    client_id: idp.clientId,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    state,
    nonce,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return { url: url.href, redirectUri, state, nonce, codeVerifier }
}

/** @returns the ID token; its signature is not verified, since the IdP sent it over its own token endpoint */
export async function finishSignIn(
  flow: Pick<Flow, 'idp' | 'sender' | 'nowMs'>,
  attempt: Attempt,
  answer: URL,
): Promise<string> {
  const { searchParams } = answer
  const code = searchParams.get('code')
  const issuer = searchParams.get('iss')
  // RFC 9207: a code of another server must not reach this one.
  if (issuer !== null && issuer !== flow.idp.issuer)
    throw new LabError('signIn', `the answer to the sign-in is of ${issuer}`, 'begin again')
  if (issuer === null && flow.idp.evidence.metadata?.authorization_response_iss_parameter_supported === true)
    throw new LabError(
      'signIn',
      'the answer to the sign-in names no issuer, although its server says that it does',
      'begin again',
    )
  if (searchParams.get('state') !== attempt.state || code === null)
    throw new LabError(
      'signIn',
      `the sign-in did not succeed (${searchParams.get('error') ?? 'an answer to another request'})`,
      'try again',
    )
  const { idp, sender, nowMs } = flow
  const credentials = await authenticate(idp, nowMs())
  const { redirectUri, codeVerifier } = attempt
  const { json, status } = await sender.send({
    method: 'POST',
    url: idp.tokenEndpoint,
    headers: credentials.headers,
    form: new URLSearchParams({
      grant_type: GRANT_TYPE.authorizationCode,
      code,
      redirect_uri: redirectUri,
      code_verifier: codeVerifier,
      ...credentials.params,
    }),
  })
  if (typeof json?.id_token === 'string') {
    checkNonce(json.id_token, attempt)
    return json.id_token
  }
  throw new LabError(
    'signIn',
    `the code was refused: ${status ?? 'no answer'} ${describeValue(json?.error ?? '')}`.trim(),
    'check the client id, its secret and its redirect URI at the IdP',
  )
}

/** OpenID Connect Core 3.1.3.7: the ID token must be of this sign-in. An encrypted one cannot be read here. */
function checkNonce(idToken: string, { nonce }: Attempt): void {
  const claims = decodeToken(idToken)?.claims
  if (claims !== undefined && claims['nonce'] !== nonce)
    throw new LabError('signIn', 'the ID token does not have the nonce of this sign-in', 'try again')
}

export interface Callback {
  readonly redirectUri: string
  /** @returns the URL that the browser returned to, with this state; anything else is ignored */
  waitFor(state: string): Promise<URL>
  close(): void
}

/** Listens at the redirect URI; on any free port if the URI has none. */
export async function listenForCallback(wanted: string): Promise<Callback> {
  const { hostname, port, pathname, protocol } = new URL(wanted)
  if (protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(hostname))
    throw new LabError(
      'usage',
      `${wanted} is not on this machine`,
      'use --redirect-uri http://127.0.0.1:PORT/PATH',
    )
  const arrived = Promise.withResolvers<URL>()
  let expected: string | undefined
  const server = createServer((request, response) => {
    // Pages of other sites can send requests here too, such as `GET //`, which is no URL.
    const url = URL.parse(request.url ?? '/', wanted)
    if (url?.pathname !== pathname || url.searchParams.get('state') !== expected)
      return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': 'text/plain; charset=utf-8', connection: 'close' })
    response.end('Signed in. You can close this page and go back to the terminal.\n')
    arrived.resolve(url)
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(
        new LabError(
          'failure',
          `cannot listen on ${wanted} (${error.code ?? ''})`,
          'free the port, or use another registered redirect URI',
        ),
      )
    })
    server.listen(Number(port || 0), hostname.replace(/[[\]]/g, ''), resolve)
  })
  const timer = setTimeout(() => {
    arrived.reject(new LabError('signIn', 'no user signed in within five minutes', 'try again'))
  }, WAIT_MS)
  const { port: listening } = server.address() as AddressInfo
  return {
    redirectUri: port === '' ? `http://${hostname}:${listening}${pathname}` : wanted,
    waitFor(state) {
      expected = state
      return arrived.promise
    },
    close: () => {
      clearTimeout(timer)
      server.close()
    },
  }
}

function random(): string {
  return randomBytes(32).toString('base64url')
}
