// Sealed heads and retention over HTTP: changes that are found even if heads were rewritten, and removal of old events.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'

import { hashText, linkHash } from '@crosswalk/storage'
import { compactVerify, importJWK } from 'jose'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { type Admin, adminOf } from '../admin/admin.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

const DAY_MS = 86_400_000
const WAIT = { timeout: 10_000, interval: 50 }

let server: TestServer
let admin: Admin
let folder: string
let nowMs = 0
const key = randomBytes(32).toString('hex')

async function start(audit: Readonly<Record<string, unknown>>): Promise<void> {
  server = await startTestServer({
    file: (baseUrl) => ({ ...company(baseUrl), audit }),
    database: `sqlite:${folder}/db.sqlite`,
    clock: { nowMs: () => nowMs },
    key,
  })
  admin = adminOf(server.baseUrl)
}

beforeEach(() => {
  nowMs = Date.now()
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-checkpoints-'))
})
afterEach(async () => {
  await server.stop()
  rmSync(folder, { recursive: true })
})

async function makeEvents(): Promise<void> {
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  for (let count = 0; count < 4; count += 1) await exchange(server.baseUrl, idToken, { resource: TODO })
}

interface Row {
  readonly seq: number
  readonly body: string
}

/** Like an attacker with database access: alters one event and rewrites the rest of the chain to match. */
function rewriteFrom(log: string, from: number): void {
  withDatabase((database) => {
    const rows = database
      .prepare('select seq, body from audit_events where log = ? and seq >= ? order by seq')
      .all(log, from) as unknown as Row[]
    let before = String(
      database.prepare('select prev_hash from audit_events where log = ? and seq = ?').get(log, from)
        ?.prev_hash,
    )
    for (const { seq, body } of rows) {
      const changed = seq === from ? `${body} ` : body
      const next = linkHash(before, log, seq, hashText(changed))
      database
        .prepare('update audit_events set body = ?, prev_hash = ?, hash = ? where log = ? and seq = ?')
        .run(changed, before, next, log, seq)
      before = next
    }
    database.prepare('update audit_heads set hash = ? where log = ?').run(before, log)
  })
}

function cutTail(log: string, from: number): void {
  withDatabase((database) => {
    database.prepare('delete from audit_events where log = ? and seq >= ?').run(log, from)
    database
      .prepare(
        'update audit_heads set seq = ?, hash = (select hash from audit_events where log = ? and seq = ?) where log = ?',
      )
      .run(from - 1, log, from - 1, log)
  })
}

/** Removes a log with all its traces in the database. */
function removeLog(log: string): void {
  withDatabase((database) => {
    for (const table of ['audit_events', 'audit_heads', 'audit_checkpoints'])
      database.prepare(`delete from ${table} where log = ?`).run(log)
  })
}

function withDatabase(work: (database: DatabaseSync) => void): void {
  const database = new DatabaseSync(`${folder}/db.sqlite`)
  try {
    work(database)
  } finally {
    database.close()
  }
}

const verify = async () => (await admin('GET', '/audit-events/verify')).body
const headOf = async (log: string) =>
  (await admin('GET', `/audit-events?log=${log}&limit=1`)).body.items[0].seq as number
const seal = async () => (await admin('GET', '/audit-checkpoints?latest=true')).body

describe('sealed heads', () => {
  it('are signed with a published key', async () => {
    await start({})
    await makeEvents()
    const { items, publicKey } = await seal()
    expect(items.map(({ log }: { log: string }) => log)).toEqual(['idp'])
    const verified = await compactVerify(items[0].statement, await importJWK(publicKey, 'EdDSA'))
    const { log, chain, seq, hash: own, kind, time } = items[0]
    const payload = JSON.parse(Buffer.from(verified.payload).toString())
    expect(payload).toEqual({ log, chain, seq, hash: own, kind, time })
    expect(seq).toBe(await headOf('idp'))
  })

  it.each([
    ['an altered event', (head: number) => rewriteFrom('idp', head - 1), /another hash/, 0],
    ['a removed tail', (head: number) => cutTail('idp', head), /a sealed checkpoint counts/, 0],
  ])('reveal %s even if chain and head were rewritten', async (_, tamper, why, at) => {
    await start({})
    await makeEvents()
    await seal()
    // Checkpoints in the database prove nothing against a user who can write to it.
    expect(await verify()).toMatchObject({
      ok: true,
      limitation: expect.stringMatching(/compared for admin, as:vendor, idp\./),
    })
    const head = await headOf('idp')
    tamper(head)
    const body = await verify()
    expect(body).toMatchObject({ ok: false, firstBad: { log: 'idp', seq: head - at } })
    expect(body.firstBad.why).toMatch(why)
    // The broken log is not sealed again, which the admin log records.
    const before = (await seal()).items.find(({ log }: { log: string }) => log === 'idp')
    await signInFor(server.baseUrl, 'alice')
    const after = (await seal()).items.find(({ log }: { log: string }) => log === 'idp')
    expect(after).toEqual(before)
    const { body: told } = await admin('GET', '/audit-events?type=audit.broken')
    expect(told.items).toMatchObject([{ severity: 'critical', target: { id: 'idp' } }])
  })

  it('removed or forged in the database are revealed by those in the file', async () => {
    const file = join(folder, 'checkpoints')
    await start({ checkpoints: { file } })
    await makeEvents()
    await seal()
    expect(readFileSync(file, 'utf8').trimEnd().split('\n').length).toBeGreaterThan(0)
    withDatabase((database) => database.exec('delete from audit_checkpoints'))
    cutTail('idp', await headOf('idp'))
    expect(await verify()).toMatchObject({ ok: false, firstBad: { log: 'idp' } })
  })

  it('kept by an auditor suffice, and foreign ones are rejected', async () => {
    await start({})
    await makeEvents()
    const kept = (await seal()).items.map(({ statement }: { statement: string }) => statement)
    withDatabase((database) => database.exec('delete from audit_checkpoints'))
    rewriteFrom('idp', await headOf('idp'))
    expect(await verify()).toMatchObject({ ok: true })
    const found = await admin('POST', '/audit-events/verify', { body: { checkpoints: kept } })
    expect(found.body).toMatchObject({ ok: false, firstBad: { log: 'idp' } })
    const forged = await admin('POST', '/audit-events/verify', {
      body: { checkpoints: [`${kept[0]?.slice(0, -4)}AAAA`, 'nonsense'] },
    })
    expect(forged.body).toMatchObject({ ok: false, foreignCheckpoints: 2 })
  })

  it.each([
    ['cut', (log: string) => cutTail(log, 3), { seq: 3, why: /a sealed checkpoint counts/ }],
    ['removed whole', removeLog, { seq: 1, why: /a sealed checkpoint counts/ }],
  ])(
    'kept elsewhere are the only proof that no log was %s with its head and checkpoints, as the response states',
    async (_, tamper, { seq, why }) => {
      await start({})
      await makeEvents()
      const kept = (await seal()).items.map(({ statement }: { statement: string }) => statement)
      withDatabase((database) => database.exec('delete from audit_checkpoints'))
      tamper('idp')
      const without = await verify()
      expect(without).toMatchObject({ ok: true, logs: [{ external: 0 }, { external: 0 }, { external: 0 }] })
      expect(without.limitation).toMatch(
        /^No checkpoint outside the database was compared for admin, as:vendor, idp\./,
      )
      const { body } = await admin('POST', '/audit-events/verify', { body: { checkpoints: kept } })
      expect(body).toMatchObject({ ok: false, firstBad: { log: 'idp', seq } })
      expect(body.firstBad.why).toMatch(why)
      expect(body.limitation).toMatch(/for admin, as:vendor\./)
    },
  )

  it('kept elsewhere reveal a log that left no other trace', async () => {
    const file = join(folder, 'checkpoints')
    await start({ checkpoints: { file } })
    await makeEvents()
    withDatabase((database) => {
      for (const table of ['audit_events', 'audit_heads'])
        database.exec(`update ${table} set log = 'as:gone' where log = 'idp'`)
    })
    await seal()
    removeLog('as:gone')
    expect(await verify()).toMatchObject({ ok: false, firstBad: { log: 'as:gone', seq: 1 } })
  })

  it('in the database that do not match their signature are rejected', async () => {
    await start({})
    await makeEvents()
    await seal()
    withDatabase((database) => database.exec('update audit_checkpoints set seq = seq - 1'))
    expect(await verify()).toMatchObject({ ok: false, foreignCheckpoints: 1 })
  })

  it('are created automatically', async () => {
    await start({ checkpoints: { everySeconds: 1, file: join(folder, 'checkpoints') } })
    await makeEvents()
    await vi.waitFor(() => expect(readFileSync(join(folder, 'checkpoints'), 'utf8')).toContain('.'), WAIT)
  })
})

describe('retention', () => {
  const begins = async () =>
    Object.fromEntries(
      (await admin('GET', '/audit-retention')).body.logs.map(
        ({ log, begins: at }: { log: string; begins: number }) => [log, at],
      ),
    )

  it('removes older events, continues the chain after the cut, and records it', async () => {
    await start({ retentionDays: 30 })
    await makeEvents()
    const head = await headOf('idp')
    nowMs += 30 * DAY_MS
    expect((await server.running.retainAudit()).size).toBe(0)
    nowMs += 60_000
    await signInFor(server.baseUrl, 'bob')
    expect((await server.running.retainAudit()).get('idp')).toBe(head)
    expect((await begins()).idp).toBe(head + 1)
    const { body } = await admin('GET', '/audit-events?log=idp')
    expect(body.items.map(({ seq }: { seq: number }) => seq)).toEqual([head + 2, head + 1])
    expect(await verify()).toMatchObject({ ok: true })
    expect((await admin('GET', '/audit-events?type=audit.purged')).body.items).toMatchObject([
      { change: { retentionDays: 30, removed: { idp: head } } },
    ])
  })

  it('detects more removals than the cut states, and an unsigned cut', async () => {
    await start({ retentionDays: 30 })
    await makeEvents()
    nowMs += 31 * DAY_MS
    await signInFor(server.baseUrl, 'bob')
    await server.running.retainAudit()
    const first = (await begins()).idp as number
    withDatabase((database) =>
      database.prepare("delete from audit_events where log = 'idp' and seq = ?").run(first),
    )
    expect(await verify()).toMatchObject({ ok: false, firstBad: { log: 'idp', seq: first } })
    withDatabase((database) =>
      database.exec(
        "update audit_checkpoints set seq = seq + 1, hash = (select prev_hash from audit_events where log = 'idp' order by seq limit 1) where kind = 'cut'",
      ),
    )
    const forged = await verify()
    expect(forged).toMatchObject({ ok: false, firstBad: { log: 'idp' } })
    expect(forged.foreignCheckpoints).toBeGreaterThan(0)
  })

  it('removes nothing under a legal hold, which only an owner can end', async () => {
    await start({ retentionDays: 1 })
    await makeEvents()
    const held = await admin('POST', '/audit-retention/hold', { body: { reason: 'case 7' } })
    expect(held.body).toMatchObject({ retentionDays: 1, hold: { by: 'admin', reason: 'case 7' } })
    nowMs += 3 * DAY_MS
    expect((await server.running.retainAudit()).size).toBe(0)
    const { body: token } = await admin('POST', '/tokens', { body: { name: 'a', role: 'administrator' } })
    const refused = await admin('POST', '/audit-retention/release', {
      token: token.token,
      body: { reason: 'over' },
    })
    expect(refused.status).toBe(403)
    const released = await admin('POST', '/audit-retention/release', { body: { reason: 'over' } })
    expect(released.body.hold).toBeNull()
    expect((await server.running.retainAudit()).get('idp')).toBeGreaterThan(0)
    expect(await verify()).toMatchObject({ ok: true })
    // The event of the hold itself was just as old.
    const { body } = await admin('GET', '/audit-events?type=audit.held,audit.released')
    expect(body.items).toMatchObject([{ type: 'audit.released', reason: 'over' }])
  })

  it('waits for streams with undelivered events', async () => {
    writeFileSync(join(folder, 'not-a-folder'), '')
    await start({
      retentionDays: 1,
      streams: [{ id: 'stuck', type: 'file', path: join(folder, 'not-a-folder', 'x') }],
    })
    await makeEvents()
    nowMs += 3 * DAY_MS
    expect((await server.running.retainAudit()).size).toBe(0)
  })
})
