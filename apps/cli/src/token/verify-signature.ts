// Whether a token was signed by one of the keys of a JWKS. Nothing else of the token is judged here.
import { compactVerify, createLocalJWKSet, errors, type JSONWebKeySet } from 'jose'

import { CliError } from '../cli-error.ts'
import { EXIT } from '../exit-codes.ts'
import { readTextFile } from '../terminal.ts'

const FETCH_TIMEOUT_MS = 10_000

export type SignatureVerdict =
  { readonly valid: true; readonly kid?: string } | { readonly valid: false; readonly reason: string }

/** @param source - URL or file of a JWKS document (RFC 7517 section 5) */
export async function verifySignature(token: string, source: string): Promise<SignatureVerdict> {
  const keys = parseJwks(/^https?:\/\//.test(source) ? await fetchText(source) : readTextFile(source), source)
  try {
    const { protectedHeader } = await compactVerify(token, keys)
    return { valid: true, ...(protectedHeader.kid === undefined ? {} : { kid: protectedHeader.kid }) }
  } catch (error) {
    if (error instanceof errors.JOSEError)
      return { valid: false, reason: REASONS[error.code] ?? error.message }
    throw error
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ERR_JWS_SIGNATURE_VERIFICATION_FAILED: 'none of the keys made this signature',
  ERR_JWKS_NO_MATCHING_KEY: 'no key there fits the kid and alg of the token',
  ERR_JWKS_MULTIPLE_MATCHING_KEYS: 'several keys there fit, since the token names no kid',
}

async function fetchText(url: string): Promise<string> {
  const fix = 'check the URL, or save the JWKS and name the file'
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(FETCH_TIMEOUT_MS), redirect: 'error' })
    if (response.ok) return await response.text()
    throw new CliError(EXIT.network, `${url} answered ${response.status}`, fix)
  } catch (error) {
    if (error instanceof CliError) throw error
    throw new CliError(EXIT.network, `${url} cannot be fetched (${describe(error)})`, fix)
  }
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? error.cause.message : error.message
}

function parseJwks(text: string, source: string): ReturnType<typeof createLocalJWKSet> {
  try {
    return createLocalJWKSet(JSON.parse(text) as JSONWebKeySet)
  } catch {
    throw new CliError(EXIT.usage, `${source} is no JWKS document`, 'name a document with a member `keys`')
  }
}
