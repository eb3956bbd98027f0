// JWTs that come again: an ID token is exchanged for every resource and every few minutes, an access token introspected
// with each call. Whether a signature is good never changes, so it is not computed again. Only that is remembered: which
// key counts, when a token ends and what stands behind it is looked at each time.
import type { VerificationKey } from './jws/verification-key.ts'

/** By the digest of a token, so that none is kept */
export interface KnownJwts {
  /** @returns the key that its signature was found good by; another one, even of the same name, has to verify again */
  find(digest: string): VerificationKey | undefined
  add(digest: string, key: VerificationKey): void
}

const MAX_NEWEST = 2048

/** @param mostNewest - once there are more, they become the older ones, and what was older and did not come again is forgotten */
export function createKnownJwts(mostNewest = MAX_NEWEST): KnownJwts {
  // Two maps that take turns, since one from which the oldest is deleted has to look for it among what it deleted before.
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
