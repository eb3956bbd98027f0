// Replaces the database password with the SQL of the how-to, while servers issue grants.
import { randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'

import pg from 'pg'
import { afterEach, expect, it } from 'vitest'

import { testDatabaseKinds } from '../../../tools/test-databases.ts'
import { company } from '../support/company.ts'
import { cross, signInFor } from '../support/flow.ts'
import { startTestServer } from '../support/server.ts'

const page = readFileSync(new URL('../../../docs/how-to/keep-secrets.md', import.meta.url), 'utf8')
const [createRole = '', endPassword = ''] = [...page.matchAll(/```sql\n(.*?)```/gs)].map(([, code]) => code)

const postgres = testDatabaseKinds().find(({ name }) => name === 'postgres')
let client: pg.Client | undefined
afterEach(() => client?.end())

it.skipIf(postgres === undefined)('changes to another database role and back without an outage', async () => {
  const url = new URL(await postgres!.createEmpty())
  client = new pg.Client({ connectionString: url.href })
  await client.connect()
  // Roles belong to the whole server, which other tests use too.
  const role = `crosswalk_${randomBytes(4).toString('hex')}`
  const run = (code: string) => client!.query(code.replaceAll(/\bcrosswalk(?=_2\b|[ ;])/g, role))
  await run('create role crosswalk login')
  await client.query(`alter database ${url.pathname.slice(1)} owner to ${role}`)

  const key = randomBytes(32).toString('hex')
  const urlOf = (username: string) => Object.assign(new URL(url), { username }).href
  const start = async (username: string) => {
    const server = await startTestServer({ file: company, database: urlOf(username), key })
    const { idToken } = await signInFor(server.baseUrl, 'alice')
    return { cross: () => cross(server.baseUrl, idToken), stop: () => server.stop() }
  }
  const listUsers = async () => {
    const { rows } = await client!.query<{ usename: string }>(
      `select distinct usename from pg_stat_activity where application_name = 'crosswalk' and datname = current_database()`,
    )
    return rows.map(({ usename }) => usename).toSorted()
  }

  const first = await start(role)
  await run(createRole)
  const second = await start(`${role}_2`)
  expect([await first.cross(), await second.cross()]).toEqual([
    [200, 200],
    [200, 200],
  ])
  expect(await listUsers()).toEqual([role, `${role}_2`])
  await first.stop()
  await expect.poll(listUsers).toEqual([`${role}_2`])
  await run(endPassword)
  expect(await second.cross()).toEqual([200, 200])
  const back = await start(role)
  await second.stop()
  expect(await back.cross()).toEqual([200, 200])
  await back.stop()

  const other = new pg.Client({ connectionString: urlOf(`${role}_2`) })
  await other.connect()
  await other.query('create table created_later ()')
  await other.end()
  const { rows } = await client.query('select distinct tableowner from pg_tables where schemaname = $1', [
    'public',
  ])
  expect(rows).toEqual([{ tableowner: role }])
})
