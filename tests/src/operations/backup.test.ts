// Backs up a database under load, restores it elsewhere, and verifies it.
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  chownSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { openPorts, openStorage, planMigrations, type Storage } from '@crosswalk/storage'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { createDatabase } from '../../../tools/postgres.ts'
import { POSTGRES_VARIABLE, testDatabaseKinds } from '../../../tools/test-databases.ts'
import { ADMIN_TOKEN, adminOf } from '../admin/admin.ts'
import { crosswalk as runCrosswalk } from '../cli/run-crosswalk.ts'
import { company } from '../support/company.ts'
import { cross, signInFor } from '../support/flow.ts'
import { runSql } from '../support/run-sql.ts'
import { startTestServer } from '../support/server.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crosswalk-backup-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const crosswalk = (env: Record<string, string>, ...args: readonly string[]) => runCrosswalk(args, { env })

/** @returns the path of a configuration for this database */
function configure(name: string, database: string): string {
  const file = join(folder, `${name}.yaml`)
  writeFileSync(file, `baseUrl: http://127.0.0.1:4000\ndatabase: ${database}\nidp: {}\n`)
  return file
}

const UNDO_LAST_MIGRATION = [
  'drop table account_links',
  "delete from crosswalk_migrations where name = '0010-account-links'",
]

async function expectWhole(database: string, key: string, kids: unknown): Promise<void> {
  const server = await startTestServer({ file: company, database, key })
  const { body } = await adminOf(server.baseUrl)('GET', '/audit-events/verify')
  expect(body).toMatchObject({ ok: true })
  expect(body.events).toBeGreaterThan(2)
  expect(await (await fetch(`${server.baseUrl}/jwks`)).json()).toEqual(kids)
  expect(await cross(server.baseUrl, (await signInFor(server.baseUrl, 'carol')).idToken)).toEqual([200, 200])
  await server.stop()
}

it('an embedded database under load, restored elsewhere', async () => {
  const database = `sqlite:${join(folder, 'live.db')}`
  const key = randomBytes(32).toString('hex')
  const env = { CROSSWALK_KEY: key }
  const server = await startTestServer({ file: company, database, key })
  const { idToken } = await signInFor(server.baseUrl, 'alice')
  expect(await cross(server.baseUrl, idToken)).toEqual([200, 200])
  let loaded = true
  const outcomes: (readonly number[])[] = []
  const load = Promise.all(
    [1, 2].map(async () => {
      while (loaded) outcomes.push(await cross(server.baseUrl, idToken))
    }),
  )
  const to = join(folder, 'backup')
  const backup = await crosswalk(env, 'backup', '-c', configure('live', database), '--to', to)
  loaded = false
  await load
  expect(outcomes.length).toBeGreaterThan(0)
  expect(outcomes.filter((legs) => legs.some((status) => status !== 200))).toEqual([])
  expect(backup).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/: \d+ events in 2 logs, verified\n$/),
  })
  expect(backup.err).toContain('has no master key')
  const kids = await (await fetch(`${server.baseUrl}/jwks`)).json()
  const drillOf = (keyOfSafe: string) =>
    crosswalk(
      { CROSSWALK_KEY: keyOfSafe, CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
      ...['restore-drill', '-c', configure('live', database), '--from', to, '--server', server.baseUrl],
    )
  expect(await drillOf(key)).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(
      /^restored: \d+ events in 2 logs, verified\nnewest event: .* would lose \d+ events?\n$/,
    ),
  })
  expect(await drillOf(randomBytes(32).toString('hex'))).toMatchObject({
    exitCode: 1,
    err: expect.stringContaining('sealed under master key'),
  })
  const { body: drills } = await adminOf(server.baseUrl)('GET', '/audit-events?type=restore.drilled')
  expect(drills.items).toHaveLength(1)
  await server.stop()

  const elsewhere = `sqlite:${join(folder, 'elsewhere', 'new.db')}`
  const restored = await crosswalk(env, 'restore', '-c', configure('new', elsewhere), '--from', to)
  expect(restored).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^restored as of .*, verified\n$/),
  })
  await expectWhole(elsewhere, key, kids)
})

describe('a backup with its key', () => {
  const made = async (stored: readonly Parameters<Storage['objects']['put']>[0][] = []) => {
    const live = join(folder, 'live.db')
    const ports = await openPorts(`sqlite:${live}`)
    for (const change of stored) await ports.storage.objects.put(change)
    await ports.keyStore.replace(
      'idp',
      [],
      [
        {
          ...{ kid: 'k', owner: 'idp', purpose: 'id-jag', algorithm: 'ES256', publicJwk: { kty: 'EC' } },
          ...{
            sealedPrivateJwk: ports.sealing.seal('signing-key', 'idp k', '{}'),
            state: 'current',
            createdAt: 1,
          },
        },
      ],
    )
    await ports.close()
    const to = join(folder, 'backup')
    const config = configure('live', `sqlite:${live}`)
    expect((await crosswalk({}, 'backup', '-c', config, '--to', to)).exitCode).toBe(0)
    return { to, config }
  }
  const restore = (to: string) => {
    const config = configure('new', `sqlite:${join(folder, 'new', 'new.db')}`)
    return crosswalk({}, 'restore', '-c', config, '--from', to)
  }

  it('is readable only by its owner, and includes the key', async () => {
    const { to } = await made()
    const modes = readdirSync(to).map((name) => [name, (statSync(join(to, name)).mode & 0o777).toString(8)])
    expect(modes).toEqual(['backup.json', 'crosswalk.db', 'crosswalk.db.key'].map((name) => [name, '600']))
    expect((await restore(to)).exitCode).toBe(0)
    expect(readFileSync(join(folder, 'new', 'new.db.key'))).toEqual(readFileSync(join(folder, 'live.db.key')))
  })

  it('is no drill while the logs are empty: nothing shows whose they are', async () => {
    const { to, config } = await made()
    const drilled = await crosswalk({}, 'restore-drill', '-c', config, '--from', to)
    expect([drilled.exitCode, drilled.err]).toEqual([
      1,
      expect.stringMatching(/^error: the logs of the copy are empty.*\nfix: make another backup/),
    ])
  })

  it('is restored with an object that this version cannot read, but is no drill', async () => {
    const body = { id: 'rev_old', name: 'Q2' }
    const { to, config } = await made([{ collection: 'reviews', id: 'rev_old', body, by: 'adm', at: 1 }])
    expect((await restore(to)).exitCode).toBe(0)
    const drilled = await crosswalk({}, 'restore-drill', '-c', config, '--from', to)
    expect([drilled.exitCode, drilled.err]).toEqual([
      1,
      expect.stringMatching(/^error: reviews\/rev_old in the database cannot be read .*: \/state: /),
    ])
  })

  it('omits a key file that the server does not use', async () => {
    const { config } = await made()
    const keyFile = join(folder, 'mounted.key')
    copyFileSync(join(folder, 'live.db.key'), keyFile)
    const to = join(folder, 'second')
    const { exitCode, err } = await crosswalk(
      { CROSSWALK_KEY_FILE: keyFile },
      'backup',
      '-c',
      config,
      '--to',
      to,
    )
    expect([exitCode, err]).toEqual([0, expect.stringContaining('has no master key')])
    expect(readdirSync(to).sort()).toEqual(['backup.json', 'crosswalk.db'])
  })

  it('is rejected with a master key that does not open the database', async () => {
    const { config } = await made()
    const env = { CROSSWALK_KEY: randomBytes(32).toString('hex') }
    const { exitCode, err } = await crosswalk(env, 'backup', '-c', config, '--to', join(folder, 'second'))
    expect([exitCode, err]).toEqual([1, expect.stringContaining('sealed under master key')])
    expect(readdirSync(join(folder, 'second'))).toEqual([])
  })

  it('is not made in a folder that cannot be created', async () => {
    const { config } = await made()
    expect(await crosswalk({}, 'backup', '-c', config, '--to', '/proc/a/backup')).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(/^error: \/proc\/a\/backup cannot be created: E.*\nfix: choose a folder/),
    })
  })

  it('is never overwritten, and overwrites nothing', async () => {
    const { to, config } = await made()
    expect(await crosswalk({}, 'backup', '-c', config, '--to', to)).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/is not empty\nfix: choose a folder that does not exist/),
    })
    expect(await crosswalk({}, 'restore', '-c', config, '--from', to)).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/live\.db already exists/),
    })
    // SQLite would apply the log of another database to the restored one.
    mkdirSync(join(folder, 'new'))
    writeFileSync(join(folder, 'new', 'new.db-wal'), '')
    expect(await restore(to)).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/new\.db-wal already exists/),
    })
  })

  it.runIf(process.getuid?.() === 0)('that root restores belongs to the owner of the folder', async () => {
    const { to } = await made()
    mkdirSync(join(folder, 'srv'))
    chownSync(join(folder, 'srv'), 1234, 5678)
    const config = configure('new', `sqlite:${join(folder, 'srv', 'data', 'new.db')}`)
    expect((await crosswalk({}, 'restore', '-c', config, '--from', to)).exitCode).toBe(0)
    const restored = ['data', ...readdirSync(join(folder, 'srv', 'data')).map((name) => join('data', name))]
    const owners = restored
      .map((name) => statSync(join(folder, 'srv', name)))
      .map(({ uid, gid }) => [uid, gid])
    expect([restored.length, owners]).toEqual([3, restored.map(() => [1234, 5678])])
  })

  it('is not written through a symbolic link', async () => {
    const { to } = await made()
    const elsewhere = join(folder, 'elsewhere.db')
    mkdirSync(join(folder, 'new'))
    symlinkSync(elsewhere, join(folder, 'new', 'new.db'))
    expect(await restore(to)).toMatchObject({ exitCode: 1, err: expect.stringContaining('EEXIST') })
    expect(existsSync(elsewhere)).toBe(false)
    expect(readdirSync(join(folder, 'new'))).toEqual(['new.db'])
  })

  it('is restored readable only by its owner, even from files that others can read', async () => {
    const { to } = await made()
    for (const name of readdirSync(to)) chmodSync(join(to, name), 0o644)
    expect((await restore(to)).exitCode).toBe(0)
    for (const name of ['new.db', 'new.db.key'])
      expect(statSync(join(folder, 'new', name)).mode & 0o777).toBe(0o600)
  })

  it.each<[string, (to: string) => void | Promise<void>, RegExp, number?]>([
    [
      'an altered file',
      (to: string) => writeFileSync(join(to, 'crosswalk.db'), 'x', { flag: 'a' }),
      /was changed since the backup\nfix: use another backup$/m,
    ],
    [
      'no manifest',
      (to: string) => rmSync(join(to, 'backup.json')),
      /is not a backup.*\nfix: name a folder/,
      2,
    ],
    [
      'another key',
      (to: string) => writeFileSync(join(to, 'crosswalk.db.key'), randomBytes(32).toString('hex')),
      /sealed under master key.*\nfix: use another backup, or set CROSSWALK_KEY/,
    ],
    [
      'a manifest of other logs',
      (to: string) => {
        const file = join(to, 'backup.json')
        const log = { log: 'idp', chain: 'idp', seq: 1, hash: 'h' }
        writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), logs: [log] }))
      },
      /the logs do not match the manifest of the backup\nfix: use another backup/,
    ],
    [
      'the schema of a newer version',
      async (to: string) => {
        const copy = join(to, 'crosswalk.db')
        await runSql(`sqlite:${copy}`, "insert into crosswalk_migrations values ('9999-later', '2030-01-01')")
        const file = join(to, 'backup.json')
        const sha256 = createHash('sha256').update(readFileSync(copy)).digest('hex')
        writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), sha256 }))
      },
      /a newer version has changed its schema \(9999-later\)\nfix: run that version or a later one/,
    ],
  ])('is rejected with %s, and leaves nothing behind', async (_, change, why, exitsWith = 1) => {
    const { to } = await made()
    await change(to)
    const { exitCode, err } = await restore(to)
    expect([exitCode, err]).toEqual([exitsWith, expect.stringMatching(why)])
    expect(existsSync(join(folder, 'new')) ? readdirSync(join(folder, 'new')) : []).toEqual([])
  })
})

it('a backup by a newer version keeps the schema of the older one, and a restore migrates it', async () => {
  const live = `sqlite:${join(folder, 'live.db')}`
  const key = randomBytes(32).toString('hex')
  const server = await startTestServer({ file: company, database: live, key })
  await cross(server.baseUrl, (await signInFor(server.baseUrl, 'alice')).idToken)
  const kids = await (await fetch(`${server.baseUrl}/jwks`)).json()
  await server.stop()
  for (const statement of UNDO_LAST_MIGRATION) await runSql(live, statement)
  const missing = async (database: string) => (await planMigrations(database)).missing.map(({ name }) => name)
  expect(await missing(live)).toEqual(['0010-account-links'])

  const to = join(folder, 'backup')
  const env = { CROSSWALK_KEY: key }
  expect((await crosswalk(env, 'backup', '-c', configure('live', live), '--to', to)).exitCode).toBe(0)
  expect(readdirSync(to).sort()).toEqual(['backup.json', 'crosswalk.db'])
  expect(await missing(`sqlite:${join(to, 'crosswalk.db')}`)).toEqual(['0010-account-links'])
  expect(await missing(live)).toEqual(['0010-account-links'])

  const elsewhere = `sqlite:${join(folder, 'new.db')}`
  const restored = await crosswalk(env, 'restore', '-c', configure('new', elsewhere), '--from', to)
  expect(restored).toMatchObject({ exitCode: 0 })
  expect(await missing(elsewhere)).toEqual([])
  await expectWhole(elsewhere, key, kids)
})

it('migrate --dry-run shows what the first start would do, and changes nothing', async () => {
  for (const kind of testDatabaseKinds()) {
    const url = await kind.createEmpty()
    const config = configure(kind.name, url)
    const { missing } = await planMigrations(url)
    const names = missing.map(({ name }) => name).join(', ')
    expect(names).toMatch(/^0001-baseline, 0002-failed-attempts, /)
    const dryRun = () => crosswalk({}, 'migrate', '--dry-run', '-c', config)
    expect(await dryRun()).toMatchObject({
      exitCode: 3,
      out: `missing: ${names}\n`,
    })
    expect(await crosswalk({}, 'migrate', '--plan', '-c', config)).toEqual(await dryRun())
    expect(await crosswalk({}, 'migrate', '-c', config)).toMatchObject({
      exitCode: 0,
      out: `applied: ${names}\n`,
    })
    expect(await dryRun()).toMatchObject({ exitCode: 0, out: 'up to date\n' })
  }
})

it('a start says which migrations it applies to the database of an older version', async () => {
  for (const kind of testDatabaseKinds()) {
    const database = await kind.createEmpty()
    const key = randomBytes(32).toString('hex')
    const start = async () => {
      const started = await startTestServer({ file: company, database, key })
      await started.stop()
      return started.log.filter((line) => line.startsWith('migrating'))
    }
    expect(await start()).toEqual([])
    for (const statement of UNDO_LAST_MIGRATION) await runSql(database, statement)
    expect(await start()).toEqual(['migrating the database: 0010-account-links'])
    expect(await start()).toEqual([])
  }
})

const server = process.env[POSTGRES_VARIABLE]
const hasDump = spawnSync('pg_dump', ['--version']).status === 0
it.skipIf(server === undefined || !hasDump)(
  'PostgreSQL by pg_dump and pg_restore, as the page on backups says',
  async () => {
    const [database, other] = [await createDatabase(server ?? ''), await createDatabase(server ?? '')]
    const key = randomBytes(32).toString('hex')
    const live = await startTestServer({ file: company, database, key })
    expect(await cross(live.baseUrl, (await signInFor(live.baseUrl, 'alice')).idToken)).toEqual([200, 200])
    // Partitioned by month, as housekeeping leaves it.
    const storage = await openStorage(database)
    await storage.expiry.forgetExpired(0)
    await storage.close()
    const dump = join(folder, 'crosswalk.dump')
    execFileSync('pg_dump', ['--format=custom', `--file=${dump}`, database])
    const kids = await (await fetch(`${live.baseUrl}/jwks`)).json()
    const drill = (...more: readonly string[]) =>
      crosswalk(
        { CROSSWALK_KEY: key, CROSSWALK_ADMIN_TOKEN: ADMIN_TOKEN },
        ...['restore-drill', '-c', configure('pg', database), '--server', live.baseUrl, ...more],
      )
    expect((await drill()).err).toContain('no backup')
    expect((await drill('--database', other)).err).toContain('it contains no data of Crosswalk')
    execFileSync('pg_restore', ['--no-owner', '--exit-on-error', `--dbname=${other}`, dump])
    expect((await drill('--database', `${database}?application_name=drill`)).err).toContain('not a copy')
    vi.stubEnv('CROSSWALK_RESTORED_DATABASE', other)
    expect((await drill()).exitCode).toBe(0)
    vi.unstubAllEnvs()
    await live.stop()
    await expectWhole(other, key, kids)
    expect(await crosswalk({}, 'backup', '-c', configure('pg', database), '--to', folder)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('use pg_dump --format=custom'),
    })
  },
)
