// Looks at an access token as subject token: where it came from, and whether it still counts. Reports facts only; the
// authorization servers that run here know their own tokens.
import { grantIdOf } from '@crosswalk/as-core'
import type { AccessTokenFact, SignInFact, SubjectFact } from '@crosswalk/policy'

export interface FoundAccessToken {
  readonly token: AccessTokenFact
  readonly signIn: SignInFact
}

/** For which access token an ID-JAG is issued. */
export interface Descent {
  readonly grantId: string
  readonly authorizationServer: string
  readonly tokenId: string
  /** Epoch seconds; nothing that came of it lives longer */
  readonly expiresAt: number
}

/** Access tokens of the authorization servers that run here. */
export interface IssuedTokens {
  /** @returns undefined for anything that none of them issued for an ID-JAG of this IdP */
  find(token: string): Promise<FoundAccessToken | undefined>
  /** From then on, what is issued for the ID-JAG ends with the access token; durable when it resolves. */
  addDescent(descent: Descent): Promise<void>
}

export async function observeAccessToken(
  text: string,
  issuedTokens: IssuedTokens | undefined,
): Promise<SubjectFact> {
  const found = await issuedTokens?.find(text)
  return { kind: 'access_token', token: found?.token, signIn: found?.signIn }
}

/** Called before the ID-JAG leaves. */
export async function noteDescent(
  subject: SubjectFact,
  jti: string,
  issuedTokens: IssuedTokens | undefined,
): Promise<void> {
  if (subject.kind !== 'access_token' || subject.token === undefined) return
  const { authorizationServer, id, chain } = subject.token
  const descent = { grantId: grantIdOf(jti), authorizationServer, tokenId: id, expiresAt: chain.expires_at }
  await issuedTokens?.addDescent(descent)
}
