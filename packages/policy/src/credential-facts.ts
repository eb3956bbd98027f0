// What the evaluation knows about a gateway that asks for the stored credential behind an access token.
import type { ClientFact, DecisionFrame, RequestProblem } from '@crosswalk/protocol'

/** The access token of the app whose request the gateway forwards. */
export interface BroughtToken {
  readonly live: boolean
  /** The client that the token was issued to */
  readonly clientId: string
  readonly accountId: string
  readonly issuer: string
  readonly resource: readonly string[]
  readonly scope: readonly string[]
}

/** Whose credential it is, as far as that is known. */
export interface CredentialOwner {
  readonly resourceApp: string
  readonly connection?: string | undefined
  /** Id of the user at the IdP */
  readonly user: string
}

/** What the vault holds. `missing`: an account has to be connected on the page first. `unreachable`: it could not be refreshed. */
export type CredentialFact =
  | { readonly state: 'not-looked-up' | 'not-brokered' }
  | ({ readonly state: 'missing'; readonly page: string } & CredentialOwner)
  | ({ readonly state: 'unreachable' } & CredentialOwner)
  | ({ readonly state: 'held'; readonly id: string; readonly lifetimeSeconds: number } & CredentialOwner)

export interface CredentialFacts extends DecisionFrame {
  readonly client: ClientFact
  readonly request: {
    readonly hasToken: boolean
    readonly subjectTokenType?: string | undefined
    readonly requestedTokenType?: string | undefined
    readonly problems: readonly RequestProblem[]
  }
  /** Undefined for one that this server did not issue */
  readonly token: BroughtToken | undefined
  readonly credential: CredentialFact
  readonly ip?: string | undefined
  /** Set when the client sent more requests than it may; seconds until it may again */
  readonly retryAfterSeconds?: number | undefined
}
