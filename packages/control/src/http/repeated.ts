// Requests that create something once, however often they are sent: the `Idempotency-Key` determines its id, in every process and
// after a restart, so a repeated request finds what the first one created.
import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'

import { newId } from '@crosswalk/as-core'

import type { AdminContext } from './context.ts'
import { buildProblem, type Problem } from './problem.ts'

/** @returns the id of what the request creates; a random one without a key */
export function chooseId(
  prefix: string,
  { idempotencyKey: key }: Pick<AdminContext, 'idempotencyKey'>,
): string {
  if (key === undefined) return newId(prefix)
  const sha256 = createHash('sha256').update(JSON.stringify(['idempotency-key', key]))
  return `${prefix}_${sha256.digest('hex').slice(0, 32)}`
}

/**
 * @param existing - what a request with this key created
 * @param wanted - members that the same request gives it
 * @returns the conflict if it was another request
 */
export function refuseOtherRequest(existing: object, wanted: object): Problem | undefined {
  const known: Readonly<Record<string, unknown>> = { ...existing }
  return Object.entries(wanted).every(([name, value]) => isDeepStrictEqual(known[name], value))
    ? undefined
    : buildProblem('exists', { detail: 'Another request has used this Idempotency-Key. Choose a new one.' })
}
