// A browser app reads every response of the endpoints that its preflight may call, also a refusal: without the header, its
// developer sees only a network error.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { AGENT, company } from '../support/company.ts'
import { basic, readMetadata } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const ORIGIN = 'https://spa.acme.test'
const OTHER = 'https://other.test'
const FORM = { 'content-type': 'application/x-www-form-urlencoded' }
const guess = (id: string) => ({ ...FORM, authorization: basic({ id, secret: 'wrong' }) })

let server: TestServer
let metadata: Record<string, string>

beforeAll(async () => {
  server = await startTestServer({
    file: (baseUrl) => {
      const { apps } = company(baseUrl).idp as Record<'apps', object[]>
      const base = { id: 'spa', name: 'SPA', kind: 'web', assignments: { everyone: true } }
      const spa = { ...base, auth: { method: 'none' }, redirectUris: [`${ORIGIN}/callback`] }
      return company(baseUrl, { idp: { apps: [...apps, spa] } })
    },
  })
  metadata = await readMetadata(`${server.baseUrl}/.well-known/openid-configuration`)
})
afterAll(() => server.stop())

/** A browser sends a token request without asking first (IDP-01). */
const PREFLIGHTED = [
  'pushed_authorization_request_endpoint',
  'introspection_endpoint',
  'revocation_endpoint',
] as const

it.each(PREFLIGHTED)('%s accepts a preflight request', async (name) => {
  const headers = { origin: ORIGIN, 'access-control-request-method': 'POST' }
  const { status, headers: got } = await fetch(metadata[name] ?? '', { method: 'OPTIONS', headers })
  expect([status, got.get('access-control-allow-origin')]).toEqual([204, ORIGIN])
})

describe.each([...PREFLIGHTED, 'token_endpoint'] as const)('%s', (name) => {
  const send = (init: RequestInit, origin = ORIGIN) =>
    fetch(metadata[name] ?? '', { method: 'POST', ...init, headers: { origin, ...init.headers } })

  it.each<[string, number, RequestInit]>([
    ['another method', 405, { method: 'PUT', body: 'grant_type=refresh_token&token=x', headers: FORM }],
    ['another type of body', 400, { body: '{}', headers: { 'content-type': 'application/json' } }],
    ['a body that is too long', 413, { body: `token=${'x'.repeat(2_000_000)}`, headers: FORM }],
    ['no client', 401, { body: 'grant_type=refresh_token&token=x', headers: FORM }],
    ['a wrong secret', 401, { body: 'grant_type=refresh_token&token=x', headers: guess(`unknown-${name}`) }],
    [
      'a client that it does not know',
      401,
      { body: 'grant_type=refresh_token&token=x&client_id=nobody', headers: FORM },
    ],
    [
      'a malformed request',
      400,
      { body: 'grant_type=refresh_token&token=x&token=x&client_id=spa', headers: FORM },
    ],
  ])('lets an app read the refusal of %s', async (_, status, init) => {
    const answer = await send(init)
    expect([answer.status, ((await answer.json()) as { error?: string }).error]).toEqual([
      status,
      expect.any(String),
    ])
    expect([ORIGIN, '*']).toContain(answer.headers.get('access-control-allow-origin'))
  })

  it('lets it read how long to wait after many wrong secrets', async () => {
    const ask = () => send({ body: 'grant_type=refresh_token&refresh_token=x', headers: guess(AGENT.id) })
    let answer = await ask()
    for (let count = 0; count < 50 && answer.status !== 429; count += 1) answer = await ask()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, expect.any(String)])
    expect(answer.headers.get('access-control-allow-origin')).toBe('*')
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/retry-after/i)
  })

  it('lets no other origin read a response about the app', async () => {
    const body = 'grant_type=refresh_token&refresh_token=x&token=x&client_id=spa'
    const { status, headers } = await send({ body, headers: FORM }, OTHER)
    // Introspection refuses every public client, known or not (REV-02).
    const isAboutApp = name !== 'introspection_endpoint'
    expect([status === 401, headers.get('access-control-allow-origin')]).toEqual(
      isAboutApp ? [false, null] : [true, '*'],
    )
  })
})

it('lets an app read the decision about its token request', async () => {
  const grant = { grant_type: 'authorization_code', code: 'x', code_verifier: 'x'.repeat(43) }
  const body = new URLSearchParams({ ...grant, client_id: 'spa', redirect_uri: `${ORIGIN}/callback` })
  const { status, headers } = await fetch(metadata['token_endpoint'] ?? '', {
    method: 'POST',
    body,
    headers: { origin: ORIGIN },
  })
  expect([status, headers.get('access-control-allow-origin')]).toEqual([400, ORIGIN])
  expect(headers.get('crosswalk-decision')).toMatch(/^dec_/)
  expect(headers.get('access-control-expose-headers')).toMatch(/crosswalk-decision/i)
})

it('lets an app read that a document has no other method', async () => {
  const answer = await fetch(metadata['jwks_uri'] ?? '', { method: 'POST', headers: { origin: ORIGIN } })
  expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([405, '*'])
})

it('opens no page to other origins, whatever it says', async () => {
  const from = (path: string) => fetch(`${server.baseUrl}${path}`, { headers: { origin: ORIGIN } })
  const page = await from('/authorize?client_id=unknown')
  expect([page.status, page.headers.get('content-type')]).toEqual([400, expect.stringContaining('text/html')])
  expect(page.headers.get('access-control-allow-origin')).toBeNull()
  const program = await from('/token')
  expect([program.status, program.headers.get('access-control-allow-origin')]).toEqual([405, '*'])
})
