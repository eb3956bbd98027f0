// Configuration and ports of a Resource Authorization Server.
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
  /** Public origin of the endpoints, which are under `/as/{id}` */
  readonly baseUrl: string
  readonly signingAlgorithm: AlgorithmChoice
  readonly clockSkewSeconds: number
  /** 0: no limit */
  readonly tokenRequestsPerMinutePerClient: number
}

export interface ResourceAsPorts extends TokenPorts {
  /** The current definition, from memory */
  snapshot(): RedemptionSnapshot
  readonly sealing: Sealing
  readonly issuerKeys: IssuerKeys
  /**
   * Reads client metadata documents; without it no self-described client is accepted, whatever the definition states
   */
  readonly documentFetch?: DocumentFetch
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  /** If an IdP in the same program accepts access tokens as subject tokens: what was issued for revoked ones */
  readonly tokenDescents?: Pick<TokenDescents, 'isOfRevoked'>
  /** If an IdP in the same program is trusted: whether it would still issue its ID-JAGs */
  readonly issuedIdJags?: IssuedIdJags | undefined
  /** Stored consent for the authorization code flow; without it users are asked each time */
  readonly consents?: Consents
  /** The service's own sign-in for the authorization code flow; replaces `authorizationCode.signIn` */
  readonly signIn?: SignIn
  /** How to reach the provider of `authorizationCode.signIn` */
  readonly signInFetch?: (definition: CodeSignInDefinition) => typeof globalThis.fetch
  /** Credentials of services that do not support ID-JAG; without it none are released */
  readonly credentials?: StoredCredentials
  /** Revocations from security events; without it none are accepted, whatever the definition states */
  readonly receivedRevocations?: ReceivedRevocations
  /** Called with the full record of every decision of the token endpoint */
  readonly onDecision?: OnDecision
  onFault(fault: unknown, reference: string): void
}
