// Keys of an IdP that runs in this process are taken from it directly: no request to oneself, and none that fails
// because the public address is not reachable from here. Every other key is looked up as before.
import { type Clock, type IssuerKeys, type KeyQuery, type SigningKeys } from '@crosswalk/as-core'

export interface LocalIssuer {
  readonly issuer: string
  /** Where it publishes its keys; a trust entry with this address means the same keys */
  readonly jwksUri: string
  readonly signingKeys: Pick<SigningKeys, 'publicJwks' | 'reload'>
}

/** Another process may have rotated; asking the store for it is bounded, since anyone can send an unknown `kid`. */
const RELOAD_AFTER_MS = 5_000

/**
 * @param remote - answers for all other issuers, and for inline keys
 * @param local - asked at each call, since authorization servers may be created before the IdP
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
      if (found.accepted || resolved === query || now - reloadedAt < RELOAD_AFTER_MS) return found
      reloadedAt = now
      await local()?.signingKeys.reload()
      return remote.find(inline(query))
    },
  }
}
