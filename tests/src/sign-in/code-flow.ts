// The authorization code flow of Agent0, step by step, for tests in which users sign in at another provider.
import { createHash } from 'node:crypto'

import { AGENT, REDIRECT_URI } from '../support/company.ts'
import { basic, postForm, type Tokens } from '../support/flow.ts'
import type { Page } from './redirect-browser.ts'

const VERIFIER = 'a-code-verifier-of-more-than-forty-three-characters'

/** @param extra - additional parameters */
export function buildAuthorizationUrl(baseUrl: string, extra: Readonly<Record<string, string>> = {}): string {
  return `${baseUrl}/authorize?${new URLSearchParams({
    client_id: AGENT.id,
    response_type: 'code',
    redirect_uri: REDIRECT_URI,
    scope: 'openid email profile',
    state: 'state',
    nonce: 'nonce',
    code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
    code_challenge_method: 'S256',
    ...extra,
  })}`
}

/** @returns the ID token for the code in the final redirect */
export async function redeemCode(baseUrl: string, page: Page): Promise<string> {
  return (await redeemTokens(baseUrl, page)).idToken
}

/** @returns the tokens for the code in the final redirect */
export async function redeemTokens(baseUrl: string, page: Page): Promise<Tokens> {
  const code = new URL(page.url).searchParams.get('code')
  if (code === null) throw new Error(`no code: ${page.status} ${page.url} ${page.text}`)
  const form = { grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER }
  const { body } = await postForm(`${baseUrl}/token`, form, { authorization: basic(AGENT) })
  return {
    idToken: String(body.id_token),
    refreshToken: String(body.refresh_token),
    accessToken: String(body.access_token),
  }
}
