// An invitation connects two servers that do not know each other, whichever side creates it. One that was altered, has
// expired, or is for another server connects nothing.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { GRANT_TYPE } from '@crosswalk/protocol'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { crosswalk } from '../cli/run-crosswalk.ts'
import { AGENT, REDIRECT_URI, TODO, PASSWORD } from '../support/company.ts'
import { basic, exchange, postForm, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'
import { ADMIN_TOKEN, adminOf } from './admin.ts'

const SCOPES = ['todos.read', 'todos.write']

let company: TestServer
let vendor: TestServer
let folder: string
let clockMs: number

beforeAll(async () => {
  clockMs = Date.now()
  const clock = { nowMs: () => clockMs }
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-invitation-'))
  company = await startTestServer({ file: () => ({ admin: { token: ADMIN_TOKEN }, idp: idp() }) })
  vendor = await startTestServer({ clock, file: () => ({ admin: { token: ADMIN_TOKEN } }) })
  await define(vendor, 'authorization-servers', { id: 'vendor', resources: [{ id: TODO, scopes: SCOPES }] })
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await Promise.all([company.stop(), vendor.stop()])
})

function idp() {
  return {
    users: [
      { id: 'usr_alice', username: 'alice', name: 'Alice', password: PASSWORD, groups: ['engineering'] },
    ],
    apps: [
      {
        ...{ id: AGENT.id, name: 'Agent0', kind: 'agent', redirectUris: [REDIRECT_URI] },
        ...{ auth: { method: 'client_secret_basic', secret: AGENT.secret }, assignments: { everyone: true } },
      },
    ],
  }
}

async function define(server: TestServer, collection: string, body: object): Promise<void> {
  const { status, text } = await adminOf(server.baseUrl)('POST', `/${collection}`, { body })
  expect([status, text]).toEqual([201, text])
}

function at(server: TestServer, ...args: readonly string[]) {
  const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
  return crosswalk(['invitation', ...args, '--server', server.baseUrl], { env })
}

async function makeFile(server: TestServer, ...args: readonly string[]): Promise<string> {
  const { exitCode, out, err } = await at(server, 'create', ...args)
  expect([exitCode, err]).toEqual([0, expect.stringContaining('it contains no secret')])
  const file = join(folder, `${Math.random()}.json`)
  writeFileSync(file, out)
  return file
}

const APPLY = ['--yes', '--reason', 'they are our partner'] as const
const WITHOUT = (path: string) => ({ ...(JSON.parse(readFileSync(path, 'utf8')) as { signed: string }) })

async function cross(client: { readonly id: string; readonly secret: string }) {
  const { idToken } = await signInFor(company.baseUrl, 'alice')
  const audience = `${vendor.baseUrl}/as/vendor`
  const { body } = await exchange(company.baseUrl, idToken, { audience, resource: TODO, scope: 'todos.read' })
  return redeem(vendor.baseUrl, String(body['access_token']), {}, client)
}

describe('an invitation of the identity provider', () => {
  let file: string
  beforeAll(async () => {
    const everyone = { assignments: { everyone: true } }
    const issuer = `${vendor.baseUrl}/as/vendor`
    const resources = [{ id: TODO, scopes: SCOPES }]
    await define(company, 'resource-apps', { id: 'todo0', name: 'Todo0', issuer, resources, ...everyone })
    await define(company, 'connections', {
      ...{ id: 'agent0-todo0', app: AGENT.id, resourceApp: 'todo0', clientId: 'agent0-at-vendor' },
      ...{ resources: [TODO], scopes: SCOPES, status: 'active', ...everyone },
    })
    file = await makeFile(company, '--connection', 'agent0-todo0', '--contact', 'it@acme.test')
  })

  it('is shown in full and changes nothing until it is accepted', async () => {
    const { exitCode, out, err } = await at(vendor, 'accept', file, '--dry-run')
    expect([exitCode, err]).toEqual([0, 'dry run: nothing was changed\n'])
    expect(out).toContain(`signed by ${company.baseUrl}`)
    expect(out).not.toContain('secret of client')
    expect(out).toContain(`${TODO}: todos.read todos.write\ncontact: it@acme.test`)
    expect(out).toMatch(/1 to change[^]*~ authorization-servers\/vendor[^]*trustedIssuers/)
    const { body } = await adminOf(vendor.baseUrl)('GET', '/authorization-servers/vendor')
    expect([body.trustedIssuers, body.clients]).toEqual([[], []])
    expect(await at(vendor, 'accept', file)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--yes'),
    })
  })

  it.each([
    ['a changed file', (signed: string) => `${signed.slice(0, -6)}AAAAAA`, 'signature is not from'],
    ['a token of another kind', () => 'e30.e30.e30', 'This is not an invitation'],
    [
      'an invitation signed for an issuer by another key',
      (signed: string) => {
        const [header = '', payload = '', signature = ''] = signed.split('.')
        const other = { ...JSON.parse(Buffer.from(header, 'base64url').toString()), kid: 'unknown' }
        return [Buffer.from(JSON.stringify(other)).toString('base64url'), payload, signature].join('.')
      },
      'unknown-kid',
    ],
  ])('%s connects nothing', async (_, change, why) => {
    const forged = join(folder, 'forged.json')
    const { signed, ...rest } = WITHOUT(file)
    writeFileSync(forged, JSON.stringify({ ...rest, signed: change(signed) }))
    expect(await at(vendor, 'accept', forged, ...APPLY)).toMatchObject({
      exitCode: 7,
      err: expect.stringContaining(why),
    })
  })

  it('is rejected by the server that created it, after expiry, and if it is a different kind of file', async () => {
    expect(await at(company, 'accept', file, ...APPLY)).toMatchObject({
      exitCode: 7,
      err: expect.stringContaining('which does not run here'),
    })
    clockMs += 7 * 86_400_000 - 30_000
    expect(await at(vendor, 'accept', file, '--dry-run')).toMatchObject({ exitCode: 0 })
    clockMs += 60_000
    expect(await at(vendor, 'accept', file, '--dry-run')).toMatchObject({
      exitCode: 7,
      err: expect.stringContaining('expired at'),
    })
    clockMs = Date.now()
    writeFileSync(join(folder, 'other.json'), '{}')
    expect(await at(vendor, 'accept', join(folder, 'other.json'))).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('is not an invitation'),
    })
  })

  it('connects both sides: a user gets access with the client and secret it created', async () => {
    const before = performance.now()
    const { exitCode, out, err } = await at(vendor, 'accept', file, ...APPLY)
    expect([exitCode, err]).toEqual([0, ''])
    const secret = /give it to the developer of Agent0: (\S+)$/m.exec(out)?.[1] ?? ''
    expect(await cross({ id: 'agent0-at-vendor', secret })).toMatchObject({
      status: 200,
      body: { scope: 'todos.read' },
    })
    expect(performance.now() - before).toBeLessThan(60_000)
    const { body } = await adminOf(vendor.baseUrl)('GET', '/authorization-servers/vendor')
    expect(body).toMatchObject({
      trustedIssuers: [{ issuer: company.baseUrl, subject: ['iss_sub'], provisioning: 'jit' }],
      clients: [{ id: 'agent0-at-vendor', issuers: [company.baseUrl] }],
    })
    expect(await at(vendor, 'accept', file, ...APPLY)).toMatchObject({
      exitCode: 0,
      out: expect.stringContaining('is already trusted here'),
    })
    expect(await cross({ id: 'agent0-at-vendor', secret })).toMatchObject({ status: 200 })
  })

  it('is recorded where it is created, and contains no secret', async () => {
    const { body } = await adminOf(company.baseUrl)('GET', '/audit-events?log=admin&type=invitation.created')
    expect(body.items).toMatchObject([{ change: { app: 'agent0-at-vendor' } }])
    const [, payload = ''] = WITHOUT(file).signed.split('.')
    const claims = Buffer.from(payload, 'base64url').toString()
    expect(claims).toContain('"auth":{"method":"client_secret_basic"}')
    expect(claims).not.toContain(AGENT.secret)
  })
})

it('gives the other company no account of a third one, whatever ids its ID-JAGs name', async () => {
  const TICKETS = 'http://127.0.0.1:7706/mcp'
  const issuer = `${vendor.baseUrl}/as/tickets`
  const resources = [{ id: TICKETS, scopes: SCOPES }]
  const victims = [{ issuer: 'https://victim.test', subject: 'v', ownId: 'usr_alice' }]
  const trustedIssuers = [{ issuer: 'https://victim.test' }]
  await define(vendor, 'authorization-servers', { id: 'tickets', resources, trustedIssuers })
  const body = { accounts: victims, reason: 'a customer' }
  const imported = await adminOf(vendor.baseUrl)('POST', '/authorization-servers/tickets/accounts', { body })
  const everyone = { assignments: { everyone: true } }
  const claims = { aud_sub: 'user.id' }
  await define(company, 'resource-apps', {
    ...{ id: 'tickets0', name: 'Tickets0', issuer, resources, claims, ...everyone },
  })
  await define(company, 'connections', {
    ...{ id: 'agent0-tickets0', app: AGENT.id, resourceApp: 'tickets0', clientId: 'agent0-at-tickets' },
    ...{ resources: [TICKETS], scopes: SCOPES, status: 'active', ...everyone },
  })
  const file = await makeFile(company, '--connection', 'agent0-tickets0')
  const { exitCode, out } = await at(vendor, 'accept', file, ...APPLY)
  expect([exitCode, out]).toEqual([
    0,
    expect.stringContaining('by your own ids (aud_sub), which are ignored'),
  ])
  const secret = /give it to the developer of Agent0: (\S+)$/m.exec(out)?.[1] ?? ''
  const { idToken } = await signInFor(company.baseUrl, 'alice')
  const granted = await exchange(company.baseUrl, idToken, { audience: issuer, resource: TICKETS })
  const redeemed = await postForm(
    `${issuer}/token`,
    { grant_type: GRANT_TYPE.jwtBearer, assertion: String(granted.body['access_token']) },
    { authorization: basic({ id: 'agent0-at-tickets', secret }) },
  )
  expect(redeemed.status).toBe(200)
  const { sub } = decodeJwt(String(redeemed.body['access_token']))
  expect(sub).not.toBe(imported.body.items[0].id)
  expect(out).toContain('by your own ids (aud_sub), which are ignored')
})

describe('an invitation of the authorization server', () => {
  const FILES = 'http://127.0.0.1:7705/mcp'
  const OTHER = 'https://idp.other.test'
  let file: string
  beforeAll(async () => {
    await define(vendor, 'authorization-servers', {
      id: 'files',
      resources: [{ id: FILES, scopes: ['files.read'] }],
      trustedIssuers: [{ issuer: company.baseUrl, provisioning: 'jit' }, { issuer: OTHER }],
      clients: [{ id: 'agent0-at-files', name: 'Agent0', auth: { method: 'client_secret_basic' } }],
    })
    const named = ['--client', 'agent0-at-files', '--issuer', company.baseUrl]
    file = await makeFile(vendor, '--authorization-server', 'files', ...named)
  })

  it('defines a resource app and a draft connection until users are assigned', async () => {
    const { exitCode, out } = await at(company, 'accept', file, '--dry-run')
    expect([exitCode, out]).toEqual([0, expect.stringContaining('Assign users to connection agent0-files')])
  })

  it('is valid for as many days as its creator says, like one of the identity provider', async () => {
    const daysOf = async (server: TestServer, ...args: readonly string[]) => {
      const { exp = 0, iat = 0 } = decodeJwt(WITHOUT(await makeFile(server, ...args)).signed)
      return (exp - iat) / 86_400
    }
    const named = ['--client', 'agent0-at-files', '--issuer', company.baseUrl]
    expect(await daysOf(vendor, '--authorization-server', 'files', ...named, '--days', '2')).toBe(2)
    expect(await daysOf(company, '--connection', 'agent0-todo0', '--days', '3')).toBe(3)
  })

  it('is rejected by another identity provider than the one that it is for', async () => {
    const named = ['--client', 'agent0-at-files', '--issuer', OTHER]
    const other = await makeFile(vendor, '--authorization-server', 'files', ...named)
    expect(await at(company, 'accept', other, '--dry-run')).toMatchObject({
      exitCode: 7,
      err: expect.stringContaining(`for the identity provider ${OTHER}, which does not run here`),
    })
  })

  it('gives members access if a group is named', async () => {
    const { exitCode, err } = await at(company, 'accept', file, '--group', 'engineering', ...APPLY)
    expect([exitCode, err]).toEqual([0, ''])
    const { idToken } = await signInFor(company.baseUrl, 'alice')
    const audience = `${vendor.baseUrl}/as/files`
    const { status, body } = await exchange(company.baseUrl, idToken, { audience, resource: FILES })
    expect([status, body['scope']]).toEqual([200, 'files.read'])
  })

  it('is printed as a document that `apply` accepts', async () => {
    const { exitCode, out } = await at(company, 'accept', file, '--print')
    expect(exitCode).toBe(0)
    const document = join(folder, 'plan.yaml')
    writeFileSync(document, out)
    const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
    expect(
      await crosswalk(['apply', document, '--dry-run', '--server', company.baseUrl], { env }),
    ).toMatchObject({ exitCode: 0 })
  })

  it('lists the apps if several match', async () => {
    await define(company, 'apps', { id: 'second', name: 'Second', kind: 'web', auth: { method: 'none' } })
    expect(await at(company, 'accept', file, '--dry-run')).toMatchObject({
      exitCode: 7,
      err: expect.stringContaining('Specify one of them: agent0, second'),
    })
    expect(await at(company, 'accept', file, '--dry-run', '--app', 'agent0')).toMatchObject({ exitCode: 0 })
  })
})

it('may have any text: printed, it reveals no variable of the administrator who accepts it', async () => {
  const client = { id: 'known', name: 'Known ${CROSSWALK_ADMIN_TOKEN}', auth: { method: 'none' } }
  const issuer = 'https://dollars.test'
  const resources = [{ id: 'https://dollars.test/mcp', scopes: ['read'] }]
  await define(vendor, 'authorization-servers', { id: 'dollars', issuer, clients: [client] })
  await define(company, 'apps', { ...client, id: 'new', name: 'New ${CROSSWALK_ADMIN_TOKEN}', kind: 'agent' })
  await define(company, 'resource-apps', { id: 'dollars', name: 'Dollars', issuer, resources })
  await define(company, 'connections', {
    ...{ id: 'new-dollars', app: 'new', resourceApp: 'dollars', clientId: 'new', status: 'active' },
    ...{ resources: ['https://dollars.test/mcp'], scopes: ['read'] },
  })
  const invitation = await makeFile(company, '--connection', 'new-dollars')
  const document = join(folder, 'dollars.yaml')
  writeFileSync(document, (await at(vendor, 'accept', invitation, '--print')).out)
  const env = { CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN }
  const applied = await crosswalk(['apply', document, '--server', vendor.baseUrl, ...APPLY], { env })
  expect([applied.exitCode, applied.err]).toEqual([0, ''])
  const { body } = await adminOf(vendor.baseUrl)('GET', '/authorization-servers/dollars')
  expect(body.clients.map(({ name }: { name: string }) => name)).toEqual([
    'Known ${CROSSWALK_ADMIN_TOKEN}',
    'New ${CROSSWALK_ADMIN_TOKEN}',
  ])
})

it('asks for a connection, or for server, client and issuer', async () => {
  for (const args of [
    [],
    ['--authorization-server', 'files'],
    ['--connection', 'a', '--authorization-server', 'b', '--client', 'c', '--issuer', 'https://d.test'],
  ])
    expect(await at(company, 'create', ...args)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('use --connection ID; or'),
    })
})
