// What the use cases of a Resource Authorization Server are given. Ports do I/O, observers look at a request and
// report facts; none of them decides.
import type {
  EventRecorder,
  GrantPorts,
  IssuerKeys,
  KnownJwts,
  RecentRefusals,
  Sealing,
  SigningKeys,
} from '@crosswalk/as-core'
import type { RedemptionSnapshot } from '@crosswalk/policy'

import type { DescribedClients } from './clients/described-clients.ts'
import type { AccessTokens, Accounts, Consents, IssuedIdJags, TokenDescents } from './ports.ts'
import type { ReceivedRevocations } from './security-events/received-revocations.ts'

export interface RedemptionDependencies extends GrantPorts {
  /** The definitions in force */
  snapshot(): RedemptionSnapshot
  /** Clients that no one registered here; none unless documents can be fetched */
  readonly describedClients?: Pick<DescribedClients, 'find' | 'isAllowed'> | undefined
  readonly issuerKeys: IssuerKeys
  readonly signingKeys: SigningKeys
  /** Access tokens of ours that were asked about before */
  readonly knownAccessTokens: KnownJwts
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  /** Chains of apps whose IdP runs here, too; none unless given */
  readonly tokenDescents?: Pick<TokenDescents, 'isOfRevoked'> | undefined
  /** ID-JAGs of an IdP in the same program; none unless given */
  readonly issuedIdJags?: IssuedIdJags | undefined
  /** What issuers revoked by security events; nothing unless they are taken */
  readonly receivedRevocations?: Pick<ReceivedRevocations, 'find'> | undefined
  readonly events: EventRecorder
  readonly recentRefusals: RecentRefusals
  onFault(fault: unknown, reference: string): void
}

/** What the authorization code flow needs beyond that. */
export interface CodeDependencies extends RedemptionDependencies {
  readonly sealing: Sealing
  /** Without it users are asked each time */
  readonly consents?: Consents | undefined
}
