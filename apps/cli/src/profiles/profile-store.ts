// The servers that `crosswalk login` has stored: address and token by name, in one file that only its owner can read.
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'

export interface Profile {
  readonly server: string
  readonly token: string
}

export interface Profiles {
  /** Used unless a command names another */
  readonly current?: string
  readonly profiles: Readonly<Record<string, Profile>>
}

type Env = Readonly<Record<string, string | undefined>>

/** @returns undefined for a user without a home, such as a container's */
function findPath(env: Env): string | undefined {
  const { CROSSWALK_PROFILES: named, XDG_CONFIG_HOME: config, HOME: home = env['USERPROFILE'] } = env
  if (named !== undefined) return named
  if (config !== undefined) return join(config, 'crosswalk', 'profiles.json')
  return home === undefined ? undefined : join(home, '.config', 'crosswalk', 'profiles.json')
}

export function readProfiles(env: Env): Profiles {
  const path = findPath(env)
  if (path === undefined) return { profiles: {} }
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { profiles: {} }
    throw error
  }
  try {
    return JSON.parse(text) as Profiles
  } catch {
    throw new CliError(EXIT.usage, `${path} is not valid JSON`, 'delete it, and run `crosswalk login` again')
  }
}

export function writeProfiles(env: Env, profiles: Profiles): void {
  const path = findPath(env)
  if (path === undefined)
    throw new CliError(
      EXIT.usage,
      'no home folder to store profiles in',
      'name a file with CROSSWALK_PROFILES',
    )
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
  writeFileSync(path, `${JSON.stringify(profiles, null, 2)}\n`, { mode: 0o600 })
  // The mode above is for a new file only.
  chmodSync(path, 0o600)
}

/** `http://127.0.0.1:4000/` and the same without its slash are one server. */
export function isSameServer(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '')
}
