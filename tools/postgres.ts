// A PostgreSQL server for tests: uses installed binaries and a new data folder, listens on loopback only, and is
// deleted when stopped.
import { spawn, type ChildProcess } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'

import pg from 'pg'

import { findFreePort } from '../tests/src/support/free-port.ts'
import { findPostgres } from './test/find-postgres.ts'

const START_TIMEOUT_MS = 30_000
/** The signals of `pg_ctl stop -m`. */
const HALT_SIGNALS = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const

export interface Account {
  readonly uid: number
  readonly gid: number
}

export interface TestPostgres {
  /** The maintenance database; tests use their own. */
  readonly url: string
  /** @returns the URL of a new, empty database */
  createDatabase(): Promise<string>
  /** Stops it: `fast` rolls back and closes all connections, `immediate` is a crash; `smart` is not supported. */
  halt(how: 'fast' | 'immediate'): Promise<void>
  /** Restarts it after `halt`, at the same address. */
  resume(): Promise<void>
  stop(): Promise<void>
}

/** Starts a server on an ephemeral port of 127.0.0.1; undefined if PostgreSQL is not installed. */
export async function startTestPostgres(): Promise<TestPostgres | undefined> {
  const binaries = findPostgres()
  if (binaries === undefined) return undefined
  // The server refuses to run as root, so root uses the account that the package created.
  const account = process.getuid?.() === 0 ? await findAccount() : undefined
  const folder = await mkdtemp(join(tmpdir(), 'crosswalk-postgres-'))
  if (account !== undefined) await chown(folder, account.uid, account.gid)
  const data = join(folder, 'data')
  await run(join(binaries, 'initdb'), initArguments(data), { account, folder })
  const port = await findFreePort()
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`
  let server: ChildProcess
  async function resume(): Promise<void> {
    server = spawn(join(binaries as string, 'postgres'), serverArguments({ data, folder, port }), {
      ...account,
      cwd: folder,
      stdio: ['ignore', 'ignore', 'ignore'],
    })
    await untilAnswers(url, server)
  }
  async function halt(how: 'fast' | 'immediate'): Promise<void> {
    const exited = once(server, 'exit')
    if (server.exitCode === null && server.kill(HALT_SIGNALS[how])) await exited
  }
  await resume()
  return {
    url,
    createDatabase: () => createDatabase(url),
    halt,
    resume,
    async stop() {
      await halt('fast')
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/**
 * Creates a database on the server of `url`.
 *
 * @param template - name of the database that it becomes a copy of; empty by default
 * @returns its URL
 */
export async function createDatabase(url: string, { template = 'template1' } = {}): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    await client.query(`create database ${name} template ${template}`)
  } finally {
    await client.end()
  }
  const fresh = new URL(url)
  fresh.pathname = `/${name}`
  return fresh.href
}

function initArguments(data: string): string[] {
  // The folder is deleted with the tests, so initialization need not sync to disk; the server itself does.
  return [
    '-D',
    data,
    '--no-sync',
    '--auth=trust',
    '--username=postgres',
    '--encoding=UTF8',
    '--locale=C',
    '--no-instructions',
  ]
}

function serverArguments({ data, folder, port }: { data: string; folder: string; port: number }): string[] {
  const settings = [
    'listen_addresses=127.0.0.1',
    `port=${port}`,
    `unix_socket_directories=${folder}`,
    'fsync=on',
    // It would visit each of the hundreds of databases of a test run once a minute, for a few percent of its CPU.
    'autovacuum=off',
    'max_connections=200',
  ]
  return ['-D', data, ...settings.flatMap((setting) => ['-c', setting])]
}

export async function findAccount(): Promise<Account> {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n')
  const [, , uid, gid] = lines.find((line) => line.startsWith('postgres:'))?.split(':') ?? []
  if (uid === undefined || gid === undefined)
    throw new Error('the account `postgres`, which runs PostgreSQL, does not exist')
  return { uid: Number(uid), gid: Number(gid) }
}

async function run(
  program: string,
  args: readonly string[],
  { account, folder }: { account: Account | undefined; folder: string },
): Promise<void> {
  const child = spawn(program, args, { ...account, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let complaints = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => (complaints += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${program} failed: ${complaints.trim()}`)
}

async function untilAnswers(url: string, server: ChildProcess): Promise<void> {
  const deadline = performance.now() + START_TIMEOUT_MS
  for (;;) {
    const client = new pg.Client({ connectionString: url })
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (server.exitCode !== null || performance.now() > deadline) {
        throw new Error('PostgreSQL did not start', { cause: error })
      }
      await wait(50)
    }
  }
}
