// Popular relying-party libraries sign in with their defaults: only the issuer, a client id and a secret are configured.
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import express, { type Express } from 'express'
import expressOpenId from 'express-openid-connect'
import session from 'express-session'
import { decodeProtectedHeader } from 'jose'
import { generators, Issuer } from 'openid-client-5'
import passport, { type Strategy } from 'passport'
import * as passportOpenid from 'passport-openidconnect'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'

import { AGENT, company, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { walk } from '../support/form-walker.ts'
import { exchange, readMetadata } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const SHOP = { id: 'shop', secret: 'shop secret at the IdP' }
const OLDER = { id: 'older', secret: 'older secret at the IdP' }
const MODERN = { id: 'modern', secret: 'modern secret at the IdP' }

let server: TestServer
let shop: Server
let shopUrl: string

beforeAll(async () => {
  shop = await new Promise<Server>((resolve) => {
    const listening = express().listen(0, '127.0.0.1', () => resolve(listening))
  })
  shopUrl = `http://127.0.0.1:${(shop.address() as AddressInfo).port}`
  server = await startTestServer({ file: buildFile })
})
afterEach(() => void shop.removeAllListeners('request'))
afterAll(async () => {
  await new Promise((resolve) => shop.close(resolve))
  await server.stop()
})

function buildFile(baseUrl: string) {
  const file = company(baseUrl)
  const idp = file.idp as { apps: Record<string, unknown>[] }
  const web = (client: typeof SHOP, redirectUris: string[]) => ({
    id: client.id,
    name: client.id,
    kind: 'web',
    redirectUris,
    auth: { method: 'client_secret_basic', secret: client.secret },
    assignments: { everyone: true },
  })
  const apps = [
    ...idp.apps,
    web(SHOP, [REDIRECT_URI, `${shopUrl}/callback`]),
    {
      ...web(OLDER, [`${shopUrl}/callback`]),
      auth: { method: 'client_secret_post', secret: OLDER.secret },
      pkce: 'optional',
    },
    { ...web(MODERN, [REDIRECT_URI]), idTokenSigningAlg: 'ES256' },
  ]
  return { ...file, idp: { ...idp, apps } }
}

/** @returns the last page that alice sees, starting at the app */
async function visit(app: Express, path: string): Promise<string> {
  shop.on('request', app)
  const { page } = await walk(`${shopUrl}${path}`, {
    username: 'alice',
    password: PASSWORD,
    redirectUri: 'none:',
  })
  return page ?? ''
}

async function signInByOpenidClient5(client: typeof SHOP, metadata: Readonly<Record<string, unknown>> = {}) {
  const issuer = await Issuer.discover(server.baseUrl)
  const rp = new issuer.Client({
    client_id: client.id,
    client_secret: client.secret,
    redirect_uris: [REDIRECT_URI],
    response_types: ['code'],
    ...metadata,
  })
  const checks = { state: 'a-state', nonce: 'a-nonce', code_verifier: 'v'.repeat(43) }
  const { arrivedAt } = await walk(
    rp.authorizationUrl({
      scope: 'openid email',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: generators.codeChallenge(checks.code_verifier),
      code_challenge_method: 'S256',
    }),
    { username: 'alice', password: PASSWORD, redirectUri: REDIRECT_URI },
  )
  return rp.callback(REDIRECT_URI, rp.callbackParams(arrivedAt ?? ''), checks)
}

it('discovery lists RS256 and ES256, and the JWKS has an ID token key for each', async () => {
  const metadata = await readMetadata(`${server.baseUrl}/.well-known/openid-configuration`)
  expect(metadata.id_token_signing_alg_values_supported).toEqual(['RS256', 'ES256'])
  const { keys } = (await (await fetch(String(metadata.jwks_uri))).json()) as {
    keys: { alg: string; kid: string }[]
  }
  const ofIdTokens = keys.filter(({ kid }) => kid.startsWith('id-token-'))
  expect(ofIdTokens.map(({ alg }) => alg).sort()).toEqual(['ES256', 'RS256'])
})

it('openid-client 5 signs in with its defaults, and exchanges its RS256 ID token for an ID-JAG', async () => {
  const tokens = await signInByOpenidClient5(AGENT)
  expect(decodeProtectedHeader(tokens.id_token ?? '').alg).toBe('RS256')
  expect(tokens.claims()).toMatchObject({ sub: 'usr_alice', aud: AGENT.id })
  const asked = await exchange(server.baseUrl, tokens.id_token ?? '', { resource: TODO, scope: 'todos.read' })
  expect([asked.status, asked.body.scope]).toEqual([200, 'todos.read'])
})

it('openid-client 5 signs in to an app with ES256 only if configured for it', async () => {
  const tokens = await signInByOpenidClient5(MODERN, { id_token_signed_response_alg: 'ES256' })
  expect(decodeProtectedHeader(tokens.id_token ?? '').alg).toBe('ES256')
  await expect(signInByOpenidClient5(MODERN)).rejects.toThrow(
    /unexpected JWT alg received, expected RS256, got: ES256/,
  )
})

it('express-openid-connect signs a user in by the code flow with its defaults', async () => {
  const app = express()
  app.use(
    expressOpenId.auth({
      issuerBaseURL: server.baseUrl,
      baseURL: shopUrl,
      clientID: SHOP.id,
      clientSecret: SHOP.secret,
      secret: 'a long secret for the cookies of the shop',
      authorizationParams: { response_type: 'code' },
      authRequired: false,
    }),
  )
  app.get('/profile', expressOpenId.requiresAuth(), (request, response) => {
    response.json(request.oidc.idTokenClaims)
  })
  expect(JSON.parse(await visit(app, '/profile'))).toMatchObject({ sub: 'usr_alice', aud: SHOP.id })
})

async function visitByPassport(nonce: boolean): Promise<string> {
  const metadata = await readMetadata(`${server.baseUrl}/.well-known/openid-configuration`)
  const OpenidStrategy = passportOpenid.Strategy as unknown as new (
    options: object,
    verify: (issuer: string, profile: { id: string }, done: (error: null, user: object) => void) => void,
  ) => Strategy
  const strategy = new OpenidStrategy(
    {
      issuer: metadata.issuer,
      authorizationURL: metadata.authorization_endpoint,
      tokenURL: metadata.token_endpoint,
      userInfoURL: metadata.userinfo_endpoint,
      clientID: OLDER.id,
      clientSecret: OLDER.secret,
      callbackURL: `${shopUrl}/callback`,
      scope: 'profile',
      nonce,
    },
    (issuer, { id }, done) => done(null, { issuer, id }),
  )
  const signInAtIdp = passport.authenticate(strategy, { session: false }) as express.RequestHandler
  const app = express()
  app.use(session({ secret: 'a long secret for sessions', resave: false, saveUninitialized: true }))
  app.get('/login', signInAtIdp)
  app.get('/callback', signInAtIdp, (request, response) => void response.json(request.user))
  app.use(((error, _request, response, _next) => {
    response.status(500).send(String(error))
  }) satisfies express.ErrorRequestHandler)
  return visit(app, '/login')
}

it('passport-openidconnect, which lacks PKCE, signs a user in to an app with optional PKCE', async () => {
  expect(JSON.parse(await visitByPassport(true))).toEqual({ issuer: server.baseUrl, id: 'usr_alice' })
})

it('passport-openidconnect without a nonce gets an error with the reason', async () => {
  expect(await visitByPassport(false)).toContain('nonce is required in a request without code_challenge')
})
