// The metadata document of a Resource Authorization Server (RFC 8414 section 2). It never reveals the trusted issuers
// (META-06).
import type { RedemptionSnapshot } from '@crosswalk/policy'
import { ASYMMETRIC_ALGORITHMS, GRANT_TYPE, ID_JAG_PROFILE, JWT_TYP } from '@crosswalk/protocol'

const CODE_FLOW = {
  response_modes_supported: ['query'],
  authorization_response_iss_parameter_supported: true,
}

/** Last part of the path of the endpoint for Global Token Revocation. */
export const GLOBAL_REVOCATION = 'global-token-revocation'

export interface MetadataOptions {
  readonly baseUrl: string
  /** Whether a resource app behind this issuer is brokered */
  readonly brokers: boolean
  /** Whether issuers can revoke what they granted */
  readonly revokes: boolean
}

export function buildMetadata(
  snapshot: RedemptionSnapshot,
  { baseUrl, brokers, revokes }: MetadataOptions,
): Readonly<Record<string, unknown>> {
  const { authorizationCode } = snapshot.definition
  const endpoint = (name: string) => `${baseUrl}/as/${snapshot.id}/${name}`
  const scopes = new Set([...snapshot.resources.values()].flatMap((resource) => resource.scopes))
  const confidential = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']
  // A public client uses the code flow with PKCE, or redeems ID-JAGs that are bound to its key (RAS-04).
  const isPublic =
    authorizationCode !== undefined ||
    [...snapshot.clients.values()].some(({ active, auth }) => active && auth.method === 'none')
  const methods = isPublic ? [...confidential, 'none'] : confidential
  const trusted = [...snapshot.trusted.values()].flat().filter((entry) => entry.active)
  const trusting = trusted.length > 0
  const revoking = revokes && trusted.some((entry) => entry.globalTokenRevocation === true)
  const authentication = (name: string, supported = methods) => ({
    [`${name}_endpoint_auth_methods_supported`]: supported,
    [`${name}_endpoint_auth_signing_alg_values_supported`]: ASYMMETRIC_ALGORITHMS,
  })
  return {
    issuer: snapshot.issuer,
    // Without the code flow this endpoint refuses every request, as the empty list of response types shows.
    // `no-authorization.ts` explains why it is still listed.
    authorization_endpoint: endpoint('authorize'),
    token_endpoint: endpoint('token'),
    jwks_uri: endpoint('jwks'),
    introspection_endpoint: endpoint('introspect'),
    revocation_endpoint: endpoint('revoke'),
    response_types_supported: authorizationCode === undefined ? [] : ['code'],
    // Listed without the code flow too: the MCP specification tells clients to refuse metadata without it, and the MCP
    // SDK for Go does so even before it redeems an ID-JAG.
    code_challenge_methods_supported: ['S256'],
    ...(authorizationCode === undefined ? {} : CODE_FLOW),
    ...(authorizationCode?.dynamicRegistration === undefined
      ? {}
      : { registration_endpoint: endpoint('register') }),
    // Without trusted issuers the server redeems no ID-JAG, so it does not list the grant.
    grant_types_supported: [
      ...(trusting ? [GRANT_TYPE.jwtBearer, GRANT_TYPE.jwtDpop] : []),
      ...(authorizationCode === undefined ? [] : [GRANT_TYPE.authorizationCode]),
      ...(brokers ? [GRANT_TYPE.tokenExchange] : []),
    ],
    ...(trusting ? { authorization_grant_profiles_supported: [ID_JAG_PROFILE] } : {}),
    ...authentication('token'),
    ...authentication('introspection', confidential),
    ...authentication('revocation'),
    ...(revoking
      ? {
          global_token_revocation_endpoint: endpoint(GLOBAL_REVOCATION),
          global_token_revocation_endpoint_auth_methods_supported: [JWT_TYP.globalRevocation],
        }
      : {}),
    dpop_signing_alg_values_supported: ASYMMETRIC_ALGORITHMS,
    ...(snapshot.definition.clientMetadata === undefined
      ? {}
      : { client_id_metadata_document_supported: true }),
    ...listed('scopes_supported', scopes),
    ...listed('protected_resources', snapshot.resources.keys()),
    ...listed('authorization_details_types_supported', snapshot.detailsTypes.keys()),
  }
}

/** Empty members are omitted (RFC 8414 section 3.2). */
function listed(name: string, values: Iterable<string>): Readonly<Record<string, readonly string[]>> {
  const elements = [...values]
  return elements.length === 0 ? {} : { [name]: elements }
}
