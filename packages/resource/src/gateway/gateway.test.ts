// The gateway releases a credential only for a token that meets the requirement of the request.
import { expect, it } from 'vitest'

import { createGateway } from './index.ts'

const ISSUER = 'https://as.test'
const RESOURCE = 'https://gateway.test/calendar'

function open() {
  const asked: RequestInit[] = []
  const sent: string[] = []
  const call = createGateway({
    ...{ resource: RESOURCE, issuer: ISSUER, introspection: { clientId: 'gateway', clientSecret: 's' } },
    requires: ({ method }) => ({ scope: [method === 'GET' ? 'read' : 'write'] }),
    fetch: async (url: string, init: RequestInit = {}) => {
      if (url === `${ISSUER}/introspect`)
        return Response.json({
          ...{ active: true, iss: ISSUER, aud: RESOURCE, sub: 'alice', client_id: 'agent', scope: 'read' },
          ...{ exp: Date.now() / 1000 + 60, iat: 0, token_type: 'Bearer' },
        })
      if (url === `${ISSUER}/token`) {
        asked.push(init)
        return Response.json({
          ...{ access_token: 'the key', token_type: 'N_A' },
          issued_token_type: 'urn:crosswalk:token-type:stored-credential',
          upstream: { api: 'https://service.test', header: 'authorization', scheme: 'Bearer' },
        })
      }
      return Response.json({
        issuer: ISSUER,
        jwks_uri: `${ISSUER}/jwks`,
        introspection_endpoint: `${ISSUER}/introspect`,
        token_endpoint: `${ISSUER}/token`,
      })
    },
    fetchService: async (url) => {
      sent.push(url)
      return Response.json({})
    },
  })
  const ask = (method: string) =>
    call(new Request(`${RESOURCE}/events`, { method, headers: { authorization: 'Bearer opaque' } }))
  return { ask, asked, sent }
}

it('calls the service if the token has the scope of the request', async () => {
  const { ask, asked, sent } = open()
  expect((await ask('GET')).status).toBe(200)
  expect(sent).toEqual(['https://service.test/events'])
  expect(asked).toMatchObject([{ redirect: 'manual' }])
})

it('requests no credential without the scope', async () => {
  const { ask, asked, sent } = open()
  const refused = await ask('DELETE')
  expect([refused.status, refused.headers.get('www-authenticate')]).toEqual([
    403,
    expect.stringContaining('error="insufficient_scope"'),
  ])
  expect([asked, sent]).toEqual([[], []])
})
