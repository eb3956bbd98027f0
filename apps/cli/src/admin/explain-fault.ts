// Maps failed admin API requests to CLI errors: the exit code and the fix.
import { ADMIN_API_PATH, AdminApiError, COLLECTIONS, type ProblemBody } from '@crosswalk/admin-api'

import { CliError, type ErrorDetails } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { NOUNS } from './nouns.ts'
import { sanitize } from './table.ts'
import { isTimeout } from './timeout.ts'

const WAIT = 'wait a moment, and try again'

const BY_STATUS: Readonly<Record<number, readonly [exitCode: number, fix: string]>> = {
  400: [EXIT.usage, 'fix the problems listed, and try again'],
  401: [EXIT.signIn, 'check the token in CROSSWALK_ADMIN_TOKEN, or log in again with `npx crosswalk login`'],
  403: [EXIT.notPermitted, 'use a token with one of these roles'],
  404: [EXIT.notFound, 'check the id with the `list` command'],
  409: [EXIT.conflict, 'check the current state, and try again'],
  412: [EXIT.conflict, 'someone else changed it; reload and try again'],
  422: [EXIT.usage, 'ask for less, such as a shorter period'],
  429: [EXIT.rateLimited, WAIT],
  503: [EXIT.failure, WAIT],
}

/** For problems whose name is more specific than their status */
const BY_PROBLEM: Readonly<Record<string, string>> = {
  // Every command sends a token, so a proxy must have removed it.
  unauthenticated:
    'the Authorization header did not arrive; configure the proxy in front of the server to pass it on',
  'owned-by-file': 'change it in the configuration file, and start the server again',
  exists: 'choose another id, or change the existing object with `update`',
  referenced: 'remove the objects that refer to it first, or change both together with `apply`',
  stale: 'run `history` to see who changed it, then try again',
}

export function toCliError(error: unknown, server: string): unknown {
  if (error instanceof AdminApiError) {
    if (error.problem === undefined) return explainForeign(error, server)
    const { failedTests, mayOverride = false } = error.problem
    if (failedTests !== undefined)
      return new CliError(
        EXIT.conflict,
        describeFailed(failedTests),
        mayOverride ? OVERRIDE_FIX : NARROW_FIX,
        { code: 'tests-fail' },
      )
    const [exitCode, fix] = BY_STATUS[error.status] ?? [EXIT.failure, 'see the server log']
    const { title, errors = [] } = error.problem
    const details = explainProblem(error.problem)
    const fixes = [...new Set(errors.flatMap((it) => it.fix ?? []))].join('; ')
    const best =
      fixes === '' ? (BY_PROBLEM[details.code ?? ''] ?? findList(details.why) ?? fix) : sanitize(fixes)
    return new CliError(exitCode, sanitize(title), best, details)
  }
  if (isTimeout(error))
    return new CliError(
      EXIT.timeout,
      `${server} did not respond in time`,
      'try again, or wait longer with --timeout',
    )
  const isNetwork = error instanceof TypeError && /fetch|URL/i.test(error.message)
  return isNetwork ? explainUnreachable(error, server) : error
}

/** A response that is not of the admin API: of a proxy in front of it, or of another server. */
function explainForeign({ status, location, message }: AdminApiError, server: string): CliError {
  if (status === 429)
    return new CliError(EXIT.rateLimited, `${server} rejects further requests (${message})`, WAIT)
  if (status >= 502 && status <= 504)
    return new CliError(
      EXIT.network,
      `the proxy in front of ${server} gets no answer from it (${message})`,
      'check that the server is running, and where the proxy looks for it',
    )
  if (status >= 300 && status < 400 && location !== undefined) return explainRedirect(location, server)
  return new CliError(
    EXIT.network,
    `${server} has no admin API (${message})`,
    'check --server or CROSSWALK_SERVER; the server needs `admin.token` in its configuration',
  )
}

/** Where the admin API is instead, and not a login page; its characters need no quotes in a shell */
const MOVED = new RegExp(String.raw`^(https?://[\w.:[\]/-]+?)${ADMIN_API_PATH}/`)

function explainRedirect(location: string, server: string): CliError {
  const target = URL.canParse(location, server) ? new URL(location, server) : undefined
  const [, base] = MOVED.exec(target?.href ?? '') ?? []
  return new CliError(
    EXIT.network,
    `${server} redirects to ${sanitize(target?.origin ?? location)}`,
    base === undefined
      ? 'use the URL of the server itself, with no proxy that requires a login in between'
      : `use --server ${base}, or set CROSSWALK_SERVER to it`,
  )
}

function explainUnreachable({ cause }: TypeError, server: string): CliError {
  if (!URL.canParse(server) || !/^https?:/i.test(server))
    return new CliError(
      EXIT.usage,
      server === '' ? 'the server URL is empty' : `${server} is not a valid server URL`,
      'use http:// or https:// in --server or CROSSWALK_SERVER',
    )
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : ''
  return new CliError(
    EXIT.network,
    `${server} cannot be reached${code === '' ? '' : ` (${code})`}`,
    FIX_BY_CAUSE.find(([pattern]) => pattern.test(code))?.[1] ??
      'check --server or CROSSWALK_SERVER, and that the server is running',
  )
}

/** By the error code of the network or of OpenSSL; the first match applies. */
const FIX_BY_CAUSE: readonly (readonly [code: RegExp, fix: string])[] = [
  [
    /WRONG_VERSION_NUMBER|PACKET_LENGTH_TOO_LONG/,
    'this port serves plain HTTP: use http:// instead of https://',
  ],
  [
    /^(CERT_|ERR_TLS|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/,
    'use the host name in the certificate; for a private CA, set NODE_EXTRA_CA_CERTS to its certificate file',
  ],
  [/^(ENOTFOUND|EAI_AGAIN)$/, 'check the host name in --server or CROSSWALK_SERVER, and your DNS'],
]

/** What a problem can say is not there, and the command that lists it */
const LISTS: readonly (readonly [object: string, command: string])[] = [
  ...NOUNS.map(({ name, collection }) => [COLLECTIONS[collection].one, `${name} list`] as const),
  ['account', 'account list'],
  ['block', 'block list'],
  ['decision', 'decisions list'],
  ['kill', 'block list'],
  ['recommendation', 'recommendations list'],
  ['request', 'request list'],
  ['review', 'review list'],
  ['stored credential', 'credential list'],
  ['stream', 'audit streams list'],
  ['access grant', 'grant list'],
  ['event', 'audit list'],
  ['key', 'keys list'],
  ['token', 'admin-token list'],
]

/** @param why - such as `There is no app x.` or `<id>: x is not an app` */
function findList(why = ''): string | undefined {
  const named = LISTS.filter(
    ([object]) =>
      why.startsWith(`There is no ${object} `) ||
      why.endsWith(` is not a ${object}`) ||
      why.endsWith(` is not an ${object}`),
  )
  // `policy test suite` also begins with `policy`.
  const [best] = named.sort(([one], [other]) => other.length - one.length)
  return best === undefined ? undefined : `see \`npx crosswalk ${best[1]}\``
}

function explainProblem({ type, detail }: ProblemBody): ErrorDetails {
  // Those of other servers, such as `about:blank`, are not among ours.
  const [, code] = /^urn:crosswalk:problem:([a-z-]+)$/.exec(type) ?? []
  return {
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { why: sanitize(detail) }),
  }
}

const NARROW_FIX = 'change less, or ask an owner or administrator to save it anyway'
const OVERRIDE_FIX = 'change less, or change the test; or save anyway with --override-tests and --reason'

function describeFailed(tests: NonNullable<ProblemBody['failedTests']>): string {
  const lines = tests.map(({ suite, test, why }) => sanitize(`  ${suite}: ${test}: ${why}`))
  return ['policy tests would fail, so nothing was changed', ...lines].join('\n')
}
