// The contract of opening a database: ours is migrated, any other is refused with advice.
import { randomUUID } from 'node:crypto'

import { sql, type RawBuilder } from 'kysely'
import { expect, test } from 'vitest'

import type { TestDatabaseKind } from '../../../../tools/test-databases.ts'
import { openStorage } from '../open-storage.ts'
import { planMigrations } from '../plan-migrations.ts'
import { SchemaError } from '../schema/schema-error.ts'
import { runStatement } from './run-statement.ts'
import { sampleAccount, sampleEntry } from './samples.ts'

export function describeSchema(kind: TestDatabaseKind): void {
  async function makeOurs(): Promise<string> {
    const url = await kind.createEmpty()
    const storage = await openStorage(url)
    await storage.ledger.commit(sampleEntry(1))
    await storage.close()
    return url
  }
  /** @returns why it is refused; undefined if it opens and works */
  async function open(url: string): Promise<SchemaError | undefined> {
    const opened = await openStorage(url).catch((error: unknown) => error)
    if (opened instanceof SchemaError) return opened
    if (opened instanceof Error) throw opened
    await (opened as Awaited<ReturnType<typeof openStorage>>).close()
    return undefined
  }

  test.each<[string, readonly RawBuilder<unknown>[], RegExp]>([
    ['a missing table', [sql`drop table replay_keys`], /table replay_keys is missing/],
    [
      'a missing column',
      [sql`alter table accounts rename column name to label`],
      /accounts lacks column name text null/,
    ],
    [
      'a missing index',
      [sql`drop index access_tokens_expires_at`],
      /access_tokens lacks index \(expires_at\)/,
    ],
    [
      'replay keys without a unique constraint',
      [
        sql`drop table replay_keys`,
        sql`create table replay_keys (kind text not null, key text not null, expires_at double precision not null)`,
        sql`create index replay_keys_expires_at on replay_keys (expires_at)`,
      ],
      /: table replay_keys lacks primary key \(kind, key\)$/,
    ],
  ])('a database with %s is refused at start, naming the problem', async (_, statements, why) => {
    const url = await makeOurs()
    expect(await open(url)).toBeUndefined()
    for (const statement of statements) await runStatement(url, statement)
    const refused = await open(url)
    expect(refused?.message).toMatch(why)
    expect(refused?.fix).toMatch(/restore it from a backup/)
  })

  test('a database refused while it is migrated stays as the earlier version left it', async () => {
    const url = await makeOurs()
    await runStatement(url, sql`drop table account_links`)
    await runStatement(url, sql`delete from crosswalk_migrations where name = '0010-account-links'`)
    await runStatement(url, sql`drop index access_tokens_expires_at`)
    const missing = async () => (await planMigrations(url)).missing.map(({ name }) => name)
    expect((await open(url))?.message).toMatch(/access_tokens lacks index/)
    expect(await missing()).toEqual(['0010-account-links'])
    await runStatement(url, sql`create index access_tokens_expires_at on access_tokens (expires_at)`)
    expect(await open(url)).toBeUndefined()
    expect(await missing()).toEqual([])
  })

  /** Opens ours, runs `lose` beside it, then `restore`. */
  async function loseAndRestore(url: string, lose: RawBuilder<unknown>, restore: RawBuilder<unknown>) {
    const storage = await openStorage(url)
    let number = 0
    const commit = () => {
      number += 1
      return storage.ledger.commit(sampleEntry(number, { account: sampleAccount(`account-${number}`) }))
    }
    try {
      expect(await commit()).toMatchObject({ committed: true })
      await storage.ping()
      await runStatement(url, lose)
      await expect
        .poll(() => storage.ping().catch((fault: unknown) => fault), { timeout: 3000 })
        .toMatchObject({ trouble: 'altered' })
      await expect(commit()).rejects.toMatchObject({ trouble: 'altered' })
      await runStatement(url, restore)
      await storage.ping()
      expect(await commit()).toMatchObject({ committed: true })
    } finally {
      await storage.close()
    }
  }

  test('a table lost while open is a fault of the database until it is back', async () =>
    loseAndRestore(
      await kind.createEmpty(),
      sql`alter table accounts rename to old_accounts`,
      sql`alter table old_accounts rename to accounts`,
    ))

  test('a column lost while open is a fault of the database until it is back', async () =>
    loseAndRestore(
      await kind.createEmpty(),
      sql`alter table accounts rename column name to label`,
      sql`alter table accounts rename column label to name`,
    ))

  test('a column added while open, as by a newer version, disturbs neither look-ups nor commits', async () => {
    const url = await kind.createEmpty()
    const storage = await openStorage(url)
    try {
      const account = sampleAccount('account-1')
      const find = () =>
        storage.accounts.findByIssuerSubject(
          account.authorizationServer,
          account.issuer,
          account.tenant,
          account.subject,
        )
      await storage.ledger.commit(sampleEntry(1, { account }))
      expect(await find()).toMatchObject({ id: 'account-1' })
      await runStatement(url, sql`alter table accounts add column nickname text`)
      await runStatement(url, sql`alter table audit_heads add column note text`)
      // Several at once use several connections, each of which prepared the statement or will.
      for (const found of await Promise.all([find(), find(), find(), find()]))
        expect(found).toMatchObject({ id: 'account-1' })
      expect(await find()).toMatchObject({ id: 'account-1' })
      expect(await storage.ledger.commit(sampleEntry(2))).toMatchObject({ committed: true })
      await storage.ping()
    } finally {
      await storage.close()
    }
  })

  test('opens a database with tables and columns of other programs', async () => {
    const url = await makeOurs()
    await runStatement(url, sql`create table own_notes (text text)`)
    await runStatement(url, sql`alter table accounts add column note text`)
    expect(await open(url)).toBeUndefined()
  })

  test('refuses a database changed by a newer version, naming the change', async () => {
    const url = await makeOurs()
    await runStatement(
      url,
      sql`insert into crosswalk_migrations (name, timestamp) values ('0002-later', '2030-01-01T00:00:00.000Z')`,
    )
    expect(await open(url)).toMatchObject({
      message: 'a newer version has changed its schema (0002-later)',
      fix: expect.stringMatching(/run that version or a later one/) as string,
    })
  })

  test('refuses a database from before the first release, and does not change it', async () => {
    const url = await kind.createEmpty()
    await openBare(url)
    await runStatement(url, sql`create table kysely_migration (name varchar(255), timestamp varchar(255))`)
    await runStatement(url, sql`insert into kysely_migration values ('0001-audit', 'then')`)
    await runStatement(url, sql`create table audit_events (position integer)`)
    expect(await open(url)).toMatchObject({
      message: expect.stringMatching(/before the first release/) as string,
      fix: expect.stringMatching(/start with an empty database/) as string,
    })
    // None of our tables were created in it.
    await expect(runStatement(url, sql`select 1 from replay_keys`)).rejects.toThrow()
  })

  test('refuses a database of another program, and does not change it', async () => {
    const url = await kind.createEmpty()
    await openBare(url)
    await runStatement(url, sql`create table kysely_migration (name varchar(255), timestamp varchar(255))`)
    await runStatement(url, sql`create table shop_orders (id integer)`)
    expect(await open(url)).toMatchObject({
      message: "it holds tables that are not Crosswalk's (kysely_migration, shop_orders)",
      fix: expect.stringMatching(/use a separate/) as string,
    })
    await expect(runStatement(url, sql`select 1 from replay_keys`)).rejects.toThrow()
  })

  if (kind.name === 'postgres')
    test('a privilege lost while open is a fault of the database until it is back', async () => {
      const url = await kind.createEmpty()
      const role = `role_${randomUUID().replaceAll('-', '')}`
      await runStatement(url, sql`create role ${sql.ref(role)}`)
      await runStatement(url, sql`grant all on schema public to ${sql.ref(role)}`)
      // Unlike the superuser of the test server, this role can lose privileges.
      await loseAndRestore(
        `${url}?options=-crole%3D${role}`,
        sql`revoke insert on accounts from ${sql.ref(role)}`,
        sql`grant insert on accounts to ${sql.ref(role)}`,
      )
    })

  if (kind.name === 'postgres')
    test('a separate schema, as advised for a shared database, is enough', async () => {
      const url = await kind.createEmpty()
      await runStatement(url, sql`create table shop_orders (id integer)`)
      expect((await open(url))?.fix).toMatch(/create schema crosswalk.*options=-csearch_path%3Dcrosswalk/)
      const address = `${url}?options=-csearch_path%3Dcrosswalk`
      expect(await open(address)).toMatchObject({
        message: 'no schema of its search path exists (crosswalk)',
        fix: expect.stringMatching(/create schema/) as string,
      })
      await runStatement(url, sql`create schema crosswalk`)
      expect(await open(address)).toBeUndefined()
    })

  /** Opening an embedded database creates its folder. */
  async function openBare(url: string): Promise<void> {
    if (kind.name === 'postgres') return
    const storage = await openStorage(url)
    await storage.close()
    const { rmSync } = await import('node:fs')
    for (const end of ['', '-wal', '-shm']) rmSync(`${url.slice('sqlite:'.length)}${end}`, { force: true })
  }
}
