// Requests a response that is too large for memory.
import { ADMIN_API_PATH, readError } from '@crosswalk/admin-api'

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
  throw toCliError(await readError(response), server)
}
