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

interface World extends Pick<
  Partial<GatewayOptions>,
  'resource' | 'strippedPath' | 'introspection' | 'maxRequestBytes' | 'maxAnswerBytes' | 'serviceTimeoutMs'
> {
  /** Of the authorization server to the request for the credential */
  readonly exchanged?: () => Response
  /** Of the service */
  readonly answer?: () => Response
}

interface Asked {
  readonly url?: string
  readonly body?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

function open({
  exchanged = () => Response.json(RELEASED),
  answer = () => Response.json({}),
  ...options
}: World = {}) {
  const asked: RequestInit[] = []
  const sent: { readonly url: string; readonly privateNetwork: boolean }[] = []
  const inits: RequestInit[] = []
  const state = { active: true }
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
            active: state.active,
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
    fetchService: async (url, init, { privateNetwork }) => {
      sent.push({ url, privateNetwork })
      inits.push(init)
      return answer()
    },
  })
  const ask = (method: string, { url = `${RESOURCE}/events`, body, headers = {}, signal }: Asked = {}) =>
    call(
      new Request(url, {
        method,
        headers: { authorization: 'Bearer opaque', ...headers },
        ...(body && { body }),
        ...(signal && { signal }),
      }),
    )
  return { ask, asked, sent, inits, state }
}

it.each([
  ['Basic', btoa('jira:the password')],
  ['', `Basic ${btoa('jira:the password')}`],
])('hides the password of a Basic credential, whatever its scheme: %j', async (scheme, value) => {
  const upstream = { ...RELEASED.upstream, scheme }
  const { ask } = open({
    exchanged: () => Response.json({ ...RELEASED, access_token: value, upstream }),
    answer: () => Response.json({ user: 'jira', password: 'the password' }),
  })
  expect(await (await ask('GET')).json()).toEqual({ user: 'jira', password: '*'.repeat(12) })
})

it('calls the service if the token has the scope of the request', async () => {
  const { ask, asked, sent } = open()
  expect((await ask('GET')).status).toBe(200)
  expect(sent).toEqual([{ url: 'https://service.test/events', privateNetwork: false }])
  expect(asked).toMatchObject([
    { method: 'POST', redirect: 'manual', headers: { authorization: `Basic ${btoa('gateway:s')}` } },
  ])
  expect(Object.fromEntries(new URLSearchParams(String(asked[0]?.body)))).toEqual({
    grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
    subject_token: 'opaque',
    subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    requested_token_type: RELEASED.issued_token_type,
  })
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
    // Of a body that `fetch` has decoded, and that the mask may have changed.
    'content-encoding': 'gzip',
    'content-length': '2',
    // They would act on the address of the gateway, or on the credential.
    'set-cookie': 'session=1',
    'strict-transport-security': 'max-age=1',
    'www-authenticate': 'Bearer',
  }
  const { ask } = open({ answer: () => Response.json('the key of the service', { headers: given }) })
  const response = await ask('GET')
  expect(Object.fromEntries(response.headers)).toEqual({
    'cache-control': 'no-store',
    'content-type': 'application/json',
    'x-echo': `Bearer ${'*'.repeat(22)}`,
    'x-kept': '1',
  })
  expect(await response.json()).toBe('*'.repeat(22))
})

it('sends the request as it is, with the credential in place of the token, and follows no redirect', async () => {
  const { ask, inits } = open()
  await ask('POST', { body: '{}', headers: { 'content-type': 'application/json', cookie: 'session=1' } })
  const [{ headers, body, ...init } = {}] = inits
  expect(init).toMatchObject({ method: 'POST', redirect: 'manual' })
  expect(Object.fromEntries(new Headers(headers))).toEqual({
    'accept-encoding': 'identity',
    authorization: 'Bearer the key of the service',
    'content-type': 'application/json',
  })
  expect(await new Response(body).text()).toBe('{}')
})

it('ends the request to the service if the app leaves, or after the limit', async () => {
  const left = new AbortController()
  const patient = open()
  await patient.ask('GET', { signal: left.signal })
  expect(patient.inits[0]?.signal?.aborted).toBe(false)
  left.abort()
  expect(patient.inits[0]?.signal?.aborted).toBe(true)
  const { ask, inits } = open({ serviceTimeoutMs: 1 })
  await ask('GET')
  await expect.poll(() => inits[0]?.signal?.aborted).toBe(true)
})

it('reaches a service in a private network only if the credential is for one', async () => {
  const upstream = { ...RELEASED.upstream, private_network: true }
  const { ask, sent } = open({ exchanged: () => Response.json({ ...RELEASED, upstream }) })
  await ask('GET')
  expect(sent).toMatchObject([{ privateNetwork: true }])
})

const UNCHANGED = { 'if-none-match': '"tag"' }

it.each<readonly [string, () => Response, Asked, number, string]>([
  ['a redirect', () => new Response(null, { status: 302 }), {}, 502, 'redirect_refused'],
  ['the last redirect', () => new Response(null, { status: 399 }), {}, 502, 'redirect_refused'],
  ['304 without a condition', () => new Response(null, { status: 304 }), {}, 502, 'redirect_refused'],
  ['its own 401', () => Response.json({ error: 'x' }, { status: 401 }), {}, 502, 'credential_refused'],
  [
    'no response',
    () => {
      throw new TypeError('the key of the service could not be sent')
    },
    {},
    502,
    'temporarily_unavailable',
  ],
])('answers 502 if the service sends %s', async (_, answer, asked, status, error) => {
  const response = await open({ answer }).ask('GET', asked)
  expect([response.status, await response.json()]).toEqual([status, { error }])
  expect(response.headers.get('cache-control')).toBe('no-store')
})

it.each<readonly [string, number, Asked]>([
  ['nothing', 204, {}],
  ['that nothing changed', 304, { headers: UNCHANGED }],
  [
    'that nothing changed since a time',
    304,
    { headers: { 'if-modified-since': 'Thu, 01 Jan 2026 00:00:00 GMT' } },
  ],
])('answers without a body if the service sends %s', async (_, status, asked) => {
  const answer = () => new Response(null, { status, headers: { etag: '"tag"' } })
  const response = await open({ answer }).ask('GET', asked)
  expect([response.status, response.headers.get('etag'), await response.text()]).toEqual([
    status,
    '"tag"',
    '',
  ])
})

it('takes 304 only for a method without side effects', async () => {
  const answer = () => new Response(null, { status: 304 })
  expect((await open({ answer }).ask('HEAD', { headers: UNCHANGED })).status).toBe(304)
  expect((await open({ answer }).ask('POST', { headers: UNCHANGED })).status).toBe(502)
})

it('passes on an error of the service, and ends a response over the limit', async () => {
  const { ask } = open({ answer: () => new Response('1234', { status: 404 }), maxAnswerBytes: 4 })
  const passed = await ask('GET')
  expect([passed.status, await passed.text()]).toEqual([404, '1234'])
  const cut = await open({ answer: () => new Response('12345'), maxAnswerBytes: 4 }).ask('GET')
  await expect(cut.text()).rejects.toThrow('the answer is over 4 bytes')
})

it.each([
  [599, 599],
  [600, 502],
  [999, 502],
])('answers a status %i of the service with %i', async (status, passedOn) => {
  // As the platform's `fetch` returns it.
  const { ask } = open({
    answer: () => Object.defineProperty(Response.json({}), 'status', { value: status }),
  })
  expect((await ask('GET')).status).toBe(passedOn)
})

it('passes on what the app or its user can do, and nothing else of a refusal', async () => {
  const refuse = async (body: object, status = 400) => {
    const exchanged = () => Response.json(body, { status, headers: { 'crosswalk-decision': 'dec_1' } })
    const response = await open({ exchanged }).ask('GET')
    return [response.status, await response.json()]
  }
  const connect = {
    error: 'interaction_required',
    error_description: 'Connect.',
    error_uri: 'https://idp.test/me',
  }
  expect(await refuse(connect)).toEqual([403, { ...connect, code: 'XAA2604', decision: 'dec_1' }])
  expect(await refuse({ error: 'temporarily_unavailable' }, 503)).toEqual([
    503,
    { error: 'temporarily_unavailable', decision: 'dec_1' },
  ])
  for (const body of [{ error: 'invalid_client', error_description: 'a detail' }, { error: 7 }, {}])
    expect(await refuse(body, 401)).toEqual([502, { error: 'gateway_refused', decision: 'dec_1' }])
})

it.each([
  ['a text', '"released"'],
  ['a list', '[]'],
  ['no JSON', 'released'],
  ['no credential', JSON.stringify({ ...RELEASED, access_token: 7 })],
  ['no service', JSON.stringify({ ...RELEASED, upstream: 'https://service.test' })],
  ...(['api', 'header', 'scheme'] as const).map((name) => [
    `no ${name}`,
    JSON.stringify({ ...RELEASED, upstream: { ...RELEASED.upstream, [name]: undefined } }),
  ]),
])('answers 503 if the authorization server releases %s', async (_, body) => {
  const { ask, sent } = open({ exchanged: () => new Response(body) })
  const response = await ask('GET')
  expect([response.status, await response.json()]).toEqual([503, { error: 'temporarily_unavailable' }])
  expect(sent).toEqual([])
})

it('never leaves the address to which the credential may be sent', async () => {
  const { ask, sent } = open()
  const refused = await ask('GET', { url: `${RESOURCE}/%2e%2e%2fother` })
  expect([refused.status, await refused.json()]).toEqual([400, { error: 'invalid_request' }])
  expect(sent).toEqual([])
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

it('ends an event stream of the service with the token of the app', async () => {
  let event: (text: string) => void = () => undefined
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      event = (text) => controller.enqueue(new TextEncoder().encode(`data: ${text}\n\n`))
    },
  })
  const { ask, state } = open({
    answer: () => new Response(body, { headers: { 'content-type': 'text/event-stream' } }),
    introspection: { clientId: 'gateway', clientSecret: 's', freshnessSeconds: 0 },
  })
  const reader = (await ask('GET')).body?.pipeThrough(new TextDecoderStream()).getReader()
  event('1')
  expect(await reader?.read()).toEqual({ done: false, value: 'data: 1\n\n' })
  state.active = false
  event('2')
  expect((await reader?.read())?.done).toBe(true)
})
