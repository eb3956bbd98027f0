// What the evaluation of an ID-JAG redemption is told about one request.
import type {
  ClientFact,
  DecisionFrame,
  DpopFact,
  JwtFact,
  RequestProblem,
  ResourceClientDefinition,
} from '@crosswalk/protocol'

export interface RedemptionRequest {
  readonly grantType?: string | undefined
  readonly hasAssertion: boolean
  readonly resource: readonly string[]
  readonly scope?: string | undefined
  /** As sent: JSON */
  readonly authorizationDetails?: string | undefined
  readonly problems: readonly RequestProblem[]
}

/** What the record of an account says about its user; empty where the server keeps none. */
export interface AccountProfile {
  readonly email?: string | undefined
  readonly emailVerified?: boolean | undefined
  readonly name?: string | undefined
}

/** How one account linking strategy ended. */
export interface LinkingStep {
  readonly step: string
  readonly result: 'found' | 'none' | 'several' | 'not-usable'
  readonly why?: string
}

export type AccountFact =
  | { readonly state: 'not-looked-up' }
  | {
      readonly state: 'found'
      readonly id: string
      readonly active: boolean
      readonly linkingSteps: readonly LinkingStep[]
      readonly profile?: AccountProfile | undefined
    }
  /** Would be created */
  | {
      readonly state: 'new'
      readonly id: string
      readonly linkingSteps: readonly LinkingStep[]
      readonly profile?: AccountProfile | undefined
    }
  /** Known by issuer and subject alone */
  | { readonly state: 'external'; readonly id: string; readonly linkingSteps: readonly LinkingStep[] }
  /** A workload of the issuer, as the service account that it is here; undefined: none of those that are taken */
  | { readonly state: 'workload'; readonly id: string | undefined }
  | {
      readonly state: 'missing' | 'ambiguous' | 'conflict' | 'email-refused'
      readonly linkingSteps: readonly LinkingStep[]
    }

export interface RedemptionFacts extends DecisionFrame {
  readonly client: ClientFact
  /** The client as its metadata document describes it, where it is not registered */
  readonly describedClient?: ResourceClientDefinition | undefined
  readonly dpop: DpopFact
  readonly request: RedemptionRequest
  readonly assertion: JwtFact | undefined
  /** Thumbprint of the public key in `cnf.jwk` of a verified assertion, where there is a usable one */
  readonly confirmationThumbprint?: string | undefined
  readonly account: AccountFact
  /** Id of the security event by which its issuer took the ID-JAG back; undefined: none did */
  readonly revokedBy?: string | undefined
  /** Why the IdP here would not issue it any more; undefined: it would, or did not issue it */
  readonly deniedNow?: string | undefined
  /** Whether the access token that the ID-JAG was issued for is revoked by now */
  readonly isOfRevokedToken?: boolean | undefined
  /** Whether the ledger found the grant used; looked at last */
  readonly replayed: boolean
  readonly ip?: string | undefined
  /** Set when the client sent more requests than it may; seconds until it may again */
  readonly retryAfterSeconds?: number | undefined
}
