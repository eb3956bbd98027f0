// Reads the keys for checking a signature, from a URL or a file.
import { readAtMost } from '@crosswalk/protocol'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { readTextFile } from '../terminal.ts'

const FETCH_TIMEOUT_MS = 10_000
const MAX_BYTES = 1_048_576

/** @param source - URL or file of a JWKS document (RFC 7517 section 5) */
export async function readJwks(source: string): Promise<unknown> {
  const text = /^https?:\/\//.test(source) ? await fetchText(source) : readTextFile(source)
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw notJwksError(source)
  }
}

export function notJwksError(source: string): CliError {
  return new CliError(EXIT.usage, `${source} is not a JWKS document`, 'use a document with a `keys` member')
}

async function fetchText(url: string): Promise<string> {
  const fix = 'check the URL, or save the JWKS to a file and use that'
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' })
    if (!response.ok) throw new CliError(EXIT.network, `${url} responded with ${response.status}`, fix)
    const bytes = await readAtMost(response.body, MAX_BYTES)
    if (bytes === undefined) throw new CliError(EXIT.network, `${url} is longer than 1 MiB`, fix)
    return new TextDecoder().decode(bytes)
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(EXIT.network, `${url} cannot be fetched (${describe(error)})`, fix)
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}
