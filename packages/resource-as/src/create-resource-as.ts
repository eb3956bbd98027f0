// A Resource Authorization Server as a function from Request to Response: token endpoint, introspection, revocation,
// keys and metadata. Wiring only; `grants/` and the policy package decide what is granted.
import {
  type ClientAuthRefusal,
  type ClientObserver,
  createClientObserver,
  createDpopNonces,
  createDpopObserver,
  createKnownJwts,
  createRateLimit,
  createSecretHasher,
  createSigningKeys,
  type DpopObserver,
  notFound,
  openRecords,
  type RateLimit,
  type SecretGuesses,
  type RecentRefusals,
  type SigningKeys,
} from '@crosswalk/as-core'
import { readPath, type XaaCode } from '@crosswalk/protocol'

import { PAGES } from './authorization/authorization-routes.ts'
import { createDescribedClients } from './clients/described-clients.ts'
import { createDynamicClients } from './clients/dynamic-clients.ts'
import { joinClients, type UnregisteredClients } from './clients/unregistered-clients.ts'
import type { CodeDependencies } from './dependencies.ts'
import { type InspectedToken, inspectToken, introspectFor } from './introspection.ts'
import type { ResourceAsConfig, ResourceAsPorts } from './resource-as-ports.ts'
import { revokeUser } from './revoke-user.ts'
import { listRoutes } from './routes.ts'

export interface ResourceAs {
  /** @param ip - address of the peer, for the decision record */
  fetch(request: Request, ip?: string): Promise<Response>
  /** Whether browsers request this path for a user; all other paths are for programs. */
  isPage(path: string): boolean
  /** The response to a token request that is not read, because too many are in progress; undefined for other requests */
  refuseOverload(request: Request): Promise<Response> | undefined
  /**
   * For an API in the same program: the introspection result for an API of this resource. Costs a signature check and
   * two look-ups by id: of the token and of its user.
   */
  introspect(token: string, resource: string): Promise<Readonly<Record<string, unknown>>>
  /**
   * For an API in the same program: records the use of a DPoP proof there.
   *
   * @param key - unique to the key and `jti` of the proof, at most 64 characters
   * @param expiresAtSeconds - the last second in which the API accepts the proof, in epoch seconds
   * @returns whether the proof was unused
   */
  useProof(key: string, expiresAtSeconds: number): Promise<boolean>
  /**
   * For an IdP in the same program: the origin of a token of this server.
   * @returns undefined for any other token
   */
  inspect(token: string): Promise<InspectedToken | undefined>
  /**
   * Revokes every live access token of a user, by the id that tokens contain as `sub`. Disable the user first: an
   * active user can get new tokens.
   *
   * @returns the number of revoked tokens
   */
  revokeUser(id: string): Promise<number>
  readonly signingKeys: SigningKeys
  readonly recentRefusals: RecentRefusals
}

/**
 * Creates a Resource Authorization Server; its signing keys are loaded or created before it resolves.
 *
 * @throws Error if stored keys cannot be decrypted with this master key
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
  })
  const tokenEndpoint = `${config.baseUrl}/as/${config.id}/token`
  const { documentFetch: fetch } = ports
  const dynamicClients = createDynamicClients(ports)
  const describedClients = joinClients(
    fetch === undefined ? undefined : createDescribedClients({ ...ports, baseUrl: config.baseUrl, fetch }),
    dynamicClients,
  )
  const { events, recorder, recentRefusals, guesses } = openRecords(ports, log)
  const deps: CodeDependencies = {
    ...ports,
    events,
    describedClients,
    signingKeys,
    knownAccessTokens: createKnownJwts(),
    recorder,
    dpop: connectDpop(ports, tokenEndpoint),
    clients: connectClients(config, ports, {
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
    askingClients: connectClients(config, ports, { describedClients, guesses }),
  })
  return {
    fetch: (request, ip) => routes.get(readPath(request.url))?.(request, ip) ?? Promise.resolve(notFound()),
    refuseOverload: (request) => routes.get(readPath(request.url))?.refuseOverload?.(request),
    isPage: (path) => PAGES.has(path.slice(`/as/${config.id}`.length)),
    introspect: (token, resource) => introspectFor(resource, token, deps),
    async useProof(key, expiresAtSeconds) {
      const expiresAt = Math.ceil(expiresAtSeconds) + 1
      return (await events.useOnce([{ kind: 'dpop', key, expiresAt }])) === undefined
    },
    inspect: (token) => inspectToken(token, deps),
    revokeUser: (id) => revokeUser(id, deps),
    signingKeys,
    recentRefusals,
  }
}

interface ConnectedClients {
  readonly guesses: SecretGuesses
  readonly describedClients: UnregisteredClients
  readonly rateLimit?: RateLimit | undefined
}

function connectClients(
  { issuer, clockSkewSeconds }: ResourceAsConfig,
  { snapshot, sealing, issuerKeys }: ResourceAsPorts,
  { describedClients, rateLimit, guesses }: ConnectedClients,
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

/** The current definition states whether proofs need a nonce (RFC 9449 section 8). */
function connectDpop({ sealing, clock, snapshot }: ResourceAsPorts, tokenEndpoint: string): DpopObserver {
  const plain = createDpopObserver({ tokenEndpoint })
  const strict = createDpopObserver({ tokenEndpoint, nonces: createDpopNonces(sealing, clock) })
  return {
    observe: (request) => (snapshot().definition.dpopNonces === true ? strict : plain).observe(request),
  }
}

/** Client authentication is shared with the IdP; the first digit of a code identifies the server. */
function ourCode(code: ClientAuthRefusal['code']): XaaCode {
  if (code === 'XAA1106') return 'XAA2105'
  if (code === 'XAA1107') return 'XAA2106'
  return code === 'XAA1105' ? 'XAA2002' : 'XAA2101'
}
