// The endpoints of a Resource Authorization Server, by path.
import {
  type ClientObserver,
  createClientEndpoint,
  createDocument,
  createTokenEndpoint,
  type Endpoint,
  type AuthenticatedCaller,
} from '@crosswalk/as-core'
import { evaluateFault, evaluateUnreadRequest } from '@crosswalk/policy'
import { listMetadataPaths } from '@crosswalk/protocol'

import { listAuthorizationRoutes } from './authorization/authorization-routes.ts'
import type { DynamicClients } from './clients/dynamic-clients.ts'
import type { UnregisteredClients } from './clients/unregistered-clients.ts'
import type { CodeDependencies, RedemptionDependencies } from './dependencies.ts'
import { listGrants } from './grants/list-grants.ts'
import { introspect } from './introspection.ts'
import { buildMetadata, GLOBAL_REVOCATION } from './metadata.ts'
import type { ResourceAsConfig, ResourceAsPorts } from './resource-as-ports.ts'
import { revoke } from './revocation.ts'
import { createGlobalRevocationEndpoint } from './security-events/receive-global-revocation.ts'
import { createSecurityEventReceiver } from './security-events/receive-security-event.ts'

const UNREAD = { type: 'token.refused', authenticated: false }

interface RoutePorts extends ResourceAsPorts {
  readonly describedClients: UnregisteredClients
  readonly dynamicClients: DynamicClients
  /** An API introspects every token it receives, so the limit on token requests does not apply to it */
  readonly askingClients: ClientObserver
}

/** All paths are fixed, so routing is a single look-up. */
export function listRoutes(
  { id, issuer, baseUrl }: ResourceAsConfig,
  deps: CodeDependencies,
  ports: RoutePorts,
): ReadonlyMap<string, Endpoint> {
  const { credentials, receivedRevocations } = ports
  const base = `/as/${id}`
  const endpoint = baseUrl + base
  const metadata = createDocument(() =>
    buildMetadata(deps.snapshot(), {
      baseUrl,
      brokers: credentials?.serves(issuer) === true,
      revokes: receivedRevocations !== undefined,
    }),
  )
  const own: readonly (readonly [string, Endpoint])[] = [
    ...listAuthorizationRoutes({
      ...deps,
      endpoint,
      describedClients: ports.describedClients,
      dynamicClients: ports.dynamicClients,
      signIn: ports.signIn,
      webFetch: ports.signInFetch,
    }),
    ['/token', createToken(deps, ports, issuer)],
    ...listManagementRoutes(deps, ports),
    ...listReceivers(deps, ports, endpoint),
    ['/jwks', createDocument(() => deps.signingKeys.publicJwks())],
  ]
  return new Map<string, Endpoint>([
    ...own.map(([path, handler]) => [base + path, handler] as const),
    ...listMetadataPaths(new URL(issuer).pathname).map((path) => [path, metadata] as const),
  ])
}

function createToken(
  deps: CodeDependencies,
  { credentials, onFault }: ResourceAsPorts,
  issuer: string,
): Endpoint {
  return createTokenEndpoint({
    clock: deps.clock,
    grants: listGrants(deps, { issuer, credentials }),
    refuseUnread: ({ problem, ...frame }) =>
      deps.recorder.refuse(evaluateUnreadRequest('ras.redemption', frame, problem), UNREAD),
    recordFault: ({ grantType: _, fault, ...frame }) =>
      deps.recorder.fault(evaluateFault('ras.redemption', frame, fault), { type: 'token.refused' }),
    codes: { unread: 'XAA2002', grantType: 'XAA2001' },
    onFault,
  })
}

function listManagementRoutes(
  deps: CodeDependencies,
  { askingClients: clients, onFault }: RoutePorts,
): readonly (readonly [string, Endpoint])[] {
  const asking = { clock: deps.clock, clients, events: deps.events, onFault }
  return [
    [
      '/introspect',
      createClientEndpoint({
        ...asking,
        findObstacle: (client) => findIntrospectionObstacle(client, deps),
        handle: (request) => introspect(request, deps),
      }),
    ],
    [
      '/revoke',
      createClientEndpoint({
        ...asking,
        findObstacle: (client) => findClientObstacle(client, deps),
        handle: (request) => revoke(request, deps),
      }),
    ],
  ]
}

/** Where trusted issuers revoke what they granted. */
function listReceivers(
  { events }: CodeDependencies,
  { receivedRevocations, ...ports }: RoutePorts,
  endpoint: string,
): readonly (readonly [string, Endpoint])[] {
  if (receivedRevocations === undefined) return []
  const parts = { ...ports, events, receivedRevocations }
  const path = `/${GLOBAL_REVOCATION}`
  return [
    ['/security-events', createSecurityEventReceiver(parts)],
    [path, createGlobalRevocationEndpoint({ ...parts, endpoint: endpoint + path })],
  ]
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
