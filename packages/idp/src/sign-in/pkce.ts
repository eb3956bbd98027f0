// Which apps may sign users in without PKCE. Codes of public clients and of every other app are bound by it; where an
// administrator says so, older confidential apps bind them by `nonce` instead (RFC 9700 section 2.1.1).
import type { AppDefinition } from '@crosswalk/protocol'
import { errors, type KoaContextWithOIDC } from 'oidc-provider'

/** Public clients never, whatever their definition says: a stolen code would be as good as its app. */
export function mayOmitPkce({ pkce, auth }: Pick<AppDefinition, 'pkce' | 'auth'>): boolean {
  return pkce === 'optional' && auth.method !== 'none'
}

/** @throws InvalidRequest for a request that is bound by neither */
export function checkNonceWithoutPkce({ oidc }: KoaContextWithOIDC): void {
  const { code_challenge: challenge, nonce } = oidc.params ?? {}
  if (challenge === undefined && nonce === undefined)
    throw new errors.InvalidRequest('nonce is required in a request without code_challenge')
}
