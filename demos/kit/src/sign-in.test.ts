// Signing in at one IdP while another answers: RFC 9207 and discovery keep the two apart. And what ends a sign-in afterwards.
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
/** How the token endpoint answers, where it is not to refuse */
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

describe('answers of another IdP (SEC-23)', () => {
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

  it('the code goes to the token endpoint of the IdP whose iss came with it', async () => {
    expect(await finish(issuer)).toBe(true)
  })

  it.each([
    ['another issuer', () => 'https://idp.evil.test'],
    ['the issuer with a slash, since nothing is normalised', () => `${issuer}/`],
    ['none', () => undefined],
  ])('with %s, the code goes nowhere', async (_, iss) => {
    expect(await finish(iss())).toBe(false)
  })

  it('metadata of another issuer begins no sign-in', async () => {
    metadata = { ...metadata, issuer: 'https://idp.evil.test' }
    await expect(signIn().begin()).rejects.toThrow()
  })
})

describe('renewing the ID token', () => {
  const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')

  /** Signed in, with a refresh token that the IdP then answers as told. */
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

  it('ends with invalid_grant, and is not tried again', async () => {
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
  ])('%i %s is a fault, after which it goes on', async (status, error) => {
    let answer: () => readonly [number, object] = () => [status, { error }]
    const { vault, issue } = await signedIn(() => answer())
    await expect(Promise.resolve(vault.getSubjectToken({ reason: 'expired' }))).rejects.toThrow()
    expect(vault.describe().renewable).toBe(true)
    answer = issue
    expect(await vault.getSubjectToken({ reason: 'expired' })).toMatch(/^ey/)
    expect(vault.describe().renewals).toBe(1)
  })
})
