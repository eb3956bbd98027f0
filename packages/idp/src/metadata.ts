// The metadata document of the IdP: what the sign-in provider offers, and what the token exchange adds
// (OpenID Connect Discovery section 3, RFC 8414 section 2, ID-JAG draft section 7.1).
import type { ExchangeSnapshot } from '@crosswalk/policy'
import { ASYMMETRIC_ALGORITHMS, GRANT_TYPE, TOKEN_TYPE } from '@crosswalk/protocol'

import { REACHABLE_MEMBER, REACHABLE_PATH } from './reachable/list-reachable-resources.ts'

/** @param signIn - the members that the sign-in provider publishes, endpoints included */
export function buildIdpMetadata(
  signIn: Readonly<Record<string, unknown>>,
  { issuer, baseUrl, clientMetadata }: { issuer: string; baseUrl: string; clientMetadata?: unknown },
  { resourceApps, detailsTypes }: Pick<ExchangeSnapshot, 'resourceApps' | 'detailsTypes'>,
): Readonly<Record<string, unknown>> {
  const grantTypes = Array.isArray(signIn.grant_types_supported)
    ? (signIn.grant_types_supported as readonly string[])
    : []
  const types = new Set(
    [...resourceApps.values()].flatMap(({ id, active }) =>
      active ? [...(detailsTypes.get(id)?.keys() ?? [])] : [],
    ),
  )
  return {
    ...signIn,
    issuer,
    token_endpoint: `${baseUrl}/token`,
    jwks_uri: `${baseUrl}/jwks`,
    [REACHABLE_MEMBER]: `${baseUrl}${REACHABLE_PATH}`,
    grant_types_supported: [...new Set([...grantTypes, GRANT_TYPE.tokenExchange])],
    identity_chaining_requested_token_types_supported: [TOKEN_TYPE.idJag],
    token_endpoint_auth_methods_supported: [
      'client_secret_basic',
      'client_secret_post',
      'private_key_jwt',
      'none',
    ],
    token_endpoint_auth_signing_alg_values_supported: ASYMMETRIC_ALGORITHMS,
    dpop_signing_alg_values_supported: ASYMMETRIC_ALGORITHMS,
    ...(types.size === 0 ? {} : { authorization_details_types_supported: [...types].sort() }),
    ...(clientMetadata === undefined ? {} : { client_id_metadata_document_supported: true }),
  }
}
