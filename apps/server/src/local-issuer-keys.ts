// Takes the keys of an IdP in this process directly from it: no request to itself, which could fail if the public
// address is not reachable from here. Other keys are looked up as usual.
import { type Clock, findRestMs, type IssuerKeys, type KeyQuery, type SigningKeys } from '@crosswalk/as-core'

export interface LocalIssuer {
  readonly issuer: string
  /** The address of its published keys; trust entries with this address use the same keys */
  readonly jwksUri: string
  readonly signingKeys: Pick<SigningKeys, 'publicJwks' | 'reload'>
}

/** Reloads keys that another process rotated. Bounded, because anyone can send an unknown `kid`. */
const RELOAD_AFTER_MS = 5_000

/**
 * @param remote - for all other issuers, and for inline keys
 * @param local - called each time, because authorization servers can be created before the IdP
 */
export function createLocalIssuerKeys(
  remote: IssuerKeys,
  local: () => LocalIssuer | undefined,
  clock: Clock,
): IssuerKeys {
  let reloadedAt = Number.NEGATIVE_INFINITY

  function inline(query: KeyQuery): KeyQuery {
    const here = local()
    if (here === undefined || query.issuer !== here.issuer || query.jwks !== undefined) return query
    const isOurs = query.jwksUri === undefined || query.jwksUri === here.jwksUri
    return isOurs ? { ...query, jwks: here.signingKeys.publicJwks() } : query
  }

  return {
    peek: (query) => remote.peek(inline(query)),
    async find(query) {
      const resolved = inline(query)
      const found = await remote.find(resolved)
      const now = clock.nowMs()
      if (found.accepted || resolved === query || findRestMs(reloadedAt, RELOAD_AFTER_MS, now) > 0)
        return found
      reloadedAt = now
      await local()?.signingKeys.reload()
      return remote.find(inline(query))
    },
  }
}
