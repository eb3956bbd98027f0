// Dependencies of the use cases of a Resource Authorization Server. Ports do I/O, observers inspect a request and
// report facts; none of them makes decisions.
import type { EventRecorder, GrantPorts, KnownJwts, SigningKeys } from '@crosswalk/as-core'

import type { DescribedClients } from './clients/described-clients.ts'
import type { ResourceAsPorts } from './resource-as-ports.ts'
import type { ReceivedRevocations } from './security-events/received-revocations.ts'

/** Ports that use cases call unchanged. */
type UsedPorts = Pick<
  ResourceAsPorts,
  'accessTokens' | 'accounts' | 'issuedIdJags' | 'issuerKeys' | 'onFault' | 'snapshot' | 'tokenDescents'
>

export interface RedemptionDependencies extends GrantPorts, UsedPorts {
  /** Unregistered, self-described clients; absent if documents cannot be fetched */
  readonly describedClients?: Pick<DescribedClients, 'find' | 'isAllowed'> | undefined
  readonly signingKeys: SigningKeys
  /** Access tokens of this server that were introspected before */
  readonly knownAccessTokens: KnownJwts
  /** Revocations from security events, if they are accepted */
  readonly receivedRevocations?: Pick<ReceivedRevocations, 'find' | 'findOfSignIn'> | undefined
  readonly events: EventRecorder
}

/** Additional dependencies of the authorization code flow. */
export interface CodeDependencies
  extends RedemptionDependencies, Pick<ResourceAsPorts, 'consents' | 'sealing'> {}
