// A real server for tests: the wiring of apps/server on an ephemeral port with a fresh database.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'

import { type Configuration, parseConfiguration } from '@crosswalk/control'
import { type RunningServer, startServer } from '@crosswalk/server'
import { type EventReader, openStorage, type Storage } from '@crosswalk/storage'

import { expectKnownTypes } from './expect-known-types.ts'
import { expectSameSimulated } from './expect-same-simulated.ts'

export interface TestServer {
  readonly baseUrl: string
  readonly running: RunningServer
  /** Log lines for operators, including faults */
  readonly log: readonly string[]
  /** URL of the database */
  readonly database: string
  /** Reads the audit log through its own connection */
  events<T>(read: (reader: EventReader) => Promise<T>): Promise<T>
  /** Also checks that the simulator agrees with every decision, and that every event has a known type */
  stop(): Promise<void>
}

export interface TestServerOptions {
  /** Builds the file from the base URL, without `baseUrl`, `listen` and `database` */
  file(baseUrl: string): Readonly<Record<string, unknown>>
  /** Options other than host and port */
  readonly listen?: Readonly<Record<string, unknown>>
  /** Default: a fresh SQLite file */
  readonly database?: string
  readonly clock?: { nowMs(): number }
  /** Master key; to reuse a database, that of the earlier start. Default: a fresh one */
  readonly key?: string
}

export async function startTestServer({ file, clock, ...options }: TestServerOptions): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'crosswalk-test-'))
  const log: string[] = []
  const database = options.database ?? `sqlite:${directory}/db.sqlite`
  const at = (port: number): Configuration => {
    const baseUrl = `http://127.0.0.1:${port}`
    const text = JSON.stringify({
      baseUrl,
      listen: { host: '127.0.0.1', port, ...options.listen },
      metrics: { public: true },
      database,
      ...file(baseUrl),
    })
    const { configuration, problems } = parseConfiguration(text, 'test.json', {})
    if (configuration === undefined)
      throw new Error(problems.map(({ line, what, fix }) => `${line}: ${what} (${fix})`).join('\n'))
    return configuration
  }
  const running = await startServer(at(0), {
    environment: { CROSSWALK_KEY: options.key ?? randomBytes(32).toString('hex') },
    log: (line) => log.push(line),
    atPort: at,
    ...(clock === undefined ? {} : { clock }),
  })
  return {
    baseUrl: running.configuration.baseUrl,
    running,
    log,
    database,
    events: (read) => withStorage(database, ({ events }) => read(events)),
    stop: async () => {
      await running.close()
      // Lets clients in this process notice closed connections, before another server reuses the port.
      await setTimeout(20)
      if (options.database === undefined)
        await withStorage(database, async (storage) => {
          await expectSameSimulated(running.configuration, storage)
          await expectKnownTypes(storage)
        })
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

async function withStorage<T>(database: string, read: (storage: Storage) => Promise<T>): Promise<T> {
  const storage = await openStorage(database)
  try {
    return await read(storage)
  } finally {
    await storage.close()
  }
}
