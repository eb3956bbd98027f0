// The response to a fault, the same at every endpoint: try again soon if something that we depend on failed, and an
// internal error otherwise. Only the log contains the cause.
import { DECISION_CODES, WIRE_DESCRIPTION } from '@crosswalk/protocol'

import { findCause } from '../find-cause.ts'
import { findKeyProviderFault } from '../keys/key-provider-fault.ts'
import { StorageFault } from './storage-fault.ts'
import { findUserLookupFault } from './user-lookup-fault.ts'

const RETRY_AFTER_SECONDS = 2

export interface FaultAnswer {
  readonly code: 'XAA9001' | 'XAA9002'
  readonly http: number
  /** As of RFC 6749 section 5.2 */
  readonly body: { readonly error: string; readonly error_description: string }
  readonly headers: Readonly<Record<string, string>>
}

export function answerFault(fault: unknown): FaultAnswer {
  const passing = findStorageFault(fault) ?? findKeyProviderFault(fault) ?? findUserLookupFault(fault)
  return passing === undefined
    ? answer('XAA9001', {})
    : answer('XAA9002', { 'retry-after': String(RETRY_AFTER_SECONDS) })
}

function answer(code: FaultAnswer['code'], headers: FaultAnswer['headers']): FaultAnswer {
  const { http, error } = DECISION_CODES[code]
  return { code, http, body: { error, error_description: WIRE_DESCRIPTION[error] }, headers }
}

/** The same as a response that nothing caches. */
export function respondToFault(fault: unknown): Response {
  const { http, body, headers } = answerFault(fault)
  return Response.json(body, { status: http, headers: { ...headers, 'cache-control': 'no-store' } })
}

/** @returns the database fault in an error or its causes */
export function findStorageFault(fault: unknown): StorageFault | undefined {
  return findCause(fault, StorageFault)
}
