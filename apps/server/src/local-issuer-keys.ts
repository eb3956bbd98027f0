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
  let reloading: Promise<void> | undefined

  function inline(query: KeyQuery): KeyQuery {
    const here = local()
    if (here === undefined || query.issuer !== here.issuer || query.jwks !== undefined) return query
    const isOurs = query.jwksUri === undefined || query.jwksUri === here.jwksUri
    return isOurs ? { ...query, jwks: here.signingKeys.publicJwks() } : query
  }

  async function reload(): Promise<void> {
    reloadedAt = clock.nowMs()
    await local()?.signingKeys.reload()
  }

  return {
    peek: (query) => remote.peek(inline(query)),
    async find(query) {
      const resolved = inline(query)
      const found = await remote.find(resolved)
      if (found.accepted || resolved === query) return found
      if (reloading === undefined && findRestMs(reloadedAt, RELOAD_AFTER_MS, clock.nowMs()) > 0) return found
      // Several requests with a new key arrive at the same time, and none must be refused for the others.
      await (reloading ??= reload().finally(() => (reloading = undefined)))
      return remote.find(inline(query))
    },
  }
}
