// A client of an OpenID provider, using `openid-client`: discovery, authorization code with PKCE, state and nonce,
// signed ID token, userinfo.
import {
  accept,
  type EpochMs,
  type EpochSeconds,
  inspectSessionExpiry,
  isNumericDate,
  refuse,
  type Result,
} from '@crosswalk/protocol'
import * as client from 'openid-client'

import { findRestMs } from '../find-rest-ms.ts'
import type { Clock } from '../ports.ts'
import { findRetryPauseMs } from '../retry-pause.ts'
import { describeFault } from './describe-fault.ts'
import {
  CLOCK_TOLERANCE_SECONDS,
  type PendingSignIn,
  type UpstreamAnswer,
  type UpstreamClaims,
  type UpstreamClient,
  type UpstreamRefusal,
  type UpstreamRequest,
} from './upstream-client.ts'

/** The registration of this server at the provider. */
export interface OidcProvider {
  readonly issuer: string
  readonly clientId: string
  /** If absent, a public client */
  readonly clientSecret?: string | undefined
  readonly scopes: readonly string[]
}

export interface PendingOidcSignIn extends PendingSignIn {
  readonly nonce: string
  readonly codeVerifier: string
  readonly maxAgeSeconds?: number | undefined
  /** The user must have signed in after this time */
  readonly notBefore?: EpochSeconds | undefined
}

const METADATA_TTL_MS = 600_000

export function createOidcClient(
  definition: OidcProvider,
  { fetch, clock }: { readonly fetch: typeof globalThis.fetch; readonly clock: Clock },
): UpstreamClient<PendingOidcSignIn> {
  const configuration = rememberConfiguration(() => discover(definition, fetch), clock)

  async function complete(returned: URL, pending: PendingOidcSignIn): Promise<UpstreamAnswer> {
    const config = await configuration()
    const { maxAgeSeconds: maxAge } = pending
    const tokens = await client.authorizationCodeGrant(config, returned, {
      expectedState: pending.state,
      expectedNonce: pending.nonce,
      pkceCodeVerifier: pending.codeVerifier,
      idTokenExpected: true,
      ...(maxAge === undefined ? {} : { maxAge }),
    })
    const idToken = tokens.claims()
    if (idToken === undefined) throw new Error('the token response has no ID token')
    const now = clock.nowMs() / 1000
    if ((idToken.auth_time ?? 0) > now + CLOCK_TOLERANCE_SECONDS)
      throw new Error('auth_time is in the future')
    checkSessionExpiry(idToken, Math.floor(now))
    if (isOfEarlierSignIn(idToken.auth_time, pending))
      throw new Error('the user did not sign in again, although a new sign-in was required')
    const hasUserinfo = config.serverMetadata().userinfo_endpoint !== undefined
    const userinfo = hasUserinfo ? await client.fetchUserInfo(config, tokens.access_token, idToken.sub) : {}
    return { signIn: { ...idToken }, all: joinClaims(userinfo, idToken) }
  }

  return {
    returns: { method: 'GET', state: 'state' },
    begin: (request) =>
      attempt(async () => {
        const now = Math.floor(clock.nowMs() / 1000)
        return buildRequest(await configuration(), definition, { ...request, now })
      }),
    complete: (returned, pending) => attempt(() => complete(returned, pending)),
    async findSignOutUrl() {
      const found = await attempt(async () => client.buildEndSessionUrl(await configuration()).href)
      return found.accepted ? found.value : undefined
    },
  }
}

/** The ID token takes precedence. Userinfo that verifies another address says nothing about that of the ID token. */
function joinClaims(userinfo: object, idToken: client.IDToken): UpstreamClaims {
  const all: UpstreamClaims = { ...userinfo, ...idToken }
  const isOther = 'email' in idToken && idToken['email'] !== (userinfo as { email?: unknown }).email
  return isOther ? { ...all, email_verified: idToken['email_verified'] } : all
}

function discover(
  { issuer, clientId, clientSecret }: OidcProvider,
  fetch: typeof globalThis.fetch,
): Promise<client.Configuration> {
  // The guard allows plain http only for loopback hosts.
  const insecure = issuer.startsWith('http:') ? [client.allowInsecureRequests] : []
  return client.discovery(
    new URL(issuer),
    clientId,
    {
      ...(clientSecret === undefined ? {} : { client_secret: clientSecret }),
      [client.clockTolerance]: CLOCK_TOLERANCE_SECONDS,
    },
    clientSecret === undefined ? client.None() : undefined,
    {
      [client.customFetch]: fetch as client.CustomFetch,
      execute: [...insecure, client.enableNonRepudiationChecks],
    },
  )
}

/**
 * Concurrent sign-ins share one fetch. An old configuration causes another; after a failure, sign-ins fail immediately until
 * the provider is asked again.
 */
function rememberConfiguration(load: () => Promise<client.Configuration>, clock: Clock) {
  let held: { value: Promise<client.Configuration>; since: EpochMs; keepMs: number } | undefined
  let failures = 0
  return () => {
    const now = clock.nowMs()
    if (held === undefined || findRestMs(held.since, held.keepMs, now) === 0) {
      const loading = { value: load(), since: now, keepMs: Infinity }
      held = loading
      loading.value.then(
        () => {
          failures = 0
          loading.keepMs = METADATA_TTL_MS
        },
        () => {
          failures += 1
          // Counted from the failure, because the fetch may have taken long.
          loading.since = clock.nowMs()
          loading.keepMs = findRetryPauseMs(failures)
        },
      )
    }
    return held.value
  }
}

async function buildRequest(
  config: client.Configuration,
  { scopes }: OidcProvider,
  {
    redirectUri,
    forceLogin,
    maxAgeSeconds,
    acrValues,
    loginHint,
    now,
  }: UpstreamRequest & { readonly now: EpochSeconds },
) {
  const pending: PendingOidcSignIn = {
    state: client.randomState(),
    nonce: client.randomNonce(),
    codeVerifier: client.randomPKCECodeVerifier(),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(forceLogin ? { notBefore: now } : {}),
  }
  const url = client.buildAuthorizationUrl(config, {
    redirect_uri: redirectUri,
    scope: scopes.join(' '),
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await client.calculatePKCECodeChallenge(pending.codeVerifier),
    code_challenge_method: 'S256',
    ...(forceLogin ? { prompt: 'login' } : {}),
    ...(maxAgeSeconds === undefined ? {} : { max_age: String(maxAgeSeconds) }),
    ...(acrValues === undefined ? {} : { acr_values: acrValues.join(' ') }),
    ...(loginHint === undefined ? {} : { login_hint: loginHint }),
  })
  return { url: url.href, pending }
}

/** A session whose end is unknown or over cannot be continued here. */
function checkSessionExpiry({ session_expiry: end }: client.IDToken, now: EpochSeconds): void {
  const wrong = inspectSessionExpiry(end, { now, clockSkewSeconds: CLOCK_TOLERANCE_SECONDS })
  if (wrong !== undefined)
    throw new Error(`the ID token should have ${String(wrong.expected)}, not ${JSON.stringify(wrong.actual)}`)
}

/** A provider may omit when the user signed in, unless max_age was requested. */
function isOfEarlierSignIn(authTime: unknown, { notBefore }: PendingOidcSignIn): boolean {
  return notBefore !== undefined && isNumericDate(authTime) && authTime < notBefore - CLOCK_TOLERANCE_SECONDS
}

async function attempt<T>(work: () => Promise<T>): Promise<Result<T, UpstreamRefusal>> {
  try {
    return accept(await work())
  } catch (error) {
    return error instanceof client.AuthorizationResponseError
      ? refuse({ reason: 'declined', error: error.error })
      : refuse({ reason: 'failed', detail: describeFault(error) })
  }
}
