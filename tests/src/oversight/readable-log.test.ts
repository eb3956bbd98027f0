// Reads the log with SQL alone.
import { DatabaseSync } from 'node:sqlite'

import pg from 'pg'
import { afterEach, expect, it } from 'vitest'

import { describeOnDatabases } from '../../../tools/test-databases.ts'
import { company, TODO } from '../support/company.ts'
import { exchange, redeem, signInFor } from '../support/flow.ts'
import { startTestServer, type TestServer } from '../support/server.ts'

interface Row {
  readonly type: string
  readonly outcome: string
  readonly code: string
  readonly user: string | null
  readonly app: string | null
  readonly resource_app: string | null
  readonly connection: string | null
  readonly granted: string | null
  readonly failed: string | null
}

const QUERY = {
  sqlite: `select body ->> '$.type' as type, body ->> '$.outcome' as outcome, body ->> '$.code' as code,
    body ->> '$.user' as user, body ->> '$.app' as app, body ->> '$.resourceApp' as resource_app,
    body ->> '$.connection' as connection,
    (select group_concat(value, ' ') from json_each(body, '$.scope.granted')) as granted,
    (select group_concat(value, ' ') from json_each(body, '$.failed')) as failed
    from audit_events where type in ('idjag.issued', 'idjag.denied', 'token.redeemed', 'token.refused') order by position`,
  postgres: `select body ->> 'type' as type, body ->> 'outcome' as outcome, body ->> 'code' as code,
    body ->> 'user' as user, body ->> 'app' as app, body ->> 'resourceApp' as resource_app,
    body ->> 'connection' as connection,
    (select string_agg(scope, ' ') from json_array_elements_text(body -> 'scope' -> 'granted') as scope) as granted,
    (select string_agg(name, ' ') from json_array_elements_text(body -> 'failed') as name) as failed
    from (select position, type as kind, body::json as body from audit_events) as event
    where kind in ('idjag.issued', 'idjag.denied', 'token.redeemed', 'token.refused') order by position`,
}

let server: TestServer
afterEach(() => server.stop())

async function read(url: string): Promise<readonly Row[]> {
  const path = /^sqlite:(.+)$/.exec(url)?.[1]
  if (path !== undefined) {
    const database = new DatabaseSync(path, { readOnly: true })
    const rows = database
      .prepare(QUERY.sqlite)
      .all()
      .map((row) => ({ ...row }))
    database.close()
    return rows as unknown as Row[]
  }
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  const { rows } = await client.query<Row>(QUERY.postgres)
  await client.end()
  return rows
}

describeOnDatabases('the log on $name', ({ create }) => {
  it('shows user, app, resource app, connection, outcome, scopes and failed checks in plain SQL', async () => {
    server = await startTestServer({ file: company, database: await create() })
    const { baseUrl } = server
    const alice = await signInFor(baseUrl, 'alice')
    const { body } = await exchange(baseUrl, alice.idToken, { resource: TODO, scope: 'todos.read' })
    await redeem(baseUrl, String(body.access_token))
    await redeem(baseUrl, String(body.access_token))
    const bob = await signInFor(baseUrl, 'bob')
    await exchange(baseUrl, bob.idToken, { resource: TODO, scope: 'todos.read' })
    const at = { app: 'agent0', resource_app: 'todo0', connection: 'agent0-todo0' }
    const atVendor = { app: 'agent0-at-vendor', resource_app: 'vendor', connection: null }
    const [allowed, denied] = [
      { outcome: 'allow', code: 'XAA0000', granted: 'todos.read', failed: null },
      { outcome: 'deny', granted: null },
    ]
    expect(await read(server.database)).toEqual([
      { type: 'idjag.issued', user: 'usr_alice', ...at, ...allowed },
      { type: 'token.redeemed', user: 'usr_alice', ...atVendor, ...allowed },
      {
        ...{ type: 'token.refused', user: 'usr_alice', ...atVendor, ...denied },
        ...{ code: 'XAA2209', failed: 'replay' },
      },
      {
        ...{ type: 'idjag.denied', user: 'usr_bob', ...at, ...denied },
        ...{ code: 'XAA1502', failed: 'people.resource_app_assignment people.connection' },
      },
    ])
  })
})
