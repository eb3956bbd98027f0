// Maps the paths of the identity provider to handlers.
import {
  createDocument,
  createDpopObserver,
  createTokenEndpoint,
  runGrant,
  type Endpoint,
} from '@crosswalk/as-core'
import { evaluateFault, evaluateUnreadRequest, type ExchangeSnapshot } from '@crosswalk/policy'
import { GRANT_TYPE, listMetadataPaths, ASYMMETRIC_ALGORITHMS, TOKEN_TYPE } from '@crosswalk/protocol'

import type { IdpConfig, IdpPorts } from './idp-ports.ts'
import {
  createReachableEndpoint,
  REACHABLE_PATH,
  REACHABLE_MEMBER,
} from './reachable/list-reachable-resources.ts'
import type { SignIn } from './sign-in/contract.ts'
import { createSignInGrant } from './grants/sign-in-grant.ts'
import type { ExchangeDependencies } from './grants/token-exchange/dependencies.ts'
import { createTokenExchange } from './grants/token-exchange/token-exchange-grant.ts'

interface Parts {
  readonly deps: ExchangeDependencies
  readonly signIn: SignIn
}

/** Our paths; all others belong to the sign-in provider. */
export function listRoutes(
  config: IdpConfig,
  { clock, onFault, snapshot }: IdpPorts,
  { deps, signIn }: Parts,
): ReadonlyMap<string, Endpoint> {
  const signInGrant = createSignInGrant({
    signIn,
    tokenEndpoint: `${config.baseUrl}/token`,
    clients: deps.clients,
    recorder: deps.recorder,
    clock,
    users: deps.users,
    snapshot,
  })
  const exchange = createTokenExchange(deps)
  const token = createTokenEndpoint({
    clock,
    grants: {
      [GRANT_TYPE.tokenExchange]: (request) => runGrant(exchange, request, deps),
      [GRANT_TYPE.authorizationCode]: signInGrant,
      [GRANT_TYPE.refreshToken]: signInGrant,
    },
    refuseUnread: ({ problem, ...frame }) =>
      deps.recorder.refuse(evaluateUnreadRequest('idp.token', frame, problem), {
        type: 'signin.tokens_refused',
        authenticated: false,
      }),
    recordFault({ grantType, fault, ...frame }) {
      const isExchange = grantType === GRANT_TYPE.tokenExchange
      const record = evaluateFault(isExchange ? 'idp.token_exchange' : 'idp.token', frame, fault)
      return deps.recorder.fault(record, { type: isExchange ? 'idjag.denied' : 'signin.tokens_refused' })
    },
    codes: { unread: 'XAA1000', grantType: 'XAA1006' },
    onFault,
  })
  const metadata = createDocument(async () => buildIdpMetadata(await signIn.metadata(), config, snapshot()))
  return new Map<string, Endpoint>([
    ['/token', token],
    [
      REACHABLE_PATH,
      createReachableEndpoint({
        deps: {
          ...deps,
          dpop: createDpopObserver({ tokenEndpoint: `${config.baseUrl}${REACHABLE_PATH}` }),
        },
        onFault,
      }),
    ],
    ['/jwks', createDocument(() => deps.signingKeys.publicJwks())],
    ...listMetadataPaths(new URL(config.issuer).pathname).map((path) => [path, metadata] as const),
  ])
}

const CONFIDENTIAL = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']

function describeAuthentication(
  name: string,
  methods: readonly string[],
): Readonly<Record<string, readonly string[]>> {
  return {
    [`${name}_endpoint_auth_methods_supported`]: methods,
    [`${name}_endpoint_auth_signing_alg_values_supported`]: ASYMMETRIC_ALGORITHMS,
  }
}

/** @param signIn - the metadata that the sign-in provider publishes, including endpoints */
function buildIdpMetadata(
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
    ...describeAuthentication('token', [...CONFIDENTIAL, 'none']),
    ...describeAuthentication('introspection', CONFIDENTIAL),
    ...describeAuthentication('revocation', [...CONFIDENTIAL, 'none']),
    dpop_signing_alg_values_supported: ASYMMETRIC_ALGORITHMS,
    ...(types.size === 0 ? {} : { authorization_details_types_supported: [...types].sort() }),
    ...(clientMetadata === undefined ? {} : { client_id_metadata_document_supported: true }),
  }
}
