// Dependencies of the use cases of a Resource Authorization Server. Ports do I/O, observers inspect a request and
// report facts; none of them makes decisions.
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
  /** The current definitions */
  snapshot(): RedemptionSnapshot
  /** Unregistered, self-described clients; absent if documents cannot be fetched */
  readonly describedClients?: Pick<DescribedClients, 'find' | 'isAllowed'> | undefined
  readonly issuerKeys: IssuerKeys
  readonly signingKeys: SigningKeys
  /** Access tokens of this server that were introspected before */
  readonly knownAccessTokens: KnownJwts
  readonly accounts: Accounts
  readonly accessTokens: AccessTokens
  /** Delegation chains of an IdP in the same program, if there is one */
  readonly tokenDescents?: Pick<TokenDescents, 'isOfRevoked'> | undefined
  /** ID-JAGs of an IdP in the same program, if there is one */
  readonly issuedIdJags?: IssuedIdJags | undefined
  /** Revocations from security events, if they are accepted */
  readonly receivedRevocations?: Pick<ReceivedRevocations, 'find'> | undefined
  readonly events: EventRecorder
  readonly recentRefusals: RecentRefusals
  onFault(fault: unknown, reference: string): void
}

/** Additional dependencies of the authorization code flow. */
export interface CodeDependencies extends RedemptionDependencies {
  readonly sealing: Sealing
  /** Without it, users are asked for consent each time */
  readonly consents?: Consents | undefined
}
