// Signs administrators in at our own IdP by authorization code with PKCE, like any app, but calls the IdP in process,
// so that it works behind any network setup. The tokens are read once and never stored.
import { CONSOLE_CLIENT_ID, CONSOLE_PATH } from '@crosswalk/control'
import type { Idp } from '@crosswalk/idp'
import * as oidc from 'openid-client'

/** Kept in the browser between leaving for the IdP and returning. */
export interface SignInAttempt {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
  /** The console path that the user wanted */
  readonly to: string
}

export interface SignedIn {
  readonly userId: string
  readonly sid: string | undefined
}

export interface ConsoleSignIn {
  begin(to: string): Promise<{ readonly url: string; readonly attempt: SignInAttempt }>
  /**
   * @param url - the redirect URI as called
   * @returns undefined if the IdP returned the user without signing them in
   * @throws if the response cannot be trusted
   */
  finish(url: URL, attempt: SignInAttempt): Promise<SignedIn | undefined>
  buildSignOutUrl(): Promise<string>
}

export interface ConsoleSignInParts {
  readonly issuer: string
  readonly baseUrl: string
  readonly clientSecret: string
  readonly idp: Pick<Idp, 'fetch'>
}

export function createConsoleSignIn({
  issuer,
  baseUrl,
  clientSecret,
  idp,
}: ConsoleSignInParts): ConsoleSignIn {
  const inProcess: oidc.CustomFetch = (url, options) =>
    idp.fetch(new Request(url, { ...options, body: options.body ?? null } as RequestInit))
  const configure = once(async () => {
    const execute = new URL(baseUrl).protocol === 'http:' ? [oidc.allowInsecureRequests] : []
    const auth = oidc.ClientSecretBasic(clientSecret)
    return oidc.discovery(new URL(issuer), CONSOLE_CLIENT_ID, undefined, auth, {
      execute,
      [oidc.customFetch]: inProcess,
    })
  })
  return {
    async begin(to) {
      const attempt = {
        state: oidc.randomState(),
        nonce: oidc.randomNonce(),
        codeVerifier: oidc.randomPKCECodeVerifier(),
        to,
      }
      const url = oidc.buildAuthorizationUrl(await configure(), {
        redirect_uri: `${baseUrl}${CONSOLE_PATH}/callback`,
        scope: 'openid',
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await oidc.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, attempt }
    },
    finish: async (url, attempt) => finish(await configure(), url, attempt),
    buildSignOutUrl: async () =>
      oidc.buildEndSessionUrl(await configure(), { post_logout_redirect_uri: `${baseUrl}${CONSOLE_PATH}/` })
        .href,
  }
}

async function finish(
  configuration: oidc.Configuration,
  url: URL,
  { state, nonce, codeVerifier }: SignInAttempt,
): Promise<SignedIn | undefined> {
  try {
    const answer = await oidc.authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    })
    const claims = answer.claims()
    if (claims === undefined) return undefined
    return { userId: claims.sub, sid: typeof claims['sid'] === 'string' ? claims['sid'] : undefined }
  } catch (error) {
    if (error instanceof oidc.AuthorizationResponseError || error instanceof oidc.ResponseBodyError)
      return undefined
    throw error
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return async () => {
    made ??= make()
    try {
      return await made
    } catch (error) {
      made = undefined
      throw error
    }
  }
}
