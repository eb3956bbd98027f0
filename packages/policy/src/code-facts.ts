// What the evaluations of the authorization code flow are told: of a request at the authorization endpoint, and of the
// redemption of a code.
import type {
  ClientFact,
  DecisionFrame,
  DpopFact,
  EpochSeconds,
  RequestProblem,
  ResourceClientDefinition,
} from '@crosswalk/protocol'

import type { UserOrigin } from './redemption/id-jag-only.ts'
import type { AccountFact } from './redemption-facts.ts'

/** What an app asks of a user. */
export interface AuthorizationFacts extends DecisionFrame {
  readonly clientId: string
  /** The client as its metadata document describes it, where it is not registered */
  readonly describedClient?: ResourceClientDefinition | undefined
  readonly request: {
    readonly responseType?: string | undefined
    readonly codeChallenge?: string | undefined
    readonly codeChallengeMethod?: string | undefined
    /** Thumbprint of the only key that the code may be redeemed with (RFC 9449 section 10) */
    readonly dpopJkt?: string | undefined
    readonly resource: readonly string[]
    readonly scope?: string | undefined
    readonly problems: readonly RequestProblem[]
  }
  /** `not-looked-up` before the user signed in */
  readonly account: AccountFact
  /** Of the account; undefined before the user signed in */
  readonly origin?: UserOrigin | undefined
  readonly ip?: string | undefined
}

/** What a code was issued for; sealed in the code itself. */
export interface AuthorizationCode {
  readonly jti: string
  readonly iat: EpochSeconds
  readonly exp: EpochSeconds
  readonly clientId: string
  readonly redirectUri: string
  /** SHA-256 of the verifier, base64url */
  readonly codeChallenge: string
  /** Thumbprint of the only key that it may be redeemed with, where the request named one */
  readonly dpopJkt?: string | undefined
  readonly resource: readonly string[]
  readonly scope: readonly string[]
  readonly accountId: string
  /** How the account came to be: whose security events end its tokens */
  readonly issuer: string
  readonly subject: string
  readonly tenant?: string | undefined
  readonly authTime?: EpochSeconds | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
}

export interface CodeFacts extends DecisionFrame {
  readonly client: ClientFact
  /** The client as its metadata document describes it, where it is not registered */
  readonly describedClient?: ResourceClientDefinition | undefined
  readonly dpop: DpopFact
  readonly request: {
    readonly hasCode: boolean
    readonly redirectUri?: string | undefined
    /** SHA-256 of the verifier that was sent, base64url */
    readonly challenge?: string | undefined
    readonly resource: readonly string[]
    readonly problems: readonly RequestProblem[]
  }
  /** Undefined for one that this server did not seal */
  readonly code: AuthorizationCode | undefined
  readonly account: AccountFact
  readonly origin?: UserOrigin | undefined
  /** Id of the security event by which an issuer took the access of this user back; undefined: none did */
  readonly revokedBy?: string | undefined
  /** Whether the ledger found the code used; looked at last */
  readonly replayed: boolean
  readonly ip?: string | undefined
  /** Set when the client sent more requests than it may; seconds until it may again */
  readonly retryAfterSeconds?: number | undefined
}

/** In the words of an ID-JAG, for whatever is judged alike of both. */
export function describeCode(code: AuthorizationCode): Readonly<Record<string, unknown>> {
  const { issuer, subject, tenant, clientId, jti, iat, resource, authTime, acr, amr } = code
  return {
    iss: issuer,
    sub: subject,
    ...(tenant === undefined ? {} : { tenant }),
    client_id: clientId,
    jti,
    iat,
    resource,
    ...(authTime === undefined ? {} : { auth_time: authTime }),
    ...(acr === undefined ? {} : { acr }),
    ...(amr === undefined ? {} : { amr }),
  }
}
