// Remembers the DPoP proofs that were used, each until it would be too old anyway (RFC 9449 section 11.1).

export interface UsedProofs {
  /**
   * Marks a proof as used: atomic, so that of two requests with one proof exactly one is told true.
   *
   * @param key - at most 64 characters, unique to key and `jti`
   * @param expiresAtSeconds - epoch seconds after which the proof may be forgotten
   * @returns whether the proof was new
   */
  use(key: string, expiresAtSeconds: number): Promise<boolean>
}

const MAX_PROOFS = 100_000

/** In the memory of this process; when full, the oldest go first. */
export function createUsedProofs(nowMs: () => number, maxProofs = MAX_PROOFS): UsedProofs {
  const proofs = new Map<string, number>()
  return {
    use: async (key, expiresAtSeconds) => {
      const nowSeconds = nowMs() / 1000
      const until = proofs.get(key)
      if (until !== undefined && until >= nowSeconds) return false
      proofs.delete(key)
      proofs.set(key, expiresAtSeconds)
      // Insertion order is close to expiry order: the front is where the spent ones are.
      for (const [oldest, end] of proofs) {
        if (proofs.size <= maxProofs && end >= nowSeconds) break
        proofs.delete(oldest)
      }
      return true
    },
  }
}
