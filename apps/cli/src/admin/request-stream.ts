// Requests a response that is too large for memory.
import { ADMIN_API_PATH } from '@crosswalk/admin-api'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import type { CommandTerminal } from '../terminal.ts'
import { type AdminOptions, readToken } from './admin-options.ts'
import { toCliError } from './explain-fault.ts'
import { fetchWithResponseTimeout } from './timeout.ts'

interface StreamRequest {
  /** Within the admin API */
  readonly path: string
  readonly filters: Readonly<Record<string, unknown>>
  readonly accept: string
}

/** @throws CliError with the problem, if the response has none */
export async function requestStream(
  terminal: CommandTerminal,
  { server, timeout }: Pick<AdminOptions, 'server' | 'timeout'>,
  { path, filters, accept }: StreamRequest,
): Promise<{ readonly headers: Headers; readonly body: ReadableStream<Uint8Array<ArrayBuffer>> }> {
  const query = new URLSearchParams(filters as Record<string, string>)
  const url = `${server.replace(/\/$/, '')}${ADMIN_API_PATH}${path}?${query}`
  const headers = { authorization: `Bearer ${readToken(terminal)}`, accept }
  const response = await fetchWithResponseTimeout(timeout)(url, { headers }).catch((error: unknown) => {
    throw toCliError(error, server)
  })
  if (response.ok && response.body !== null) return { headers: response.headers, body: response.body }
  const problem = (await response.json().catch(() => ({}))) as { title?: string; detail?: string }
  const message = [problem.title ?? `status ${response.status}`, problem.detail].filter(Boolean).join(': ')
  if (response.status === 503) throw new CliError(EXIT.failure, message, 'wait a moment, and try again')
  const exitCode = { 401: EXIT.signIn, 403: EXIT.notPermitted }[response.status] ?? EXIT.usage
  throw new CliError(exitCode, message, 'check the options and CROSSWALK_ADMIN_TOKEN')
}
