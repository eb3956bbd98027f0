// Configures the provider library for this IdP: what it serves, for whom, and which hooks it calls. The only place
// where its options are set.
import { generateKeyPairSync } from 'node:crypto'

import { ACR, ASYMMETRIC_ALGORITHMS } from '@crosswalk/protocol'
import type { Configuration } from 'oidc-provider'

import { createFindAccount, SCOPE_CLAIMS } from './accounts.ts'
import { createAdapterFactory, preventSessionRevival } from './adapter.ts'
import { createAssertionCheck } from './client-assertions.ts'
import type { SignInConfig, SignInPorts } from '../contract.ts'
import { buildFeatures, renderError } from './features.ts'
import {
  checkScope,
  createLoadGrant,
  issueRefreshToken,
  keepOfflineAccess,
  OFFLINE_PARAMETER,
} from './grants.ts'
import { signWithCurrentKeys } from './id-tokens.ts'
import * as lifetimes from '../lifetimes.ts'
import { checkParameterSizes } from './parameter-sizes.ts'
import { countSecretGuesses } from './count-secret-guesses.ts'
import { checkNonceWithoutPkce, mayOmitPkce } from './pkce.ts'
import { keepPending } from '../pending-browser.ts'
import { buildPrompts } from './prompts.ts'
import { createRevokeGrantPolicy } from './revoke-grants.ts'
import { embedSessionInSid, endAccessWithSession } from './sessions.ts'
import { bindGrantsToSessions } from './session-end.ts'
import { createSingleUses, type SingleUses } from './single-use.ts'
import { allowTrials, SESSION_COOKIE } from './trial.ts'
import type { Upstream } from '../upstream/upstreams.ts'
import { INTERACTION_PATH } from '../visit.ts'
import { Provider } from './oidc-provider.ts'

export const ROUTES = {
  authorization: '/authorize',
  pushed_authorization_request: '/par',
  token: '/token',
  userinfo: '/userinfo',
  introspection: '/introspect',
  revocation: '/revoke',
  end_session: '/session/end',
  jwks: '/jwks',
} as const

export interface ProviderSetting {
  readonly config: SignInConfig
  readonly ports: SignInPorts
  readonly displayName: string
  readonly upstreams: readonly Upstream[]
  /** The path of `baseUrl`, without a trailing slash. */
  readonly prefix: string
}

export function createProvider(setting: ProviderSetting): Provider {
  const { config, ports } = setting
  const singleUses = createSingleUses(config, ports)
  const provider = new Provider(config.issuer, buildConfiguration(setting, singleUses))
  // The bridge alone determines the origin, from `baseUrl`.
  provider.proxy = true
  countSecretGuesses(provider, ports)
  singleUses.install(provider)
  allowTrials(provider, config.trialRedirectUri)
  embedSessionInSid(provider)
  bindGrantsToSessions(provider)
  preventSessionRevival(provider, ports)
  endAccessWithSession(provider, ports)
  signWithCurrentKeys(provider, config, ports)
  return provider
}

function buildConfiguration(setting: ProviderSetting, singleUses: SingleUses): Configuration {
  const { config, ports, prefix } = setting
  const findAccount = createFindAccount(ports)
  return {
    adapter: createAdapterFactory(ports),
    findAccount,
    loadExistingGrant: createLoadGrant(ports),
    acrValues: Object.values(ACR),
    claims: SCOPE_CLAIMS,
    scopes: ['openid', 'offline_access'],
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: (_ctx, { clientId }) => !isOlder(clientId, ports) },
    allowOmittingSingleRegisteredRedirectUri: false,
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    assertJwtClientAuthClaimsAndHeader: createAssertionCheck(config, ports, singleUses),
    clientDefaults: { id_token_signed_response_alg: 'ES256' },
    clientBasedCORS: (_ctx, origin, client) =>
      client.tokenEndpointAuthMethod === 'none' &&
      (client.redirectUris ?? []).some((uri) => URL.parse(uri)?.origin === origin),
    clockTolerance: config.clockSkewSeconds,
    cookies: buildCookies(config),
    // Access tokens and most refresh tokens end with their session; see `issueRefreshToken`.
    expiresWithSession: () => true,
    issueRefreshToken,
    rotateRefreshToken: true,
    // The library calls this for every authorization and pushed request after checking client and redirect URI.
    extraParams: {
      [OFFLINE_PARAMETER](ctx) {
        checkParameterSizes(ctx)
        checkNonceWithoutPkce(ctx)
        keepOfflineAccess(ctx)
        checkScope(ctx)
      },
    },
    features: buildFeatures({ ...setting, findAccount }),
    interactions: {
      policy: buildPrompts(ports),
      url(ctx, { uid }) {
        keepPending(ctx, uid)
        return `${prefix}${INTERACTION_PATH}/${uid}`
      },
    },
    jwks: { keys: [createUnusedKey()] },
    enabledJWA: { ...SIGNATURES, idTokenSigningAlgValues: ['ES256'] },
    revokeGrantPolicy: createRevokeGrantPolicy(ports),
    renderError: (ctx, out) => renderError(ctx, out, setting.displayName),
    routes: ROUTES,
    ttl: buildLifetimes(config),
    ...(ports.fetch === undefined ? {} : { fetch: withOwnGuard(ports.fetch) }),
  }
}

function isOlder(clientId: string, { apps }: Pick<SignInPorts, 'apps'>): boolean {
  const app = apps.find(clientId)
  return app !== undefined && mayOmitPkce(app)
}

/** For clients and their proofs: the same as at our other endpoints and in the metadata. */
const SIGNATURES = {
  clientAuthSigningAlgValues: [...ASYMMETRIC_ALGORITHMS],
  dPoPSigningAlgValues: [...ASYMMETRIC_ALGORITHMS],
}

function buildCookies(config: SignInConfig): NonNullable<Configuration['cookies']> {
  // The prefix makes browsers refuse such a cookie from sibling hosts (RFC 6265bis section 4.1.3.2). It demands the path
  // `/`, which the others cannot have; see `pending-browser.ts`.
  const hostOnly = config.baseUrl.startsWith('https:')
  return {
    keys: [...config.cookieKeys],
    names: {
      session: hostOnly ? `__Host-${SESSION_COOKIE}` : SESSION_COOKIE,
      interaction: 'crosswalk_interaction',
      resume: 'crosswalk_resume',
    },
    long: { httpOnly: true, sameSite: 'lax', signed: true, path: '/' },
    short: { httpOnly: true, sameSite: 'lax', signed: true },
  }
}

function buildLifetimes(config: SignInConfig): NonNullable<Configuration['ttl']> {
  return {
    AccessToken: lifetimes.ACCESS_TOKEN_TTL_SECONDS,
    AuthorizationCode: lifetimes.AUTHORIZATION_CODE_TTL_SECONDS,
    Grant: lifetimes.GRANT_TTL_SECONDS,
    IdToken: config.idTokenTtlSeconds,
    Interaction: lifetimes.INTERACTION_TTL_SECONDS,
    RefreshToken: lifetimes.REFRESH_TOKEN_TTL_SECONDS,
    Session: lifetimes.SESSION_TTL_SECONDS,
  }
}

/** The library requires a key at start; it signs nothing (see `id-tokens.ts`) and is never published. */
function createUnusedKey() {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' } as never
}

/** Removes the library's own connection guard, because the given `fetch` has one with our rules. */
function withOwnGuard(guarded: typeof globalThis.fetch): typeof globalThis.fetch {
  return (url, options) => {
    const { dispatcher: _dispatcher, ...rest } = (options ?? {}) as RequestInit & { dispatcher?: unknown }
    return guarded(url, rest)
  }
}
