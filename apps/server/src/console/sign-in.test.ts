// A returned browser is signed in only with the response to its own request.
import { expect, it } from 'vitest'

import { createConsoleSignIn } from './sign-in.ts'

const ISSUER = 'https://idp.acme.test'
const ATTEMPT = { state: 'own-state', nonce: 'n', codeVerifier: 'v'.repeat(43), to: '/admin/' }

function open() {
  const asked: string[] = []
  const signIn = createConsoleSignIn({
    ...{ issuer: ISSUER, baseUrl: ISSUER, clientSecret: 's' },
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
        return Response.json({ error: 'invalid_grant' }, { status: 400 })
      },
    },
  })
  const finish = (query: Record<string, string>) =>
    signIn.finish(
      new URL(`${ISSUER}/admin/callback?${new URLSearchParams({ iss: ISSUER, ...query })}`),
      ATTEMPT,
    )
  return { asked, finish }
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
