// Security event streams of the IdP, set up and read by a receiver, and observed by an administrator (OpenID Shared Signals Framework 1.0, RFC
// 8935, RFC 8936).
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

import { GRANT_TYPE, SECURITY_EVENT } from '@crosswalk/protocol'
import { createRemoteJWKSet, jwtVerify } from 'jose'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'

import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { signOut } from '../support/cookie-jar.ts'
import { AGENT, AGENT_AT_VENDOR, company, NOTES, PASSWORD, REDIRECT_URI, TODO } from '../support/company.ts'
import { basic, postForm } from '../support/flow.ts'
import { signIn } from '../support/form-walker.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const AUDIENCE = 'https://as.vendor.test'
const RECEIVER = { id: 'vendor-events', secret: 'secret of the receiver' }
const OTHER = { id: 'other', secret: 'other secret' }
/** Time limit for asynchronous effects */
const PATIENCE = { timeout: 20_000, interval: 50 }
const PUSH = 'urn:ietf:rfc:8935'
const POLL = 'urn:ietf:rfc:8936'

const ADMIN = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }

type Json = Readonly<Record<string, unknown>>

let server: TestServer
let admin: Admin
let metadata: Readonly<Record<string, string>>
let sink: Sink
let offsetMs = 0

/** Accepts pushed events with the given statuses, then with 202. */
interface Sink {
  readonly url: string
  readonly received: {
    readonly headers: IncomingHttpHeaders
    readonly body: string
    readonly status: number
  }[]
  readonly statuses: number[]
  stop(): Promise<void>
}

async function startSink(): Promise<Sink> {
  const received: Sink['received'] = []
  const statuses: number[] = []
  const http: Server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const status = statuses.shift() ?? 202
      received.push({ headers: request.headers, body, status })
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(status === 400 ? JSON.stringify({ err: 'invalid_key', description: 'who are you' }) : '')
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/events`,
    received,
    statuses,
    stop: () => new Promise((resolve) => (http.closeAllConnections(), http.close(() => resolve()))),
  }
}

const secret = (client: { readonly secret: string }) => ({
  method: 'client_secret_basic',
  secret: client.secret,
})

function file(baseUrl: string) {
  const { authorizationServers: _, ...whole } = company(baseUrl) as {
    idp: { apps: object[]; resourceApps: { id: string }[] }
    authorizationServers?: unknown
  }
  return {
    ...whole,
    idp: {
      ...whole.idp,
      apps: [
        ...whole.idp.apps,
        { id: RECEIVER.id, name: 'Events of the vendor', kind: 'service', auth: secret(RECEIVER) },
      ],
      resourceApps: whole.idp.resourceApps.map((app) => ({
        ...app,
        issuer: AUDIENCE,
        tenant: 'acme',
        securityEvents: {
          receiver: RECEIVER.id,
          ...(app.id === 'todo0'
            ? {
                endpoint: sink.url,
                events: [SECURITY_EVENT.sessionRevoked, SECURITY_EVENT.connectionRevoked],
              }
            : {}),
        },
      })),
    },
  }
}

beforeAll(async () => {
  sink = await startSink()
  server = await startTestServer({ file, clock: { nowMs: () => Date.now() + offsetMs } })
  admin = adminOf(server.baseUrl)
  const response = await fetch(`${server.baseUrl}/.well-known/ssf-configuration`)
  metadata = (await response.json()) as typeof metadata
})
afterAll(async () => {
  await server.stop()
  await sink.stop()
})

async function call(url: string, method: string, body?: Json, as: typeof RECEIVER | undefined = RECEIVER) {
  const response = await fetch(url, {
    method,
    headers: {
      ...(as === undefined ? {} : { authorization: basic(as) }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  // oxlint-disable-next-line typescript/no-explicit-any -- the test looks into whatever comes back
  return { status: response.status, body: (text === '' ? undefined : JSON.parse(text)) as any, text }
}

const streamsUrl = () => String(metadata.configuration_endpoint)
const act = async (path: string) =>
  expect((await admin('POST', path, { body: { reason: 'test' } })).status).toBe(200)

async function verifySet(set: string) {
  const keys = createRemoteJWKSet(new URL(String(metadata.jwks_uri)))
  return (
    await jwtVerify(set, keys, { issuer: metadata.issuer ?? '', audience: AUDIENCE, typ: 'secevent+jwt' })
  ).payload
}

describe('REV-05: a receiver', () => {
  it('discovers the transmitter', () => {
    expect(metadata).toMatchObject({
      spec_version: '1_0',
      issuer: server.baseUrl,
      delivery_methods_supported: [PUSH, POLL],
      default_subjects: 'ALL',
      authorization_schemes: [{ spec_urn: 'urn:ietf:rfc:7617' }],
    })
    for (const name of ['jwks_uri', 'status_endpoint', 'verification_endpoint', 'add_subject_endpoint'])
      expect(metadata[name]).toMatch(`${server.baseUrl}/`)
  })

  it('must authenticate, and be named by a resource app', async () => {
    expect((await call(streamsUrl(), 'GET', undefined)).status).toBe(200)
    const response = await fetch(streamsUrl())
    expect([response.status, response.headers.get('www-authenticate')]).toEqual([
      401,
      'Basic realm="streams"',
    ])
    expect((await call(streamsUrl(), 'GET', undefined, { ...RECEIVER, secret: 'wrong' })).status).toBe(401)
    expect((await call(streamsUrl(), 'GET', undefined, OTHER)).status).toBe(403)
    expect((await call(streamsUrl(), 'PROPFIND')).status).toBe(405)
  })

  it.each(['suspended', 'blocked', 'blocked for a minute'])('is refused while its app is %s', async (how) => {
    const isSuspended = how === 'suspended'
    const reason = 'stolen secret'
    const until = new Date(Date.now() + offsetMs + 60_000).toISOString()
    const about = isSuspended ? {} : { kind: 'app', target: RECEIVER.id }
    const stopped = await admin('POST', isSuspended ? `/apps/${RECEIVER.id}/suspend` : '/blocks', {
      body: { ...about, reason, ...(how === 'blocked for a minute' ? { until } : {}) },
    })
    expect(stopped.status).toBe(isSuspended ? 200 : 201)
    const poll = `${server.baseUrl}/ssf/poll?stream_id=app:todo0`
    expect((await call(streamsUrl(), 'GET')).status).toBe(403)
    expect((await call(streamsUrl(), 'POST', { delivery: { method: POLL } })).status).toBe(403)
    expect((await call(poll, 'POST', { returnImmediately: true })).body).toEqual({ err: 'access_denied' })
    if (how === 'blocked for a minute') offsetMs += 60_000
    else {
      const lifted = isSuspended
        ? await admin('POST', `/apps/${RECEIVER.id}/resume`, { body: { reason } })
        : await admin('DELETE', `/blocks/${stopped.body.id}`)
      expect(lifted.status).toBeLessThan(300)
    }
    expect((await call(streamsUrl(), 'GET')).status).toBe(200)
  })

  it('sees the stream of the configuration, and cannot change it', async () => {
    const { body } = await call(streamsUrl(), 'GET')
    expect(body).toEqual([
      expect.objectContaining({
        stream_id: 'app:todo0',
        iss: server.baseUrl,
        aud: AUDIENCE,
        events_delivered: [SECURITY_EVENT.sessionRevoked, SECURITY_EVENT.connectionRevoked],
        delivery: { method: PUSH, endpoint_url: sink.url },
      }),
    ])
    expect((await call(streamsUrl(), 'PATCH', { stream_id: 'app:todo0', description: 'x' })).status).toBe(403)
    expect((await call(`${streamsUrl()}?stream_id=app:todo0`, 'DELETE')).status).toBe(403)
  })

  it.each([
    ['a foreign audience', { aud: 'https://other.test' }],
    ['an endpoint without TLS', { delivery: { method: PUSH, endpoint_url: 'http://example.com/' } }],
    ['an unknown method', { delivery: { method: 'urn:fax' } }],
    [
      'a header with a line break',
      {
        delivery: { method: PUSH, endpoint_url: 'https://example.com/', authorization_header: 'a\r\nb' },
      },
    ],
  ])('cannot set up a stream with %s', async (_, change) => {
    expect((await call(streamsUrl(), 'POST', change)).status).toBe(400)
  })

  it.each(['PATCH', 'PUT', 'DELETE'])('must name the stream that it changes: %s', async (method) => {
    const body = { delivery: { method: POLL } }
    const unnamed = await call(streamsUrl(), method, method === 'DELETE' ? undefined : body)
    expect(unnamed).toMatchObject({ status: 400, body: { description: 'stream_id is missing' } })
    const unknown = method === 'DELETE' ? undefined : { ...body, stream_id: 'unknown' }
    expect((await call(`${streamsUrl()}?stream_id=unknown`, method, unknown)).status).toBe(404)
  })

  it('must name the stream whose status it reads', async () => {
    const statusUrl = String(metadata.status_endpoint)
    expect((await call(statusUrl, 'GET')).status).toBe(400)
    expect((await call(`${statusUrl}?stream_id=unknown`, 'GET')).status).toBe(404)
  })

  it('sets up a stream, polls it, acknowledges, reports errors, and removes it', async () => {
    const created = await call(streamsUrl(), 'POST', {
      delivery: { method: POLL },
      events_requested: [SECURITY_EVENT.sessionRevoked, SECURITY_EVENT.credentialChange, 'urn:unknown'],
      description: 'mine',
    })
    expect(created.status).toBe(201)
    const { stream_id: id, delivery } = created.body
    expect(created.body).toMatchObject({
      events_requested: expect.arrayContaining(['urn:unknown']),
      events_delivered: [SECURITY_EVENT.sessionRevoked, SECURITY_EVENT.credentialChange],
      description: 'mine',
    })
    expect((await call(streamsUrl(), 'POST', {})).status).toBe(409)
    const poll = async (body: Json = {}) =>
      (await call(delivery.endpoint_url, 'POST', { returnImmediately: true, ...body })).body

    await act('/users/usr_carol/suspend')
    const { sets } = await poll()
    const [[jti, set]] = Object.entries(sets) as [[string, string]]
    expect(await verifySet(set)).toMatchObject({
      jti,
      sub_id: {
        format: 'complex',
        user: { format: 'iss_sub', iss: server.baseUrl, sub: 'usr_carol' },
        tenant: { format: 'opaque', id: 'acme' },
      },
      events: { [SECURITY_EVENT.sessionRevoked]: { initiating_entity: 'admin' } },
    })
    expect(Object.keys((await poll()).sets)).toEqual([jti])
    expect(await poll({ ack: [jti] })).toEqual({ sets: {} })
    await act('/users/usr_carol/resume')

    const verification = { stream_id: id, state: 'are you there' }
    expect((await call(String(metadata.verification_endpoint), 'POST', verification)).status).toBe(204)
    const [[second, verified]] = Object.entries((await poll()).sets) as [[string, string]]
    expect(await verifySet(verified)).toMatchObject({
      sub_id: { format: 'opaque', id },
      events: { [SECURITY_EVENT.verification]: { state: 'are you there' } },
    })
    for (const jti of [second, 'jti-of-no-event'])
      expect(await poll({ setErrs: { [jti]: { err: 'invalid_key', description: 'no' } } })).toEqual({
        sets: {},
      })
    const abandoned = await admin('GET', '/audit-events?type=security_event.abandoned')
    expect(abandoned.body.items).toMatchObject([
      { target: { id }, change: { security_event: second, error: 'invalid_key: no' } },
    ])
    const { body: listed } = await admin('GET', '/security-event-streams')
    expect(listed.items.find((item: Json) => item.id === id)).toMatchObject({
      method: 'poll',
      receiver: RECEIVER.id,
      configured: false,
      pending: 0,
      delivered: 1,
      abandoned: 1,
      lastError: 'invalid_key: no',
    })

    const shown = await crosswalk(['event-stream', 'list', '--server', server.baseUrl], { env: ADMIN })
    expect(shown).toMatchObject({ exitCode: 0, out: expect.stringMatching(`${id} .*invalid_key: no at `) })

    const hers = {
      stream_id: id,
      subject: { format: 'iss_sub', sub: 'usr_carol', iss: server.baseUrl },
    }
    const waiting = async () => Object.keys((await poll()).sets).length
    expect((await call(String(metadata.remove_subject_endpoint), 'POST', hers)).status).toBe(204)
    await act('/users/usr_carol/suspend')
    expect(await waiting()).toBe(0)
    await act('/users/usr_carol/resume')
    expect((await call(String(metadata.add_subject_endpoint), 'POST', hers)).status).toBe(200)

    const status = (value: string) =>
      call(String(metadata.status_endpoint), 'POST', { stream_id: id, status: value, reason: 'test' })
    expect((await status('paused')).body).toEqual({ stream_id: id, status: 'paused', reason: 'test' })
    await act('/users/usr_carol/suspend')
    await act('/users/usr_carol/resume')
    expect(await waiting()).toBe(0)
    await status('enabled')
    expect(await waiting()).toBe(1)
    const verify = ['event-stream', 'verify', id, '--server', server.baseUrl]
    expect(await crosswalk(verify, { env: ADMIN })).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('2 events, '),
    })
    expect(await waiting()).toBe(2)
    await status('disabled')
    expect((await admin('POST', `/security-event-streams/${id}/verify`)).status).toBe(409)
    expect(await crosswalk(verify, { env: ADMIN })).toMatchObject({ exitCode: 7 })
    await status('enabled')
    expect(await waiting()).toBe(0)

    expect((await call(`${streamsUrl()}?stream_id=${id}`, 'DELETE')).status).toBe(204)
    expect((await call(`${streamsUrl()}?stream_id=${id}`, 'GET')).status).toBe(404)
    const { body: events } = await admin(
      'GET',
      '/audit-events?type=event_stream.created,event_stream.deleted',
    )
    expect(events.items.map(({ actor }: { actor: Json }) => actor.id)).toEqual([RECEIVER.id, RECEIVER.id])
  })

  it('waits in a long poll until an event occurs', async () => {
    const { body } = await call(streamsUrl(), 'POST', {})
    const polled = call(body.delivery.endpoint_url, 'POST', {})
    await call(String(metadata.verification_endpoint), 'POST', { stream_id: body.stream_id })
    expect(Object.keys((await polled).body.sets)).toHaveLength(1)
    await call(`${streamsUrl()}?stream_id=${body.stream_id}`, 'DELETE')
  })

  it('waits in a long poll of a paused stream until it resumes', async () => {
    const { body } = await call(streamsUrl(), 'POST', {})
    const setStatus = (status: string) =>
      call(String(metadata.status_endpoint), 'POST', { stream_id: body.stream_id, status })
    await setStatus('paused')
    await call(String(metadata.verification_endpoint), 'POST', { stream_id: body.stream_id })
    const polled = call(body.delivery.endpoint_url, 'POST', {})
    await setStatus('enabled')
    expect(Object.keys((await polled).body.sets)).toHaveLength(1)
    await call(`${streamsUrl()}?stream_id=${body.stream_id}`, 'DELETE')
  })

  it('may have four long polls per stream; the oldest returns when there are more', async () => {
    const { body } = await call(streamsUrl(), 'POST', {})
    const polls = Array.from({ length: 5 }, () => call(body.delivery.endpoint_url, 'POST', {}))
    expect((await Promise.race(polls)).body).toEqual({ sets: {} })
    await call(String(metadata.verification_endpoint), 'POST', { stream_id: body.stream_id })
    const answers = await Promise.all(polls)
    expect(answers.filter((answer) => Object.keys(answer.body.sets).length === 1)).toHaveLength(4)
    await call(`${streamsUrl()}?stream_id=${body.stream_id}`, 'DELETE')
  })

  it('receives pushes with its own authorization header, which cannot be read back', async () => {
    const own = await startSink()
    const header = 'Bearer a secret of the receiver'
    const { body } = await call(streamsUrl(), 'POST', {
      delivery: { method: PUSH, endpoint_url: own.url, authorization_header: header },
    })
    await call(String(metadata.verification_endpoint), 'POST', { stream_id: body.stream_id })
    await vi.waitFor(() => expect(own.received).toHaveLength(1), PATIENCE)
    expect(own.received[0]?.headers).toMatchObject({
      authorization: header,
      'content-type': 'application/secevent+jwt',
    })
    const shown = [
      (await call(streamsUrl(), 'GET')).text,
      (await admin('GET', '/security-event-streams')).text,
      (await admin('GET', '/audit-events?limit=200')).text,
    ]
    expect(shown.join()).not.toContain('a secret of the receiver')
    await call(`${streamsUrl()}?stream_id=${body.stream_id}`, 'DELETE')
    await own.stop()
  })
})

describe('delivery', () => {
  const state = async () => (await admin('GET', '/security-event-streams')).body.items[0]

  it('is retried until accepted, and an administrator sees the error', async () => {
    await vi.waitFor(async () => expect(await state()).toMatchObject({ pending: 0 }), PATIENCE)
    const before = sink.received.length
    sink.statuses.push(503, ...Array.from({ length: 20 }, () => 400))
    await act('/connections/agent0-todo0/revoke')
    await vi.waitFor(
      async () =>
        expect(await state()).toMatchObject({
          pending: 1,
          lastError: 'status 400: invalid_key: who are you',
        }),
      PATIENCE,
    )
    expect((await state()).lagSeconds).toBeGreaterThan(0)
    sink.statuses.length = 0
    await vi.waitFor(
      async () => expect(await state()).toMatchObject({ pending: 0, lastError: null }),
      PATIENCE,
    )
    const tries = sink.received.slice(before)
    expect([tries[0]?.status, tries[1]?.status, tries.at(-1)?.status]).toEqual([503, 400, 202])
    const claims = await Promise.all(tries.map(({ body }) => verifySet(body)))
    expect(new Set(claims.map(({ jti }) => jti)).size).toBe(1)
    expect(claims[0]).toMatchObject({
      sub_id: { application: { format: 'opaque', id: 'agent0-at-vendor' } },
      events: { [SECURITY_EVENT.connectionRevoked]: { resources: ['http://127.0.0.1:7701/mcp'] } },
    })
    await act('/connections/agent0-todo0/resume')
  })

  it('sends verification events, and only the event types of the stream', async () => {
    const before = sink.received.length
    await act('/connections/agent0-todo0/suspend')
    await act('/connections/agent0-todo0/resume')
    const answer = await admin('POST', '/security-event-streams/app:todo0/verify')
    expect([answer.status, answer.body.id]).toEqual([202, 'app:todo0'])
    await vi.waitFor(() => expect(sink.received.length).toBeGreaterThan(before), PATIENCE)
    const [only, ...more] = sink.received.slice(before)
    expect(more).toEqual([])
    expect(Object.keys((await verifySet(only?.body ?? '')).events as Json)).toEqual([
      SECURITY_EVENT.verification,
    ])
    expect((await admin('POST', '/security-event-streams/nobody/verify')).status).toBe(404)
  })

  it('REV-04: sends an event when a user signs out', async () => {
    const before = sink.received.length
    const jar = new Map<string, string>()
    await signIn(
      {
        authorizationEndpoint: `${server.baseUrl}/authorize`,
        clientId: 'agent0',
        redirectUri: REDIRECT_URI,
        username: 'bob',
        password: PASSWORD,
      },
      jar,
    )
    expect(sink.received.length).toBe(before)
    const ended = await signOut(server.baseUrl, jar)
    expect(ended.status).toBe(303)
    await vi.waitFor(() => expect(sink.received.length).toBe(before + 1), PATIENCE)
    expect(await verifySet(sink.received.at(-1)?.body ?? '')).toMatchObject({
      sub_id: { user: { sub: 'usr_bob' } },
      events: { [SECURITY_EVENT.sessionRevoked]: { initiating_entity: 'user' } },
    })
  })

  it.each<[string, string, (begun: Begun) => Promise<unknown>]>([
    ['a code was used twice', 'system', ({ byCode }) => postAsAgent('/token', byCode)],
    [
      'a refresh token was used twice',
      'system',
      ({ refreshToken: refresh_token }) =>
        postAsAgent('/token', { grant_type: GRANT_TYPE.refreshToken, refresh_token }),
    ],
    ['the app revoked its refresh token', 'system', ({ next }) => postAsAgent('/revoke', { token: next })],
    [
      'the user signs out of it alone',
      'user',
      ({ jar, idToken: hint }) => signOut(server.baseUrl, jar, { hint, everywhere: false }),
    ],
  ])('REV-04: sends events about a user and an app when %s', async (_, initiator, end) => {
    const before = sink.received.length
    const begun = await begin()
    expect(sink.received.length).toBe(before)
    await end(begun)
    await vi.waitFor(() => expect(sink.received.length).toBe(before + 2), PATIENCE)
    const sent = await Promise.all(sink.received.slice(before).map(({ body }) => verifySet(body)))
    const client = { user: { sub: 'usr_bob' }, application: { id: AGENT_AT_VENDOR.id } }
    expect(sent).toMatchObject(
      [TODO, NOTES].map((resource) => ({
        sub_id: client,
        events: { [SECURITY_EVENT.sessionRevoked]: { initiating_entity: initiator, resources: [resource] } },
      })),
    )
  })
})

const postAsAgent = (path: string, form: Readonly<Record<string, string>>) =>
  postForm(`${server.baseUrl}${path}`, form, { authorization: basic(AGENT) })

type Begun = Awaited<ReturnType<typeof begin>>

/** Signs in to the app, which refreshes once. */
async function begin() {
  const jar = new Map<string, string>()
  const { code, codeVerifier } = await signIn(
    {
      authorizationEndpoint: `${server.baseUrl}/authorize`,
      clientId: AGENT.id,
      redirectUri: REDIRECT_URI,
      username: 'bob',
      password: PASSWORD,
      extra: { scope: 'openid offline_access' },
    },
    jar,
  )
  const byCode = {
    grant_type: GRANT_TYPE.authorizationCode,
    code: code ?? '',
    redirect_uri: REDIRECT_URI,
    code_verifier: codeVerifier,
  }
  const { body } = await postAsAgent('/token', byCode)
  const [idToken, refreshToken] = [String(body.id_token), String(body.refresh_token)]
  const form = { grant_type: GRANT_TYPE.refreshToken, refresh_token: refreshToken }
  const refreshed = await postAsAgent('/token', form)
  return { jar, byCode, idToken, refreshToken, next: String(refreshed.body.refresh_token) }
}

it('a receiver changes streams at most 60 times a minute, because every change is kept', async () => {
  const statuses: number[] = []
  while (statuses.length < 62 && !statuses.includes(429))
    statuses.push((await call(streamsUrl(), 'PATCH', { stream_id: 'app:todo0', description: 'x' })).status)
  expect(statuses.at(-1)).toBe(429)
  const { headers } = await fetch(streamsUrl(), {
    method: 'DELETE',
    headers: { authorization: basic(RECEIVER) },
  })
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect((await call(streamsUrl(), 'GET')).status).toBe(200)
})
