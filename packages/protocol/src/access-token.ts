// JWT access tokens (RFC 9068) as a Resource Authorization Server issues them.
import type { EpochSeconds } from './time.ts'

/** A member that is undefined is not in the token. */
export type AccessTokenClaims = {
  readonly iss: string
  readonly sub: string
  readonly aud: string | readonly string[]
  readonly client_id: string
  readonly jti: string
  readonly iat: EpochSeconds
  readonly exp: EpochSeconds
  readonly scope?: string | undefined
  readonly authorization_details?: readonly Readonly<Record<string, unknown>>[] | undefined
  readonly cnf?: { readonly jkt: string } | undefined
  readonly act?: Readonly<Record<string, unknown>> | undefined
  readonly auth_time?: EpochSeconds | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** About the user, as the resource lists them */
  readonly [claim: string]: unknown
}

/** Claims that no resource may define: they are the server's own, or have a meaning in other tokens or in introspection. */
export const RESERVED_ACCESS_TOKEN_CLAIMS: ReadonlySet<string> = new Set([
  'iss',
  'sub',
  'aud',
  'client_id',
  'jti',
  'iat',
  'exp',
  'nbf',
  'scope',
  'resource',
  'authorization_details',
  'cnf',
  'act',
  'may_act',
  'auth_time',
  'acr',
  'amr',
  'azp',
  'nonce',
  'sid',
  'events',
  'active',
  'sub_profile',
  'token_type',
  'username',
  'decision_id',
  // Set beside `email`, by whether the issuer may speak for the address.
  'email_verified',
])

/** One audience as a string, several as an array: some verifiers take only the first form. */
export function renderAudience(resources: readonly string[]): string | readonly string[] {
  const [only, ...others] = resources
  return only !== undefined && others.length === 0 ? only : resources
}
