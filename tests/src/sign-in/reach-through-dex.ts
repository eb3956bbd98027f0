// The flow of `upstream-id-tokens.test.ts` with a second OpenID Provider: Dex signs the user in, and a directory provisions and disables
// them by SCIM.
import { createHash } from 'node:crypto'

import { decodeJwt } from 'jose'
import { expect } from 'vitest'

import { AGENT, company, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, exchange, isLive, postForm, redeem } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'
import { startDex } from './dex.ts'
import { openRedirectBrowser } from './redirect-browser.ts'

const CLIENT = { id: 'agent-at-dex', secret: 'a secret at dex' }
const USER = {
  email: 'dora@acme.test',
  password: 'a password at dex',
  hash: '$2b$10$q2FJZjGqGz3o7akJVfa1HO5TEJ/98k6Q1xBSPWQT1CCKKK3dXKtwS',
}
const SCIM_TOKEN = 'a bearer token of the directory, long enough: 4cme'
const VERIFIER = 'a-code-verifier-of-more-than-forty-three-characters'

/** @throws AssertionError */
export async function reachThroughDex(): Promise<void> {
  await using stack = new AsyncDisposableStack()
  const dex = await startDex({ client: CLIENT, redirectUri: REDIRECT_URI, user: USER })
  stack.defer(() => dex.stop())
  const server = await startTestServer({ file: (baseUrl) => withDex(baseUrl, dex.issuer) })
  stack.defer(() => server.stop())
  const scim = createScim(server.baseUrl)
  const { id } = await scim('POST', '/Users', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:User'],
    userName: USER.email,
    active: true,
    emails: [{ value: USER.email, primary: true }],
  })
  await scim('POST', '/Groups', {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Group'],
    displayName: 'engineering',
    members: [{ value: id }],
  })

  const idToken = await signIn(dex.issuer)
  expect(decodeJwt(idToken)).toMatchObject({ iss: dex.issuer, email: USER.email })
  const exchanged = await exchange(server.baseUrl, idToken, { resource: TODO })
  expect(exchanged.status, JSON.stringify(exchanged.body)).toBe(200)
  const redeemed = await redeem(server.baseUrl, String(exchanged.body.access_token))
  const accessToken = String(redeemed.body.access_token)
  expect(await isLive(server.baseUrl, accessToken)).toBe(true)
  const signIns = await server.events((events) =>
    events.list({ log: 'idp', types: ['signin.succeeded'], limit: 1 }),
  )
  expect(signIns.items).toEqual([])

  await scim('PATCH', `/Users/${String(id)}`, {
    schemas: ['urn:ietf:params:scim:api:messages:2.0:PatchOp'],
    Operations: [{ op: 'replace', path: 'active', value: false }],
  })
  const disabledAt = performance.now()
  const denied = await exchange(server.baseUrl, idToken, { resource: TODO })
  expect([denied.status, denied.body.error]).toEqual([400, 'invalid_grant'])
  await expect.poll(() => isLive(server.baseUrl, accessToken), { timeout: 2000, interval: 20 }).toBe(false)
  expect(performance.now() - disabledAt).toBeLessThan(2000)
}

function withDex(baseUrl: string, issuer: string): Readonly<Record<string, unknown>> {
  return company(baseUrl, {
    idp: {
      directories: [{ id: 'corp', token: SCIM_TOKEN, emailDomains: ['acme.test'] }],
      subjectIssuers: [
        { issuer, audiences: { [CLIENT.id]: AGENT.id }, link: ['email'], emailDomains: ['acme.test'] },
      ],
    },
  })
}

/** @returns the ID token of an app that is registered only at Dex */
async function signIn(issuer: string): Promise<string> {
  const browser = openRedirectBrowser(REDIRECT_URI)
  const page = await browser.go(
    `${issuer}/auth?${new URLSearchParams({
      client_id: CLIENT.id,
      response_type: 'code',
      redirect_uri: REDIRECT_URI,
      scope: 'openid email profile',
      code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
      code_challenge_method: 'S256',
    })}`,
  )
  const form = { ...page, text: page.text.replaceAll('&amp;', '&') }
  const { url } = await browser.submit(form, { login: USER.email, password: USER.password })
  const code = new URL(url).searchParams.get('code') ?? ''
  const { body } = await postForm(
    `${issuer}/token`,
    { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER },
    { authorization: basic(CLIENT) },
  )
  return String(body.id_token)
}

function createScim(baseUrl: string) {
  return async (method: string, path: string, body: unknown): Promise<Readonly<Record<string, unknown>>> => {
    const response = await fetch(`${baseUrl}/scim/v2${path}`, {
      method,
      headers: { authorization: `Bearer ${SCIM_TOKEN}`, 'content-type': 'application/scim+json' },
      body: JSON.stringify(body),
    })
    expect(response.ok, `${method} ${path}`).toBe(true)
    return (await response.json()) as Record<string, unknown>
  }
}
