// Facts for evaluating one token exchange request.
import type { AppDefinition, Chain, JwtFact, RequestProblem, SamlFact } from '@crosswalk/protocol'

import type { CallerEvidence } from './client-evidence.ts'
import type { ExchangeUser } from './namesakes.ts'

export interface ExchangeRequest {
  readonly audience: readonly string[]
  readonly resource: readonly string[]
  readonly scope?: string | undefined
  readonly authorizationDetails?: string | undefined
  readonly requestedTokenType?: string | undefined
  readonly subjectTokenType?: string | undefined
  readonly hasSubjectToken: boolean
  readonly hasActorToken: boolean
  readonly problems: readonly RequestProblem[]
}

/** An actor token as observed; only checked if the actor profile is enabled. */
export interface ActorFact {
  readonly tokenType: string | undefined
  /** Undefined if one of the two parameters is missing */
  readonly token: JwtFact | undefined
  /** Whether the ledger found the token already used; checked last */
  readonly replayed: boolean
}

/** The sign-in behind a subject token or refresh token. */
export interface SignInFact {
  readonly userId: string
  /** When its ID token was issued, if by another identity provider */
  readonly issuedAt?: number | undefined
  readonly authTime?: number | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** Digest that names its session, if it has one */
  readonly session?: string | undefined
  /** When its session ends, if known; epoch seconds */
  readonly endsAt?: number | undefined
}

/** An access token as its authorization server knows it, in the terms of the IdP. */
export interface AccessTokenFact {
  readonly id: string
  readonly authorizationServer: string
  readonly state: 'live' | 'expired' | 'revoked'
  /** Issuer identifier of that server */
  readonly issuer: string
  readonly audience: readonly string[]
  /** Epoch seconds */
  readonly issuedAt: number
  /** Thumbprint of the key it is bound to, if any */
  readonly jkt?: string | undefined
  readonly chain: Chain
}

export type SubjectFact =
  | { readonly kind: 'none' }
  /** The session is looked up once the signature is verified; `undefined` then means ended or unknown. */
  | { readonly kind: 'id_token'; readonly token: JwtFact; readonly session: SignInFact | undefined }
  | {
      readonly kind: 'refresh_token'
      readonly state:
        | 'active'
        | 'unknown'
        | 'expired'
        | 'revoked'
        | 'rotated'
        | 'other-client'
        | 'key-not-proved'
      readonly signIn: SignInFact | undefined
    }
  | {
      readonly kind: 'saml'
      readonly token: SamlFact
      /** Of the user that its NameID names; undefined if it matches no user or several */
      readonly signIn: SignInFact | undefined
      /** Whether the ledger found the assertion already used; checked last */
      readonly replayed: boolean
    }
  /** An ID token of another trusted identity provider */
  | {
      readonly kind: 'upstream_id_token'
      readonly token: JwtFact
      /** Of the linked user; looked up only if every claim is valid */
      readonly signIn: SignInFact | undefined
      /** Why no user was found; undefined if one was, or if no lookup took place */
      readonly unlinked: 'unknown' | 'taken' | 'incomplete' | 'of-other-domain' | undefined
      /** Who ended the sign-in before it expired */
      readonly endedBy: 'issuer' | 'administrator' | undefined
    }
  /** An access token of an authorization server in this process */
  | {
      readonly kind: 'access_token'
      /** Undefined if none of them issued it for an ID-JAG of this IdP */
      readonly token: AccessTokenFact | undefined
      /** The sign-in at the start of the chain */
      readonly signIn: SignInFact | undefined
    }
  /** The app itself, without a user, proved by its client assertion */
  | {
      readonly kind: 'workload'
      /** Whether the subject token is that assertion */
      readonly isOwnAssertion: boolean
      readonly signIn: SignInFact | undefined
    }
  /** Simulation: an assumed user, without a token */
  | {
      readonly kind: 'assumed'
      readonly signIn: SignInFact
      /** When the token was issued, in epoch seconds; undefined: now */
      readonly issuedAt?: number | undefined
      /** Of an access token; undefined: an ID token */
      readonly chain?: Chain | undefined
      /** The app itself */
      readonly isWorkload?: boolean | undefined
    }

export interface ExchangeFacts extends CallerEvidence {
  /** The client as its metadata document describes it, if it is not registered */
  readonly describedApp?: AppDefinition | undefined
  readonly request: ExchangeRequest
  readonly actor?: ActorFact | undefined
  readonly subject: SubjectFact
  /** The user the subject refers to, as currently known; undefined if unknown or deleted */
  readonly user: ExchangeUser | undefined
  /** Page on which users request access, if there is one */
  readonly accessPage?: string | undefined
  /** Exchanges of this app for this user in the last hour, if counted */
  readonly volumeLastHour?: number | undefined
  /** Seconds until fewer than `limit` of these count; called only if a limit is reached */
  volumeWaitSeconds?(limit: number): number
}
