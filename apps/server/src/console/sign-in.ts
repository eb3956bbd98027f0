// Signs administrators in at our own IdP by authorization code with PKCE, like any app, but calls the IdP in process,
// so that it works behind any network setup. The tokens are read once and never stored.
import { CONSOLE_CLIENT_ID, CONSOLE_PATH } from '@crosswalk/control'
import type { Idp } from '@crosswalk/idp'
import { ACR } from '@crosswalk/protocol'
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
  /** Whether a sign-in must have a second factor */
  readonly secondFactor: boolean
  readonly idp: Pick<Idp, 'fetch'>
}

/** An essential claim, so that the IdP enrols a user who has no second factor yet (OpenID Connect Core section 5.5.1.1). */
const SECOND_FACTOR = { id_token: { acr: { essential: true, values: [ACR.multiFactor] } } }

export function createConsoleSignIn({
  issuer,
  baseUrl,
  clientSecret,
  secondFactor,
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
        ...(secondFactor ? { claims: JSON.stringify(SECOND_FACTOR) } : {}),
      })
      return { url: url.href, attempt }
    },
    async finish(url, attempt) {
      const claims = await redeemCode(await configure(), url, attempt)
      // The browser carries the request, so its user can remove the claim from it.
      if (claims === undefined || (secondFactor && claims['acr'] !== ACR.multiFactor)) return undefined
      return { userId: claims.sub, sid: typeof claims['sid'] === 'string' ? claims['sid'] : undefined }
    },
    buildSignOutUrl: async () =>
      oidc.buildEndSessionUrl(await configure(), { post_logout_redirect_uri: `${baseUrl}${CONSOLE_PATH}/` })
        .href,
  }
}

async function redeemCode(
  configuration: oidc.Configuration,
  url: URL,
  { state, nonce, codeVerifier }: SignInAttempt,
): Promise<oidc.IDToken | undefined> {
  try {
    const answer = await oidc.authorizationCodeGrant(configuration, url, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    })
    return answer.claims()
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
