// Facts for evaluating one ID-JAG redemption.
import type { JwtFact, RequestProblem, ResourceClientDefinition } from '@crosswalk/protocol'

import type { CallerEvidence } from './client-evidence.ts'

export interface RedemptionRequest {
  readonly grantType?: string | undefined
  readonly hasAssertion: boolean
  readonly resource: readonly string[]
  readonly scope?: string | undefined
  /** As sent: JSON */
  readonly authorizationDetails?: string | undefined
  readonly problems: readonly RequestProblem[]
}

/** Attributes of the account's user; empty if the server stores none. */
export interface AccountProfile {
  readonly email?: string | undefined
  readonly emailVerified?: boolean | undefined
  readonly name?: string | undefined
}

/** The result of one account linking strategy. */
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
  /** Known by issuer and subject only */
  | { readonly state: 'external'; readonly id: string; readonly linkingSteps: readonly LinkingStep[] }
  /** A workload of the issuer, mapped to a service account; undefined if it is not an accepted one */
  | { readonly state: 'workload'; readonly id: string | undefined }
  | {
      readonly state: 'missing' | 'ambiguous' | 'conflict' | 'email-refused'
      readonly linkingSteps: readonly LinkingStep[]
    }

export interface RedemptionFacts extends CallerEvidence {
  /** The client as its metadata document describes it, if it is not registered */
  readonly describedClient?: ResourceClientDefinition | undefined
  readonly request: RedemptionRequest
  readonly assertion: JwtFact | undefined
  /** Thumbprint of the public key in `cnf.jwk` of a verified assertion, if it has a usable one */
  readonly confirmationThumbprint?: string | undefined
  readonly account: AccountFact
  /** Id of the security event by which the issuer revoked the ID-JAG, if any */
  readonly revokedBy?: string | undefined
  /** Why the IdP in this process would no longer issue it; undefined if it would, or if it was not the issuer */
  readonly deniedNow?: string | undefined
  /** Whether the access token that the ID-JAG was issued for has been revoked since */
  readonly isOfRevokedToken?: boolean | undefined
  /** Whether the ledger found the grant already used; checked last */
  readonly replayed: boolean
}
