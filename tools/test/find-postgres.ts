// Finds a PostgreSQL on this machine for the tests; `postgres.ts` starts it.
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'

export interface Lookup {
  readonly env: Readonly<Record<string, string | undefined>>
  exists(path: string): boolean
  /** Names in a folder; empty if it does not exist */
  list(folder: string): readonly string[]
  /** The output of `pg_config --bindir`, if any */
  askConfig(): string | undefined
}

/** Programs that a server consists of */
const PROGRAMS = ['initdb', 'postgres']

/**
 * Where packages install servers that are not on PATH: a folder, the pattern of version names in it, and the folder
 * of the programs below these.
 */
const PLACES: readonly (readonly [folder: string, version: RegExp, programs: string])[] = [
  ['/usr/lib/postgresql', /^\d+/, 'bin'],
  ['/usr', /^pgsql-\d+/, 'bin'],
  ['/usr/local', /^pgsql$/, 'bin'],
  ['/opt/homebrew/opt', /^postgresql/, 'bin'],
  ['/usr/local/opt', /^postgresql/, 'bin'],
  ['/opt/local/lib', /^postgresql\d+$/, 'bin'],
  ['/Applications/Postgres.app/Contents/Versions', /^\d+/, 'bin'],
]

/** @returns the folder of a server's programs: the one on PATH, otherwise the newest in the usual places */
export function findPostgres(lookup: Lookup = OF_THIS_MACHINE): string | undefined {
  const onPath = (lookup.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '')
  const configured = lookup.askConfig()
  const usual = PLACES.flatMap(([folder, version, programs]) =>
    [...lookup.list(folder)]
      .filter((name) => version.test(name))
      .sort((one, other) => readVersion(other) - readVersion(one))
      .map((name) => join(folder, name, programs)),
  )
  return [...onPath, ...(configured === undefined ? [] : [configured]), ...usual].find((folder) =>
    PROGRAMS.every((program) => lookup.exists(join(folder, program))),
  )
}

/** Without a number, it is the version that its package considers the newest. */
function readVersion(name: string): number {
  return Number(/\d+/.exec(name)?.[0] ?? Infinity)
}

const OF_THIS_MACHINE: Lookup = {
  env: process.env,
  exists: existsSync,
  list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
  askConfig() {
    try {
      return execFileSync('pg_config', ['--bindir'], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
      }).trim()
    } catch {
      return undefined
    }
  },
}
