// Remembers verified JWTs, because they return: an ID token is exchanged for every resource every few minutes, and an
// access token is introspected with each call. The validity of a signature never changes, so it is not computed again.
// Nothing else is cached: the trusted key, the expiry and the state behind the token are checked each time.
import type { VerificationKey } from './verification-key.ts'

/** By token digest, so that no token is stored */
export interface KnownJwts {
  /** @returns the key that verified the signature; any other key, even with the same `kid`, must verify again */
  find(digest: string): VerificationKey | undefined
  add(digest: string, key: VerificationKey): void
}

const MAX_NEWEST = 2048

/**
 * @param mostNewest - when exceeded, the newest entries become the older ones, and older ones that did not return are
 *   dropped
 */
export function createKnownJwts(mostNewest = MAX_NEWEST): KnownJwts {
  // Two maps in turn, because finding the oldest entry of a map slows down with the number of deleted entries.
  let newest = new Map<string, VerificationKey>()
  let older = newest

  function add(digest: string, key: VerificationKey): void {
    if (newest.size >= mostNewest) {
      older = newest
      newest = new Map()
    }
    newest.set(digest, key)
  }

  return {
    find(digest) {
      const known = newest.get(digest)
      if (known !== undefined) return known
      const before = older.get(digest)
      if (before !== undefined) add(digest, before)
      return before
    },
    add,
  }
}
