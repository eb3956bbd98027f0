// The gateway releases a credential only for a token that meets the requirement of the request.
import { expect, it } from 'vitest'

import { createGateway, type GatewayOptions } from './index.ts'

const ISSUER = 'https://as.test'
const RESOURCE = 'https://gateway.test/calendar'

const RELEASED = {
  ...{ access_token: 'the key of the service', token_type: 'N_A' },
  issued_token_type: 'urn:crosswalk:token-type:stored-credential',
  upstream: { api: 'https://service.test', header: 'authorization', scheme: 'Bearer' },
}

interface World extends Pick<Partial<GatewayOptions>, 'resource' | 'strippedPath' | 'maxRequestBytes'> {
  /** Of the authorization server to the request for the credential */
  readonly exchanged?: () => Response
  /** Of the service */
  readonly answer?: () => Response
}

function open({
  exchanged = () => Response.json(RELEASED),
  answer = () => Response.json({}),
  ...options
}: World = {}) {
  const asked: RequestInit[] = []
  const sent: { readonly url: string; readonly privateNetwork: boolean }[] = []
  const call = createGateway({
    ...{ resource: RESOURCE, issuer: ISSUER, introspection: { clientId: 'gateway', clientSecret: 's' } },
    ...options,
    requires: ({ method, url }) => ({
      scope: [method === 'DELETE' || new URL(url).pathname === '/calendar/admin/keys' ? 'write' : 'read'],
    }),
    fetch: async (url: string, init: RequestInit = {}) => {
      if (url === `${ISSUER}/introspect`)
        return Response.json({
          ...{
            active: true,
            iss: ISSUER,
            aud: options.resource ?? RESOURCE,
            sub: 'alice',
            client_id: 'agent',
            scope: 'read',
          },
          ...{ exp: Date.now() / 1000 + 60, iat: 0, token_type: 'Bearer' },
        })
      if (url === `${ISSUER}/token`) {
        asked.push(init)
        return exchanged()
      }
      return Response.json({
        issuer: ISSUER,
        jwks_uri: `${ISSUER}/jwks`,
        introspection_endpoint: `${ISSUER}/introspect`,
        token_endpoint: `${ISSUER}/token`,
      })
    },
    fetchService: async (url, _, { privateNetwork }) => {
      sent.push({ url, privateNetwork })
      return answer()
    },
  })
  const ask = (method: string, { url = `${RESOURCE}/events`, body }: { url?: string; body?: string } = {}) =>
    call(new Request(url, { method, headers: { authorization: 'Bearer opaque' }, ...(body && { body }) }))
  return { ask, asked, sent }
}

it('calls the service if the token has the scope of the request', async () => {
  const { ask, asked, sent } = open()
  expect((await ask('GET')).status).toBe(200)
  expect(sent).toEqual([{ url: 'https://service.test/events', privateNetwork: false }])
  expect(asked).toMatchObject([{ redirect: 'manual' }])
})

it.each(['/events', '/calendarevents', '/CALENDAR/events', '/'])(
  'serves no path outside its resource, which `requires` may not know: %s',
  async (path) => {
    const { ask, asked, sent } = open()
    const refused = await ask('GET', { url: `https://gateway.test${path}` })
    expect([refused.status, await refused.json()]).toEqual([404, { error: 'not_found' }])
    expect([asked, sent]).toEqual([[], []])
  },
)

it.each([
  ['/calendar/admin/keys', 403],
  ['/calendar/admin/keys;x', 400],
  ['/calendar/admin;x/keys', 400],
  ['/calendar/admin%3Bx/keys', 400],
  ['/calendar/admin%2Fkeys', 400],
  ['/calendar/admin%252Fkeys', 400],
  ['/calendar/admin%5Ckeys', 400],
  ['/calendar/admin%2F/keys', 400],
  ['/calendar/events;x', 200],
  ['/calendar/files/a%2Fb', 200],
])('serves no path that a service may read as one with other requirements: %s', async (path, status) => {
  const { ask, sent } = open()
  expect((await ask('GET', { url: `https://gateway.test${path}` })).status).toBe(status)
  const forwarded = `https://service.test${path.slice('/calendar'.length)}`
  expect(sent.map(({ url }) => url)).toEqual(status === 200 ? [forwarded] : [])
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

it.each([
  ['nothing', {}, '/calendar/events?day=1'],
  ['the whole path', { strippedPath: '/calendar' }, '/events?day=1'],
  [
    'part of the path',
    { strippedPath: '/v1', resource: 'https://gateway.test/v1/calendar' },
    '/calendar/events?day=1',
  ],
])('maps the same path to the service if a proxy strips %s', async (_, options, path) => {
  const { ask, sent } = open(options)
  expect((await ask('GET', { url: `https://10.0.0.7${path}` })).status).toBe(200)
  expect(sent).toMatchObject([{ url: 'https://service.test/events?day=1' }])
})

it.each([
  ['4 bytes are sent to the service', '1234', 200, 1],
  ['5 bytes are refused, not cut', '12345', 413, 0],
])('of at most 4 bytes, %s', async (_, body, status, requests) => {
  const { ask, sent } = open({ maxRequestBytes: 4 })
  expect((await ask('POST', { body })).status).toBe(status)
  expect(sent).toHaveLength(requests)
})

it('answers this user only, without the credential and without what concerns the connection', async () => {
  const given = {
    'cache-control': 'public, max-age=60',
    connection: 'x-hop',
    'x-hop': '1',
    'x-echo': 'Bearer the key of the service',
    'x-kept': '1',
  }
  const { ask } = open({ answer: () => Response.json({}, { headers: given }) })
  const { headers } = await ask('GET')
  const seen = ['cache-control', 'connection', 'x-hop', 'x-kept'].map((name) => headers.get(name))
  expect(seen).toEqual(['no-store', null, null, '1'])
  expect(headers.get('x-echo')).toMatch(/^Bearer \*+$/)
})

it('reaches a service in a private network only if the credential is for one', async () => {
  const upstream = { ...RELEASED.upstream, private_network: true }
  const { ask, sent } = open({ exchanged: () => Response.json({ ...RELEASED, upstream }) })
  await ask('GET')
  expect(sent).toMatchObject([{ privateNetwork: true }])
})

it.each<[string, object, number, number, string]>([
  ['a revoked token', { error: 'invalid_grant' }, 400, 401, 'invalid_token'],
  ['an account that is not connected', { error: 'interaction_required' }, 400, 403, 'interaction_required'],
  [
    'a token that is not a stored credential',
    { ...RELEASED, issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' },
    200,
    503,
    'temporarily_unavailable',
  ],
])('sends nothing to the service after %s', async (_, body, given, status, error) => {
  const { ask, sent } = open({ exchanged: () => Response.json(body, { status: given }) })
  const answered = await ask('GET')
  expect([answered.status, await answered.json()]).toEqual([status, expect.objectContaining({ error })])
  expect(sent).toEqual([])
})
