// Fetches the keys an issuer publishes now: from its `jwks_uri`, which its own metadata names unless configured.
// Nothing named in a token is fetched (RAS-09, RAS-40).
import { accept, refuse, type Result } from '@crosswalk/protocol'

import type { GuardedFetch } from '../guarded-fetch/guarded-fetch.ts'
import { type KeySet, parseKeySet } from './key-set.ts'

export type DiscoveryProblem = 'unreachable' | 'unusable-document' | 'issuer-mismatch'

/** @returns the keys, or why they could not be had */
export async function discoverKeys(
  { issuer, jwksUri }: { readonly issuer: string; readonly jwksUri?: string },
  fetch: GuardedFetch,
): Promise<Result<KeySet, DiscoveryProblem>> {
  const source = jwksUri === undefined ? await findJwksUri(issuer, fetch) : accept(jwksUri)
  if (!source.accepted) return source
  const document = await fetch.fetchJson(source.value)
  if (!document.accepted) return refuse('unreachable')
  const keys = parseKeySet(document.value)
  return keys.accepted ? keys : refuse('unusable-document')
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
  let problem: DiscoveryProblem = 'unreachable'
  for (const url of listMetadataUrls(issuer)) {
    const document = await fetch.fetchJson(url)
    if (!document.accepted) {
      // Where nobody answers, the other forms at the same host would only add to the wait.
      if (document.refusal.reason === 'timeout' || document.refusal.reason === 'unreachable') break
      continue
    }
    const { issuer: named, jwks_uri: jwksUri } = document.value
    // The identical issuer, so that nobody speaks for another (SEC-16).
    if (named !== issuer) problem = 'issuer-mismatch'
    else if (typeof jwksUri !== 'string') problem = 'unusable-document'
    else return accept(jwksUri)
  }
  return refuse(problem)
}
