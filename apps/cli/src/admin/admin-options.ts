// Options shared by all commands that use the admin API: the server, the profile and the timeout, plus reading the
// token.
import { isIP } from 'node:net'

import { type AdminClient, createCheckingClient } from '@crosswalk/admin-api'
import { type Command, InvalidArgumentError, Option } from 'commander'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { outputOption, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { toCliError } from './explain-fault.ts'
import { fetchWithTimeout, timeoutOption } from './timeout.ts'
import { wholeNumber } from '../whole-number.ts'

/** Only lists support formats other than `text` and `json`; `table` is their plain text. */
export type ListFormat = OutputFormat | 'table' | 'yaml' | 'ndjson' | 'csv' | 'md'

export interface AdminOptions {
  readonly server: string
  readonly output: ListFormat
  /** Seconds to wait for a response; undefined means no limit. */
  readonly timeout?: number
  /** Headings of a list, in the order to print them */
  readonly columns?: readonly string[]
  /** Save even if policy tests fail */
  readonly overrideTests?: true
}

/** Adds the options of every admin API command. The token is never an option: process lists would show it. */
export function addAdminOptions(command: Command): Command {
  return addServerOptions(command).addOption(outputOption())
}

/** For commands that change what policy tests check. */
export function overrideOption(): Option {
  return new Option('--override-tests', 'save even if policy tests fail; needs --reason')
}

/** Adds `--server`, `--timeout` and, unless disabled, `--profile`. */
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
    .env('CROSSWALK_SERVER')
}

export function readToken({ env }: Pick<CommandTerminal, 'env'>): string {
  // A token from a file may end with a line break.
  const token = env.CROSSWALK_ADMIN_TOKEN?.trim()
  // Visible ASCII, space and tab: what a header value can carry (RFC 9110 section 5.5).
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
    'run `npx crosswalk login`, or set CROSSWALK_ADMIN_TOKEN; `init` writes it to crosswalk.env, the demo world to data/demo/PORT/secrets.json',
  )
}

export interface AdminCommand {
  readonly client: AdminClient
  readonly options: AdminOptions
  readonly terminal: CommandTerminal
}

/** Runs the body of a command; errors from the server become CLI errors with their exit codes. */
export async function withAdmin(
  terminal: CommandTerminal,
  options: AdminOptions,
  body: (command: AdminCommand) => Promise<void>,
): Promise<void> {
  const client = createCheckingClient({
    baseUrl: options.server,
    token: readToken(terminal),
    fetch: fetchWithTimeout(options.timeout),
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

export const parseLimit = wholeNumber(1, 10_000)

/** An invalid address would match no network, so the decision would be about a different request. */
export function parseAddress(text: string): string {
  if (isIP(text) === 0) throw new InvalidArgumentError('Write an IPv4 or IPv6 address.')
  return text
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }

/** @returns an RFC 3339 time, from RFC 3339 or from a duration such as `15m`, counted back from now unless `ahead` */
export function parseMoment(text: string, nowMs: number, direction: 'ago' | 'ahead' = 'ago'): string {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? []
  const sign = direction === 'ago' ? -1 : 1
  const moment =
    unit === undefined ? Date.parse(text) : nowMs + sign * Number(count) * (UNIT_SECONDS[unit] ?? 0) * 1000
  if (Number.isNaN(moment))
    throw new CliError(EXIT.usage, `${text} is not a time`, 'give RFC 3339, or a time such as 15m, 2h, 7d')
  return new Date(moment).toISOString()
}
