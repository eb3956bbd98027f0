// Observes an access token as subject token: its origin and whether it is still active. Reports facts only; the
// authorization servers in this program know their own tokens.
import { grantIdOf } from '@crosswalk/as-core'
import type { AccessTokenFact, SignInFact, SubjectFact } from '@crosswalk/policy'

export interface FoundAccessToken {
  readonly token: AccessTokenFact
  readonly signIn: SignInFact
}

/** Links an ID-JAG to the access token for which it is issued. */
export interface Descent {
  readonly grantId: string
  readonly authorizationServer: string
  readonly tokenId: string
  /** Epoch seconds; everything derived from the token expires by then */
  readonly expiresAt: number
}

/** Access tokens of the authorization servers in this program. */
export interface IssuedTokens {
  /** @returns undefined for a token that none of them issued for an ID-JAG of this IdP */
  find(token: string): Promise<FoundAccessToken | undefined>
  /** Records that tokens issued for the ID-JAG end with the access token; durable when it resolves. */
  addDescent(descent: Descent): Promise<void>
}

export async function observeAccessToken(
  text: string,
  issuedTokens: IssuedTokens | undefined,
): Promise<SubjectFact> {
  const found = await issuedTokens?.find(text)
  return { kind: 'access_token', token: found?.token, signIn: found?.signIn }
}

/** Call this before the ID-JAG leaves. */
export async function recordDescent(
  subject: SubjectFact,
  jti: string,
  issuedTokens: IssuedTokens | undefined,
): Promise<void> {
  if (subject.kind !== 'access_token' || subject.token === undefined) return
  const { authorizationServer, id, chain } = subject.token
  const descent = { grantId: grantIdOf(jti), authorizationServer, tokenId: id, expiresAt: chain.expires_at }
  await issuedTokens?.addDescent(descent)
}
