// The way out: keeps a run and says where the browser goes, and how it will be known again.
import * as oidc from 'openid-client'

import type { ProofMeans } from './proof-means.ts'
import type { ProofRun } from './proof-store.ts'

/** What is new with each authorization request. */
export function drawSecrets(): Pick<ProofRun, 'nonce' | 'codeVerifier'> {
  return { nonce: oidc.randomNonce(), codeVerifier: oidc.randomPKCECodeVerifier() }
}

/** Keeps the run. @returns the authorization request to go on with */
export async function leaveForSignIn(
  run: ProofRun,
  extra: Readonly<Record<string, string>>,
  { store, signIn, redirectUri }: ProofMeans,
): Promise<string> {
  const { authorization_endpoint: endpoint } = await signIn.metadata()
  const url = new URL(String(endpoint))
  const parameters = {
    client_id: run.app,
    response_type: 'code',
    redirect_uri: redirectUri,
    scope: 'openid',
    prompt: 'login',
    state: await store.keepRun(run),
    nonce: run.nonce,
    code_challenge: await oidc.calculatePKCECodeChallenge(run.codeVerifier),
    code_challenge_method: 'S256',
    ...extra,
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return url.href
}

/** What the browser of a session shows when it comes back, since from another site it does so without its session. */
export function nameBrowser({ sealing }: Pick<ProofMeans, 'sealing'>, session: string): string {
  return sealing.keyedDigest('connection-proof-browser', session)
}
