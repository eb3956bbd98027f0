// What a Resource Authorization Server is given: its configuration, and what it needs from outside.
import type {
  AlgorithmChoice,
  DocumentFetch,
  IssuerKeys,
  OnDecision,
  Sealing,
  TokenPorts,
} from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'
import type { CodeSignInDefinition } from '@crosswalk/protocol'

import type { SignIn } from './authorization/signed-in.ts'
import type {
  AccessTokens,
  Accounts,
  Consents,
  IssuedIdJags,
  StoredCredentials,
  TokenDescents,
} from './ports.ts'
import type { ReceivedRevocations } from './security-events/received-revocations.ts'

export interface ResourceAsConfig {
  readonly id: string
  readonly issuer: string
  /** Public origin of the endpoints, which are at `/as/{id}` */
  readonly baseUrl: string
  readonly signingAlgorithm: AlgorithmChoice
  readonly clockSkewSeconds: number
  /** 0: no limit */
  readonly tokenRequestsPerMinutePerClient: number
}

export interface ResourceAsPorts extends TokenPorts {
  /** The definition in force, from memory */
  snapshot(): RedemptionSnapshot
  readonly sealing: Sealing
  readonly issuerKeys: IssuerKeys
  /** Reads clients that describe themselves; without it no such client is accepted, whatever the definition says */
  readonly documentFetch?: DocumentFetch
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  /** Where an IdP in the same program takes access tokens as subject tokens: what was issued for those that are revoked */
  readonly tokenDescents?: Pick<TokenDescents, 'isOfRevoked'>
  /** Where an IdP in the same program is trusted: whether it would still issue its ID-JAGs */
  readonly issuedIdJags?: IssuedIdJags | undefined
  /** What users allowed apps that ask by authorization code; without it they are asked each time */
  readonly consents?: Consents
  /** Where users sign in for such apps: the service's own pages; in place of `authorizationCode.signIn` */
  readonly signIn?: SignIn
  /** How the provider of `authorizationCode.signIn` is reached */
  readonly signInFetch?: (definition: CodeSignInDefinition) => typeof globalThis.fetch
  /** Credentials of services that know no ID-JAG; without it none are released */
  readonly credentials?: StoredCredentials
  /** For security events of issuers; without it none are taken, whatever the definition says */
  readonly receivedRevocations?: ReceivedRevocations
  /** Told of every decision of the token endpoint with its whole record, granted or not */
  readonly onDecision?: OnDecision
  onFault(fault: unknown, reference: string): void
}
