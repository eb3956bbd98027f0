// Facts for evaluating a gateway's request for the stored credential behind an access token.
import type { ClientFact, DecisionFrame, RequestProblem } from '@crosswalk/protocol'

/** The access token in the app's request that the gateway forwards. */
export interface ForwardedToken {
  readonly live: boolean
  /** The client that the token was issued to */
  readonly clientId: string
  readonly accountId: string
  readonly issuer: string
  readonly resource: readonly string[]
  readonly scope: readonly string[]
}

/** The owner of the credential, as far as known. */
export interface CredentialOwner {
  readonly resourceApp: string
  readonly connection?: string | undefined
  /** Id of the user at the IdP */
  readonly user: string
}

/**
 * State of the vault. `missing`: the user must connect an account on the page first. `unreachable`: refreshing failed.
 */
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
  /** Undefined if this server did not issue the token */
  readonly token: ForwardedToken | undefined
  readonly credential: CredentialFact
  readonly ip?: string | undefined
  /** Set if the client exceeded its rate limit: seconds until its next request is allowed */
  readonly retryAfterSeconds?: number | undefined
}
