// What the evaluation of a token exchange is told about one request.
import type {
  AppDefinition,
  Chain,
  ClientFact,
  DecisionFrame,
  DpopFact,
  JwtFact,
  RequestProblem,
  SamlFact,
} from '@crosswalk/protocol'

import type { EvaluatedUser } from './users.ts'

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

/** An actor token as observed; only looked at where the actor profile is on. */
export interface ActorFact {
  readonly tokenType: string | undefined
  /** Undefined where one of the two parameters is missing */
  readonly token: JwtFact | undefined
  /** Whether the ledger found the token used; looked at last */
  readonly replayed: boolean
}

/** The sign-in that a subject token or a refresh token rests on. */
export interface SignInFact {
  readonly userId: string
  readonly authTime?: number | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
  /** Digest that names the session behind it, where there is one */
  readonly session?: string | undefined
  /** When the session behind it is over, where that is known now; epoch seconds */
  readonly endsAt?: number | undefined
}

/** An access token as the authorization server knows it that issued it, in the terms of the IdP. */
export interface AccessTokenFact {
  readonly id: string
  readonly authorizationServer: string
  readonly state: 'live' | 'expired' | 'revoked'
  /** Issuer identifier of that server */
  readonly issuer: string
  readonly audience: readonly string[]
  /** Epoch seconds */
  readonly issuedAt: number
  /** Thumbprint of the key it is bound to; undefined for none */
  readonly jkt?: string | undefined
  readonly chain: Chain
}

export type SubjectFact =
  | { readonly kind: 'none' }
  /** The session is looked up once the signature is valid; `undefined` then means ended or unknown. */
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
      /** Of the one user its NameID names; undefined where there is none, or several */
      readonly signIn: SignInFact | undefined
      /** Whether the ledger found the assertion used; looked at last */
      readonly replayed: boolean
    }
  /** An ID token of another identity provider that is trusted here */
  | {
      readonly kind: 'upstream_id_token'
      readonly token: JwtFact
      /** Of the user it is linked to; looked up only where every claim holds */
      readonly signIn: SignInFact | undefined
      /** Why no user was found; undefined where one was, or none was looked for */
      readonly unlinked: 'unknown' | 'taken' | 'incomplete' | 'of-other-domain' | undefined
      /** Who ended its sign-in before it expired */
      readonly endedBy: 'issuer' | 'administrator' | undefined
    }
  /** An access token of an authorization server that runs here */
  | {
      readonly kind: 'access_token'
      /** Undefined where none of them issued it for an ID-JAG of this IdP */
      readonly token: AccessTokenFact | undefined
      /** That the chain of apps started from */
      readonly signIn: SignInFact | undefined
    }
  /** The app itself, without a user, by the assertion with which it authenticated */
  | {
      readonly kind: 'workload'
      /** Whether the token is that assertion */
      readonly isOwnAssertion: boolean
      readonly signIn: SignInFact | undefined
    }
  /** Simulation: who it would be, without a token */
  | {
      readonly kind: 'assumed'
      readonly signIn: SignInFact
      /** When the token was issued in epoch seconds; just now where undefined */
      readonly issuedAt?: number | undefined
      /** Of an access token; undefined: an ID token */
      readonly chain?: Chain | undefined
      /** The app itself */
      readonly isWorkload?: boolean | undefined
    }

export interface ExchangeFacts extends DecisionFrame {
  readonly client: ClientFact
  /** The client as its metadata document describes it, where it is not registered */
  readonly describedApp?: AppDefinition | undefined
  readonly dpop: DpopFact
  readonly request: ExchangeRequest
  readonly actor?: ActorFact | undefined
  readonly subject: SubjectFact
  /** The user the subject is, as known now; undefined where unknown or deleted */
  readonly user: EvaluatedUser | undefined
  readonly ip?: string | undefined
  /** Page on which users ask for access; undefined where there is none */
  readonly accessPage?: string | undefined
  /** Set when the client sent more requests than it may; seconds until it may again */
  readonly retryAfterSeconds?: number | undefined
  /** Exchanges of this app for this user in the last hour, where counted */
  readonly volumeLastHour?: number | undefined
  /** Seconds until fewer than so many of these count; asked only where a limit is reached */
  volumeWaitSeconds?(limit: number): number
}
