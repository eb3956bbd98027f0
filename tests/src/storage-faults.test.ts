// A server whose database is full, unreachable or silent: every endpoint responds with Retry-After, readiness says why, nothing is granted
// unrecorded, and the server recovers without a restart.
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { TOKEN_TYPE } from '@crosswalk/protocol'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'

import { type FaultyProxy, startFaultyProxy } from '../../tools/faulty-proxy.ts'
import { startTestPostgres, type TestPostgres } from '../../tools/postgres.ts'
import { itOnDatabases } from '../../tools/test-databases.ts'
import { findPostgres } from '../../tools/test/find-postgres.ts'
import { adminOf } from './admin/admin.ts'
import { company, TODO } from './support/company.ts'
import { type Answer, basic, exchange, postForm, redeem, signInFor } from './support/flow.ts'
import { runSql } from './support/run-sql.ts'
import { startTestServer, type TestServer } from './support/server.ts'

const SILENCE_LIMIT_MS = 10_000
const READY_LIMIT_MS = 1_500

const stack: (() => unknown)[] = []
afterEach(async () => {
  for (const undo of stack.splice(0).reverse()) await undo()
})

async function start(database: string): Promise<TestServer> {
  const server = await startTestServer({ file: (baseUrl) => company(baseUrl), database })
  stack.push(() => server.stop())
  return server
}

async function look(baseUrl: string, path: string) {
  const response = await fetch(baseUrl + path)
  return {
    status: response.status,
    body: (await response.json()) as { readonly unready?: readonly string[] },
  }
}

const issue = async (baseUrl: string, idToken: string) =>
  String((await exchange(baseUrl, idToken, { resource: TODO })).body.access_token)

const API = { id: 'todo0-api', secret: 'todo0 api secret' }

const introspect = (baseUrl: string, token: string) =>
  postForm(`${baseUrl}/as/vendor/introspect`, { token }, { authorization: basic(API) })

const putUser = async (baseUrl: string): Promise<Answer> => {
  const { status, headers, body } = await adminOf(baseUrl)('POST', '/users', {
    body: { id: 'usr_eve', username: 'eve', name: 'Eve', email: 'eve@acme.test' },
  })
  return { status, headers, body }
}

/** 503 with Retry-After, in the format of the endpoint. */
function expectAskedBack({ status, headers, body }: Answer): void {
  expect([status, body.error ?? body.type]).toEqual([
    503,
    expect.stringMatching(/^(temporarily_unavailable|urn:crosswalk:problem:unavailable)$/),
  ])
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
  expect(body.access_token).toBeUndefined()
}

async function expectPage(baseUrl: string): Promise<void> {
  const page = await fetch(
    `${baseUrl}/authorize?client_id=agent0&response_type=code&scope=openid&redirect_uri=${encodeURIComponent('http://127.0.0.1:7777/callback')}&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256`,
    { redirect: 'manual', headers: { accept: 'text/html' } },
  )
  expect([page.status, Number(page.headers.get('retry-after')) > 0]).toEqual([503, true])
}

const CAN_MOUNT = ((): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-mount-'))
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', folder], { stdio: 'ignore' })
    execFileSync('umount', [folder])
    return true
  } catch {
    return false
  } finally {
    rmSync(folder, { recursive: true })
  }
})()

/** @returns a folder on a separate disk of that many MiB */
function mountSmallDisk(mebibytes: number): string {
  const folder = mkdtempSync(join(tmpdir(), 'crosswalk-disk-'))
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', folder])
  stack.push(() => {
    execFileSync('umount', [folder])
    rmSync(folder, { recursive: true })
  })
  return folder
}

function fill(file: string, mebibytes: number): void {
  try {
    writeFileSync(file, Buffer.alloc(mebibytes * 1024 * 1024))
  } catch {
    // Until the disk is full.
  }
}

describe.runIf(CAN_MOUNT)('SQLite', () => {
  it('grants nothing on a full disk, reports it in readiness, and recovers once there is space', async () => {
    const folder = mountSmallDisk(24)
    const { baseUrl, log, events } = await start(`sqlite:${folder}/db.sqlite`)
    const { idToken } = await signInFor(baseUrl, 'alice')
    const idJag = await issue(baseUrl, idToken)
    expect(await look(baseUrl, '/readyz')).toEqual({ status: 200, body: { status: 'ready', unready: [] } })
    const filler = join(folder, 'filler')
    fill(filler, 32)
    // Grants that fit into free pages of the file still succeed, recorded.
    let granted = 0
    let refused: Answer
    for (;;) {
      refused = await exchange(baseUrl, idToken, { resource: TODO })
      if (refused.status !== 200) break
      granted += 1
    }
    expectAskedBack(refused)
    expectAskedBack(await redeem(baseUrl, idJag))
    expectAskedBack(await putUser(baseUrl))
    await expectPage(baseUrl)
    expect(await look(baseUrl, '/readyz')).toEqual({
      status: 503,
      body: { status: 'not ready', unready: ['storage: the disk of the database is full'] },
    })
    expect(await look(baseUrl, '/healthz')).toMatchObject({ status: 200 })
    await Promise.all(Array.from({ length: 200 }, () => exchange(baseUrl, idToken, { resource: TODO })))
    expect(log.filter((line) => line.includes('is full')).length).toBeLessThan(20)
    rmSync(filler)
    expect(await look(baseUrl, '/readyz')).toMatchObject({ status: 200 })
    expect(await redeem(baseUrl, idJag)).toMatchObject({ status: 200 })
    expect(await redeem(baseUrl, idJag)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await putUser(baseUrl)).status).toBe(201)
    const issued = await events((reader) => reader.list({ types: ['idjag.issued'], limit: 500 }))
    expect(issued.items.length).toBe(granted + 1)
    expect(await events((reader) => reader.verify('idp'))).toMatchObject({ ok: true })
  })
})

itOnDatabases(
  '$name: a lost table: what needs it responds with Retry-After, and readiness says why',
  async (kind) => {
    const database = await kind.create()
    const { baseUrl } = await start(database)
    const { idToken } = await signInFor(baseUrl, 'alice')
    const idJag = await issue(baseUrl, idToken)
    await runSql(database, 'alter table accounts rename to old_accounts')
    expectAskedBack(await redeem(baseUrl, idJag))
    await expect
      .poll(() => look(baseUrl, '/readyz'), { timeout: 3000 })
      .toEqual({
        status: 503,
        body: {
          status: 'not ready',
          unready: ['storage: the database lost a table, a column or a privilege'],
        },
      })
    await runSql(database, 'alter table old_accounts rename to accounts')
    expect(await look(baseUrl, '/readyz')).toMatchObject({ status: 200 })
    expect((await redeem(baseUrl, idJag)).status).toBe(200)
  },
)

describe('SQLite', () => {
  it.each(['db.sqlite', 'db.sqlite-wal'])(
    'grants nothing while %s is removed or replaced: the record would be lost at the next start',
    async (name) => {
      const folder = mkdtempSync(join(tmpdir(), 'crosswalk-test-'))
      stack.push(() => rmSync(folder, { recursive: true }))
      const { baseUrl } = await start(`sqlite:${folder}/db.sqlite`)
      const { idToken } = await signInFor(baseUrl, 'alice')
      const idJag = await issue(baseUrl, idToken)
      const [file, aside] = [join(folder, name), join(folder, 'aside')]
      renameSync(file, aside)
      for (const replace of [() => undefined, () => copyFileSync(aside, file)]) {
        replace()
        expectAskedBack(await exchange(baseUrl, idToken, { resource: TODO }))
        expectAskedBack(await redeem(baseUrl, idJag))
        expectAskedBack(await putUser(baseUrl))
        await expectPage(baseUrl)
        expect(await look(baseUrl, '/readyz')).toEqual({
          status: 503,
          body: { status: 'not ready', unready: ['storage: the database cannot be reached'] },
        })
      }
      renameSync(aside, file)
      expect(await look(baseUrl, '/readyz')).toMatchObject({ status: 200 })
      expect((await redeem(baseUrl, idJag)).status).toBe(200)
    },
  )
})

describe.runIf(findPostgres() !== undefined)('PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = (await startTestPostgres()) as TestPostgres
  })
  afterAll(() => postgres.stop())

  async function startBehindProxy(): Promise<{ readonly server: TestServer; readonly proxy: FaultyProxy }> {
    const proxy = await startFaultyProxy(await postgres.createDatabase())
    stack.push(() => proxy.close())
    return { proxy, server: await start(proxy.url) }
  }

  it('unreachable: every endpoint responds with Retry-After, and recovers afterwards', async () => {
    const { baseUrl, log } = await start(await postgres.createDatabase())
    const { idToken } = await signInFor(baseUrl, 'alice')
    const idJag = await issue(baseUrl, idToken)
    const { body } = await redeem(baseUrl, await issue(baseUrl, idToken))
    await postgres.halt('fast')
    expectAskedBack(await exchange(baseUrl, idToken, { resource: TODO }))
    expectAskedBack(await redeem(baseUrl, idJag))
    expectAskedBack(await introspect(baseUrl, String(body.access_token)))
    expectAskedBack(await putUser(baseUrl))
    expectAskedBack(
      await postForm(
        `${baseUrl}/token`,
        { grant_type: 'refresh_token', refresh_token: 'x' },
        { authorization: basic({ id: 'agent0', secret: 'agent0 secret at the IdP' }) },
      ),
    )
    expectAskedBack(
      await postForm(
        `${baseUrl}/reachable-resources`,
        { subject_token: idToken, subject_token_type: TOKEN_TYPE.idToken },
        { authorization: basic({ id: 'agent0', secret: 'agent0 secret at the IdP' }) },
      ),
    )
    await expectPage(baseUrl)
    expect(await look(baseUrl, '/readyz')).toMatchObject({
      status: 503,
      body: { unready: ['storage: the database cannot be reached'] },
    })
    expect(await look(baseUrl, '/healthz')).toMatchObject({ status: 200 })
    await Promise.all(Array.from({ length: 300 }, () => exchange(baseUrl, idToken, { resource: TODO })))
    expect(log.length).toBeLessThan(40)
    await postgres.resume()
    await expect.poll(async () => (await look(baseUrl, '/readyz')).status).toBe(200)
    expect((await redeem(baseUrl, idJag)).status).toBe(200)
    expect((await introspect(baseUrl, String(body.access_token))).body.active).toBe(true)
  })

  it('silent: requests time out, readiness responds, and a new server at its address works', async () => {
    const { server, proxy } = await startBehindProxy()
    const { baseUrl } = server
    const { idToken } = await signInFor(baseUrl, 'alice')
    expect((await exchange(baseUrl, idToken, { resource: TODO })).status).toBe(200)
    proxy.forwardNew(false)
    proxy.swallow()
    const since = performance.now()
    const asked = exchange(baseUrl, idToken, { resource: TODO })
    const askedReady = performance.now()
    expect(await look(baseUrl, '/readyz')).toMatchObject({
      status: 503,
      body: { unready: ['storage: no response within a second'] },
    })
    expect(performance.now() - askedReady).toBeLessThan(READY_LIMIT_MS)
    expectAskedBack(await asked)
    expect(performance.now() - since).toBeLessThan(SILENCE_LIMIT_MS)
    const back = performance.now()
    proxy.forwardNew(true)
    await expect
      .poll(async () => (await exchange(baseUrl, idToken, { resource: TODO })).status, { timeout: 15_000 })
      .toBe(200)
    expect(performance.now() - back).toBeLessThan(SILENCE_LIMIT_MS)
    await expect.poll(async () => (await look(baseUrl, '/readyz')).status, { timeout: 10_000 }).toBe(200)
  })

  it('unconfirmed commit: no token is delivered, although the grant may be recorded', async () => {
    const { server, proxy } = await startBehindProxy()
    const { baseUrl, events } = server
    const { idToken } = await signInFor(baseUrl, 'alice')
    const idJag = await issue(baseUrl, idToken)
    proxy.cutAfter('commit\0')
    expectAskedBack(await redeem(baseUrl, idJag))
    // It was recorded, so the grant is used up and a retry needs a new one.
    expect(await events((reader) => reader.list({ types: ['token.redeemed'], limit: 10 }))).toMatchObject({
      items: [{}],
    })
    expect(await redeem(baseUrl, idJag)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } })
    expect((await redeem(baseUrl, await issue(baseUrl, idToken))).status).toBe(200)
  })

  it('read-only: nothing is granted, and new connections find the server that accepts writes', async () => {
    const database = await postgres.createDatabase()
    const { baseUrl } = await start(database)
    const { idToken } = await signInFor(baseUrl, 'alice')
    const idJag = await issue(baseUrl, idToken)
    const { default: pg } = await import('pg')
    const beside = new pg.Client({ connectionString: database })
    await beside.connect()
    stack.push(() => beside.end())
    const name = new URL(database).pathname.slice(1)
    // Connections keep the setting of the time at which they were made, as after a failover to a read-only node.
    await beside.query(`alter database "${name}" set default_transaction_read_only = on`)
    await beside.query(
      'select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> pg_backend_pid()',
      [name],
    )
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expectAskedBack(await exchange(baseUrl, idToken, { resource: TODO }))
      expectAskedBack(await redeem(baseUrl, idJag))
      expectAskedBack(await putUser(baseUrl))
    }
    await expectPage(baseUrl)
    expect(await look(baseUrl, '/readyz')).toMatchObject({
      status: 503,
      body: { unready: ['storage: the database does not accept writes'] },
    })
    await beside.query(`set default_transaction_read_only = off`)
    await beside.query(`alter database "${name}" reset default_transaction_read_only`)
    await expect.poll(async () => (await look(baseUrl, '/readyz')).status, { timeout: 5000 }).toBe(200)
    expect((await redeem(baseUrl, idJag)).status).toBe(200)
    expect((await exchange(baseUrl, idToken, { resource: TODO })).status).toBe(200)
    expect((await putUser(baseUrl)).status).toBe(201)
  })

  it('locked log head: readiness reports it until it is released', async () => {
    const database = await postgres.createDatabase()
    const { baseUrl } = await start(database)
    const { idToken } = await signInFor(baseUrl, 'alice')
    const { default: pg } = await import('pg')
    const beside = new pg.Client({ connectionString: database })
    await beside.connect()
    stack.push(() => beside.end())
    await beside.query('begin; select * from audit_heads for update')
    expectAskedBack(await exchange(baseUrl, idToken, { resource: TODO }))
    expect(await look(baseUrl, '/readyz')).toMatchObject({
      status: 503,
      body: { unready: [expect.stringMatching(/^storage: (no answer|the database is locked)/)] },
    })
    await beside.query('rollback')
    expect(await look(baseUrl, '/readyz')).toMatchObject({ status: 200 })
    expect((await exchange(baseUrl, idToken, { resource: TODO })).status).toBe(200)
  })
})
