// Finds a key of a trusted issuer, without waiting if it is cached; classifies failures for `observe-jwt.ts`.
import { accept, refuse, type Result } from '@crosswalk/protocol'

import type { IssuerKeys, KeyQuery, KeyRefusal } from './issuer-keys.ts'
import type { VerificationKey } from '../jws/verification-key.ts'
import type { KeyMiss } from '../jws/observe-jwt.ts'

export function findIssuerKey(
  keys: IssuerKeys,
  query: KeyQuery,
): Result<VerificationKey, KeyMiss> | Promise<Result<VerificationKey, KeyMiss>> {
  const known = keys.peek(query)
  return known === undefined ? findSlowly(keys, query) : accept(known)
}

async function findSlowly(keys: IssuerKeys, query: KeyQuery): Promise<Result<VerificationKey, KeyMiss>> {
  const found = await keys.find(query)
  if (found.accepted) return found
  const { reason, detail = reason, retryAfterSeconds } = found.refusal
  return refuse({ kind: classifyMiss(reason), detail, retryAfterSeconds })
}

/** An unusable published key stays refused; an unreachable issuer may recover. */
function classifyMiss(reason: KeyRefusal['reason']): KeyMiss['kind'] {
  switch (reason) {
    case 'unknown-kid':
    case 'unfit-key':
    case 'kid-needed':
      return 'unknown-kid'
    case 'unreachable':
      return 'unreachable'
    case 'unusable-document':
    case 'issuer-mismatch':
      return 'refused'
  }
}
