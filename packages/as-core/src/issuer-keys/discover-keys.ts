// Fetches the current keys of an issuer from its `jwks_uri`, either configured or taken from the issuer's own metadata.
// Never fetches a URL from a token (RAS-09, RAS-40).
import { accept, refuse, type Result } from '@crosswalk/protocol'

import { cleanForeignText } from '../records/clean-foreign-text.ts'
import { isLoopbackHost } from '../guarded-fetch/address-guard.ts'
import type { FetchRefusal, GuardedFetch } from '../guarded-fetch/guarded-fetch.ts'
import { type KeySet, parseKeySet } from './key-set.ts'

export interface DiscoveryProblem {
  readonly reason: 'unreachable' | 'unusable-document' | 'issuer-mismatch'
  /** For the decision record: which document, and its problem */
  readonly detail: string
}

interface KeyLocation {
  readonly issuer: string
  readonly jwksUri?: string
}

/** @returns the keys, or why they are unavailable */
export async function discoverKeys(
  location: KeyLocation,
  fetch: GuardedFetch,
): Promise<Result<KeySet, DiscoveryProblem>> {
  const found = await fetchKeys(location, fetch)
  if (found.accepted) return found
  const { reason, detail } = found.refusal
  // Every decision about a token of this issuer records it.
  return refuse({ reason, detail: cleanForeignText(detail) })
}

async function fetchKeys(
  { issuer, jwksUri }: KeyLocation,
  fetch: GuardedFetch,
): Promise<Result<KeySet, DiscoveryProblem>> {
  const source = jwksUri === undefined ? await findJwksUri(issuer, fetch) : accept(jwksUri)
  if (!source.accepted) return source
  const document = await fetch.fetchJson(source.value)
  if (!document.accepted)
    return refuse({ reason: 'unreachable', detail: explainFetch(source.value, document.refusal) })
  const keys = parseKeySet(document.value)
  if (keys.accepted) return keys
  return refuse({ reason: 'unusable-document', detail: `${source.value}: ${keys.refusal}` })
}

/** Includes what the operator can do, because the caller only learns that this server cannot respond now. */
function explainFetch(url: string, { reason, detail }: FetchRefusal): string {
  const why = detail === undefined ? reason : `${reason} (${detail})`
  const isLoopback = URL.canParse(url) && isLoopbackHost(new URL(url).hostname)
  return reason === 'address-refused' && isLoopback
    ? `${url}: loopback addresses are not fetched unless allowLoopback is set, for development`
    : `${url}: ${why}`
}

/** Possible metadata URLs of an issuer: OpenID Connect Discovery section 4, RFC 8414 sections 3 and 5. */
export function listMetadataUrls(issuer: string): readonly string[] {
  if (!URL.canParse(issuer)) return []
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const urls = [
    `${origin}${path}/.well-known/openid-configuration`,
    `${origin}/.well-known/oauth-authorization-server${path}`,
    `${origin}/.well-known/openid-configuration${path}`,
  ]
  return [...new Set(urls)]
}

async function findJwksUri(issuer: string, fetch: GuardedFetch): Promise<Result<string, DiscoveryProblem>> {
  let problem: DiscoveryProblem = { reason: 'unreachable', detail: `${issuer} is not a URL` }
  for (const url of listMetadataUrls(issuer)) {
    const document = await fetch.fetchJson(url)
    if (!document.accepted) {
      if (problem.reason === 'unreachable')
        problem = { reason: 'unreachable', detail: explainFetch(url, document.refusal) }
      // An unreachable host will not respond to the other forms either; trying them would only add to the wait.
      if (document.refusal.reason === 'timeout' || document.refusal.reason === 'unreachable') break
      continue
    }
    const { issuer: named, jwks_uri: jwksUri } = document.value
    // The issuer must be identical, so that no server can speak for another (SEC-16).
    if (named !== issuer)
      problem = { reason: 'issuer-mismatch', detail: `${url} names the issuer ${JSON.stringify(named)}` }
    else if (typeof jwksUri !== 'string')
      problem = { reason: 'unusable-document', detail: `${url} has no jwks_uri` }
    else return accept(jwksUri)
  }
  return refuse(problem)
}
