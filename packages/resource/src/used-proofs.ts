// Stores used DPoP proofs until they would be too old anyway (RFC 9449 section 11.1).

export interface UsedProofs {
  /**
   * Records the use of a proof, atomically: of two requests with the same proof, exactly one gets true.
   *
   * @param key - at most 64 characters, unique to key and `jti`
   * @param expiresAtSeconds - epoch seconds after which the proof may be deleted
   * @returns whether the proof was unused
   */
  use(key: string, expiresAtSeconds: number): Promise<boolean>
}

const MAX_PROOFS = 100_000

/** In the memory of this process; when full, the oldest are deleted first. */
export function createUsedProofs(nowMs: () => number, maxProofs = MAX_PROOFS): UsedProofs {
  const proofs = new Map<string, number>()
  return {
    use: async (key, expiresAtSeconds) => {
      const nowSeconds = nowMs() / 1000
      const until = proofs.get(key)
      if (until !== undefined && until >= nowSeconds) return false
      proofs.delete(key)
      proofs.set(key, expiresAtSeconds)
      // Insertion order is close to expiry order, so expired ones are at the front.
      for (const [oldest, end] of proofs) {
        if (proofs.size <= maxProofs && end >= nowSeconds) break
        proofs.delete(oldest)
      }
      return true
    },
  }
}
