// Sends the browser to sign in: stores the run, and prepares how the browser is recognised on return.
import * as oidc from 'openid-client'

import type { ProofContext } from './proof-context.ts'
import type { ProofRun } from './proof-store.ts'

/** Fresh values for each authorization request. */
export function generateSecrets(): Pick<ProofRun, 'nonce' | 'codeVerifier'> {
  return { nonce: oidc.randomNonce(), codeVerifier: oidc.randomPKCECodeVerifier() }
}

/** Stores the run. @returns the URL of the authorization request */
export async function sendToSignIn(
  run: ProofRun,
  extra: Readonly<Record<string, string>>,
  { store, signIn, redirectUri }: ProofContext,
): Promise<string> {
  const { authorization_endpoint: endpoint } = await signIn.metadata()
  const url = new URL(String(endpoint))
  const parameters = {
    client_id: run.app,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    prompt: 'login',
    state: await store.saveRun(run),
    nonce: run.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(run.codeVerifier),
    code_challenge_method: 'S256',
    ...extra,
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** Identifies the browser when it returns: coming from another site, it does not send its session cookie. */
export function nameBrowser({ sealing }: Pick<ProofContext, 'sealing'>, session: string): string {
  return sealing.keyedDigest('connection-proof-browser', session)
}
