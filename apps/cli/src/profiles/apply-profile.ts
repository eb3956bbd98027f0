// Selects the stored profile of a command. Its token is sent only to its own server. Options and environment variables
// take precedence over profiles.
import type { Command } from 'commander'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'
import { isSameServer, type Profile, type Profiles, readProfiles } from './profile-store.ts'

/** Sets the server of the profile. @returns the environment with the token of the profile, if one applies */
export function applyProfile(
  command: Command,
  { env }: Pick<CommandTerminal, 'env'>,
): CommandTerminal['env'] {
  const { profile: name, server } = command.opts<{ profile?: string; server?: string }>()
  const has = (option: string) => command.options.some((one) => one.attributeName() === option)
  if (!has('server')) return env
  if (name === undefined && (env['CROSSWALK_ADMIN_TOKEN'] ?? '') !== '') return env
  const source = command.getOptionValueSource('server')
  const isGiven = source === 'cli' || (source === 'env' && name === undefined)
  // The new token of `login`, for example, must not go to the server of another profile.
  if (!isGiven && !has('profile')) return env
  const stored = readProfiles(env)
  const profile =
    name !== undefined ? findNamed(stored, name) : findFitting(stored, isGiven ? server : undefined)
  if (profile === undefined) return env
  if (isGiven && !isSameServer(server ?? '', profile.server))
    throw new CliError(
      EXIT.usage,
      `profile ${name} is for ${profile.server}, not ${server}`,
      'omit --server, or choose another profile',
    )
  command.setOptionValueWithSource('server', profile.server, 'config')
  return { ...env, CROSSWALK_ADMIN_TOKEN: profile.token }
}

function findNamed({ profiles }: Profiles, name: string): Profile {
  const profile = Object.hasOwn(profiles, name) ? profiles[name] : undefined
  if (profile !== undefined) return profile
  const known = Object.keys(profiles)
  const fix = known.length === 0 ? 'run `npx crosswalk login`' : `choose one of ${known.join(', ')}`
  throw new CliError(EXIT.notFound, `no profile ${name}`, fix)
}

function findFitting({ current, profiles }: Profiles, server: string | undefined): Profile | undefined {
  const chosen = current === undefined ? undefined : profiles[current]
  if (server === undefined) return chosen
  return [chosen, ...Object.values(profiles)].find(
    (one) => one !== undefined && isSameServer(one.server, server),
  )
}
