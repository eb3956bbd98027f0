// A key of a trusted issuer, at once where it is known and fresh; a miss in the words of `observe-jwt.ts`.
import { accept, refuse, type Result } from '@crosswalk/protocol'

import type { IssuerKeys, KeyQuery, KeyRefusal } from './issuer-keys/issuer-keys.ts'
import type { VerificationKey } from './jws/verification-key.ts'
import type { KeyMiss } from './observe-jwt.ts'

export function findIssuerKey(
  keys: IssuerKeys,
  query: KeyQuery,
): Result<VerificationKey, KeyMiss> | Promise<Result<VerificationKey, KeyMiss>> {
  const known = keys.peek(query)
  return known === undefined ? findSlowly(keys, query) : accept(known)
}

async function findSlowly(keys: IssuerKeys, query: KeyQuery): Promise<Result<VerificationKey, KeyMiss>> {
  const found = await keys.find(query)
  return found.accepted ? found : refuse(classifyMiss(found.refusal))
}

/** What an issuer publishes but we cannot use stays refused; what we could not reach may be there the next time. */
function classifyMiss(refusal: KeyRefusal): KeyMiss {
  if (refusal === 'unknown-kid' || refusal === 'kid-needed') return 'unknown-kid'
  return refusal === 'unreachable' ? 'unreachable' : 'refused'
}
