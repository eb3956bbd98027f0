// Fetches the keys an issuer publishes now: from its `jwks_uri`, which its own metadata names unless configured.
// Nothing named in a token is fetched (RAS-09, RAS-40).
import { accept, refuse, type Result } from '@crosswalk/protocol'

import { isLoopbackHost } from '../guarded-fetch/address-guard.ts'
import type { FetchRefusal, GuardedFetch } from '../guarded-fetch/guarded-fetch.ts'
import { type KeySet, parseKeySet } from './key-set.ts'

export interface DiscoveryProblem {
  readonly reason: 'unreachable' | 'unusable-document' | 'issuer-mismatch'
  /** For the decision record: which document, and what was wrong with it */
  readonly detail: string
}

/** @returns the keys, or why they could not be had */
export async function discoverKeys(
  { issuer, jwksUri }: { readonly issuer: string; readonly jwksUri?: string },
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

/** What the operator can do is said here, since the caller only hears that this server cannot answer now. */
function explainFetch(url: string, { reason, detail }: FetchRefusal): string {
  const why = detail === undefined ? reason : `${reason} (${detail})`
  const isLoopback = URL.canParse(url) && isLoopbackHost(new URL(url).hostname)
  return reason === 'address-refused' && isLoopback
    ? `${url}: loopback addresses are not fetched unless allowLoopback is set, for development`
    : `${url}: ${why}`
}

/** Where the metadata of an issuer may be: OpenID Connect Discovery section 4, RFC 8414 sections 3 and 5. */
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
      // Where no one answers, the other forms at the same host would only add to the wait.
      if (document.refusal.reason === 'timeout' || document.refusal.reason === 'unreachable') break
      continue
    }
    const { issuer: named, jwks_uri: jwksUri } = document.value
    // The identical issuer, so that no one speaks for another (SEC-16).
    if (named !== issuer)
      problem = { reason: 'issuer-mismatch', detail: `${url} names the issuer ${JSON.stringify(named)}` }
    else if (typeof jwksUri !== 'string')
      problem = { reason: 'unusable-document', detail: `${url} names no jwks_uri` }
    else return accept(jwksUri)
  }
  return refuse(problem)
}
