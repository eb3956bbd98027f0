// Signs users in at the company's IdP by authorization code with PKCE, through `openid-client` and discovery.
import { randomUUID } from 'node:crypto'

import * as oidc from 'openid-client'

import { createTokenVault, type TokenVault, type VaultTokens } from './token-vault.ts'

export interface SignInOptions {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  readonly redirectUri: string
  readonly postLogoutRedirectUri: string
}

/** Kept for one attempt between leaving for the IdP and returning. */
export interface SignInAttempt {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export interface User {
  /** `sub` at the IdP */
  readonly subject: string
  readonly name: string
}

export interface SignedIn {
  readonly user: User
  readonly vault: TokenVault
}

export interface SignIn {
  /** @param wanted - if a stronger or fresher sign-in is required */
  begin(wanted?: SignInRequirements): Promise<{ readonly url: string; readonly attempt: SignInAttempt }>
  /**
   * @param url - the redirect URI as called, with its query
   * @param before - the previous sign-in of this browser: the same user continues the same session
   * @throws SignInRefused if the IdP refused; other errors if the response cannot be trusted
   */
  finish(url: URL, attempt: SignInAttempt, before?: SignedIn): Promise<SignedIn>
  /** Identifies only the app: an `id_token_hint` would reveal the ID token to the browser. */
  buildSignOutUrl(): Promise<string>
}

/** Parameters of the authorization request (RFC 9470 section 4). */
export interface SignInRequirements {
  readonly acr_values?: string
  readonly max_age?: string
}

/** The IdP returned the user without signing them in. */
export class SignInRefused extends Error {
  override readonly name = 'SignInRefused'
  readonly reason: string

  constructor(reason: string) {
    super(`sign-in refused: ${reason}`)
    this.reason = reason
  }
}

const SCOPE = 'openid profile email offline_access'

export function createSignIn(options: SignInOptions): SignIn {
  const discover = createDiscovery(options)
  return {
    begin: async (wanted = {}) => {
      const attempt = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
      }
      const url = oidc.buildAuthorizationUrl(await discover(), {
        redirect_uri: options.redirectUri,
        scope: SCOPE,
        // Without it, OpenID Connect issues no refresh token (Core section 11).
        prompt: 'consent',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: 'S256',
        ...wanted,
      })
      return { url: url.href, attempt }
    },
    finish: async (url, attempt, before) => finish(await discover(), { url, attempt, before }),
    buildSignOutUrl: async () =>
      oidc.buildEndSessionUrl(await discover(), { post_logout_redirect_uri: options.postLogoutRedirectUri })
        .href,
  }
}

function createDiscovery({
  issuer,
  clientId,
  clientSecret,
}: SignInOptions): () => Promise<oidc.Configuration> {
  let found: Promise<oidc.Configuration> | undefined
  // The demo's IdP is on loopback, where http is allowed.
  const execute = new URL(issuer).protocol === 'http:' ? [oidc.allowInsecureRequests] : []
  const auth = oidc.ClientSecretBasic(clientSecret)
  return async () => {
    found ??= oidc.discovery(new URL(issuer), clientId, undefined, auth, { execute })
    try {
      return await found
    } catch (error) {
      // The IdP may be reachable on the next attempt.
      found = undefined
      throw error
    }
  }
}

interface Arrival {
  readonly url: URL
  readonly attempt: SignInAttempt
  readonly before: SignedIn | undefined
}

async function finish(config: oidc.Configuration, { url, attempt, before }: Arrival): Promise<SignedIn> {
  const answer = await oidc
    .authorizationCodeGrant(config, url, {
      expectedState: attempt.state,
      expectedNonce: attempt.nonce,
      pkceCodeVerifier: attempt.codeVerifier,
      idTokenExpected: true,
    })
    .catch((error: unknown) => {
      throw error instanceof oidc.AuthorizationResponseError ? new SignInRefused(error.error) : error
    })
  const claims = answer.claims()
  if (claims === undefined || answer.id_token === undefined) throw new Error('the IdP returned no ID token')
  // Only for the same user: step-ups and tokens are stored under this id.
  const id = before?.user.subject === claims.sub ? before.vault.id : randomUUID()
  const vault = createTokenVault(id, pickTokens(answer, answer.id_token), (refreshToken) =>
    refresh(config, refreshToken),
  )
  // Core section 5.4: the claims of `profile` come from the userinfo endpoint, not in the ID token.
  const profile = await oidc.fetchUserInfo(config, answer.access_token, claims.sub)
  return { user: { subject: claims.sub, name: pickName(profile) }, vault }
}

async function refresh(config: oidc.Configuration, refreshToken: string): Promise<VaultTokens | undefined> {
  try {
    const answer = await oidc.refreshTokenGrant(config, refreshToken)
    return answer.id_token === undefined ? undefined : pickTokens(answer, answer.id_token)
  } catch (error) {
    // After any other error the sign-in may still be valid: the IdP may only be down.
    if (error instanceof oidc.ResponseBodyError && error.error === 'invalid_grant') return undefined
    throw error
  }
}

function pickTokens({ refresh_token }: { refresh_token?: string }, idToken: string): VaultTokens {
  return { idToken, ...(refresh_token === undefined ? {} : { refreshToken: refresh_token }) }
}

function pickName({ name, preferred_username, email, sub }: oidc.UserInfoResponse): string {
  return [name, preferred_username, email].find((one) => one !== undefined && one !== '') ?? sub
}
