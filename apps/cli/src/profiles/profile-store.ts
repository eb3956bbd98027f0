// The profiles that `crosswalk login` stores: server and token by name, in one file that only its owner can read.
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { z } from 'zod'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { readTextFile } from '../terminal.ts'

const zProfile = z.object({ server: z.string(), token: z.string() })
const zProfiles = z.object({
  /** Used unless a command selects another profile */
  current: z.string().optional(),
  profiles: z.record(z.string(), zProfile),
})
export type Profile = Readonly<z.infer<typeof zProfile>>
export type Profiles = Readonly<z.infer<typeof zProfiles>>

type Env = Readonly<Record<string, string | undefined>>

/** @returns undefined for users without a home folder, as in containers */
function findPath(env: Env): string | undefined {
  const { CROSSWALK_PROFILES: named, XDG_CONFIG_HOME: config, HOME: home = env['USERPROFILE'] } = env
  if (named !== undefined) return named
  if (config !== undefined) return join(config, 'crosswalk', 'profiles.json')
  return home === undefined ? undefined : join(home, '.config', 'crosswalk', 'profiles.json')
}

export function readProfiles(env: Env): Profiles {
  const path = findPath(env)
  if (path === undefined || !existsSync(path)) return { profiles: {} }
  try {
    return zProfiles.parse(JSON.parse(readTextFile(path)))
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(
      EXIT.usage,
      `${path} is not a valid profile file`,
      'delete it, and run `npx crosswalk login` again',
    )
  }
}

/**
 * Writes a new file and renames it: no process reads a partial file, and the token never lands in a file that others
 * can read.
 */
export function writeProfiles(env: Env, profiles: Profiles): void {
  const path = findPath(env)
  if (path === undefined)
    throw new CliError(EXIT.usage, 'no home folder to store profiles in', 'set CROSSWALK_PROFILES to a file')
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  const draft = `${path}.${randomBytes(8).toString('hex')}`
  writeFileSync(draft, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600, flag: 'wx' })
  renameSync(draft, path)
}

/** A trailing slash does not matter: `http://127.0.0.1:4000/` and `http://127.0.0.1:4000` are the same server. */
export function isSameServer(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '')
}
