// The identity provider as a function from Request to Response: interactive sign-in and token exchange to ID-JAG at one
// token endpoint, with one client registry and one set of keys. Only connects the parts.
import {
  type ClientObserver,
  createClientObserver,
  createDpopNonces,
  createDpopObserver,
  createKnownJwts,
  createRateLimit,
  createSecretHasher,
  createSigningKeys,
  type Endpoint,
  openRecords,
  type RecentRefusals,
  type SigningKeys,
} from '@crosswalk/as-core'
import { findSignInBlock } from '@crosswalk/policy'
import { readPath } from '@crosswalk/protocol'

import { connectSignIn, type SignInParts } from './connect-sign-in.ts'
import { createDescribedApps, type DescribedApps } from './described-apps.ts'
import type { IdpConfig, IdpPorts } from './idp-ports.ts'
import { ASK_PATH } from './sign-in/own-access/own-access-app.ts'
import { openRefusal } from './open-refusal.ts'
import { listRoutes } from './routes.ts'
import { createSamlIssuers } from './saml/observe-assertion.ts'
import { IDP_LOG } from './audit-log.ts'
import { createSecurityEvents } from './security-events/security-events.ts'
import type { Transmitter } from './security-events/transmitter.ts'
import type { SignIn } from './sign-in/contract.ts'
import type { ExchangeDependencies } from './grants/token-exchange/dependencies.ts'
import { createGrantVolume } from './grants/token-exchange/grant-volume.ts'
import { connectUpstreamTokens } from './upstream-tokens/connect-upstream-tokens.ts'

export interface Idp {
  /** @param ip - address of the peer, for decision records */
  fetch(request: Request, ip?: string): Promise<Response>
  /** Whether browsers request this path for a user; all other paths are for programs. */
  isPage(path: string): boolean
  /** The response to a token request that is not read, because too many are in progress; undefined for other requests */
  refuseOverload(request: Request): Promise<Response> | undefined
  readonly signIn: SignIn
  readonly signingKeys: SigningKeys
  readonly recentRefusals: RecentRefusals
  /** Undefined if security events are not sent */
  readonly transmitter: Transmitter | undefined
}

/**
 * Creates the identity provider; it resolves after loading or creating the signing keys.
 *
 * @throws Error if the master key cannot open the stored keys
 * @throws TypeError if apps may publish their own metadata but there is no way to fetch it
 */
export async function createIdp(config: IdpConfig, ports: IdpPorts): Promise<Idp> {
  const { clock, sealing } = ports
  const signingKeys = await createSigningKeys({
    store: ports.keyStore,
    owner: IDP_LOG,
    purposes: [
      'id-token',
      'id-jag',
      ...(ports.securityEvents === undefined ? [] : (['security-event'] as const)),
    ],
    algorithm: config.signingAlgorithm,
    sealing,
    providers: ports.keyProviders,
  })
  const hasher = createSecretHasher(sealing)
  const describedApps = connectDescribedApps(config, ports)
  const { events, recorder, recentRefusals, guesses } = openRecords(ports, IDP_LOG)
  const upstreamTokens = connectUpstreamTokens(config, ports)
  const ownSignIn = connectSignIn(config, ports, { signingKeys, hasher, guesses, describedApps, events })
  const signIn = upstreamTokens.guard(ownSignIn)
  const deps: ExchangeDependencies = {
    ...ports,
    events,
    signIn,
    signingKeys,
    knownIdTokens: createKnownJwts(),
    upstreamTokens: upstreamTokens.sources,
    samlIssuers: createSamlIssuers(config.samlIssuers ?? []),
    signInProviders: config.upstream ?? [],
    describedApps,
    volume: createGrantVolume(ports.grantLog),
    accessPage: () => (ports.ownAccess?.() === undefined ? undefined : `${config.baseUrl}${ASK_PATH}`),
    recorder,
    dpop: createDpopObserver({
      tokenEndpoint: `${config.baseUrl}/token`,
      ...(config.dpopNonces === true ? { nonces: createDpopNonces(sealing, clock) } : {}),
    }),
    clients: connectClients(config, ports, { hasher, guesses, describedApps }),
  }
  const securityEvents = connectSecurityEvents(config, ports, deps)
  const routes = new Map<string, Endpoint>([
    ...listRoutes(config, ports, { deps, signIn }),
    ...upstreamTokens.listRoutes({ signIn: ownSignIn, events }),
    ...(securityEvents?.routes ?? []),
  ])
  return {
    async fetch(request, ip) {
      const path = readPath(request.url)
      const response = await (routes.get(path) ?? signIn.fetch)(request, ip)
      return signIn.isPage(path) ? response : openRefusal(response)
    },
    isPage: (path) => !routes.has(path) && signIn.isPage(path),
    refuseOverload: (request) => routes.get(readPath(request.url))?.refuseOverload?.(request),
    signIn,
    signingKeys,
    recentRefusals,
    transmitter: securityEvents?.transmitter,
  }
}

function connectSecurityEvents(
  { issuer, baseUrl }: IdpConfig,
  { securityEvents, clock, sealing, snapshot, onFault }: IdpPorts,
  { clients, signingKeys }: ExchangeDependencies,
) {
  if (securityEvents === undefined) return undefined
  return createSecurityEvents({
    ...securityEvents,
    isStopped(appId) {
      const { apps, blocks } = snapshot()
      const now = clock.nowMs() / 1000
      return (
        apps.get(appId)?.active !== true ||
        findSignInBlock(blocks, { userId: undefined, appId, now }) !== undefined
      )
    },
    issuer,
    baseUrl,
    clients,
    clock,
    sealing,
    signer: () => signingKeys.current('security-event'),
    onFault,
  })
}

function connectClients(
  { issuer, clockSkewSeconds, tokenRequestsPerMinutePerClient }: IdpConfig,
  { snapshot, issuerKeys, clock, requestCounts }: IdpPorts,
  { hasher, guesses, describedApps }: Omit<SignInParts, 'signingKeys' | 'events'>,
): ClientObserver {
  return createClientObserver({
    // The MCP SDK sends the secret in the body of an ID-JAG request, whatever method the client is registered for.
    exactMethod: false,
    find: (clientId) => snapshot().apps.get(clientId),
    documents: describedApps?.documents,
    hasher,
    guesses,
    keys: issuerKeys,
    issuer,
    clockSkewSeconds,
    rateLimit: createRateLimit(tokenRequestsPerMinutePerClient, {
      clock,
      shared: requestCounts,
      scope: 'idp',
    }),
    codeOf: (code) => code,
  })
}

function connectDescribedApps(
  { clientMetadata, baseUrl }: IdpConfig,
  { documentFetch: fetch, clock }: IdpPorts,
): DescribedApps | undefined {
  if (clientMetadata === undefined) return undefined
  if (fetch === undefined) throw new TypeError('clientMetadata needs the port documentFetch')
  return createDescribedApps(clientMetadata, { baseUrl, fetch, clock })
}
