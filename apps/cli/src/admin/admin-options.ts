// How commands reach the admin API, and what its refusals mean to the caller.
import { isIP } from 'node:net'

import { AdminApiError, type AdminClient, createCheckingClient, type ProblemBody } from '@crosswalk/admin-api'
import { type Command, InvalidArgumentError, Option } from 'commander'

import { CliError, type ErrorDetails } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { outputOption, type OutputFormat } from '../output.ts'
import type { CommandTerminal } from '../terminal.ts'
import { sanitize } from './table.ts'
import { fetchWithin, isTimeout, timeoutOption } from './timeout.ts'

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

const BY_STATUS: Readonly<Record<number, readonly [exitCode: number, fix: string]>> = {
  400: [EXIT.usage, 'fix the problems listed, and try again'],
  401: [EXIT.signIn, 'check the token: that of CROSSWALK_ADMIN_TOKEN, or of `crosswalk login`'],
  403: [EXIT.notPermitted, 'use a token with one of these roles'],
  404: [EXIT.notFound, 'check the id with the `list` command'],
  409: [EXIT.conflict, 'look at the current state, and try again'],
  412: [EXIT.conflict, 'it was changed meanwhile; try again'],
  429: [EXIT.rateLimited, 'wait a moment, and try again'],
}

/** Where the name of the problem says more than its status. */
const BY_PROBLEM: Readonly<Record<string, string>> = {
  // Every command sends its token.
  unauthenticated:
    'have the proxy in front of the server pass on the header Authorization: it did not arrive',
  'owned-by-file': 'change it in the configuration file, and start the server again',
  exists: 'choose another id, or change what is there with `update`',
  referenced: 'remove what refers to it first, or do both in one change with `apply`',
  stale: 'see with `history` who changed it, and try again',
}

export function toCliError(error: unknown, server: string): unknown {
  if (error instanceof AdminApiError) {
    if (error.problem === undefined)
      return new CliError(
        EXIT.network,
        `${server} has no admin API (${error.message})`,
        'check --server or CROSSWALK_URL; the API is there only with `admin.token` in the configuration',
      )
    const { failedTests } = error.problem
    if (failedTests !== undefined)
      return new CliError(EXIT.conflict, describeFailed(failedTests), OVERRIDE_FIX, { code: 'tests-fail' })
    const [exitCode, fix] = BY_STATUS[error.status] ?? [EXIT.failure, 'see the log of the server']
    const { title, errors = [] } = error.problem
    const details = explainProblem(error.problem)
    const fixes = [...new Set(errors.flatMap((it) => it.fix ?? []))].join('; ')
    const best = fixes === '' ? (BY_PROBLEM[details.code ?? ''] ?? fix) : sanitize(fixes)
    return new CliError(exitCode, sanitize(title), best, details)
  }
  if (isTimeout(error))
    return new CliError(
      EXIT.timeout,
      `${server} did not answer in time`,
      'try again, or wait longer with --timeout',
    )
  const isNetwork = error instanceof TypeError && /fetch|URL/i.test(error.message)
  return isNetwork ? explainUnreachable(error, server) : error
}

function explainUnreachable({ cause }: TypeError, server: string): CliError {
  if (!URL.canParse(server) || !/^https?:/i.test(server))
    return new CliError(
      EXIT.network,
      `${server} is not the address of a server`,
      'write it with http:// or https:// in --server or CROSSWALK_URL',
    )
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new CliError(
    EXIT.network,
    `${server} cannot be reached${code === '' ? '' : ` (${code})`}`,
    FIX_BY_CAUSE.find(([pattern]) => pattern.test(code))?.[1] ??
      'check --server or CROSSWALK_URL, and whether the server runs',
  )
}

/** By the code of the network or of OpenSSL; the first that fits. */
const FIX_BY_CAUSE: readonly (readonly [code: RegExp, fix: string])[] = [
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/,
    'this port speaks plain HTTP: write http:// instead of https://',
  ],
  [
    /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/,
    'use the host name of its certificate; for a CA of your own, set NODE_EXTRA_CA_CERTS to the file of its certificate',
  ],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'check the host name in --server or CROSSWALK_URL, and your DNS'],
]

function explainProblem({ type, detail }: ProblemBody): ErrorDetails {
  const code = type.split(':').at(-1)
  return {
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { why: sanitize(detail) }),
  }
}

const OVERRIDE_FIX = 'change less, or change the test; or save anyway with --override-tests and --reason'

function describeFailed(tests: NonNullable<ProblemBody['failedTests']>): string {
  const lines = tests.map(({ suite, test, why }) => sanitize(`  ${suite}: ${test}: ${why}`))
  return ['policy tests would fail, so nothing was changed', ...lines].join('\n')
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
