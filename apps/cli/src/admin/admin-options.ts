// How commands reach the admin API: which server, with which token, within which time.
import { isIP } from 'node:net'

import { type AdminClient, createCheckingClient } from '@crosswalk/admin-api'
import { type Command, InvalidArgumentError, Option } from 'commander'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { outputOption, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { toCliError } from './explain-fault.ts'
import { fetchWithin, timeoutOption } from './timeout.ts'

/** Those besides text and JSON are of lists only; `table` is what text is there. */
export type ListFormat = OutputFormat | 'table' | 'ndjson' | 'csv'

export interface AdminOptions {
  readonly server: string
  readonly output: ListFormat
  /** Seconds; undefined: as long as it takes */
  readonly timeout?: number
  /** Save it although policy tests fail */
  readonly overrideTests?: true
}

/** Options that every command over the admin API has; the token is never one of them. */
export function addAdminOptions(command: Command): Command {
  return addServerOptions(command).addOption(outputOption())
}

/** For commands that change what policy tests are about. */
export function overrideOption(): Option {
  return new Option('--override-tests', 'save even if policy tests fail; needs --reason')
}

/** Which server, and how long it may take. */
export function addServerOptions(command: Command, { profile = true } = {}): Command {
  command.addOption(serverOption()).addOption(timeoutOption())
  return profile ? command.addOption(profileOption()) : command
}

function profileOption(): Option {
  return new Option('--profile <name>', 'server and token stored by `login`').env('CROSSWALK_PROFILE')
}

function serverOption(): Option {
  return new Option('--server <url>', 'public origin of the server')
    .default('http://127.0.0.1:4000')
    .env('CROSSWALK_URL')
}

export function readToken({ env }: Pick<CommandTerminal, 'env'>): string {
  // A token from a file may end with a line break.
  const token = env.CROSSWALK_ADMIN_TOKEN?.trim()
  // What a header can carry (RFC 9110 section 5.5).
  if (token !== undefined && !/^[\t\x20-\x7e]*$/.test(token))
    throw new CliError(
      EXIT.signIn,
      'CROSSWALK_ADMIN_TOKEN contains characters that no token has',
      'copy the token again, on one line and nothing else',
    )
  if (token !== undefined && token !== '') return token
  throw new CliError(
    EXIT.signIn,
    'no token for the admin API',
    'run `crosswalk login`, or set CROSSWALK_ADMIN_TOKEN',
  )
}

export interface AdminCommand {
  readonly client: AdminClient
  readonly options: AdminOptions
  readonly terminal: CommandTerminal
}

/** Runs the body of a command; what the server refuses ends it with its exit code. */
export async function withAdmin(
  terminal: CommandTerminal,
  options: AdminOptions,
  body: (command: AdminCommand) => Promise<void>,
): Promise<void> {
  const client = createCheckingClient({
    baseUrl: options.server,
    token: readToken(terminal),
    fetch: fetchWithin(options.timeout),
  })
  const { overrideTests = false } = options
  const overriding: AdminClient = {
    call: (name, request, more) => client.call(name, request, { ...more, overrideTests }),
  }
  try {
    await body({ client: overriding, options, terminal })
  } catch (error) {
    throw toCliError(error, options.server)
  }
}

export function parseLimit(text: string): number {
  const limit = Number(text)
  if (!/^\d+$/.test(text) || limit < 1 || limit > 10_000)
    throw new InvalidArgumentError('a whole number from 1 to 10000.')
  return limit
}

/** One that is none would be in no network, and the answer one for somewhere else. */
export function parseAddress(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('an IPv4 or IPv6 address.')
  return text
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** @returns a moment as RFC 3339: given as such, or as a time from now such as `15m`: ago, unless it is ahead */
export function parseMoment(text: string, nowMs: number, direction: 'ago' | 'ahead' = 'ago'): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const sign = direction === 'ago' ? -1 : 1
  const moment =
    unit === undefined ? Date.parse(text) : nowMs + sign * Number(count) * (UNIT_SECONDS[unit] ?? 0) * 1000
  if (Number.isNaN(moment))
    throw new CliError(EXIT.usage, `${text} is not a time`, 'give RFC 3339, or a time such as 15m, 2h, 7d')
  return new Date(moment).toISOString()
}
