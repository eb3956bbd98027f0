// Converts an app to the client metadata of the provider library. Decides what each kind of app may do there;
// authenticates no one.
import { type AppDefinition, GRANT_TYPE } from '@crosswalk/protocol'
import type { ClientMetadata } from 'oidc-provider'

import type { SignInApp } from '../contract.ts'

/** The library requires a secret; ours is compared elsewhere, and this one is never used. */
const PLACEHOLDER_SECRET = 'compared-by-verifySecret'

/** @returns client metadata with RFC 7591 names */
export function buildClientMetadata(app: SignInApp): ClientMetadata {
  const interactive = app.redirectUris.length > 0
  const grants = interactive ? [GRANT_TYPE.authorizationCode, GRANT_TYPE.refreshToken] : []
  return {
    client_id: app.id,
    client_name: app.name,
    application_type: isNative(app) ? 'native' : 'web',
    redirect_uris: app.redirectUris,
    post_logout_redirect_uris: app.postLogoutRedirectUris,
    response_types: interactive ? ['code'] : [],
    grant_types: grants.filter((grant) => app.grantTypes?.includes(grant) ?? true),
    ...(app.backchannelLogoutUri === undefined
      ? {}
      : { backchannel_logout_uri: app.backchannelLogoutUri, backchannel_logout_session_required: true }),
    ...buildAuthentication(app.auth),
  }
}

function buildAuthentication(auth: AppDefinition['auth']): Partial<ClientMetadata> {
  switch (auth.method) {
    case 'client_secret_basic':
    case 'client_secret_post':
      // The library accepts both ways of sending the secret for either method.
      return { token_endpoint_auth_method: auth.method, client_secret: PLACEHOLDER_SECRET }
    case 'private_key_jwt':
      return {
        token_endpoint_auth_method: 'private_key_jwt',
        ...(auth.jwks === undefined ? {} : { jwks: auth.jwks as NonNullable<ClientMetadata['jwks']> }),
        ...(auth.jwksUri === undefined ? {} : { jwks_uri: auth.jwksUri }),
      }
    case 'none':
      return { token_endpoint_auth_method: 'none' }
  }
}

const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['127.0.0.1', '[::1]', 'localhost'])

/**
 * An app on the user's own device may use any port of a loopback redirect (RFC 8252 section 7.3): an app without
 * credentials, or one that registers such an address without a port, as editors do. For other apps, such as a server
 * under development, the port must match.
 */
function isNative(app: AppDefinition): boolean {
  return app.redirectUris.some((uri) => {
    const { protocol, hostname, port } = new URL(uri)
    if (protocol !== 'https:' && protocol !== 'http:') return true
    const anyPort = app.auth.method === 'none' || port === ''
    return protocol === 'http:' && LOOPBACK_HOSTS.has(hostname) && anyPort
  })
}
