// The identity provider as a function from Request to Response: interactive sign-in, and token exchange to ID-JAG,
// at one token endpoint, with one client registry and one set of keys. Wiring only.
import './sign-in/quiet-import.ts'

import {
  type AlgorithmChoice,
  type ClientObserver,
  type Clock,
  type DocumentFetch,
  createClientObserver,
  createDecisionRecorder,
  createDocument,
  createDpopNonces,
  createDpopObserver,
  createRateLimit,
  createRecentRefusals,
  createSecretHasher,
  createSigningKeys,
  createTokenEndpoint,
  type IssuerKeys,
  type KeyStore,
  type Ledger,
  type OutgoingSecurityEvent,
  type RecentRefusals,
  registerClientAuth,
  type Sealing,
  type SecretHasher,
  type SigningKeys,
} from '@crosswalk/authorization-server'
import { evaluateUnreadRequest, type ExchangeSnapshot } from '@crosswalk/policy'
import {
  GRANT_TYPE,
  listMetadataPaths,
  readPath,
  type SamlIssuerDefinition,
  type UpstreamDefinition,
} from '@crosswalk/protocol'
import type { JWK } from 'jose'

import { createDescribedApps, type DescribedApps, type DescribedAppsConfig } from './described-apps.ts'
import { buildIdpMetadata } from './metadata.ts'
import { createSecurityEvents, type SecurityEventPorts } from './security-events/security-events.ts'
import type { Transmitter } from './security-events/transmitter.ts'
import { buildOwnAccessApp, OWN_ACCESS_CLIENT_ID } from './own-access/own-access-app.ts'
import type { OwnAccess } from './own-access/contract.ts'
import type { GrantLog, PasswordHashes, People, SecondFactors, SignInStore, Upstreams } from './ports.ts'
import { createReachableEndpoint, REACHABLE_PATH } from './reachable/list-reachable-resources.ts'
import { createSamlIssuers } from './saml/observe-assertion.ts'
import { createSignInGrant } from './sign-in-grants.ts'
import type { SignIn } from './sign-in/contract.ts'
import { createSignIn } from './sign-in/sign-in.ts'
import type { ExchangeDependencies } from './token-exchange/dependencies.ts'
import { exchangeToken } from './token-exchange/exchange-token.ts'
import { createGrantVolume } from './token-exchange/grant-volume.ts'

export interface IdpConfig {
  readonly issuer: string
  /** Public origin under which the endpoints hang */
  readonly baseUrl: string
  readonly displayName?: string | undefined
  readonly idTokenTtlSeconds: number
  readonly signingAlgorithm: AlgorithmChoice
  readonly clockSkewSeconds: number
  /** Identity providers through which people sign in, too; needs the port `upstreams` */
  readonly upstream?: readonly UpstreamDefinition[] | undefined
  /** false: through these alone */
  readonly passwordSignIn?: boolean | undefined
  /** 0: no delay */
  readonly failedSignInsBeforeDelay: number
  /** 0: no limit */
  readonly tokenRequestsPerMinutePerClient: number
  /** true: every DPoP proof of a token exchange must carry a nonce of ours (RFC 9449 section 8) */
  readonly dpopNonces?: boolean
  /** Who signs assertions that are taken as subject tokens; what else is asked of them is in the snapshot */
  readonly samlIssuers?: readonly Pick<SamlIssuerDefinition, 'entityId' | 'certificates'>[] | undefined
  /** Apps that describe themselves; needs the port `documentFetch` */
  readonly clientMetadata?: DescribedAppsConfig | undefined
}

export interface IdpPorts {
  readonly clock: Clock
  /** The definitions in force, from memory */
  snapshot(): ExchangeSnapshot
  readonly ledger: Ledger
  readonly keyStore: KeyStore
  readonly sealing: Sealing
  readonly issuerKeys: IssuerKeys
  readonly documentFetch?: DocumentFetch
  readonly users: People
  readonly passwordHashes: PasswordHashes
  readonly secondFactors: SecondFactors
  readonly signInStore: SignInStore
  readonly upstreams?: Upstreams | undefined
  /** For the pages on which people see their own access; without it, or while it gives nothing, there are none */
  ownAccess?(): OwnAccess | undefined
  /** For policies that count by the hour; without it only what this process granted counts */
  readonly grantLog?: GrantLog | undefined
  /** For telling authorization servers what was taken back; without it nobody is told */
  readonly securityEvents?: SecurityEventPorts & {
    /** What they are told when a person signs out */
    ofSessionEnd(userId: string): readonly OutgoingSecurityEvent[]
  }
  onFault(fault: unknown, reference: string): void
}

export interface Idp {
  /** @param ip - address of the peer, for the decision record */
  fetch(request: Request, ip?: string): Promise<Response>
  readonly signIn: SignIn
  readonly signingKeys: SigningKeys
  readonly recentRefusals: RecentRefusals
  /** Undefined where nobody is told of security events */
  readonly transmitter: Transmitter | undefined
}

const LOG = 'idp'

/**
 * Creates the identity provider; its signing keys are loaded or made before it resolves.
 *
 * @throws Error where stored keys cannot be opened with this master key
 * @throws TypeError where apps may describe themselves and nothing can fetch what they say
 */
export async function createIdp(config: IdpConfig, ports: IdpPorts): Promise<Idp> {
  const { clock, sealing } = ports
  const signingKeys = await createSigningKeys({
    store: ports.keyStore,
    owner: LOG,
    purposes: [
      'id-token',
      'id-jag',
      ...(ports.securityEvents === undefined ? [] : (['security-event'] as const)),
    ],
    algorithm: config.signingAlgorithm,
    sealing,
    clock,
  })
  const hasher = createSecretHasher(sealing)
  const describedApps = connectDescribedApps(config, ports)
  const signIn = connectSignIn(config, ports, { signingKeys, hasher, describedApps })
  const recentRefusals = createRecentRefusals()
  const deps: ExchangeDependencies = {
    ...ports,
    signIn,
    signingKeys,
    samlIssuers: createSamlIssuers(config.samlIssuers ?? []),
    describedApps,
    volume: createGrantVolume(ports.grantLog),
    recorder: createDecisionRecorder(ports.ledger, recentRefusals, LOG),
    dpop: createDpopObserver({
      tokenEndpoint: `${config.baseUrl}/token`,
      ...(config.dpopNonces === true ? { nonces: createDpopNonces(sealing, clock) } : {}),
    }),
    clients: observeClients(config, ports, { hasher, describedApps }),
  }
  const securityEvents = connectSecurityEvents(config, ports, deps)
  const routes = new Map([
    ...listRoutes(config, ports, { deps, signIn, recentRefusals }),
    ...(securityEvents?.routes ?? []),
  ])
  return {
    fetch: (request, ip) => (routes.get(readPath(request.url)) ?? signIn.fetch)(request, ip),
    signIn,
    signingKeys,
    recentRefusals,
    transmitter: securityEvents?.transmitter,
  }
}

function connectSecurityEvents(
  { issuer, baseUrl }: IdpConfig,
  { securityEvents, clock, ledger, sealing, onFault }: IdpPorts,
  { clients, signingKeys }: ExchangeDependencies,
) {
  if (securityEvents === undefined) return undefined
  return createSecurityEvents({
    ...securityEvents,
    issuer,
    baseUrl,
    clients,
    clock,
    sealing,
    signer: () => signingKeys.current('security-event'),
    record: async (event) => {
      await ledger.commit({ log: LOG, event })
    },
    onFault,
  })
}

function observeClients(
  { issuer, clockSkewSeconds, tokenRequestsPerMinutePerClient }: IdpConfig,
  { snapshot, issuerKeys }: IdpPorts,
  { hasher, describedApps }: Omit<SignInParts, 'signingKeys'>,
): ClientObserver {
  return createClientObserver({
    find: (clientId) => snapshot().apps.get(clientId),
    documents: describedApps?.documents,
    hasher,
    keys: issuerKeys,
    issuer,
    clockSkewSeconds,
    rateLimit: createRateLimit(tokenRequestsPerMinutePerClient),
    codeOf: (code) => code,
  })
}

function connectDescribedApps(
  { clientMetadata, baseUrl }: IdpConfig,
  { documentFetch: fetch, clock, snapshot }: IdpPorts,
): DescribedApps | undefined {
  if (clientMetadata === undefined) return undefined
  if (fetch === undefined) throw new TypeError('clientMetadata needs the port documentFetch')
  return createDescribedApps(clientMetadata, { baseUrl, fetch, clock, snapshot })
}

interface SignInParts {
  readonly signingKeys: SigningKeys
  readonly hasher: SecretHasher
  readonly describedApps: DescribedApps | undefined
}

function connectSignIn(
  config: IdpConfig,
  ports: IdpPorts,
  { signingKeys, hasher, describedApps }: SignInParts,
): SignIn {
  const { snapshot, ledger, clock } = ports
  const ownAccess = ports.ownAccess
  const ownApp = ownAccess === undefined ? undefined : buildOwnAccessApp(config.baseUrl)
  const findApp = (clientId: string) =>
    clientId === OWN_ACCESS_CLIENT_ID && ownApp !== undefined ? ownApp : snapshot().apps.get(clientId)
  return createSignIn(
    {
      ...config,
      cookieKeys: [ports.sealing.keyedDigest('sign-in-cookies', '1')],
      loopback: config.baseUrl.startsWith('http:'),
    },
    {
      store: ports.signInStore,
      users: ports.users,
      passwordHashes: ports.passwordHashes,
      secondFactors: ports.secondFactors,
      upstreams: ports.upstreams,
      sealing: ports.sealing,
      apps: {
        find: (clientId) => findApp(clientId) ?? describedApps?.find(clientId),
        async load(clientId) {
          if (findApp(clientId) === undefined) await describedApps?.load(clientId)
        },
      },
      verifySecret: (clientId, secret) => {
        const auth = snapshot().apps.get(clientId)?.auth
        const registered = auth === undefined ? undefined : registerClientAuth(auth, hasher)
        const known = registered !== undefined && 'secretHash' in registered
        return hasher.verify(secret, known ? registered.secretHash : undefined)
      },
      signingKeys: () => signingKeys.privateJwks('id-token') as readonly JWK[],
      ofSessionEnd: (userId) => ports.securityEvents?.ofSessionEnd(userId) ?? [],
      ownAccess: () => ownAccess?.(),
      clock,
      record: async (event) => {
        await ledger.commit({ log: LOG, event })
      },
      reportFault: ports.onFault,
    },
  )
}

interface Parts {
  readonly deps: ExchangeDependencies
  readonly signIn: SignIn
  readonly recentRefusals: RecentRefusals
}

type Handler = (request: Request, ip?: string) => Promise<Response>

/** The paths that are ours; every other belongs to the sign-in provider. */
function listRoutes(
  config: IdpConfig,
  { clock, onFault, snapshot, ledger }: IdpPorts,
  { deps, signIn, recentRefusals }: Parts,
): ReadonlyMap<string, Handler> {
  const signInGrant = createSignInGrant({
    signIn,
    tokenEndpoint: `${config.baseUrl}/token`,
    recorder: deps.recorder,
    recentRefusals,
    revision: () => snapshot().revision,
  })
  const token = createTokenEndpoint({
    clock,
    grants: {
      [GRANT_TYPE.tokenExchange]: (request) => exchangeToken(request, deps),
      [GRANT_TYPE.authorizationCode]: signInGrant,
      [GRANT_TYPE.refreshToken]: signInGrant,
    },
    refuseUnread: ({ problem, ...frame }) =>
      recentRefusals.add(evaluateUnreadRequest('idp.token', frame, problem)),
    codes: { unread: 'XAA1000', grantType: 'XAA1006' },
    onFault,
  })
  const issuerPath = new URL(config.issuer).pathname.replace(/\/$/, '')
  const metadata = createDocument(async () => buildIdpMetadata(await signIn.metadata(), config))
  return new Map<string, Handler>([
    ['/token', token],
    [
      REACHABLE_PATH,
      createReachableEndpoint({
        deps: {
          ...deps,
          dpop: createDpopObserver({ tokenEndpoint: `${config.baseUrl}${REACHABLE_PATH}` }),
        },
        ledger,
        log: LOG,
        onFault,
      }),
    ],
    ['/jwks', createDocument(() => deps.signingKeys.publicJwks())],
    ...listMetadataPaths(issuerPath).map((path) => [path, metadata] as const),
  ])
}
