import { connect } from 'node:net'

import { clientSecret } from '@crosswalk/client'
import { expect, it, onTestFinished, test } from 'vitest'

import type { GuardedSender } from '../http/guarded-sender.ts'
import { beginSignIn, finishSignIn, listenForCallback } from './sign-in.ts'

const issuer = 'https://idp.example'
const idp = {
  issuer,
  clientId: 'agent0',
  auth: clientSecret('s'),
  tokenEndpoint: `${issuer}/token`,
  evidence: {
    role: 'idp' as const,
    issuer,
    tried: [],
    nowMs: 0,
    metadata: { authorization_endpoint: `${issuer}/authorize?tenant=acme` },
  },
}
const REDIRECT_URI = 'http://127.0.0.1:4010/callback'
const attempt = beginSignIn({ idp }, REDIRECT_URI)

test.each([
  ['nothing', undefined],
  ['a script', 'javascript:alert(1)'],
  ['no URL', 'https://['],
  ['plain http elsewhere', 'http://idp.example/authorize'],
])('sends no user to an authorization endpoint that is %s', (_, endpoint) => {
  const evidence = { ...idp.evidence, metadata: { authorization_endpoint: endpoint } }
  expect(() => beginSignIn({ idp: { ...idp, evidence } }, REDIRECT_URI)).toThrow(
    /names no authorization endpoint/,
  )
})

const encode = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url')
const idTokenWith = (claims: object) => `${encode({ alg: 'ES256' })}.${encode(claims)}.AA`
const GOOD = idTokenWith({ nonce: attempt.nonce })

function finish(
  query: Readonly<Record<string, string>>,
  metadata: Readonly<Record<string, unknown>> = {},
  idToken = GOOD,
) {
  const evidence = { ...idp.evidence, metadata: { ...idp.evidence.metadata, ...metadata } }
  const forms: (URLSearchParams | undefined)[] = []
  const sender: GuardedSender = {
    send: async (request) => {
      forms.push(request.form)
      return {
        request,
        status: 200,
        headers: {},
        cookies: [],
        text: '',
        ms: 1,
        json: { id_token: idToken },
      }
    },
    close: async () => undefined,
  }
  const answer = new URL(`${REDIRECT_URI}?${new URLSearchParams(query)}`)
  return {
    forms,
    token: finishSignIn({ idp: { ...idp, evidence }, sender, nowMs: () => 0 }, attempt, answer),
  }
}

it('sends a challenge, and redeems the code with its secret verifier', async () => {
  const { searchParams } = new URL(attempt.url)
  expect(Object.fromEntries(searchParams)).toMatchObject({ tenant: 'acme', code_challenge_method: 'S256' })
  expect(attempt.url).not.toContain(attempt.codeVerifier)
  const { forms, token } = finish({ state: attempt.state, code: 'c', iss: issuer })
  expect(await token).toBe(GOOD)
  expect(forms[0]?.get('code_verifier')).toBe(attempt.codeVerifier)
})

test.each<[string, Readonly<Record<string, string>>, RegExp]>([
  ['to another request', { state: 'other', code: 'c' }, /answer to another request/],
  [
    'of another server',
    { state: attempt.state, code: 'c', iss: 'https://evil.example' },
    /is of https:\/\/evil/,
  ],
  ['that is a refusal', { state: attempt.state, error: 'access_denied' }, /access_denied/],
])('sends nothing for a response %s', async (_, query, message) => {
  const { forms, token } = finish(query)
  await expect(token).rejects.toThrow(message)
  expect(forms).toEqual([])
})

test('sends nothing for a response without the issuer that the server says it names (RFC 9207)', async () => {
  const advertised = { authorization_response_iss_parameter_supported: true }
  const answer = { state: attempt.state, code: 'c' }
  const { forms, token } = finish(answer, advertised)
  await expect(token).rejects.toThrow(/names no issuer/)
  expect(forms).toEqual([])
  expect(await finish({ ...answer, iss: issuer }, advertised).token).toBe(GOOD)
  expect(await finish(answer).token).toBe(GOOD)
})

it('listens on when a page of another site sends a target that is no URL, or the answer to another request', async () => {
  const { redirectUri, waitFor, close } = await listenForCallback('http://127.0.0.1/callback')
  onTestFinished(close)
  const answer = waitFor('s')
  const send = (target: string) =>
    new Promise<string>((resolve, reject) => {
      const socket = connect(Number(new URL(redirectUri).port), '127.0.0.1')
      socket.on('data', (data: Buffer) => resolve(data.toString().split('\r\n', 1)[0] ?? ''))
      socket.on('error', reject)
      socket.end(`GET ${target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
    })
  expect(await send('//')).toBe('HTTP/1.1 404 Not Found')
  expect(await send('/callback?code=x')).toBe('HTTP/1.1 404 Not Found')
  expect(await send('/callback?code=x&state=t')).toBe('HTTP/1.1 404 Not Found')
  expect(await send('/callback?code=c&state=s')).toBe('HTTP/1.1 200 OK')
  expect((await answer).searchParams.get('code')).toBe('c')
})

test.each([
  ['another nonce', { nonce: 'other' }],
  ['no nonce', {}],
])('refuses an ID token with %s', async (_, claims) => {
  const { token } = finish({ state: attempt.state, code: 'c' }, {}, idTokenWith(claims))
  await expect(token).rejects.toThrow(/does not have the nonce of this sign-in/)
})
