// The response to a fault, the same at every endpoint: try again soon if something that we depend on failed, and an
// internal error otherwise. Only the log contains the cause.
import { DECISION_CODES, WIRE_DESCRIPTION } from '@crosswalk/protocol'

import { findCause } from '../find-cause.ts'
import { findKeyProviderFault } from '../keys/key-provider-fault.ts'
import { ANY_ORIGIN } from './document.ts'
import { StorageFault } from './storage-fault.ts'
import { findUserLookupFault } from './user-lookup-fault.ts'

/** A passing fault of a dependency */
const RETRY_FAULT_SECONDS = 2
/** Overload: other requests are done within moments */
const RETRY_OVERLOAD_SECONDS = 1

export interface FaultAnswer {
  readonly code: 'XAA9001' | 'XAA9002' | 'XAA9003'
  readonly http: number
  /** As of RFC 6749 section 5.2 */
  readonly body: { readonly error: string; readonly error_description: string }
  readonly headers: Readonly<Record<string, string>>
  /** As `Retry-After` says, for the record */
  readonly retryAfterSeconds: number | undefined
}

export function answerFault(fault: unknown): FaultAnswer {
  const passing = findStorageFault(fault) ?? findKeyProviderFault(fault) ?? findUserLookupFault(fault)
  return passing === undefined ? answer('XAA9001', undefined) : answer('XAA9002', RETRY_FAULT_SECONDS)
}

/** The response to a token request that is not read, because too many are in progress. */
export function answerOverload(): FaultAnswer {
  const overload = answer('XAA9003', RETRY_OVERLOAD_SECONDS)
  return { ...overload, headers: { ...overload.headers, ...ANY_ORIGIN } }
}

function answer(code: FaultAnswer['code'], retryAfterSeconds: number | undefined): FaultAnswer {
  const { http, error } = DECISION_CODES[code]
  const body = { error, error_description: WIRE_DESCRIPTION[error] }
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  return { code, http, body, headers, retryAfterSeconds }
}

/** The same as a response that nothing caches. */
export function respondToFault(fault: unknown): Response {
  return respond(answerFault(fault))
}

/** The response to any other request that is not read, also because the server is not ready. */
export function respondToOverload(): Response {
  return respond(answerOverload())
}

function respond({ http, body, headers }: FaultAnswer): Response {
  return Response.json(body, { status: http, headers: { ...headers, 'cache-control': 'no-store' } })
}

/** @returns the database fault in an error or its causes */
export function findStorageFault(fault: unknown): StorageFault | undefined {
  return findCause(fault, StorageFault)
}
