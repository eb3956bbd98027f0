// What a server with many users and connections needs to start, and how long administrative changes delay other
// requests.
import { setTimeout as sleep } from 'node:timers/promises'

import { createAdminClient } from '@crosswalk/admin-api'

import type { Bench } from '../bench.ts'
import { readCpuSeconds } from '../harness/cpu-time.ts'
import { readResidentBytes } from '../harness/memory.ts'
import { spreadOf } from '../harness/statistics.ts'
import { buildCompany } from '../lists/company.ts'
import { makeSqlite } from '../lists/databases.ts'
import { fillDatabase } from '../lists/fill-database.ts'
import { createServerConfiguration } from '../lists/server-configuration.ts'
import { makeFolder, type RunningProcess, runServer } from '../world/run-server.ts'

const SIZES = [
  { users: 10, connections: 1 },
  { users: 100_000, connections: 10_000 },
] as const
/** After this long, a started server is idle. */
const SETTLED_AFTER_MS = 5_000
const WARM_UP = 10
const CHANGES = 20
const TARGETS = 'targets: ready within 3 s of CPU time, 250 MB, no request waits longer than 50 ms'

export const scale: Bench = {
  name: 'scale',
  what: `start, memory and administrative changes with many users on SQLite; ${TARGETS}`,
  onlyNamed: true,
  run: async ({ rounds }) => {
    const lines: string[] = []
    for (const { users, connections } of SIZES) {
      const size = `${users.toLocaleString('en')} users, ${connections.toLocaleString('en')} connections`
      lines.push(`${size}: ${await measureSize({ users, connections, rounds })}`)
    }
    return [`scale: ${scale.what}`, ...lines].join('\n')
  },
}

interface Started {
  readonly cpuSeconds: number
  readonly megabytes: number
  readonly longestMs: number
}

async function measureSize(size: {
  readonly users: number
  readonly connections: number
  readonly rounds: number
}): Promise<string> {
  await using stack = new AsyncDisposableStack()
  const folder = makeFolder(stack)
  const { url } = makeSqlite(folder)
  await fillDatabase(url, buildCompany(size.connections, size.users), 0)
  const { token, configure } = createServerConfiguration(url)
  const start = async () => {
    await using server = new AsyncDisposableStack()
    return await measureServer(await runServer(server, folder, configure), token)
  }
  // The first start creates keys.
  await start()
  const started: Started[] = []
  for (let round = 0; round < size.rounds; round += 1) started.push(await start())
  const spread = (read: (one: Started) => number, unit: string, digits: number) => {
    const { median, lowest, highest } = spreadOf(started.map(read))
    const [middle, low, high] = [median, lowest, highest].map((it) => it.toFixed(digits))
    return `${middle} ${unit} (${low}–${high})`
  }
  return [
    `ready after ${spread((it) => it.cpuSeconds, 's of CPU time', 1)}`,
    spread((it) => it.megabytes, 'MB', 0),
    `longest wait during ${CHANGES} changes ${spread((it) => it.longestMs, 'ms', 0)}`,
  ].join(', ')
}

async function measureServer({ pid, baseUrl }: RunningProcess, token: string): Promise<Started> {
  const cpuSeconds = readCpuSeconds(pid)
  await sleep(SETTLED_AFTER_MS)
  const bytes = readResidentBytes(pid)
  if (cpuSeconds === undefined || bytes === undefined) throw new Error('this needs /proc (Linux only)')
  return { cpuSeconds, megabytes: bytes / 1e6, longestMs: await changeWhileOthersAsk(baseUrl, token) }
}

/** @returns the duration of the slowest other request, in milliseconds */
async function changeWhileOthersAsk(baseUrl: string, token: string): Promise<number> {
  const client = createAdminClient({ baseUrl, token })
  const ask = async () => (await fetch(`${baseUrl}/healthz`)).text()
  // Initial loading and compilation are not part of a change.
  for (let change = 0; change < WARM_UP; change += 1) await Promise.all([changeUser(client, change), ask()])
  let longestMs = 0
  let running = true
  const asking = (async () => {
    for (; running; await sleep(1)) {
      const start = performance.now()
      await ask()
      longestMs = Math.max(longestMs, performance.now() - start)
    }
  })()
  for (let change = 0; change < CHANGES; change += 1) await changeUser(client, WARM_UP + change)
  running = false
  await asking
  return longestMs
}

async function changeUser(client: ReturnType<typeof createAdminClient>, change: number): Promise<void> {
  const call = { params: { id: 'usr-1' }, ifMatch: '*', body: { name: `User ${change}` } }
  await client.call('users.change', call)
}
