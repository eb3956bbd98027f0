// The first leg: exchanges the authorization code from the browser for an ID token, at the token endpoint of our own
// identity provider, over HTTP and with the app's own credential.
import type { ProofLeg } from '@crosswalk/admin-api'
import { DECISION_HEADER } from '@crosswalk/protocol'
import * as oidc from 'openid-client'

import { type IssuerConnection, connectClient } from './connect-client.ts'
import { describeFault } from './describe-fault.ts'

export interface CodeRedemption extends IssuerConnection {
  /** The redirect URI as it was called */
  readonly answer: URL
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

export interface RedeemedCode {
  readonly leg: ProofLeg
  /** Undefined if the leg failed */
  readonly signedIn?: { readonly idToken: string; readonly userId: string }
}

export async function redeemCode(redemption: CodeRedemption): Promise<RedeemedCode> {
  const { issuer, answer, state, nonce, codeVerifier } = redemption
  const leg = { leg: 'sign-in', server: issuer } as const
  const beganMs = performance.now()
  try {
    const configuration = await connectClient(redemption, 'oidc')
    const tokens = await oidc.authorizationCodeGrant(configuration, answer, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    })
    const { id_token: idToken = '' } = tokens
    return {
      leg: { ...leg, outcome: 'done', status: 200, ms: Math.round(performance.now() - beganMs) },
      signedIn: { idToken, userId: tokens.claims()?.sub ?? '' },
    }
  } catch (error) {
    return { leg: { ...leg, outcome: 'refused', ...describe(error, redemption.client.id) } }
  }
}

function describe(error: unknown, clientId: string): Omit<ProofLeg, 'leg' | 'server' | 'outcome'> {
  if (error instanceof oidc.AuthorizationResponseError)
    return {
      error: error.error,
      problem: error.error_description ?? 'The sign-in returned no code.',
      fix: `Assign the user to the app ${clientId}, or sign in as an assigned user.`,
    }
  const isAnswer = error instanceof oidc.ResponseBodyError
  if (!isAnswer && !(error instanceof oidc.WWWAuthenticateChallengeError))
    return { problem: describeFault(error) }
  const decision = error.response.headers.get(DECISION_HEADER)
  const about = { status: error.status, ...(decision === null ? {} : { decision }) }
  // A challenge replaces the body: client authentication failed.
  if (isAnswer && error.error !== 'invalid_client')
    return { ...about, error: error.error, problem: error.error_description ?? 'The code was refused.' }
  return {
    ...about,
    error: 'invalid_client',
    problem: `The credential is not valid for ${clientId} here.`,
    fix: 'Enter the registered credential of the app, or create a new one on its page.',
  }
}
