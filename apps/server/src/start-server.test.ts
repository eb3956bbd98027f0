// A server on a real socket and database file: start, restart and stop.
import { type Configuration, parseConfiguration, StartError } from '@crosswalk/control'
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { afterEach, beforeEach, describe, expect, it } from 'vitest'

import { type RunningServer, startServer } from './start-server.ts'

const KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 37) % 256)).toString('hex')
const OTHER_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => (index * 41 + 1) % 256)).toString(
  'hex',
)

let folder = ''
const running: RunningServer[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-server-'))
})
afterEach(async () => {
  for (const server of running.splice(0)) await server.close()
  rmSync(folder, { recursive: true })
})

interface World {
  readonly port?: number
  readonly password?: string
  readonly database?: string
  readonly more?: string
}

function configure({
  port = 0,
  password = 'pw',
  database = `sqlite:${join(folder, 'db.sqlite')}`,
  more = '',
}: World = {}): Configuration {
  const base = `http://127.0.0.1:${port}`
  const { configuration, problems } = parseConfiguration(
    `
baseUrl: ${base}
listen: { port: ${port} }
database: ${database}
idp:
  users: [{ id: alice, username: alice, password: ${password} }]
  apps: [{ id: app, name: App, kind: web, auth: { method: client_secret_basic, secret: app-secret } }]
authorizationServers:
  - id: todo0
    trustedIssuers: [{ issuer: "${base}" }]
    clients: [{ id: client, auth: { method: client_secret_basic, secret: client-secret } }]
  - id: elsewhere
    issuer: https://auth.todo.test/oauth
    trustedIssuers: [{ issuer: "${base}" }]
${more}`,
    'test.yaml',
    {},
  )
  expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  return configuration as Configuration
}

async function start(world: World = {}, environment: Record<string, string> = { CROSSWALK_KEY: KEY }) {
  const log: string[] = []
  const server = await startServer(configure(world), {
    environment,
    log: (line) => log.push(line),
    atPort: (port) => configure({ ...world, port }),
  })
  running.push(server)
  const url = `http://127.0.0.1:${server.port}`
  const json = async (path: string) => (await (await fetch(url + path)).json()) as Record<string, unknown>
  return { server, url, json, log }
}

async function keyIds(json: (path: string) => Promise<Record<string, unknown>>): Promise<readonly string[]> {
  const documents = await Promise.all(['/jwks', '/as/todo0/jwks'].map(json))
  return documents.flatMap(({ keys }) => (keys as { kid: string }[]).map(({ kid }) => kid)).toSorted()
}

describe('a started server', () => {
  it('binds a free port, and uses it in the metadata of every role', async () => {
    const { url, json } = await start()
    expect(await json('/.well-known/openid-configuration')).toMatchObject({
      issuer: url,
      token_endpoint: `${url}/token`,
    })
    expect(await json('/.well-known/oauth-authorization-server/as/todo0')).toMatchObject({
      issuer: `${url}/as/todo0`,
      token_endpoint: `${url}/as/todo0/token`,
    })
  })

  it.each([
    '/.well-known/oauth-authorization-server/oauth',
    '/oauth/.well-known/oauth-authorization-server',
    '/.well-known/oauth-authorization-server/as/elsewhere',
  ])('serves the metadata of an issuer elsewhere at %s, its endpoints under baseUrl', async (path) => {
    const { url, json } = await start()
    expect(await json(path)).toMatchObject({
      issuer: 'https://auth.todo.test/oauth',
      token_endpoint: `${url}/as/elsewhere/token`,
    })
  })

  it('is healthy, ready and counted, and responds to token requests with a decision id', async () => {
    const { url, json } = await start({ more: 'metrics: { public: true }' })
    expect(await json('/healthz')).toEqual({ status: 'up' })
    expect(await json('/readyz')).toEqual({ status: 'ready', unready: [] })
    for (const path of ['/token', '/as/todo0/token']) {
      const answer = await fetch(url + path, {
        method: 'POST',
        body: new URLSearchParams({ grant_type: 'nothing' }),
      })
      expect(answer.status).toBe(400)
      expect(answer.headers.get('crosswalk-decision')).toMatch(/^dec_/)
    }
    const metrics = await (await fetch(`${url}/metrics`)).text()
    expect(metrics).toContain('crosswalk_http_requests_total{role="as:todo0",status="400"} 1')
  })

  it('rejects a body over 64 KiB before anything else', async () => {
    const { url } = await start()
    const body = new URLSearchParams({ grant_type: 'x'.repeat(70_000) })
    const answer = await fetch(`${url}/as/todo0/token`, { method: 'POST', body })
    expect(answer.status).toBe(413)
  })

  it('serves public metrics only if configured', async () => {
    const { url } = await start()
    expect((await fetch(`${url}/metrics`)).status).toBe(404)
    const open = await start({ database: `sqlite:${folder}/open.sqlite`, more: 'metrics: { public: true }' })
    expect((await fetch(`${open.url}/metrics`)).status).toBe(200)
  })

  it.each([
    ['https://idp.acme.test', 'max-age=31536000'],
    ['http://127.0.0.1:4000', null],
  ])('sends HSTS only if its origin is https: %s', async (baseUrl, expected) => {
    const text = `baseUrl: ${baseUrl}\nlisten: { port: 0 }\ndatabase: sqlite:${folder}/hsts.sqlite\nidp: {}\n`
    const { configuration } = parseConfiguration(text, 'test.yaml', {})
    const server = await startServer(configuration as Configuration, { environment: { CROSSWALK_KEY: KEY } })
    running.push(server)
    for (const path of ['/healthz', '/jwks', '/nothing']) {
      const { headers } = await fetch(`http://127.0.0.1:${server.port}${path}`)
      expect(headers.get('strict-transport-security')).toBe(expected)
    }
  })

  it('serves metrics on the management listener, if configured', async () => {
    const free = await reservePort()
    const { url } = await start({ more: `metrics: { listen: { port: ${free.port} } }` })
    expect((await fetch(`${url}/metrics`)).status).not.toBe(200)
    const answer = await fetch(`http://127.0.0.1:${free.port}/metrics`)
    expect(await answer.text()).toContain('process_cpu_seconds_total')
  })

  it('stops listening when closed', async () => {
    const { server, url } = await start()
    await server.close()
    await expect(fetch(`${url}/healthz`)).rejects.toThrow()
  })
})

describe('a restart on the same database', () => {
  it('keeps the keys, and hashes only changed passwords again', async () => {
    const first = await start()
    const before = await keyIds(first.json)
    await first.server.close()
    const { openStorage } = await import('@crosswalk/storage')
    const readHash = async () => {
      const storage = await openStorage(`sqlite:${join(folder, 'db.sqlite')}`)
      const hash = await storage.passwordHashes.find('alice')
      await storage.close()
      return hash
    }
    const hash = await readHash()
    expect(hash).toMatch(/^\$argon2id\$/)

    const second = await start()
    expect(await keyIds(second.json)).toEqual(before)
    await second.server.close()
    expect(await readHash()).toBe(hash)

    await (await start({ password: 'another' })).server.close()
    expect(await readHash()).not.toBe(hash)
  })

  it('stores a generated master key next to the database, readable only by its owner', async () => {
    const first = await start({}, {})
    const before = await keyIds(first.json)
    await first.server.close()
    expect(statSync(join(folder, 'db.sqlite.key')).mode & 0o777).toBe(0o600)
    expect(await keyIds((await start({}, {})).json)).toEqual(before)
  })
})

describe('a server that cannot start explains why, with a fix', () => {
  async function failure(attempt: Promise<unknown>): Promise<StartError> {
    const error = await attempt.then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toBeInstanceOf(StartError)
    return error as StartError
  }

  it('port in use', async () => {
    const { server } = await start()
    const error = await failure(
      startServer(configure({ port: server.port }), { environment: { CROSSWALK_KEY: KEY } }),
    )
    expect(error.message).toBe(`127.0.0.1:${server.port} is in use`)
    expect(error.fix).toMatch(/`listen`/)
  })

  // A folder in place of the file, and a system folder that does not allow new folders.
  it.each([
    ['that is a folder', () => folder],
    ['in a folder that cannot be created', () => '/proc/a/access.log'],
  ])('access log %s', async (_, to) => {
    const error = await failure(start({ more: `accessLog: { to: ${to()} }` }))
    expect(error.message).toMatch(/^the access log .* cannot be written: E/)
    expect(error.fix).toMatch(/`accessLog\.to`/)
  })

  it('port for metrics in use', async () => {
    const { server } = await start()
    const error = await failure(start({ more: `metrics: { listen: { port: ${server.port} } }` }))
    expect(error.message).toBe(`127.0.0.1:${server.port} is in use`)
    expect(error.fix).toMatch(/`metrics\.listen`/)
  })

  it('unreachable database, without showing its password', async () => {
    const { port } = await reservePort()
    const database = `postgres://user:database-password@127.0.0.1:${port}/db`
    const error = await failure(start({ database }))
    expect(error.message).toMatch(
      /^the database postgres:\/\/user:\*+@127\.0\.0\.1:\d+\/db cannot be opened: .*ECONNREFUSED/,
    )
    expect(error.message).not.toContain('database-password')
  })

  it('database file that cannot be created', async () => {
    const error = await failure(start({ database: `sqlite:${folder}` }))
    expect(error.message).toMatch(/cannot be opened/)
  })

  // A file in place of the folder, and a system folder that does not allow new folders.
  it.each([
    ['with a key file', {}, /^the key file .*db\.sqlite\.key can be neither read nor created: E/],
    ['with a key', { CROSSWALK_KEY: KEY }, /^the database sqlite:.*db\.sqlite cannot be opened: E/],
  ])('folder of the database that cannot be created, %s', async (_, environment, message) => {
    writeFileSync(join(folder, 'file'), '')
    for (const parent of [join(folder, 'file'), '/proc']) {
      const error = await failure(start({ database: `sqlite:${parent}/a/db.sqlite` }, environment))
      expect(error.message).toMatch(message)
      expect(error.fix).toMatch(/folder writable, .*fix `database`/)
    }
  })

  it('another master key', async () => {
    await (await start()).server.close()
    const error = await failure(start({}, { CROSSWALK_KEY: OTHER_KEY }))
    expect(error.message).toMatch(/^the database is sealed under master key .+, but this process has \S+$/)
    expect(error.fix).toMatch(/CROSSWALK_KEY/)
  })

  it('missing master key for sealed keys, without creating one', async () => {
    await (await start()).server.close()
    const before = readdirSync(folder)
    const error = await failure(start({}, {}))
    expect(error.message).toMatch(/^the keys in the database are sealed, but there is neither .*sqlite\.key$/)
    expect(error.fix).toMatch(/set CROSSWALK_KEY, or restore the key file/)
    expect(readdirSync(folder)).toEqual(before)
    await (await start()).server.close()
  })

  it('invalid master key, and frees the port again', async () => {
    const { port } = await reservePort()
    const options = { environment: { CROSSWALK_KEY: 'change me' } }
    expect(await failure(startServer(configure({ port }), options))).toMatchObject({
      message: expect.stringMatching(/32 random bytes: 64 hex or 43 base64url characters$/),
      fix: 'copy the whole key; for a new database, make one with: openssl rand -hex 32',
    })
    const { server } = await start({ port })
    expect(server.port).toBe(port)
  })
})

/** @returns a port that was free a moment ago */
async function reservePort(): Promise<{ readonly port: number }> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no address')
  return { port: address.port }
}
