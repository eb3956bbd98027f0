// Apps that prove possession of a key, by DPoP and by `private_key_jwt`.
import { randomUUID } from 'node:crypto'

import { zApp } from '@crosswalk/protocol'
import { calculateJwkThumbprint, exportJWK, generateKeyPair, SignJWT } from 'jose'
import { expect, test } from 'vitest'

import { buildAuthorizationUrl, post, signInAs, toForm, VERIFIER } from './testing/flow.ts'
import { AGENT0, createWorld, NATIVE, ORIGIN, type App, type World } from './testing/world.ts'

async function createProver() {
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwk = await exportJWK(publicKey)
  const prove = () =>
    new SignJWT({ htm: 'POST', htu: `${ORIGIN}/token`, jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', typ: 'dpop+jwt', jwk })
      .setIssuedAt()
      .sign(privateKey)
  return { thumbprint: await calculateJwkThumbprint(jwk), prove }
}

async function send(world: World, parameters: Record<string, string | undefined>, dpop?: string) {
  const headers = new Headers(dpop === undefined ? {} : { dpop })
  const body = toForm({ client_id: 'native', ...parameters })
  const answer = await world.signIn.fetch(new Request(`${ORIGIN}/token`, { method: 'POST', body, headers }))
  return (await answer.json()) as Record<string, string>
}

test('a refresh token of a public app is bound to its DPoP key, which a token exchange must prove', async () => {
  const world = await createWorld()
  const prover = await createProver()
  const { left } = await signInAs(world.browse(), 'alice', NATIVE, { scope: 'openid offline_access' })
  const proof = await prover.prove()
  const code = left?.searchParams.get('code') ?? ''
  const redemption = {
    grant_type: 'authorization_code',
    code,
    code_verifier: VERIFIER,
    redirect_uri: NATIVE.callback,
  }
  const tokens = await send(world, redemption, proof)
  expect(tokens['token_type']).toBe('DPoP')
  const found = await world.signIn.findRefreshToken(tokens['refresh_token'] ?? '', 'native')
  expect(found).toMatchObject({ accepted: true, value: { dpopThumbprint: prover.thumbprint } })

  const refreshing = { grant_type: 'refresh_token', refresh_token: tokens['refresh_token'] }
  expect((await send(world, refreshing))['error']).toBe('invalid_grant')
  expect((await send(world, refreshing, await (await createProver()).prove()))['error']).toBe('invalid_grant')
  expect((await send(world, refreshing, proof))['error']).toBeDefined()
  expect((await send(world, refreshing, await prover.prove()))['token_type']).toBe('DPoP')
})

test('private_key_jwt: an assertion for the issuer works once, even under concurrency', async () => {
  const world = await createWorld()
  const { publicKey, privateKey } = await generateKeyPair('ES256')
  const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'k1' }] }
  const definition = { id: 'signer', name: 'Signer', kind: 'agent', redirectUris: [AGENT0.callback] }
  const auth = { method: 'private_key_jwt', jwks }
  world.apps.set('signer', zApp.parse({ ...definition, auth, assignments: { everyone: true } }))
  const assert = (audience: string) =>
    new SignJWT({ jti: randomUUID() })
      .setProtectedHeader({ alg: 'ES256', kid: 'k1', typ: 'client-authentication+jwt' })
      .setIssuer('signer')
      .setSubject('signer')
      .setAudience(audience)
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(privateKey)
  const introspectWith = async (assertion: string) =>
    (
      await post(world, '/introspect', undefined, {
        token: 'nothing',
        client_assertion: assertion,
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      })
    ).json
  const assertion = await assert('https://idp.acme.test')
  expect(await introspectWith(assertion)).toEqual({ active: false })
  expect((await introspectWith(assertion))['error']).toBe('invalid_client')
  expect((await introspectWith(await assert('https://other.example')))['error']).toBe('invalid_client')
  const raced = await assert('https://idp.acme.test')
  const answers = await Promise.all([1, 2, 3].map(() => introspectWith(raced)))
  expect(answers.map(({ error }) => error ?? 'none').sort()).toEqual([
    'invalid_client',
    'invalid_client',
    'none',
  ])
  const [header, payload] = assertion.split('.')
  expect((await introspectWith(`${header}.${payload}.${'A'.repeat(86)}`))['error']).toBe('invalid_client')
})

test('apps of every kind work without a fault', async () => {
  const world = await createWorld()
  const base = { name: 'X', kind: 'service', auth: { method: 'none' }, assignments: { everyone: true } }
  const variants: [string, string[], string][] = [
    ['custom-scheme', ['com.example.app:/callback'], 'com.example.app:/callback'],
    ['loopback-v6', ['http://[::1]/callback'], 'http://[::1]:49152/callback'],
    ['claimed-https', ['https://app.example/callback'], 'https://app.example/callback'],
  ]
  for (const [id, redirectUris, callback] of variants) {
    world.apps.set(id, zApp.parse({ ...base, id, redirectUris }))
    const app: App = { id, callback, authenticate: (_headers, body) => body.set('client_id', id) }
    const browser = world.browse()
    const page = await browser.open(buildAuthorizationUrl(app))
    expect([id, page.status]).toEqual([id, 200])
    const back = await browser.submit(page, { username: 'bob', password: 'correct horse bob' })
    expect(back.left?.href.startsWith(callback)).toBe(true)
  }
  world.apps.set('headless', zApp.parse({ ...base, id: 'headless' }))
  const refused = await world.browse().open(buildAuthorizationUrl({ ...AGENT0, id: 'headless' }))
  expect([refused.status, refused.left]).toEqual([400, undefined])
  expect(world.faults).toEqual([])
})

test('an authorization request by POST works like one by GET', async () => {
  const world = await createWorld()
  const body = new URL(buildAuthorizationUrl(AGENT0)).searchParams
  const answer = await world.signIn.fetch(new Request(`${ORIGIN}/authorize`, { method: 'POST', body }))
  expect([answer.status, answer.headers.get('location')]).toEqual([303, buildAuthorizationUrl(AGENT0)])
  const long = new URLSearchParams({ state: 'x'.repeat(9000) })
  expect(
    (await world.signIn.fetch(new Request(`${ORIGIN}/authorize`, { method: 'POST', body: long }))).status,
  ).toBe(413)
})
