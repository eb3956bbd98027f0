// A real server for tests: the wiring of apps/server on an ephemeral port with a fresh database.
import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { type Configuration, parseConfiguration, type RunningServer, startServer } from '@crosswalk/server'

export interface TestServer {
  readonly baseUrl: string
  readonly running: RunningServer
  /** Lines for operators: faults show here */
  readonly log: readonly string[]
  stop(): Promise<void>
}

export interface TestServerOptions {
  /** The file, given the base URL; without `baseUrl`, `listen` and `database` */
  file(baseUrl: string): Readonly<Record<string, unknown>>
  /** Default: a fresh SQLite file */
  readonly database?: string
  readonly clock?: { nowMs(): number }
}

export async function startTestServer({ file, database, clock }: TestServerOptions): Promise<TestServer> {
  const directory = mkdtempSync(join(tmpdir(), 'crosswalk-test-'))
  const log: string[] = []
  const at = (port: number): Configuration => {
    const baseUrl = `http://127.0.0.1:${port}`
    const text = JSON.stringify({
      baseUrl,
      listen: { host: '127.0.0.1', port },
      database: database ?? `sqlite:${directory}/db.sqlite`,
      ...file(baseUrl),
    })
    const { configuration, problems } = parseConfiguration(text, 'test.json', {})
    if (configuration === undefined)
      throw new Error(problems.map(({ line, what, fix }) => `${line}: ${what} (${fix})`).join('\n'))
    return configuration
  }
  const running = await startServer(at(0), {
    environment: { CROSSWALK_KEY: randomBytes(32).toString('hex') },
    log: (line) => log.push(line),
    atPort: at,
    ...(clock === undefined ? {} : { clock }),
  })
  return {
    baseUrl: running.configuration.baseUrl,
    running,
    log,
    stop: async () => {
      await running.close()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}
