// Signing in at one IdP while another answers: RFC 9207 and discovery keep the two apart.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { createSignIn } from './sign-in.ts'

const CALLBACK = 'http://127.0.0.1:7777/callback'

let server: Server
let issuer: string
let metadata: Readonly<Record<string, unknown>>
let asked: string[]
beforeEach(async () => {
  asked = []
  server = createServer((request, response) => {
    asked.push(request.url ?? '')
    const isDiscovery = request.url === '/.well-known/openid-configuration'
    response.writeHead(isDiscovery ? 200 : 400, { 'content-type': 'application/json' })
    response.end(JSON.stringify(isDiscovery ? metadata : { error: 'invalid_grant' }))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  metadata = {
    issuer,
    authorization_endpoint: `${issuer}/auth`,
    token_endpoint: `${issuer}/token`,
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
