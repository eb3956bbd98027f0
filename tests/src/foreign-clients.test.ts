// Third-party clients complete both exchanges: openid-client, and the official MCP client SDK.
import {
  CrossAppAccessProvider,
  discoverAndRequestJwtAuthGrant,
  exchangeJwtAuthGrant,
} from '@modelcontextprotocol/client'
import { decodeJwt } from 'jose'
import * as oidc from 'openid-client'
import { afterAll, beforeAll, expect, it } from 'vitest'

import { AGENT, AGENT_AT_VENDOR, company, PASSWORD, REDIRECT_URI, TODO } from './support/company.ts'
import { signIn } from './support/form-walker.ts'
import { readMetadata, signInFor } from './support/flow.ts'
import { startTestServer, type TestServer } from './support/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ file: (baseUrl) => company(baseUrl) })
})
afterAll(() => server.stop())

const insecure = { execute: [oidc.allowInsecureRequests] }

it('openid-client signs in with discovery and PKCE, and completes both exchanges', async () => {
  const idp = await oidc.discovery(
    new URL(server.baseUrl),
    AGENT.id,
    undefined,
    oidc.ClientSecretBasic(AGENT.secret),
    insecure,
  )
  const codeVerifier = oidc.randomPKCECodeVerifier()
  const { parameters } = await walk(idp, await oidc.calculatePKCECodeChallenge(codeVerifier))
  const callback = new URL(`${REDIRECT_URI}?${parameters}`)
  const tokens = await oidc.authorizationCodeGrant(idp, callback, {
    pkceCodeVerifier: codeVerifier,
    expectedState: 'state',
    expectedNonce: 'nonce',
  })
  expect(tokens.claims()).toMatchObject({ sub: 'usr_alice', email: 'alice@acme.test', azp: AGENT.id })

  const exchanged = await oidc.genericGrantRequest(idp, 'urn:ietf:params:oauth:grant-type:token-exchange', {
    requested_token_type: 'urn:ietf:params:oauth:token-type:id-jag',
    audience: `${server.baseUrl}/as/vendor`,
    resource: TODO,
    scope: 'todos.read',
    subject_token: tokens.id_token ?? '',
    subject_token_type: 'urn:ietf:params:oauth:token-type:id_token',
  })
  expect(exchanged.issued_token_type).toBe('urn:ietf:params:oauth:token-type:id-jag')

  const vendor = await oidc.discovery(
    new URL(`${server.baseUrl}/as/vendor`),
    AGENT_AT_VENDOR.id,
    undefined,
    oidc.ClientSecretBasic(AGENT_AT_VENDOR.secret),
    {
      ...insecure,
      algorithm: 'oauth2',
    },
  )
  const redeemed = await oidc.genericGrantRequest(vendor, 'urn:ietf:params:oauth:grant-type:jwt-bearer', {
    assertion: exchanged.access_token,
  })
  expect(decodeJwt(redeemed.access_token)).toMatchObject({
    aud: TODO,
    scope: 'todos.read',
    client_id: AGENT_AT_VENDOR.id,
  })
  const refreshed = await oidc.refreshTokenGrant(idp, tokens.refresh_token ?? '')
  expect(refreshed.claims()?.sub).toBe('usr_alice')
})

/** The browser's part: follows the URL that openid-client builds. */
async function walk(idp: oidc.Configuration, codeChallenge: string) {
  const url = oidc.buildAuthorizationUrl(idp, {
    redirect_uri: REDIRECT_URI,
    scope: 'openid email offline_access',
    state: 'state',
    nonce: 'nonce',
    code_challenge: codeChallenge,
    code_challenge_method: 'S256',
  })
  const { client_id: clientId = '', ...extra } = Object.fromEntries(url.searchParams)
  return signIn({
    authorizationEndpoint: `${url.origin}${url.pathname}`,
    clientId,
    redirectUri: REDIRECT_URI,
    username: 'alice',
    password: PASSWORD,
    extra,
  })
}

it('the MCP client SDK gets and redeems an ID-JAG with its own helpers', async () => {
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  const vendor = await readMetadata(`${server.baseUrl}/.well-known/oauth-authorization-server/as/vendor`)
  const grant = await discoverAndRequestJwtAuthGrant({
    idpUrl: server.baseUrl,
    audience: vendor.issuer ?? '',
    resource: TODO,
    idToken,
    clientId: AGENT.id,
    clientSecret: AGENT.secret,
    scope: 'todos.read',
  })
  const tokens = await exchangeJwtAuthGrant({
    tokenEndpoint: vendor.token_endpoint ?? '',
    jwtAuthGrant: grant.jwtAuthGrant,
    clientId: AGENT_AT_VENDOR.id,
    clientSecret: AGENT_AT_VENDOR.secret,
  })
  expect(tokens).toMatchObject({ token_type: 'Bearer', scope: 'todos.read' })
  expect(decodeJwt(tokens.access_token).aud).toBe(TODO)
})

it('the CrossAppAccessProvider of the MCP client SDK builds a redemption that is accepted', async () => {
  const { idToken } = await signInFor(server.baseUrl, 'carol')
  const issuer = `${server.baseUrl}/as/vendor`
  const provider = new CrossAppAccessProvider({
    assertion: async ({ authorizationServerUrl, resourceUrl, fetchFn }) => {
      const grant = await discoverAndRequestJwtAuthGrant({
        idpUrl: server.baseUrl,
        audience: authorizationServerUrl,
        resource: resourceUrl,
        idToken,
        clientId: AGENT.id,
        clientSecret: AGENT.secret,
        fetchFn,
      })
      return grant.jwtAuthGrant
    },
    clientId: AGENT_AT_VENDOR.id,
    clientSecret: AGENT_AT_VENDOR.secret,
    expectedIssuer: issuer,
  })
  provider.saveAuthorizationServerUrl(issuer)
  provider.saveResourceUrl?.(TODO)
  const form = await provider.prepareTokenRequest('todos.read')
  const response = await fetch(`${issuer}/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${AGENT_AT_VENDOR.id}:${encodeURIComponent(AGENT_AT_VENDOR.secret)}`).toString('base64')}`,
    },
    body: form,
  })
  expect(await response.json()).toMatchObject({ token_type: 'Bearer', scope: 'todos.read' })
})
