// Passwords and client secrets of the demo world: generated on the first start, then kept so that logins stay the same.
import { randomBytes, randomInt } from 'node:crypto'

import { openJsonFile } from '@crosswalk/demo-kit'

const USERNAMES = ['alice', 'bob', 'carol', 'dave'] as const
export type Username = (typeof USERNAMES)[number]

/** Works in the console, and has no story. */
export const ADMINISTRATOR = 'ada'

const CLIENT_SECRETS = [
  'ADMIN_TOKEN',
  'AGENT0_SECRET',
  'TODO0_PAGE_SECRET',
  'AGENT0_AT_TODO0_SECRET',
  'OTHER_AT_TODO0_SECRET',
  'TODO0_PAGE_AT_TODO0_SECRET',
  'TODO0_API_SECRET',
  'NOTES0_API_SECRET',
  'GATEWAY_API_SECRET',
] as const
export type SecretName = (typeof CLIENT_SECRETS)[number]

export interface Secrets {
  readonly passwords: Readonly<Record<Username | typeof ADMINISTRATOR, string>>
  readonly clients: Readonly<Record<SecretName, string>>
}

/** Reads the file, and adds missing secrets. */
export function openSecrets(path: string): Secrets {
  const file = openJsonFile<Partial<Secrets>>(path, {})
  const { passwords, clients } = file.read()
  const secrets: Secrets = {
    passwords: fill([...USERNAMES, ADMINISTRATOR], passwords, makePassword),
    clients: fill(CLIENT_SECRETS, clients, () => randomBytes(32).toString('base64url')),
  }
  file.write(secrets)
  return secrets
}

function fill<Name extends string>(
  names: readonly Name[],
  known: Readonly<Partial<Record<Name, string>>> | undefined,
  make: () => string,
): Record<Name, string> {
  return Object.fromEntries(names.map((name) => [name, known?.[name] ?? make()])) as Record<Name, string>
}

/** Without letters that are easily confused: passwords are typed by hand. */
const LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789'

/** Twelve letters in groups of four, about 59 bits. */
function makePassword(): string {
  const group = () => Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')
  return [group(), group(), group()].join('-')
}
