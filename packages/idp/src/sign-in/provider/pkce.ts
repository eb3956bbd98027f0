// Which apps may sign users in without PKCE. It binds the codes of public clients and of all other apps, unless an
// administrator allows an older confidential app to bind them by `nonce` instead (RFC 9700 section 2.1.1).
import type { AppDefinition } from '@crosswalk/protocol'
import type { KoaContextWithOIDC } from 'oidc-provider'
import { errors } from './oidc-provider.ts'

/** Never for public clients, whatever their definition: a stolen code would be enough to impersonate the app. */
export function mayOmitPkce({ pkce, auth }: Pick<AppDefinition, 'pkce' | 'auth'>): boolean {
  return pkce === 'optional' && auth.method !== 'none'
}

/** @throws InvalidRequest if neither binds the request */
export function checkNonceWithoutPkce({ oidc }: KoaContextWithOIDC): void {
  const { code_challenge: challenge, nonce } = oidc.params ?? {}
  if (challenge === undefined && nonce === undefined)
    throw new errors.InvalidRequest('nonce is required in a request without code_challenge')
}
