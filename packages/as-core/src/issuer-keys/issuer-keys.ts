// The keys of trusted issuers and of clients that sign their assertions, kept separate per owner (SEC-04). Callers
// check trust first: every lookup here may cause traffic (SEC-13).
import { evictOldest, refuse, type Result } from '@crosswalk/protocol'

import type { GuardedFetch } from '../guarded-fetch/guarded-fetch.ts'
import type { VerificationKey } from '../jws/verification-key.ts'
import type { Clock } from '../ports.ts'
import { discoverKeys } from './discover-keys.ts'
import { FetchedKeys, type KeyRefusal } from './fetched-keys.ts'
import { chooseKey, type KeySet, type KeyRequirements, parseKeySet } from './key-set.ts'

export type { KeyRefusal } from './fetched-keys.ts'

/** Identifies the key of a token: `kid` and `algorithm` from its header; the caller has checked the algorithm. */
export interface KeyQuery extends KeyRequirements {
  /** The owner of the key; issuers never share keys */
  readonly issuer: string
  /** First choice: configured keys */
  readonly jwks?: { readonly keys: readonly unknown[] } | undefined
  /** Second choice; if absent, the issuer's metadata names it */
  readonly jwksUri?: string | undefined
}

export interface KeyFinder {
  find(query: KeyQuery): Promise<Result<VerificationKey, KeyRefusal>>
}

export interface IssuerKeys extends KeyFinder {
  /** @returns the key without waiting if it is cached and fresh; if undefined, use `find` */
  peek(query: KeyQuery): VerificationKey | undefined
}

const MAX_ISSUERS = 1000

export function createIssuerKeys({
  fetch,
  clock,
}: {
  readonly fetch: GuardedFetch
  readonly clock: Clock
}): IssuerKeys {
  const fetched = new Map<string, FetchedKeys>()
  const writtenDown = new WeakMap<object, KeySet>()

  function fetchedKeysOf({ issuer, jwksUri }: KeyQuery): FetchedKeys {
    // The id includes the source, so that a changed registration never uses keys of its former source.
    const id = JSON.stringify([issuer, jwksUri])
    const known = fetched.get(id)
    if (known !== undefined) return known
    const source = { issuer, ...(jwksUri === undefined ? {} : { jwksUri }) }
    const keys = new FetchedKeys(() => discoverKeys(source, fetch), clock)
    fetched.set(id, keys)
    evictOldest(fetched, MAX_ISSUERS)
    return keys
  }

  function keysWrittenDown(jwks: NonNullable<KeyQuery['jwks']>): KeySet {
    const known = writtenDown.get(jwks)
    if (known !== undefined) return known
    const parsed = parseKeySet(jwks)
    const keys = parsed.accepted ? parsed.value : []
    writtenDown.set(jwks, keys)
    return keys
  }

  return {
    peek(query) {
      if (query.jwks === undefined) return fetchedKeysOf(query).peek(query)
      const chosen = chooseKey(keysWrittenDown(query.jwks), query)
      return chosen.accepted ? chosen.value : undefined
    },
    find: (query) =>
      query.jwks === undefined
        ? fetchedKeysOf(query).find(query)
        : Promise.resolve(chooseWrittenDown(keysWrittenDown(query.jwks), query)),
  }
}

function chooseWrittenDown(keys: KeySet, query: KeyQuery): Result<VerificationKey, KeyRefusal> {
  const chosen = chooseKey(keys, query)
  return chosen.accepted ? chosen : refuse({ reason: chosen.refusal })
}
