// The thirteen steps of the best-known sample of Cross App Access, from first page to last; and its externally visible defects, each shown to
// be absent here.
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { createBrowser } from '@crosswalk/demo-world'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { runFourRequests } from '../support/four-requests.ts'
import { JWT } from '../support/jwt-pattern.ts'
import { type Leg, type ReferenceWorld, startReferenceWorld, type Visit } from './reference-world.ts'

let reference: ReferenceWorld
let alice: Visit
const address = () => reference.world.addresses
const passwords = () => reference.world.secrets.passwords
beforeAll(async () => {
  reference = await startReferenceWorld()
})
afterAll(() => reference.stop())

const readJson = async (url: string) => (await (await fetch(url)).json()) as Readonly<Record<string, unknown>>
const find = (legs: readonly Leg[], name: string): Leg => {
  const found = legs.find(({ leg }) => leg === name)
  if (found === undefined) throw new Error(`no ${name} among ${JSON.stringify(legs)}`)
  return found
}

const isMissing = (program: string) => spawnSync(program, ['--version']).error !== undefined
const missing = ['curl', 'openssl', 'python3'].filter(isMissing)
if (missing.length > 0) console.warn(`skipped: ${missing.join(', ')} not found for "ID-JAG in four requests"`)

it.skipIf(missing.length > 0)(
  'the page "ID-JAG in four requests" lists the todos of alice, by curl and by Python',
  async () => {
    const { curl, python } = await runFourRequests(reference.world)
    for (const printed of [curl, python]) expect(printed).toMatch(/^data: .*Read the README/m)
  },
)

it('thirteen steps, from an unknown visitor at Agent0 to a list shared by two apps', async () => {
  const { agent0, idp, todo0, vendorIssuer } = address()
  const browser = createBrowser()

  // 1: Agent0 does not know the visitor. 2: it sends them to their company, with PKCE.
  expect((await browser.open(`${agent0}/`)).html).toContain('href="/signin"')
  const left = await fetch(`${agent0}/signin`, { redirect: 'manual' })
  const authorization = new URL(left.headers.get('location') ?? '')
  expect(authorization.origin).toBe(idp)
  expect(authorization.searchParams.get('code_challenge_method')).toBe('S256')

  // 3: they sign in there, once. 4: Agent0 has an ID token issued to it, and greets them.
  alice = await reference.visit('alice', passwords().alice)
  expect(alice.page.url).toBe(`${agent0}/`)
  expect(alice.page.html).toContain('Hello Alice')
  expect(alice.page.html).toMatch(/<code>aud<\/code>[^]*?<code>agent0<\/code>/)

  // 5: Todo0's MCP server requires a token, and says where to get one.
  const closed = await fetch(`${todo0}/mcp`, { method: 'POST' })
  const metadataUrl = /resource_metadata="([^"]+)"/.exec(closed.headers.get('www-authenticate') ?? '')?.[1]
  expect(closed.status).toBe(401)
  // 6: that leads to the vendor's authorization server, which announces ID-JAG support.
  const metadata = await readJson(metadataUrl ?? '')
  expect(metadata).toMatchObject({ resource: `${todo0}/mcp`, authorization_servers: [vendorIssuer] })
  const { origin, pathname } = new URL(vendorIssuer)
  const server = await readJson(`${origin}/.well-known/oauth-authorization-server${pathname}`)
  expect(server['authorization_grant_profiles_supported']).toEqual([
    'urn:ietf:params:oauth:grant-profile:id-jag',
  ])

  // 7: on a chat message, Agent0 exchanges the ID token at the company. 8: the ID-JAG is for the vendor, and identifies her there.
  const { answer, legs } = await alice.ask('list my todos')
  const exchange = find(legs, 'exchange')
  expect(exchange).toMatchObject({ status: 200, scope: 'todos.read' })
  expect(exchange.url.startsWith(idp)).toBe(true)
  expect(exchange.claims).toMatchObject({
    iss: idp,
    aud: vendorIssuer,
    client_id: 'agent0-at-todo0',
    sub: 'usr_alice',
    resource: `${todo0}/mcp`,
  })
  // 9: the vendor redeems it. 10: the access token is for the MCP server, and for an account created for her.
  const redemption = find(legs, 'redemption')
  expect(redemption.status).toBe(200)
  expect(redemption.claims).toMatchObject({
    iss: vendorIssuer,
    aud: `${todo0}/mcp`,
    sub: expect.stringMatching(/^acc_/),
  })
  // 11: with it, the tool lists her todos.
  expect(find(legs, 'resource')).toMatchObject({ status: 200, url: `${todo0}/mcp` })
  expect(answer).toMatchObject({ kind: 'listed', items: [{ done: false }, { done: false }] })

  // 12: she adds one and finishes it, in the chat.
  expect((await alice.ask('add buy milk')).answer.text).toBe('I added "buy milk" to your todos.')
  expect((await alice.ask('finish buy milk')).answer.text).toBe('I finished "buy milk".')
  // 13: Todo0's own page shows the same list, and who did what.
  const page = await alice.browser.open(`${todo0}/signin`)
  const text = page.html.replace(/<[^>]*>/g, ' ').replace(/\s+/g, ' ')
  expect(text).toMatch(
    /buy milk added by Agent0 for you \d+ \w+ \d{4}, \d\d:\d\d UTC finished by Agent0 for you/,
  )
})

describe('no defect of the sample:', () => {
  it('no page can make the server execute or fetch anything: it accepts one sentence, from its own pages', async () => {
    const { agent0, base } = address()
    const body = JSON.stringify({
      sentence: 'list my todos',
      command: 'touch /tmp/x',
      args: ['-c'],
      env: { A: 'b' },
      servers: { Todo0: 'http://127.0.0.1:9/mcp' },
    })
    const foreign = await fetch(`${agent0}/api/chat`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'sec-fetch-site': 'cross-site',
        origin: 'https://evil.test',
      },
      body,
    })
    expect(foreign.status).toBe(415)
    for (const method of ['OPTIONS', 'GET']) {
      const answer = await fetch(`${agent0}/api/chat`, { method, headers: { origin: 'https://evil.test' } })
      expect(answer.headers.get('access-control-allow-origin')).toBeNull()
    }
    const { body: turn } = await alice.browser.postJson(`${agent0}/api/chat`, JSON.parse(body))
    const ports = (turn as { legs: Leg[] }).legs.map(({ url }) => Number(new URL(url).port) - base)
    expect(ports.every((offset) => offset >= 0 && offset < 5)).toBe(true)
  })

  it('no token reaches the browser, in any page, response or cookie', async () => {
    const { agent0 } = address()
    const pages = await Promise.all(['/', '/api/chat'].map((path) => alice.browser.open(`${agent0}${path}`)))
    expect(JSON.stringify(await alice.ask('list my todos'))).not.toMatch(JWT)
    for (const { html } of [...pages, alice.page]) expect(html).not.toMatch(JWT)
  })

  it('each API route requires its own scope', async () => {
    const token = await reference.getApiToken('todos.read')
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const api = `${address().todo0}/api/todos`
    expect((await fetch(api, { headers })).status).toBe(200)
    for (const [method, url] of [
      ['POST', api],
      ['PATCH', `${api}/first-1`],
      ['DELETE', `${api}/first-1`],
    ] as const) {
      const answer = await fetch(url, { method, headers, body: JSON.stringify({ title: 'no' }) })
      expect(answer.status).toBe(403)
      expect(answer.headers.get('www-authenticate')).toMatch(
        /error="insufficient_scope".*scope="todos\.write"/,
      )
    }
  })

  it('a denied exchange is shown to the user, with its cause and whom to ask', async () => {
    const bob = await reference.visit('bob', passwords().bob)
    const { answer } = await bob.ask('list my todos')
    expect(answer).toMatchObject({
      kind: 'refused',
      text: expect.stringContaining('organisation has not allowed'),
    })
    const { html } = await bob.browser.open(`${address().agent0}/`)
    expect(html).toContain(`Decision <code>${answer.decisionId}</code>`)
    expect(html).toContain('Your administrator can look it up.')
  })

  it('a user without an e-mail address can sign in and see their todos', async () => {
    const { idp } = address()
    const password = 'a password of six words or so'
    const made = await fetch(`${idp}/admin/api/v1/users`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${reference.world.secrets.clients.ADMIN_TOKEN}`,
        'content-type': 'application/json',
      },
      body: JSON.stringify({ id: 'usr_erin', username: 'erin', password, groups: ['engineering'] }),
    })
    expect(made.status).toBe(201)
    const erin = await reference.visit('erin', password)
    expect(erin.page.url).toBe(`${address().agent0}/`)
    expect((await erin.ask('list my todos')).answer.kind).toBe('listed')
  })

  it('users who sign in simultaneously are not mixed up', async () => {
    const names = { alice: 'Alice Chen', bob: 'Bob Okafor', carol: 'Carol Ruiz' } as const
    const visits = await Promise.all(
      (['alice', 'bob', 'carol'] as const).map(async (name) => ({
        name,
        page: (await reference.visit(name, passwords()[name])).page,
      })),
    )
    for (const { name, page } of visits) expect(page.html).toContain(names[name])
    const [one, other] = [createBrowser(), createBrowser()]
    await one.open(`${address().agent0}/signin`)
    const planted = await other.open(`${address().agent0}/callback?code=x&state=y`)
    expect(planted).toMatchObject({ status: 400, html: expect.stringContaining('not started here') })
  })

  it('allows neither dynamic registration nor sign-in without PKCE', async () => {
    const { idp, agent0, vendorIssuer, vendor } = address()
    const idpMetadata = await readJson(`${idp}/.well-known/openid-configuration`)
    const vendorMetadata = await readJson(
      `${vendor}/.well-known/oauth-authorization-server${new URL(vendorIssuer).pathname}`,
    )
    for (const metadata of [idpMetadata, vendorMetadata])
      expect(metadata).not.toHaveProperty('registration_endpoint')
    for (const url of [`${idp}/reg`, `${idp}/register`, `${vendorIssuer}/register`])
      expect((await fetch(url, { method: 'POST', body: '{}' })).status).toBe(404)
    const query = new URLSearchParams({
      client_id: 'agent0',
      response_type: 'code',
      redirect_uri: `${agent0}/callback`,
      scope: 'openid',
      state: 's',
    })
    const answer = await fetch(`${String(idpMetadata['authorization_endpoint'])}?${query}`, {
      redirect: 'manual',
    })
    const location = new URL(answer.headers.get('location') ?? '', idp)
    expect(location.searchParams.get('error')).toBe('invalid_request')
    expect(location.searchParams.get('error_description')).toMatch(/pkce/i)
  })

  it('no log and no database contains a token', async () => {
    const { folder } = reference
    const files = ['.', 'logs'].flatMap((sub) =>
      readdirSync(join(folder, sub), { withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map(({ name }) => join(folder, sub, name)),
    )
    expect(files.length).toBeGreaterThan(7)
    const token = await reference.getApiToken('todos.read')
    const signature = token.split('.')[2] ?? 'none'
    for (const file of files) {
      const bytes = readFileSync(file, 'latin1')
      expect(bytes.includes(signature), file).toBe(false)
      if (file.endsWith('.log')) expect(bytes, file).not.toMatch(JWT)
    }
  })

  it('no URL lets a browser claim to be signed in', async () => {
    const { agent0 } = address()
    const claim = { isAuthenticated: true, user: 'alice' }
    const stranger = createBrowser()
    for (const path of ['/api/session/auth/save', '/api/session', '/signin'])
      expect((await fetch(`${agent0}${path}`, { method: 'POST', body: JSON.stringify(claim) })).status).toBe(
        404,
      )
    const planted = await fetch(`${agent0}/`, {
      headers: { cookie: 'agent0_session=planted; isAuthenticated=true' },
    })
    expect(await planted.text()).toContain('href="/signin"')
    expect(
      (await stranger.postJson(`${agent0}/api/chat`, { sentence: 'list my todos', ...claim })).status,
    ).toBe(401)
  })

  it('decisions can be looked up, and the log proves that none was removed', async () => {
    const headers = { authorization: `Bearer ${reference.world.secrets.clients.ADMIN_TOKEN}` }
    const get = async (path: string) =>
      (await (await fetch(`${address().idp}/admin/api/v1${path}`, { headers })).json()) as {
        items?: { code: string; request: object }[]
        ok?: boolean
      }
    const { items = [] } = await get('/decisions?user=usr_bob&outcome=deny')
    expect(items[0]).toMatchObject({ code: expect.stringMatching(/^XAA150[23]$/) })
    expect(await get('/audit-events/verify')).toMatchObject({ ok: true })
  })

  it('no client id, audience or port is hard-coded: all come from the configuration', async () => {
    const headers = { authorization: `Bearer ${reference.world.secrets.clients.ADMIN_TOKEN}` }
    const url = `${address().idp}/admin/api/v1/connections/agent0-todo0`
    const connection = (await (await fetch(url, { headers })).json()) as object
    expect(connection).toMatchObject({ clientId: 'agent0-at-todo0', resources: [`${address().todo0}/mcp`] })
    expect(address().base).not.toBe(4000)
  })
})
