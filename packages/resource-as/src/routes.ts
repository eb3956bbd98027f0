// The endpoints of a Resource Authorization Server, by path.
import {
  type ClientObserver,
  createClientEndpoint,
  createDocument,
  createTokenEndpoint,
  runGrant,
  type TokenRequest,
  type AuthenticatedCaller,
} from '@crosswalk/as-core'
import { evaluateUnreadRequest, recordFault } from '@crosswalk/policy'
import { GRANT_TYPE, listMetadataPaths } from '@crosswalk/protocol'

import { listAuthorizationRoutes } from './authorization/authorization-routes.ts'
import type { DynamicClients } from './clients/dynamic-clients.ts'
import type { UnregisteredClients } from './clients/unregistered-clients.ts'
import type { CodeDependencies, RedemptionDependencies } from './dependencies.ts'
import { createAuthorizationCode } from './grants/authorization-code/authorization-code-grant.ts'
import { createJwtBearer } from './grants/jwt-bearer/jwt-bearer-grant.ts'
import { createStoredCredentialGrant } from './grants/stored-credential/stored-credential-grant.ts'
import { introspect } from './introspection.ts'
import { buildMetadata, GLOBAL_REVOCATION } from './metadata.ts'
import type { ResourceAsConfig, ResourceAsPorts } from './resource-as-ports.ts'
import { revoke } from './revocation.ts'
import { createGlobalRevocationEndpoint } from './security-events/receive-global-revocation.ts'
import { createSecurityEventReceiver } from './security-events/receive-security-event.ts'

type Handler = (request: Request, ip?: string) => Promise<Response>

const UNREAD = { type: 'token.refused', authenticated: false }

/** All paths are fixed, so routing is a single look-up. */
export function listRoutes(
  config: ResourceAsConfig,
  deps: CodeDependencies,
  ports: ResourceAsPorts & {
    readonly describedClients: UnregisteredClients
    readonly dynamicClients: DynamicClients
    /** An API introspects every token it receives, so the limit on token requests does not apply to it */
    readonly askingClients: ClientObserver
  },
): ReadonlyMap<string, Handler> {
  const { onFault, receivedRevocations, askingClients: clients } = ports
  const { clock } = deps
  const jwtBearer = createJwtBearer(deps)
  const redeem = (request: TokenRequest) => runGrant(jwtBearer, request, deps)
  const code = createAuthorizationCode(deps)
  const { credentials } = ports
  const stored = credentials && createStoredCredentialGrant({ ...deps, credentials })
  const token = createTokenEndpoint({
    clock,
    grants: {
      [GRANT_TYPE.jwtBearer]: redeem,
      [GRANT_TYPE.jwtDpop]: redeem,
      get [GRANT_TYPE.authorizationCode]() {
        if (deps.snapshot().definition.authorizationCode === undefined) return undefined
        return (request: TokenRequest) => runGrant(code, request, deps)
      },
      // Offered only while a resource app behind this issuer is brokered.
      get [GRANT_TYPE.tokenExchange]() {
        if (stored === undefined || credentials?.serves(config.issuer) !== true) return undefined
        return (request: TokenRequest) => runGrant(stored, request, deps)
      },
    },
    refuseUnread: ({ problem, ...frame }) =>
      deps.recorder.refuse(evaluateUnreadRequest('ras.redemption', frame, problem), UNREAD),
    recordFault: ({ grantType: _, code, ...frame }) =>
      deps.recorder.fault(recordFault('ras.redemption', frame, code), { type: 'token.refused' }),
    codes: { unread: 'XAA2002', grantType: 'XAA2001' },
    onFault,
  })
  const asking = { clock, clients, events: deps.events, onFault }
  const receiving = { ...ports, events: deps.events }
  const base = `/as/${config.id}`
  const issuerPath = new URL(config.issuer).pathname.replace(/\/$/, '')
  const metadata = createDocument(() =>
    buildMetadata(deps.snapshot(), {
      baseUrl: config.baseUrl,
      brokers: credentials?.serves(config.issuer) === true,
      revokes: receivedRevocations !== undefined,
    }),
  )
  return new Map<string, Handler>([
    ...listAuthorizationRoutes({
      ...deps,
      endpoint: config.baseUrl + base,
      describedClients: ports.describedClients,
      dynamicClients: ports.dynamicClients,
      signIn: ports.signIn,
      webFetch: ports.signInFetch,
    }).map(([path, handler]) => [base + path, handler] as const),
    [`${base}/token`, token],
    [
      `${base}/introspect`,
      createClientEndpoint({
        ...asking,
        findObstacle: (client) => findIntrospectionObstacle(client, deps),
        handle: (request) => introspect(request, deps),
      }),
    ],
    [
      `${base}/revoke`,
      createClientEndpoint({
        ...asking,
        findObstacle: (client) => findClientObstacle(client, deps),
        handle: (request) => revoke(request, deps),
      }),
    ],
    ...(receivedRevocations === undefined
      ? []
      : [
          [
            `${base}/security-events`,
            createSecurityEventReceiver({ ...receiving, receivedRevocations }),
          ] as const,
          [
            `${base}/${GLOBAL_REVOCATION}`,
            createGlobalRevocationEndpoint({
              ...receiving,
              receivedRevocations,
              endpoint: `${config.baseUrl}${base}/${GLOBAL_REVOCATION}`,
            }),
          ] as const,
        ]),
    [`${base}/jwks`, createDocument(() => deps.signingKeys.publicJwks())],
    ...listMetadataPaths(issuerPath).map((path) => [path, metadata] as const),
  ])
}

/** An inactive client can do nothing here; a self-described one is allowed while its document can be read. */
function findClientObstacle(
  { clientId }: AuthenticatedCaller,
  { snapshot }: Pick<RedemptionDependencies, 'snapshot'>,
): 'unauthorized_client' | undefined {
  return snapshot().clients.get(clientId)?.active === false ? 'unauthorized_client' : undefined
}

/** Introspection requires client authentication, to prevent token scanning (RFC 7662 section 2.1). */
function findIntrospectionObstacle(
  client: AuthenticatedCaller,
  deps: Pick<RedemptionDependencies, 'snapshot'>,
): 'invalid_client' | 'unauthorized_client' | undefined {
  return client.method === 'none' ? 'invalid_client' : findClientObstacle(client, deps)
}
