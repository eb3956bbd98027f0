// A returned browser is signed in only with the response to its own request.
import { expect, it } from 'vitest'

import { createConsoleSignIn } from './sign-in.ts'

const ISSUER = 'https://idp.acme.test'
const ATTEMPT = { state: 'own-state', nonce: 'n', codeVerifier: 'v'.repeat(43), to: '/admin/' }

/** Comes from the token endpoint of the IdP in process, so its signature is not verified. */
function writeIdToken(claims: object): string {
  const seconds = Math.floor(Date.now() / 1000)
  const own = { iss: ISSUER, aud: 'crosswalk-console', sub: 'usr_1', nonce: ATTEMPT.nonce }
  const parts = [{ alg: 'RS256' }, { ...own, iat: seconds, exp: seconds + 60, ...claims }]
  return [...parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')), 'AA'].join('.')
}

function open({ secondFactor = false, idToken }: { secondFactor?: boolean; idToken?: object } = {}) {
  const asked: string[] = []
  const signIn = createConsoleSignIn({
    ...{ issuer: ISSUER, baseUrl: ISSUER, clientSecret: 's', secondFactor },
    idp: {
      async fetch(request) {
        const { pathname } = new URL(request.url)
        if (pathname.startsWith('/.well-known/'))
          return Response.json({
            issuer: ISSUER,
            authorization_endpoint: `${ISSUER}/authorize`,
            token_endpoint: `${ISSUER}/token`,
            authorization_response_iss_parameter_supported: true,
          })
        asked.push((await request.text()).includes(ATTEMPT.codeVerifier) ? 'with the verifier' : 'without')
        if (idToken === undefined) return Response.json({ error: 'invalid_grant' }, { status: 400 })
        const tokens = { access_token: 'a', token_type: 'Bearer', id_token: writeIdToken(idToken) }
        return Response.json(tokens)
      },
    },
  })
  const finish = (query: Record<string, string>) =>
    signIn.finish(
      new URL(`${ISSUER}/admin/callback?${new URLSearchParams({ iss: ISSUER, ...query })}`),
      ATTEMPT,
    )
  return { asked, finish, begin: () => signIn.begin('/admin/') }
}

it('redeems the code of its own request, with the verifier', async () => {
  const { asked, finish } = open()
  // The IdP refuses the code, so no user is signed in.
  expect(await finish({ code: 'c', state: 'own-state' })).toBeUndefined()
  expect(asked).toEqual(['with the verifier'])
})

it.each([
  ['of another request', { code: 'c', state: 'other-state' }],
  ['without a state', { code: 'c' }],
  ['of another issuer', { code: 'c', state: 'own-state', iss: 'https://evil.test' }],
])('redeems no code %s', async (_, query) => {
  const { asked, finish } = open()
  await expect(finish(query)).rejects.toThrow()
  expect(asked).toEqual([])
})

it('does not sign the user in if the IdP returns an error', async () => {
  expect(await open().finish({ error: 'access_denied', state: 'own-state' })).toBeUndefined()
})

it('asks for a second factor only where it is required, and then rejects a sign-in without one', async () => {
  const readClaims = async (secondFactor: boolean) => {
    const { url } = await open({ secondFactor }).begin()
    return new URL(url).searchParams.get('claims')
  }
  expect(await readClaims(false)).toBeNull()
  expect(JSON.parse((await readClaims(true)) ?? '')).toEqual({
    id_token: { acr: { essential: true, values: ['mfa'] } },
  })
  const sign = async (secondFactor: boolean, acr: string) =>
    (await open({ secondFactor, idToken: { acr } }).finish({ code: 'c', state: 'own-state' }))?.userId
  expect([await sign(false, 'pwd'), await sign(true, 'pwd'), await sign(true, 'mfa')]).toEqual([
    'usr_1',
    undefined,
    'usr_1',
  ])
})
