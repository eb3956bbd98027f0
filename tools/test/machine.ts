// What this machine has for the tests that need more than Node.js: a browser and a PostgreSQL server.
import { existsSync, globSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Machine {
  readonly chromium: string | undefined
  /** The folder of `initdb` and `postgres`. */
  readonly postgres: string | undefined
}

export interface Lookup {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly exists: (path: string) => boolean
  readonly glob: (pattern: string) => readonly string[]
}

const CHROMIUM_NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome']
const CHROMIUM_PLACES = [
  '/usr/lib/chromium/chromium',
  '/snap/bin/chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
]
const POSTGRES_PLACES = ['/usr/lib/postgresql/*/bin', '/usr/pgsql-*/bin', '/opt/homebrew/opt/postgresql*/bin']

const thisMachine: Lookup = { env: process.env, exists: existsSync, glob: (pattern) => globSync(pattern) }

export function findMachine(lookup: Lookup = thisMachine): Machine {
  const path = (lookup.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const browsers = path.flatMap((folder) => CHROMIUM_NAMES.map((name) => join(folder, name)))
  // Debian keeps the server's programs off PATH, one folder a version; the newest sorts last.
  const servers = [...path, ...POSTGRES_PLACES.flatMap((pattern) => newestFirst(lookup.glob(pattern)))]
  return {
    chromium: [...browsers, ...CHROMIUM_PLACES].find(lookup.exists),
    postgres: servers.find((folder) => ['initdb', 'postgres'].every((it) => lookup.exists(join(folder, it)))),
  }
}

/** @returns one line for each thing that is missing: what it costs and how to get it */
export function describeMissing(machine: Machine): string[] {
  const chromium = 'no Chromium found: browser tests are skipped (Debian: apt-get install chromium)'
  const postgres = 'no PostgreSQL found: tests on it are skipped (Debian: apt-get install postgresql)'
  return [
    ...(machine.chromium === undefined ? [chromium] : []),
    ...(machine.postgres === undefined ? [postgres] : []),
  ]
}

function newestFirst(paths: readonly string[]): string[] {
  return [...paths].sort((a, b) => b.localeCompare(a, 'en', { numeric: true }))
}
