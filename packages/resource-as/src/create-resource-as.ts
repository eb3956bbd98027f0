// A Resource Authorization Server as a function from Request to Response: token endpoint, introspection, revocation,
// keys and metadata. Wiring only; what is granted is decided in `grants/` and the policy package.
import {
  type AlgorithmChoice,
  type ClientAuthRefusal,
  type ClientObserver,
  createClientEndpoint,
  createClientObserver,
  createDecisionRecorder,
  createDocument,
  createDpopNonces,
  createDpopObserver,
  createEventRecorder,
  createKnownJwts,
  createRateLimit,
  createRecentRefusals,
  createSecretGuesses,
  createSecretHasher,
  createSigningKeys,
  createTokenEndpoint,
  type DocumentFetch,
  type DpopObserver,
  type IssuerKeys,
  notFound,
  type OnDecision,
  type RateLimit,
  type SecretGuesses,
  type RecentRefusals,
  runGrant,
  type Sealing,
  type SigningKeys,
  type TokenRequest,
  type TokenPorts,
} from '@crosswalk/as-core'
import { evaluateUnreadRequest, recordFault, type RedemptionSnapshot } from '@crosswalk/policy'
import {
  type CodeSignInDefinition,
  GRANT_TYPE,
  listMetadataPaths,
  readPath,
  type XaaCode,
} from '@crosswalk/protocol'

import { listAuthorizationRoutes } from './authorization/authorization-routes.ts'
import type { SignIn } from './authorization/signed-in.ts'
import type { CodeDependencies } from './dependencies.ts'
import { findClientObstacle, findIntrospectionObstacle } from './asking-clients.ts'
import { createDynamicClients, type DynamicClients } from './clients/dynamic-clients.ts'
import { createDescribedClients } from './clients/described-clients.ts'
import { type InspectedToken, inspectToken, introspect, introspectFor } from './introspection.ts'
import { buildMetadata } from './metadata.ts'
import type { AccessTokens, Accounts, Consents, StoredCredentials, TokenDescents } from './ports.ts'
import { createAuthorizationCode } from './grants/authorization-code/authorization-code-grant.ts'
import { createJwtBearer } from './grants/jwt-bearer/jwt-bearer-grant.ts'
import { createStoredCredentialGrant } from './grants/stored-credential/stored-credential-grant.ts'
import { revoke } from './revocation.ts'
import { revokeUser } from './revoke-user.ts'
import { createSecurityEventReceiver } from './security-events/receive-security-event.ts'
import { joinClients, type UnregisteredClients } from './clients/unregistered-clients.ts'
import type { ReceivedRevocations } from './security-events/received-revocations.ts'

export interface ResourceAsConfig {
  readonly id: string
  readonly issuer: string
  /** Public origin under which the endpoints hang, at `/as/{id}` */
  readonly baseUrl: string
  readonly signingAlgorithm: AlgorithmChoice
  readonly clockSkewSeconds: number
  /** 0: no limit */
  readonly tokenRequestsPerMinutePerClient: number
}

export interface ResourceAsPorts extends TokenPorts {
  /** The definition in force, from memory */
  snapshot(): RedemptionSnapshot
  readonly sealing: Sealing
  readonly issuerKeys: IssuerKeys
  /** For clients that describe themselves; without it there are none, whatever the definition says */
  readonly documentFetch?: DocumentFetch
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  /** Where an IdP in the same program takes access tokens as subject tokens: what was issued for those that are revoked */
  readonly tokenDescents?: Pick<TokenDescents, 'isOfRevoked'>
  /** What users allowed apps that ask by authorization code; without it they are asked each time */
  readonly consents?: Consents
  /** Where users sign in for such apps: the service's own pages; in place of `authorizationCode.signIn` */
  readonly signIn?: SignIn
  /** How the provider of `authorizationCode.signIn` is reached */
  readonly signInFetch?: (definition: CodeSignInDefinition) => typeof globalThis.fetch
  /** Credentials of services that know no ID-JAG; without it none are released */
  readonly credentials?: StoredCredentials
  /** For security events of issuers; without it none are taken, whatever the definition says */
  readonly receivedRevocations?: ReceivedRevocations
  /** Told of every decision of the token endpoint with its whole record, granted or not */
  readonly onDecision?: OnDecision
  onFault(fault: unknown, reference: string): void
}

export interface ResourceAs {
  /** @param ip - address of the peer, for the decision record */
  fetch(request: Request, ip?: string): Promise<Response>
  /**
   * For an API in the same program: what introspection says of a token to an API of this resource. Costs a signature check
   * and two look-ups by id: of the token and of its user.
   */
  introspect(token: string, resource: string): Promise<Readonly<Record<string, unknown>>>
  /** For an IdP in the same program: what a token of this server came from. @returns undefined for any other token */
  inspect(token: string): Promise<InspectedToken | undefined>
  /**
   * Revokes every live access token of a user, by the id that tokens carry as `sub`. Disable the user first: one who is
   * active may get new tokens.
   *
   * @returns how many were revoked
   */
  revokeUser(id: string): Promise<number>
  readonly signingKeys: SigningKeys
  readonly recentRefusals: RecentRefusals
}

/**
 * Creates a Resource Authorization Server; its signing keys are loaded or made before it resolves.
 *
 * @throws Error where stored keys cannot be opened with this master key
 */
export async function createResourceAs(
  config: ResourceAsConfig,
  ports: ResourceAsPorts,
): Promise<ResourceAs> {
  const { clock, sealing } = ports
  const log = `as:${config.id}`
  const signingKeys = await createSigningKeys({
    store: ports.keyStore,
    owner: log,
    purposes: ['access-token'],
    algorithm: config.signingAlgorithm,
    sealing,
    providers: ports.keyProviders,
    clock,
  })
  const recentRefusals = createRecentRefusals()
  const tokenEndpoint = `${config.baseUrl}/as/${config.id}/token`
  const { documentFetch: fetch } = ports
  const dynamicClients = createDynamicClients(ports)
  const describedClients = joinClients(
    fetch === undefined ? undefined : createDescribedClients({ ...ports, baseUrl: config.baseUrl, fetch }),
    dynamicClients,
  )
  const events = createEventRecorder(ports, log)
  const guesses = createSecretGuesses((event) => {
    events.record(event).catch((fault: unknown) => ports.onFault(fault, event.id))
  })
  const deps: CodeDependencies = {
    ...ports,
    events,
    describedClients,
    signingKeys,
    knownAccessTokens: createKnownJwts(),
    recentRefusals,
    recorder: createDecisionRecorder({ ...ports, recentRefusals, log }),
    dpop: observeDpop(ports, tokenEndpoint),
    clients: observeClients(config, ports, {
      describedClients,
      guesses,
      rateLimit: createRateLimit(config.tokenRequestsPerMinutePerClient, {
        clock,
        shared: ports.requestCounts,
        scope: log,
      }),
    }),
  }
  const routes = listRoutes(config, deps, {
    ...ports,
    describedClients,
    dynamicClients,
    askingClients: observeClients(config, ports, { describedClients, guesses }),
  })
  return {
    fetch: (request, ip) => routes.get(readPath(request.url))?.(request, ip) ?? Promise.resolve(notFound()),
    introspect: (token, resource) => introspectFor(resource, token, deps),
    inspect: (token) => inspectToken(token, deps),
    revokeUser: (id) => revokeUser(id, deps),
    signingKeys,
    recentRefusals,
  }
}

interface ObservedClients {
  /** Shared by the endpoints: a client delayed at one is delayed at all */
  readonly guesses: SecretGuesses
  readonly describedClients: UnregisteredClients
  readonly rateLimit?: RateLimit | undefined
}

function observeClients(
  { issuer, clockSkewSeconds }: ResourceAsConfig,
  { snapshot, sealing, issuerKeys }: ResourceAsPorts,
  { describedClients, rateLimit, guesses }: ObservedClients,
): ClientObserver {
  return createClientObserver({
    exactMethod: true,
    find: (clientId) => snapshot().clients.get(clientId) ?? describedClients.findDynamic(clientId),
    documents: describedClients.documents,
    hasher: createSecretHasher(sealing),
    guesses,
    keys: issuerKeys,
    issuer,
    clockSkewSeconds,
    rateLimit,
    codeOf: ourCode,
  })
}

/** Whether proofs must carry a nonce is said by the definition in force (RFC 9449 section 8). */
function observeDpop({ sealing, clock, snapshot }: ResourceAsPorts, tokenEndpoint: string): DpopObserver {
  const plain = createDpopObserver({ tokenEndpoint })
  const strict = createDpopObserver({ tokenEndpoint, nonces: createDpopNonces(sealing, clock) })
  return {
    observe: (request) => (snapshot().definition.dpopNonces === true ? strict : plain).observe(request),
  }
}

/** The words of client authentication are shared; the first digit of a code names the server. */
function ourCode(code: ClientAuthRefusal['code']): XaaCode {
  if (code === 'XAA1106') return 'XAA2105'
  if (code === 'XAA1107') return 'XAA2106'
  return code === 'XAA1105' ? 'XAA2002' : 'XAA2101'
}

type Handler = (request: Request, ip?: string) => Promise<Response>

const UNREAD = { type: 'token.refused', authenticated: false }

/** Every path is fixed, so a look-up is all the routing there is. */
function listRoutes(
  config: ResourceAsConfig,
  deps: CodeDependencies,
  ports: ResourceAsPorts & {
    readonly describedClients: UnregisteredClients
    readonly dynamicClients: DynamicClients
    /** An API asks about every token it sees, so that a limit of token requests is none for its questions */
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
      [GRANT_TYPE.authorizationCode]: (request) => runGrant(code, request, deps),
      // Offered while a resource app behind this issuer is brokered.
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
  const base = `/as/${config.id}`
  const issuerPath = new URL(config.issuer).pathname.replace(/\/$/, '')
  const metadata = createDocument(() =>
    buildMetadata(deps.snapshot(), {
      baseUrl: config.baseUrl,
      brokers: credentials?.serves(config.issuer) === true,
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
            createSecurityEventReceiver({ ...ports, events: deps.events, receivedRevocations }),
          ] as const,
        ]),
    [`${base}/jwks`, createDocument(() => deps.signingKeys.publicJwks())],
    ...listMetadataPaths(issuerPath).map((path) => [path, metadata] as const),
  ])
}
