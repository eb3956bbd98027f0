// Facts for evaluating the authorization code flow: a request at the authorization endpoint, and the redemption of a
// code.
import type {
  DecisionFrame,
  EpochSeconds,
  RequestProblem,
  ResourceClientDefinition,
} from '@crosswalk/protocol'

import type { CallerEvidence } from './client-evidence.ts'
import type { UserOrigin } from './redemption/id-jag-only.ts'
import type { AccountFact } from './redemption-facts.ts'

/** An app's request for a user's authorization. */
export interface AuthorizationFacts extends DecisionFrame {
  readonly clientId: string
  /** The client as its metadata document describes it, if it is not registered */
  readonly describedClient?: ResourceClientDefinition | undefined
  readonly request: {
    readonly responseType?: string | undefined
    readonly codeChallenge?: string | undefined
    readonly codeChallengeMethod?: string | undefined
    /** Thumbprint of the only key that may redeem the code (RFC 9449 section 10) */
    readonly dpopJkt?: string | undefined
    readonly resource: readonly string[]
    readonly scope?: string | undefined
    readonly problems: readonly RequestProblem[]
  }
  /** `not-looked-up` before the user has signed in */
  readonly account: AccountFact
  /** How the account was created; undefined before the user has signed in */
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
  /** Thumbprint of the only key that may redeem it, if the request named one */
  readonly dpopJkt?: string | undefined
  readonly resource: readonly string[]
  readonly scope: readonly string[]
  readonly accountId: string
  /** How the account was created: this issuer's security events end its tokens */
  readonly issuer: string
  readonly subject: string
  readonly tenant?: string | undefined
  readonly authTime?: EpochSeconds | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
}

export interface CodeFacts extends CallerEvidence {
  /** The client as its metadata document describes it, if it is not registered */
  readonly describedClient?: ResourceClientDefinition | undefined
  readonly request: {
    readonly hasCode: boolean
    readonly redirectUri?: string | undefined
    /** SHA-256 of the verifier in the request, base64url */
    readonly challenge?: string | undefined
    readonly resource: readonly string[]
    readonly problems: readonly RequestProblem[]
  }
  /** Undefined if this server did not seal the code */
  readonly code: AuthorizationCode | undefined
  readonly account: AccountFact
  readonly origin?: UserOrigin | undefined
  /** Id of the security event by which an issuer revoked this user's access, if any */
  readonly revokedBy?: string | undefined
  /** Whether the ledger found the code already used; checked last */
  readonly replayed: boolean
}

/** Expressed as ID-JAG claims, for the checks that both share. */
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
