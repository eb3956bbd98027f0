// What some deliberate faults need besides the flow.
import type { ClientAuth } from '@crosswalk/client'

/** What an administrator of the company does in the middle of a flow, and revokes. */
export type AdministratorAct = 'stop-agent' | 'remove-user' | 'demand-step-up'

/** Each is of use to some fault; those that need none can be sent anywhere. */
export interface FaultMeans {
  /** Another registration at the authorization server, with good credentials */
  readonly otherClient?: { readonly clientId: string; readonly auth: ClientAuth }
  /** Another API behind the same authorization server */
  readonly otherApi?: string
  /** A scope that exists, and that the connection does not give */
  readonly deniedScope?: string
  readonly expiredIdToken?: string
  /** @returns what takes the act back */
  readonly perform?: (act: AdministratorAct) => Promise<() => Promise<void>>
}
