// A Resource Authorization Server as a function from Request to Response: token endpoint, introspection, revocation,
// keys and metadata. Wiring only; what is granted is decided in `redeem-id-jag.ts` and the policy package.
import {
  type ClientAuthRefusal,
  type Clock,
  createClientEndpoint,
  createClientObserver,
  createDecisionRecorder,
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
  type RecentRefusals,
  type Sealing,
  type SigningKeys,
  type TokenRequest,
} from '@crosswalk/authorization-server'
import { evaluateUnreadRequest, type RedemptionSnapshot } from '@crosswalk/policy'
import { GRANT_TYPE, listMetadataPaths, type SignatureAlgorithm, type XaaCode } from '@crosswalk/protocol'
import { Hono } from 'hono'

import type { RedemptionDependencies } from './dependencies.ts'
import { introspect } from './introspection.ts'
import { buildMetadata } from './metadata.ts'
import type { AccessTokens, Accounts } from './ports.ts'
import { redeemIdJag } from './redeem-id-jag.ts'
import { revoke } from './revocation.ts'

export interface ResourceAsConfig {
  readonly id: string
  readonly issuer: string
  /** Public origin under which the endpoints hang, at `/as/{id}` */
  readonly baseUrl: string
  readonly signingAlgorithm: SignatureAlgorithm
  readonly clockSkewSeconds: number
  /** 0: no limit */
  readonly tokenRequestsPerMinutePerClient: number
  /** true: every DPoP proof must carry a nonce of ours (RFC 9449 section 8) */
  readonly dpopNonces?: boolean
}

export interface ResourceAsPorts {
  readonly clock: Clock
  /** The definition in force, from memory */
  snapshot(): RedemptionSnapshot
  readonly ledger: Ledger
  readonly keyStore: KeyStore
  readonly sealing: Sealing
  readonly issuerKeys: IssuerKeys
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  onFault(fault: unknown, reference: string): void
}

export interface ResourceAs {
  /** @param ip - address of the peer, for the decision record */
  fetch(request: Request, ip?: string): Promise<Response>
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
  const { clock, ledger, sealing } = ports
  const log = `as:${config.id}`
  const signingKeys = await createSigningKeys({
    store: ports.keyStore,
    owner: log,
    purposes: ['access-token'],
    algorithm: config.signingAlgorithm,
    sealing,
    clock,
  })
  const recentRefusals = createRecentRefusals()
  const tokenEndpoint = `${config.baseUrl}/as/${config.id}/token`
  const deps: RedemptionDependencies = {
    ...ports,
    signingKeys,
    recentRefusals,
    recorder: createDecisionRecorder(ledger, recentRefusals, log),
    dpop: createDpopObserver({
      tokenEndpoint,
      ...(config.dpopNonces === true ? { nonces: createDpopNonces(sealing, clock) } : {}),
    }),
    clients: createClientObserver({
      find: (clientId) => ports.snapshot().clients.get(clientId),
      hasher: createSecretHasher(sealing),
      keys: ports.issuerKeys,
      issuer: config.issuer,
      clockSkewSeconds: config.clockSkewSeconds,
      rateLimit: createRateLimit(config.tokenRequestsPerMinutePerClient),
      codeOf: ourCode,
    }),
  }
  const app = mount(config, deps, ports)
  return { fetch: async (request, ip) => app.fetch(request, { ip }), signingKeys, recentRefusals }
}

/** The words of client authentication are shared; the first digit of a code names the server. */
function ourCode(code: ClientAuthRefusal['code']): XaaCode {
  return code === 'XAA1105' ? 'XAA2002' : 'XAA2101'
}

function mount(
  config: ResourceAsConfig,
  deps: RedemptionDependencies,
  { onFault }: ResourceAsPorts,
): Hono<{ Bindings: { ip: string | undefined } }> {
  const app = new Hono<{ Bindings: { ip: string | undefined } }>()
  const { clock, clients } = deps
  const redeem = (request: TokenRequest) => redeemIdJag(request, deps)
  const token = createTokenEndpoint({
    clock,
    grants: { [GRANT_TYPE.jwtBearer]: redeem, [GRANT_TYPE.jwtDpop]: redeem },
    refuseUnread: ({ problem, ...frame }) =>
      deps.recentRefusals.add(evaluateUnreadRequest('ras.redemption', frame, problem)),
    codes: { unread: 'XAA2002', grantType: 'XAA2001' },
    onFault,
  })
  const introspection = createClientEndpoint({
    clock,
    clients,
    handle: (request) => introspect(request, deps),
    onFault,
  })
  const revocation = createClientEndpoint({
    clock,
    clients,
    handle: (request) => revoke(request, deps),
    onFault,
  })
  const base = `/as/${config.id}`
  app.all(`${base}/token`, (c) => token(c.req.raw, c.env.ip))
  app.all(`${base}/introspect`, (c) => introspection(c.req.raw))
  app.all(`${base}/revoke`, (c) => revocation(c.req.raw))
  app.get(`${base}/jwks`, (c) =>
    c.json(deps.signingKeys.publicJwks(), 200, { 'cache-control': 'public, max-age=300' }),
  )
  const issuerPath = new URL(config.issuer).pathname.replace(/\/$/, '')
  for (const path of listMetadataPaths(issuerPath))
    app.get(path, (c) =>
      c.json(buildMetadata(deps.snapshot(), config.baseUrl), 200, { 'cache-control': 'public, max-age=300' }),
    )
  return app
}
