// How fast the admin API lists a large company's connections and decisions on each database, and how much memory the
// idle server needs. Absolute milliseconds next to the target; takes minutes, mostly to fill the databases.
import { createAdminClient } from '@crosswalk/admin-api'

import type { Bench } from '../bench.ts'
import { readResidentBytes } from '../harness/memory.ts'
import { askQuestions, type Timing } from '../lists/ask-questions.ts'
import { buildCompany } from '../lists/company.ts'
import { type FreshDatabase, makePostgres, makeSqlite } from '../lists/databases.ts'
import { fillDatabase } from '../lists/fill-database.ts'
import { listQuestions } from '../lists/questions.ts'
import { renderTimings, TARGET_MS } from '../lists/render-timings.ts'
import { createServerConfiguration } from '../lists/server-configuration.ts'
import { makeFolder, type RunningProcess, runServer } from '../world/run-server.ts'

const CONNECTIONS = 10_000
const DAY_MS = 24 * 3600 * 1000
/** After this long, a started server is idle. */
const SETTLED_AFTER_MS = 5_000
const MAX_IDLE_MB = 250

export const lists: Bench = {
  name: 'lists',
  what: `lists and filters of the admin API, p95 at most ${TARGET_MS} ms`,
  onlyNamed: true,
  run: async ({ decisions }) => {
    const company = buildCompany(CONNECTIONS)
    const scale = `${CONNECTIONS.toLocaleString('en')} connections, ${decisions.toLocaleString('en')} decisions`
    await using stack = new AsyncDisposableStack()
    const folder = makeFolder(stack)
    const empty = `empty: ${await measureEmpty()}`
    const tables: string[] = []
    for (const database of [makeSqlite(folder), await makePostgres(stack)]) {
      if (database === undefined) tables.push('PostgreSQL is not installed: not measured')
      else {
        const start = performance.now()
        await fillDatabase(database.url, company, decisions)
        await database.settle()
        const filled = `filled in ${Math.round((performance.now() - start) / 1000)} s`
        // Reports progress, because filling takes minutes.
        console.error(`${database.name}: ${filled}`)
        tables.push(`${database.name}, ${filled}\n${await measureLists(database, folder)}`)
      }
    }
    return [
      `lists: ${lists.what}; ${scale}`,
      `memory of the idle server, target ${MAX_IDLE_MB} MB; ${empty}`,
      ...tables,
    ].join('\n\n')
  },
}

async function measureEmpty(): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const folder = makeFolder(stack)
  const { configure } = createServerConfiguration(makeSqlite(folder).url)
  // Awaited here, because the server stops with the stack.
  return await describeMemory(await runServer(stack, folder, configure))
}

async function measureLists(database: FreshDatabase, folder: string): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const { token, configure } = createServerConfiguration(database.url)
  const server = await runServer(stack, folder, configure)
  const idle = await describeMemory(server)
  const client = createAdminClient({ baseUrl: server.baseUrl, token })
  const now = Date.now()
  const ago = (days: number) => new Date(now - days * DAY_MS).toISOString()
  const { body } = await client.call('connections.list', { query: { limit: 200 } })
  const questions = listQuestions(
    { dayAgo: ago(1), weekAgo: ago(7) },
    body.items.map(({ id }) => id),
  )
  const timings: Timing[] = []
  for await (const timing of askQuestions(client, questions, ago(15))) timings.push(timing)
  const after = await describeMemory(server)
  return [renderTimings(timings), `  memory idle: ${idle}; after the lists: ${after}`].join('\n')
}

async function describeMemory({ pid }: RunningProcess): Promise<string> {
  await new Promise((resolve) => setTimeout(resolve, SETTLED_AFTER_MS))
  const bytes = readResidentBytes(pid)
  return bytes === undefined ? 'unknown on this machine' : `${Math.round(bytes / 1e6)} MB`
}
