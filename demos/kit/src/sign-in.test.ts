// Sign-in with responses of another IdP, which RFC 9207 and discovery detect, and what ends a sign-in later.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createSignIn } from './sign-in.ts'

const CALLBACK = 'http://127.0.0.1:7777/callback'

let server: Server
let issuer: string
let metadata: Readonly<Record<string, unknown>>
let asked: string[]
/** The response of the token endpoint, unless it should refuse */
let token: ((form: URLSearchParams) => readonly [number, object]) | undefined
beforeEach(async () => {
  asked = []
  token = undefined
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    void text(request).then((body) => {
      const [status, answer] = answerTo(request.url, new URLSearchParams(body))
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  metadata = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
    userinfo_endpoint: `${issuer}/userinfo`,
    authorization_response_iss_parameter_supported: true,
  }
})
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    }),
)

function answerTo(url: string | undefined, form: URLSearchParams): readonly [number, object] {
  if (url === '/.well-known/openid-configuration') return [200, metadata]
  if (url === '/userinfo') return [200, { sub: 'alice', name: 'Alice' }]
  return token?.(form) ?? [400, { error: 'invalid_grant' }]
}

const signIn = () =>
  createSignIn({
    issuer,
    clientId: 'agent0',
    clientSecret: 's',
    redirectUri: CALLBACK,
    postLogoutRedirectUri: CALLBACK,
  })

describe('responses of another IdP (SEC-23)', () => {
  async function finish(iss: string | undefined) {
    const flow = signIn()
    const { attempt } = await flow.begin()
    const url = new URL(CALLBACK)
    url.search = new URLSearchParams({
      code: 'code',
      state: attempt.state,
      ...(iss === undefined ? {} : { iss }),
    }).toString()
    await expect(flow.finish(url, attempt)).rejects.toThrow()
    return asked.includes('/token')
  }

  it('sends the code to the token endpoint if iss matches', async () => {
    expect(await finish(issuer)).toBe(true)
  })

  it.each([
    ['another issuer', () => 'https://idp.evil.test'],
    ['the issuer with a slash, since nothing is normalised', () => `${issuer}/`],
    ['no issuer', () => undefined],
  ])('sends the code nowhere with %s', async (_, iss) => {
    expect(await finish(iss())).toBe(false)
  })

  it('does not start a sign-in with metadata of another issuer', async () => {
    metadata = { ...metadata, issuer: 'https://idp.evil.test' }
    await expect(signIn().begin()).rejects.toThrow()
  })
})

describe('renewing the ID token', () => {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

  /** A signed-in user, whose refresh token gets the given response. */
  async function signedIn(refresh: () => readonly [number, object]) {
    const flow = signIn()
    const { attempt } = await flow.begin()
    const issue = () => {
      const now = Math.floor(Date.now() / 1000)
      const claims = {
        iss: issuer,
        aud: 'agent0',
        sub: 'alice',
        nonce: attempt.nonce,
        iat: now,
        exp: now + 300,
      }
      const idToken = `${encode({ alg: 'RS256' })}.${encode(claims)}.c2ln`
      const more = { access_token: 'a', token_type: 'Bearer', expires_in: 300, refresh_token: 'r' }
      return [200, { ...more, id_token: idToken }] as const
    }
    token = (form) => (form.get('grant_type') === 'refresh_token' ? refresh() : issue())
    const url = new URL(CALLBACK)
    url.search = new URLSearchParams({ code: 'c', state: attempt.state, iss: issuer }).toString()
    return { ...(await flow.finish(url, attempt)), issue }
  }

  it('ends with invalid_grant, and is not retried', async () => {
    let tries = 0
    const { vault } = await signedIn(() => [400, { error: 'invalid_grant', tries: (tries += 1) }])
    expect(await vault.getSubjectToken({ reason: 'expired' })).toBeUndefined()
    expect(await vault.getSubjectToken({ reason: 'expired' })).toBeUndefined()
    expect([tries, vault.describe().renewable]).toEqual([1, false])
  })

  it.each([
    [400, 'temporarily_unavailable'],
    [401, 'invalid_client'],
    [429, 'slow_down'],
    [500, 'server_error'],
  ])('%i %s is a fault, and can be retried', async (status, error) => {
    let answer: () => readonly [number, object] = () => [status, { error }]
    const { vault, issue } = await signedIn(() => answer())
    await expect(Promise.resolve(vault.getSubjectToken({ reason: 'expired' }))).rejects.toThrow()
    expect(vault.describe().renewable).toBe(true)
    answer = issue
    expect(await vault.getSubjectToken({ reason: 'expired' })).toMatch(/^ey/)
    expect(vault.describe().renewals).toBe(1)
  })
})
