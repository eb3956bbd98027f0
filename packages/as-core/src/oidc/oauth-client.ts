// An OAuth client of another service, using `openid-client`: authorization code with PKCE, refresh, revocation. It
// requests access and never identifies the user.
import { accept, type OauthCredentialDefinition, refuse, type Result } from '@crosswalk/protocol'
import * as client from 'openid-client'

import { describeFault } from './describe-fault.ts'
import { tidyTokenResponse } from './tidy-token-response.ts'

export interface OauthTokens {
  readonly accessToken: string
  readonly refreshToken?: string | undefined
  /** Lifetime of the access token, if the service states it */
  readonly expiresInSeconds?: number | undefined
}

/**
 * `declined`: the user or the server refused, with `error`. `failed`: the server or its response is faulty; `detail` is
 * for operators.
 */
export type OauthRefusal =
  | { readonly reason: 'declined'; readonly error: string }
  | { readonly reason: 'failed'; readonly detail: string }

export interface OauthClient {
  /** @returns where the user authorizes the access. @param verifier - sent when the code is redeemed */
  begin(request: {
    readonly redirectUri: string
    readonly state: string
    readonly verifier: string
  }): Promise<URL>
  /** @param returned - the redirect URI with the response parameters */
  complete(
    returned: URL,
    expected: { readonly state: string; readonly verifier: string },
  ): Promise<Result<OauthTokens, OauthRefusal>>
  refresh(refreshToken: string): Promise<Result<OauthTokens, OauthRefusal>>
  /** @returns why the service could not be notified */
  revoke(token: string): Promise<OauthRefusal | undefined>
}

/** For a service without an issuer identifier; no issuer equals this one. */
const UNKNOWN_ISSUER = 'https://issuer.invalid'

export interface OauthClientParts {
  readonly secret: string | undefined
  readonly fetch: typeof globalThis.fetch
}

export function createOauthClient(
  definition: OauthCredentialDefinition,
  { secret, fetch }: OauthClientParts,
): OauthClient {
  const config = configure(definition, secret)
  const tokenUrl = new URL(definition.tokenEndpoint).href
  config[client.customFetch] = async (url, options) => {
    const response = await fetch(url, options as RequestInit)
    return url === tokenUrl ? tidyTokenResponse(response) : response
  }
  return {
    async begin({ redirectUri, state, verifier }) {
      return client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        state,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(definition.scopes.length === 0 ? {} : { scope: definition.scopes.join(' ') }),
      })
    },
    complete: (returned, { state, verifier }) =>
      attempt(async () => {
        const known = new URL(returned)
        if (definition.issuer === undefined) known.searchParams.delete('iss')
        const answer = await client.authorizationCodeGrant(config, known, {
          expectedState: state,
          pkceCodeVerifier: verifier,
        })
        return readTokens(answer)
      }),
    refresh: (refreshToken) =>
      attempt(async () => {
        const tokens = readTokens(await client.refreshTokenGrant(config, refreshToken))
        // A server that does not rotate refresh tokens returns none (RFC 6749 section 6).
        return { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken }
      }),
    async revoke(token) {
      const revoked = await attempt(() => client.tokenRevocation(config, token))
      return revoked.accepted ? undefined : revoked.refusal
    },
  }
}

function configure(
  { issuer = UNKNOWN_ISSUER, clientId, clientAuth, ...endpoints }: OauthCredentialDefinition,
  secret: string | undefined,
): client.Configuration {
  const { authorizationEndpoint, tokenEndpoint, revocationEndpoint } = endpoints
  const config = new client.Configuration(
    {
      issuer,
      authorization_endpoint: authorizationEndpoint,
      token_endpoint: tokenEndpoint,
      ...(revocationEndpoint === undefined ? {} : { revocation_endpoint: revocationEndpoint }),
    },
    clientId,
    undefined,
    secret === undefined || clientAuth === 'none'
      ? client.None()
      : clientAuth === 'client_secret_post'
        ? client.ClientSecretPost(secret)
        : client.ClientSecretBasic(secret),
  )
  // The guard allows plain http only for loopback hosts.
  if (tokenEndpoint.startsWith('http:')) client.allowInsecureRequests(config)
  return config
}

/** As long as the SDK accepts */
const MAX_TOKEN_CHARACTERS = 65_536
/** A token is refreshed at the latest then; times beyond any calendar cannot be computed with. */
const MAX_LIFETIME_SECONDS = 31_536_000

/** @throws Error if the access token cannot be sent in a header as `Bearer` (RFC 6749 section 7.1, appendix A.12) */
function readTokens(answer: client.TokenEndpointResponse): OauthTokens {
  const { access_token: accessToken, refresh_token: refreshToken, token_type: type } = answer
  if (type !== 'bearer') throw new Error('the token_type is not Bearer')
  if (accessToken.length > MAX_TOKEN_CHARACTERS) throw new Error('the access token is longer than 64 KiB')
  if (!/^[\x20-\x7e]+$/.test(accessToken)) throw new Error('the access token has invalid characters')
  const { expires_in: seconds } = answer
  const expiresInSeconds = seconds === undefined ? undefined : Math.min(seconds, MAX_LIFETIME_SECONDS)
  return { accessToken, refreshToken, expiresInSeconds }
}

export const UNSUPPORTED_TOKEN_TYPE = 'unsupported_token_type'

/**
 * Errors that stay if the request is repeated (RFC 6749 sections 4.1.2.1 and 5.2, RFC 7009 section 2.2.1); the last is
 * GitHub's.
 */
const FINAL: ReadonlySet<string> = new Set([
  'access_denied',
  'invalid_grant',
  UNSUPPORTED_TOKEN_TYPE,
  'bad_refresh_token',
])

async function attempt<T>(work: () => Promise<T>): Promise<Result<T, OauthRefusal>> {
  try {
    return accept(await work())
  } catch (error) {
    const code =
      error instanceof client.AuthorizationResponseError || error instanceof client.ResponseBodyError
        ? error.error
        : undefined
    return code !== undefined && FINAL.has(code)
      ? refuse({ reason: 'declined', error: code })
      : refuse({ reason: 'failed', detail: describeFault(error) })
  }
}
