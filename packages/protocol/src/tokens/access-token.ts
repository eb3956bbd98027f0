// JWT access tokens (RFC 9068) as issued by a Resource Authorization Server.
import type { EpochSeconds } from '../time.ts'

/** Undefined members are omitted from the token. */
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
  /** Claims about the user, as the resource lists them */
  readonly [claim: string]: unknown
}

/**
 * Claims that no resource may define: the server sets them, or they have a meaning in other tokens or in introspection.
 */
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
  // Set with `email`: whether the issuer is trusted for the address's domain.
  'email_verified',
])

/** One audience as a string, several as an array: some verifiers only accept a string. */
export function renderAudience(resources: readonly string[]): string | readonly string[] {
  const [only, ...others] = resources
  return only !== undefined && others.length === 0 ? only : resources
}
