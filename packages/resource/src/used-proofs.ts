// Stores used DPoP proofs until they would be too old anyway (RFC 9449 section 11.1).

export interface UsedProofs {
  /**
   * Records the use of a proof, atomically: of two requests with the same proof, exactly one gets true.
   *
   * @param key - at most 64 characters, unique to key and `jti`
   * @param expiresAtSeconds - epoch seconds after which the proof may be deleted
   * @param jkt - thumbprint of the key that signed the proof
   * @returns whether the proof was unused; false if that is no longer known
   */
  use(key: string, expiresAtSeconds: number, jkt: string): Promise<boolean>
}

const MAX_PROOFS = 100_000

interface UsedProof {
  readonly end: number
  readonly jkt: string
}

/**
 * In memory, for this process only. When full, the oldest are deleted first, and proofs of the same key that expire no
 * later are refused from then on: a client that sends many proofs must not make the used proofs of others valid again.
 */
export function createUsedProofs(nowMs: () => number, maxProofs = MAX_PROOFS): UsedProofs {
  const proofs = new Map<string, UsedProof>()
  /** By key: the latest expiry among its deleted proofs */
  const deleted = new Map<string, number>()
  /** The latest expiry among those that `deleted` had no space for */
  let deletedOfAnyKey = -Infinity

  function forget(oldest: string, { end, jkt }: UsedProof, nowSeconds: number): void {
    proofs.delete(oldest)
    if (end < nowSeconds) return
    const latest = Math.max(end, deleted.get(jkt) ?? end)
    deleted.delete(jkt)
    deleted.set(jkt, latest)
    for (const [first, until] of deleted) {
      if (deleted.size <= maxProofs && until >= nowSeconds) break
      deleted.delete(first)
      deletedOfAnyKey = Math.max(deletedOfAnyKey, until)
    }
  }

  return {
    use: async (key, expiresAtSeconds, jkt) => {
      const nowSeconds = nowMs() / 1000
      if (expiresAtSeconds <= Math.max(deletedOfAnyKey, deleted.get(jkt) ?? -Infinity)) return false
      const found = proofs.get(key)
      if (found !== undefined && found.end >= nowSeconds) return false
      proofs.delete(key)
      proofs.set(key, { end: expiresAtSeconds, jkt })
      // Insertion order is close to expiry order, so expired ones are at the front.
      for (const [oldest, proof] of proofs) {
        if (proofs.size <= maxProofs && proof.end >= nowSeconds) break
        forget(oldest, proof, nowSeconds)
      }
      return true
    },
  }
}
