// What the evaluation of a token exchange is told about one request.
import type {
  AppDefinition,
  ClientFact,
  DecisionFrame,
  DpopFact,
  JwtFact,
  RequestProblem,
} from '@crosswalk/protocol'

import type { Person } from './people.ts'

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

/** The sign-in that a subject token or a refresh token rests on. */
export interface SignInFact {
  readonly userId: string
  readonly authTime?: number | undefined
  readonly acr?: string | undefined
  readonly amr?: readonly string[] | undefined
}

export type SubjectFact =
  | { readonly kind: 'none' }
  /** The session is looked up once the signature is valid; `undefined` then means ended or unknown. */
  | { readonly kind: 'id_token'; readonly token: JwtFact; readonly session: SignInFact | undefined }
  | {
      readonly kind: 'refresh_token'
      readonly state:
        'active' | 'unknown' | 'expired' | 'revoked' | 'rotated' | 'other-client' | 'key-not-proved'
      readonly signIn: SignInFact | undefined
    }
  /** Simulation: who it would be, without a token. */
  | { readonly kind: 'assumed'; readonly signIn: SignInFact }

export interface ExchangeFacts extends DecisionFrame {
  readonly client: ClientFact
  /** The client as its metadata document describes it, where it is not registered */
  readonly describedApp?: AppDefinition | undefined
  readonly dpop: DpopFact
  readonly request: ExchangeRequest
  readonly subject: SubjectFact
  /** The person the subject is, as known now; undefined where unknown or deleted */
  readonly user: Person | undefined
  readonly ip?: string | undefined
  /** Set when the client sent more requests than it may; seconds until it may again */
  readonly retryAfterSeconds?: number | undefined
  /** Exchanges of this app for this user in the last hour, where counted */
  readonly volumeLastHour?: number | undefined
}
