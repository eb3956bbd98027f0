// Brokered resources: an agent uses a service without ID-JAG support with our token, and the credential that the gateway sends there appears
// nowhere else. The service is `oidc-provider` with an API behind it.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { createGuardedStreamFetch } from '@crosswalk/as-core'
import { createGateway, type Gateway } from '@crosswalk/resource/gateway'
import { trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, expect, it, vi } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { type Admin, ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { crosswalk } from '../cli/run-crosswalk.ts'
import { openRedirectBrowser, type Page, type RedirectBrowser } from '../sign-in/redirect-browser.ts'
import { type CalendarService, KEY, startCalendarService } from '../support/calendar-service.ts'
import { AGENT, AGENT_AT_VENDOR, company, PASSWORD } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { readWords } from '../support/user-browser.ts'
import { readEverything } from '../support/read-everything.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const PAGE = new URL('../../../docs/how-to/brokered-connections.md', import.meta.url)
const GATEWAY = { id: 'gateway', secret: 'the secret of the gateway' }
const CALENDAR = 'http://127.0.0.1:7711/calendar'
const NOTEBOOK = 'http://127.0.0.1:7711/notebook'

const spans = new InMemorySpanExporter()
beforeAll(() => {
  trace.setGlobalTracerProvider(
    new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter: spans })] }),
  )
})
// Other test files share this process.
afterAll(() => trace.disable())

/** The company with two brokered services: one with user accounts, one with a shared key. */
function brokeredCompany(baseUrl: string, { origin, client }: CalendarService) {
  const file = company(baseUrl) as {
    idp: Record<'resourceApps' | 'connections' | 'users', object[]>
    authorizationServers: Record<'clients' | 'resources', object[]>[]
  }
  const issuer = `${baseUrl}/as/vendor`
  const assignments = { groups: ['engineering'] }
  const app = (id: string, resource: string, credential: object) => ({
    ...{ id, name: id, issuer, assignments },
    resources: [{ id: resource, scopes: ['calendar.read'] }],
    brokered: { api: `${origin}/api`, credential },
  })
  file.idp.resourceApps.push(
    app('calendar', CALENDAR, {
      kind: 'oauth',
      authorizationEndpoint: `${origin}/auth`,
      tokenEndpoint: `${origin}/token`,
      revocationEndpoint: `${origin}/token/revocation`,
      clientId: client.id,
      scopes: ['calendar.read'],
    }),
    app('notebook', NOTEBOOK, { kind: 'apiKey' }),
  )
  for (const [id, resource] of [
    ['calendar', CALENDAR],
    ['notebook', NOTEBOOK],
  ])
    file.idp.connections.push({
      ...{ id: `agent0-${id}`, app: AGENT.id, resourceApp: id, clientId: AGENT_AT_VENDOR.id },
      ...{ resources: [resource], scopes: ['calendar.read'], assignments, status: 'active' },
    })
  const [server] = file.authorizationServers
  server?.clients.push({
    id: GATEWAY.id,
    auth: { method: 'client_secret_basic', secret: GATEWAY.secret },
    introspects: [CALENDAR, NOTEBOOK],
  })
  server?.resources.push(...[CALENDAR, NOTEBOOK].map((id) => ({ id, scopes: ['calendar.read'] })))
  return file as unknown as Record<string, unknown>
}

describeOnDatabases('on $name', (kind) => {
  let calendar: CalendarService
  let server: TestServer
  let admin: Admin
  let alice: RedirectBrowser
  const gateways = new Map<string, Gateway>()
  const guarded = createGuardedStreamFetch({ allowLoopback: true })
  /** Every response seen by agent, browser or administrator */
  const seen: string[] = []
  const realFetch = globalThis.fetch
  let database = ''

  beforeAll(async () => {
    calendar = await startCalendarService()
    database = await kind.create()
    server = await startTestServer({ database, file: (baseUrl) => brokeredCompany(baseUrl, calendar) })
    calendar.open(`${server.baseUrl}/me/accounts/calendar/return`)
    globalThis.fetch = async (...given) => {
      const response = await realFetch(...given)
      seen.push(`${JSON.stringify([...response.headers])} ${await response.clone().text()}`)
      return response
    }
    admin = adminOf(server.baseUrl)
    for (const resource of [CALENDAR, NOTEBOOK])
      gateways.set(
        resource,
        createGateway({
          resource,
          issuer: `${server.baseUrl}/as/vendor`,
          introspection: { clientId: GATEWAY.id, clientSecret: GATEWAY.secret },
          requires: () => ({ scope: ['calendar.read'] }),
          // The gateway's private channel.
          fetch: realFetch,
          fetchService: (url, init) => guarded.fetch(url, init),
        }),
      )
    alice = await openBrowser('alice')
  })
  afterAll(async () => {
    globalThis.fetch = realFetch
    await guarded.close()
    await server.stop()
    await calendar.close()
  })

  async function openBrowser(username: string): Promise<RedirectBrowser> {
    const browser = openRedirectBrowser('none:')
    const page = await browser.go(`${server.baseUrl}/me/accounts`)
    await browser.submit(page, { ...readHidden(page), username, password: PASSWORD })
    return browser
  }

  function readHidden({ text }: Page): Record<string, string> {
    const inputs = [...text.matchAll(/<input[^>]*type="hidden"[^>]*>/g)].map(([input]) => [
      /name="([^"]*)"/.exec(input)?.[1] ?? '',
      /value="([^"]*)"/.exec(input)?.[1] ?? '',
    ])
    return Object.fromEntries(inputs) as Record<string, string>
  }

  async function tokenFor(username: string, resource: string): Promise<string> {
    const { idToken } = await signInFor(server.baseUrl, username)
    const granted = await exchange(server.baseUrl, idToken, { resource, scope: 'calendar.read' })
    const redeemed = await redeem(server.baseUrl, String(granted.body.access_token))
    return String(redeemed.body.access_token)
  }

  async function call(token: string, path = '/events', resource = CALENDAR, init: RequestInit = {}) {
    const headers = { authorization: `Bearer ${token}`, cookie: 'mine=1', ...init.headers }
    const response = await gateways.get(resource)?.(new Request(resource + path, { ...init, headers }))
    const text = (await response?.text()) ?? ''
    seen.push(`${JSON.stringify([...(response?.headers ?? [])])} ${text}`)
    return {
      status: response?.status,
      headers: response?.headers,
      body: (text === '' ? {} : JSON.parse(text)) as Record<string, unknown>,
    }
  }

  /** Of the button of the page, for the session of each browser */
  const links = new Map<RedirectBrowser, string>()
  const connect = async (browser = alice) => {
    const { text } = await browser.go(`${server.baseUrl}/me/accounts`)
    const link = /href="([^"]*\/calendar\/connect[^"]*)"/.exec(text)?.[1] ?? links.get(browser) ?? ''
    links.set(browser, link)
    return browser.go(link)
  }
  const storeSecret = (secret: string, resourceApp = 'calendar', more = {}) =>
    admin('POST', '/stored-credentials', {
      body: { resourceApp, secret, reason: 'set up', ...more },
    })

  it('denies with a link to connect an account, and that page works', async () => {
    const token = await tokenFor('alice', CALENDAR)
    const refused = await call(token)
    expect([refused.status, refused.body]).toMatchObject([
      403,
      { error: 'interaction_required', code: 'XAA2604', error_uri: `${server.baseUrl}/me/accounts` },
    ])
    expect(readWords((await connect()).text)).toContain('An administrator has to finish the setup')
    expect(await storeSecret(calendar.client.secret)).toMatchObject({
      status: 201,
      body: { resourceApp: 'calendar', user: null, kind: 'clientSecret', lastUsedAt: null },
    })
    const page = await alice.go(String(refused.body.error_uri))
    expect(readWords(page.text)).toContain('Not connected')
    expect(readWords((await connect()).text)).toContain('Account connected.')
    expect((await call(token)).status).toBe(200)
    const { body: decision } = await admin('GET', `/decisions/${String(refused.body.decision)}`)
    expect(decision).toMatchObject({
      code: 'XAA2604',
      resolution: { resource_app: 'calendar', connection: 'agent0-calendar' },
      request: { subject: { ref: 'usr_alice' }, actor: { ref: AGENT_AT_VENDOR.id } },
    })
  })

  it.each(['', '?key=', '?key=made-up'])(
    'connects nothing for a link%s of another site: the page asks the user',
    async (query) => {
      const before = calendar.issued.length
      const page = await alice.go(`${server.baseUrl}/me/accounts/calendar/connect${query}`)
      expect(page.url).toBe(`${server.baseUrl}/me/accounts`)
      expect(readWords(page.text)).not.toContain('Account connected.')
      expect(calendar.issued).toHaveLength(before)
    },
  )

  it('calls the service with the stored credential, without revealing it to the app', async () => {
    const token = await tokenFor('alice', CALENDAR)
    const answer = await call(token, '/events?day=1', CALENDAR, {
      method: 'POST',
      body: 'x=1',
      headers: { connection: 'x-mine', 'x-mine': '1', 'x-forwarded-for': '10.0.0.1', 'x-kept': '1' },
    })
    const [sent] = calendar.received.slice(-1)
    expect(calendar.issued.map((one) => `Bearer ${one}`)).toContain(sent?.authorization)
    expect(answer.body).toMatchObject({ url: '/api/events?day=1', method: 'POST' })
    expect(sent).toMatchObject({ 'x-kept': '1' })
    for (const name of ['cookie', 'x-mine', 'x-forwarded-for', 'dpop']) expect(sent).not.toHaveProperty(name)
    expect(answer.headers?.get('set-cookie')).toBeNull()
    expect(answer.headers?.get('x-echo')).toMatch(/^Bearer \*+$/)
    expect(String((answer.body.headers as Record<string, string>).authorization)).toMatch(/^Bearer \*+$/)
  })

  it('passes on a 304 only in response to a conditional request', async () => {
    const token = await tokenFor('alice', CALENDAR)
    const ask = (init: RequestInit) => call(token, '/unchanged', CALENDAR, init)
    const asked = await ask({ headers: { 'if-none-match': '"v1"' } })
    expect([asked.status, asked.headers?.get('etag'), asked.body]).toEqual([304, '"v1"', {}])
    expect(calendar.received.at(-1)).toMatchObject({ 'if-none-match': '"v1"' })
    expect((await ask({ method: 'HEAD', headers: { 'if-modified-since': 'now' } })).status).toBe(304)
    const unasked = { status: 502, body: { error: 'redirect_refused' } }
    expect(await ask({})).toMatchObject(unasked)
    expect(await ask({ method: 'PUT', headers: { 'if-none-match': '"v1"' } })).toMatchObject(unasked)
  })

  it('does not pass on a 401, which is about the credential and not about the token of the app', async () => {
    const { status, headers, body } = await call(await tokenFor('alice', CALENDAR), '/refused')
    expect([status, body.error, headers?.get('www-authenticate')]).toEqual([502, 'credential_refused', null])
  })

  it.each([
    ['/away', 502, 'redirect_refused'],
    ['/%2e%2e%2ftoken', 400, 'invalid_request'],
    ['/%252e%252e/token', 400, 'invalid_request'],
    ['/x/..%5c..%5ctoken', 400, 'invalid_request'],
  ])('does not let %s escape the API path', async (path, status, error) => {
    const before = calendar.received.length
    const answer = await call(await tokenFor('alice', CALENDAR), path)
    expect([answer.status, answer.body.error]).toEqual([status, error])
    expect(calendar.received.length - before).toBe(status === 502 ? 1 : 0)
  })

  const askFor = (token: string, client: { id: string; secret: string }, more = {}) =>
    postForm(
      `${server.baseUrl}/as/vendor/token`,
      {
        grant_type: 'urn:ietf:params:oauth:grant-type:token-exchange',
        subject_token: token,
        subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
        requested_token_type: 'urn:crosswalk:token-type:stored-credential',
        ...more,
      },
      { authorization: basic(client) },
    )

  it('releases the credential only to the gateway, and only for active tokens', async () => {
    const token = await tokenFor('alice', CALENDAR)
    const ask = (client: { id: string; secret: string }, subject = token, more = {}) =>
      askFor(subject, client, more)
    const said = async (answer: ReturnType<typeof ask>) => {
      const { status, body } = await answer
      return [status, body.error]
    }
    expect(await said(ask(AGENT_AT_VENDOR))).toEqual([400, 'unauthorized_client'])
    expect(await said(ask({ id: 'todo0-api', secret: 'todo0 api secret' }))).toEqual([
      400,
      'unauthorized_client',
    ])
    expect(await said(ask({ ...GATEWAY, secret: 'wrong' }))).toEqual([401, 'invalid_client'])
    expect(await said(ask(GATEWAY, 'made-up'))).toEqual([400, 'invalid_grant'])
    expect(await said(ask(GATEWAY, token, { requested_token_type: 'other' }))).toEqual([
      400,
      'invalid_request',
    ])
    expect((await call(token)).status).toBe(200)
  })

  it('refreshes a token that is about to expire, once for many requests', async () => {
    calendar.lifetimeSeconds = 20
    await connect()
    calendar.lifetimeSeconds = 600
    const token = await tokenFor('alice', CALENDAR)
    const before = calendar.issued.length
    // A client that may not have the credential does not cause a refresh either.
    expect((await askFor(token, AGENT_AT_VENDOR)).body.error).toBe('unauthorized_client')
    expect(calendar.issued).toHaveLength(before)
    const answers = await Promise.all([1, 2, 3].map(() => call(token)))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(calendar.issued.length - before).toBe(2)
    const [sent] = calendar.received.slice(-1)
    expect(sent?.authorization).toBe(`Bearer ${calendar.issued.at(-2)}`)
  })

  it('responds with 503 while a refresh fails temporarily, and asks to reconnect once it fails for good', async () => {
    calendar.lifetimeSeconds = 20
    await connect()
    const token = await tokenFor('alice', CALENDAR)
    calendar.down = true
    const waiting = await call(token)
    expect([waiting.status, waiting.body.error]).toEqual([503, 'temporarily_unavailable'])
    const { body: decision } = await admin('GET', `/decisions/${String(waiting.body.decision)}`)
    expect(decision).toMatchObject({ code: 'XAA2605', outcome: 'error' })
    calendar.down = false
    expect((await call(token)).status).toBe(200)

    await calendar.revoke(calendar.issued.at(-1) ?? '')
    expect((await call(token)).body.error).toBe('interaction_required')
    // It is of no use any longer, so it is not kept.
    const kept = await admin('GET', '/stored-credentials?resourceApp=calendar&user=usr_alice')
    expect(kept.body.items).toEqual([])
    const revoked = await admin('GET', '/audit-events?type=vault.revoked&limit=1')
    expect(revoked.body.items).toMatchObject([{ reason: 'the service refused the refresh token' }])
    calendar.lifetimeSeconds = 600
    await connect()
    expect((await call(token)).status).toBe(200)
  })

  it('uses one key for all users if the service has API keys, stored by an administrator', async () => {
    const token = await tokenFor('carol', NOTEBOOK)
    expect((await call(token, '/notes', NOTEBOOK)).body).toMatchObject({
      error: 'interaction_required',
      error_uri: `${server.baseUrl}/admin/resource-apps/notebook`,
    })
    expect((await storeSecret(KEY, 'notebook', { user: 'usr_carol' })).status).toBe(409)
    expect(await storeSecret('two\nlines', 'notebook')).toMatchObject({
      status: 400,
      body: { errors: [{ path: '/secret', problem: expect.stringContaining('printable ASCII') }] },
    })
    expect((await storeSecret(KEY, 'notebook')).status).toBe(201)
    expect((await call(token, '/notes', NOTEBOOK)).status).toBe(200)
    expect(calendar.received.at(-1)?.authorization).toBe(`Bearer ${KEY}`)
    const { body } = await admin('GET', '/stored-credentials?resourceApp=notebook')
    expect(body.items).toMatchObject([{ kind: 'apiKey', user: null, lastUsedAt: expect.any(String) }])
    const revoked = await admin('DELETE', `/stored-credentials/${body.items[0].id}`, {
      headers: { 'crosswalk-reason': 'rotated' },
    })
    expect(revoked.status).toBe(204)
    expect((await call(token, '/notes', NOTEBOOK)).status).toBe(403)
  })

  it('works with the commands of the how-to page', async () => {
    const page = readFileSync(PAGE, 'utf8')
    const file = join(mkdtempSync(join(tmpdir(), 'crosswalk-vault-')), 'secret.txt')
    writeFileSync(file, `${calendar.client.secret}\n`)
    const run = async (line: string) => {
      const words = [...line.matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
      const { exitCode, out, err } = await crosswalk([...words.slice(2), '--server', server.baseUrl], {
        env: { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
      })
      seen.push(out, err)
      expect([exitCode, err], line).toEqual([0, ''])
      return out
    }
    const [store = '', list = '', revoke = ''] = [...page.matchAll(/^npx crosswalk credential .*$/gm)].map(
      ([it]) => it,
    )
    const id = /crd_\w+/.exec(await run(store.replace('secret.txt', file)))?.[0] ?? ''
    expect(await run(list)).toContain(id)
    expect(await run(revoke.replace(' ID ', ` ${id} `))).toContain(`${id} revoked`)
    expect(await run(list)).not.toContain(id)
    await run(store.replace('secret.txt', file))
  })

  it('ends with the connection, and with the credential, which is revoked at the service', async () => {
    const token = await tokenFor('alice', CALENDAR)
    expect((await call(token)).status).toBe(200)
    const block = await admin('POST', '/blocks', {
      body: { kind: 'connection', target: 'agent0-calendar', reason: 'stolen' },
    })
    expect(block.status).toBe(201)
    // At the exchange, before the gateway introspects the token again.
    expect((await call(token)).status).toBe(401)
    await admin('DELETE', `/blocks/${block.body.id}`)

    const again = await tokenFor('alice', CALENDAR)
    expect((await call(again)).status).toBe(200)
    calendar.down = true
    const page = await alice.go(`${server.baseUrl}/me/accounts`)
    const fields = { ...readHidden(page), act: 'disconnect' }
    const gone = await alice.submit(page, fields)
    expect(readWords(gone.text)).toContain('Account disconnected.')
    expect((await call(again)).body.error).toBe('interaction_required')
    const gone2 = calendar.issued.slice(-2)
    expect(calendar.revoked).not.toEqual(expect.arrayContaining(gone2))
    calendar.down = false
    await vi.waitFor(() => expect(calendar.revoked).toEqual(expect.arrayContaining(gone2)), 20_000)
  })

  it('releases nothing that was revoked during its refresh, and revokes the new token at the service', async () => {
    calendar.lifetimeSeconds = 20
    await connect()
    calendar.lifetimeSeconds = 600
    const token = await tokenFor('alice', CALENDAR)
    const { body } = await admin('GET', '/stored-credentials?resourceApp=calendar&user=usr_alice')
    calendar.meanwhile = async () => {
      calendar.meanwhile = undefined
      const { status } = await admin('DELETE', `/stored-credentials/${body.items[0].id}`, {
        headers: { 'crosswalk-reason': 'stolen' },
      })
      expect(status).toBe(204)
    }
    const [received, issued] = [calendar.received.length, calendar.issued.length]
    expect((await call(token)).body.error).toBe('interaction_required')
    expect(calendar.received).toHaveLength(received)
    const refreshed = calendar.issued.slice(issued)
    expect(refreshed).toHaveLength(2)
    await vi.waitFor(() => expect(calendar.revoked).toEqual(expect.arrayContaining(refreshed)), 20_000)
    // Positive control: an undisturbed refresh works.
    calendar.lifetimeSeconds = 20
    await connect()
    calendar.lifetimeSeconds = 600
    expect((await call(token)).status).toBe(200)
  })

  const blockConnection = async () => {
    const { status, body } = await admin('POST', '/blocks', {
      body: { kind: 'connection', target: 'agent0-calendar', reason: 'stolen' },
    })
    expect(status).toBe(201)
    return () => admin('DELETE', `/blocks/${body.id}`)
  }
  const revokeToken = async (token: string) => {
    const headers = { authorization: basic(AGENT_AT_VENDOR) }
    expect((await postForm(`${server.baseUrl}/as/vendor/revoke`, { token }, headers)).status).toBe(200)
    return () => undefined
  }

  it.each<[string, (token: string) => Promise<() => unknown>]>([
    ['its connection is blocked', blockConnection],
    ['the app revokes it', revokeToken],
  ])('releases nothing to a token if %s while the credential is refreshed', async (_, revoke) => {
    calendar.lifetimeSeconds = 20
    await connect()
    calendar.lifetimeSeconds = 600
    const token = await tokenFor('alice', CALENDAR)
    let undo: (() => unknown) | undefined
    calendar.meanwhile = async () => {
      calendar.meanwhile = undefined
      undo = await revoke(token)
    }
    const [received, issued] = [calendar.received.length, calendar.issued.length]
    expect(await call(token)).toMatchObject({ status: 401, body: { error: 'invalid_token' } })
    expect(calendar.received).toHaveLength(received)
    expect(calendar.issued.length - issued).toBe(2)
    // Positive control: the refreshed credential is released to another token.
    await undo?.()
    expect((await call(await tokenFor('alice', CALENDAR))).status).toBe(200)
    expect(calendar.issued.length - issued).toBe(2)
  })

  it('keeps nothing for a user who is removed while connecting, and revokes the tokens at the service', async () => {
    const removed = { id: 'usr_mia', username: 'mia', groups: ['engineering'] }
    const created = await admin('POST', '/users', { body: { ...removed, password: PASSWORD } })
    expect(created.status).toBe(201)
    const mia = await openBrowser('mia')
    const listTypes = async () =>
      (await admin('GET', '/audit-events?user=usr_mia&limit=20')).body.items.map(
        ({ type }: { type: string }) => type,
      )
    // Positive control: as long as she exists, her account is stored.
    expect(readWords((await connect(mia)).text)).toContain('Account connected.')
    expect(await listTypes()).toContain('vault.stored')
    const issued = calendar.issued.length
    calendar.meanwhile = async () => {
      calendar.meanwhile = undefined
      const { status } = await admin('DELETE', '/users/usr_mia', {
        ifMatch: created.etag,
        headers: { 'crosswalk-reason': 'left' },
      })
      expect(status).toBe(204)
    }
    expect(readWords((await connect(mia)).text)).not.toContain('Account connected.')
    const kept = await admin('GET', '/stored-credentials?user=usr_mia')
    expect(kept.body.items).toEqual([])
    expect(calendar.revoked).toEqual(expect.arrayContaining(calendar.issued.slice(issued)))
    expect((await listTypes()).filter((type: string) => type === 'vault.revoked')).toHaveLength(2)
  })

  it('revokes old tokens at the service when an account is connected again, and keeps the new ones', async () => {
    await connect()
    const [before, count] = [calendar.issued.slice(-2), calendar.issued.length]
    await connect()
    const next = calendar.issued.slice(count)
    expect(next).toHaveLength(2)
    await vi.waitFor(() => expect(calendar.revoked).toEqual(expect.arrayContaining(before)), 20_000)
    expect(calendar.revoked).not.toEqual(expect.arrayContaining([next[0]]))
    expect((await call(await tokenFor('alice', CALENDAR))).status).toBe(200)
  })

  it('shows the credential only in the request to the service', async () => {
    await connect()
    expect((await call(await tokenFor('alice', CALENDAR))).status).toBe(200)
    const secrets = [...calendar.issued, calendar.client.secret, KEY]
    expect(secrets.length).toBeGreaterThan(8)
    const [sent] = calendar.received.slice(-1)
    expect(secrets.map((one) => `Bearer ${one}`)).toContain(sent?.authorization)
    const audit = await admin('GET', '/audit-events?limit=200')
    expect(audit.body.items.map(({ type }: { type: string }) => type)).toEqual(
      expect.arrayContaining(['vault.stored', 'vault.used', 'vault.refused', 'vault.revoked']),
    )
    const everywhere = {
      seen: seen.join('\n'),
      log: server.log.join('\n'),
      audit: (await admin('GET', '/audit-events/export')).text + audit.text,
      metrics: await (await realFetch(`${server.baseUrl}/metrics`)).text(),
      configuration: (await admin('GET', '/configuration/export')).text,
      spans: JSON.stringify(
        spans.getFinishedSpans().map(({ name, attributes, events, status }) => ({
          name,
          attributes,
          events,
          status,
        })),
      ),
      database: await readEverything(database),
    }
    // Positive control: each of these places has content.
    expect(everywhere.spans).toContain('stored credential')
    expect(everywhere.database).toContain('vault.used')
    expect(everywhere.seen).toContain('interaction_required')
    for (const [where, text] of Object.entries(everywhere)) {
      expect(text.length, where).toBeGreaterThan(20)
      for (const secret of secrets)
        for (const form of [secret, encodeURIComponent(secret), btoa(secret).replace(/=+$/, '')])
          expect(text.includes(form), `${where} has ${form}`).toBe(false)
    }
  })
})
