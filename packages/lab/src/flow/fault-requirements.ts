// Additional means that some deliberate faults need.
import type { ClientAuth } from '@crosswalk/client'

/** An administrator's act in the middle of a flow, which is undone later. */
export type AdministratorAct =
  | 'stop-agent'
  | 'remove-user'
  | 'block-everything'
  | 'demand-step-up'
  | 'deny-by-policy'
  | 'suspend-connection'
  | 'require-unknown-sign-in'
  | 'deny-by-missing-attribute'
  | 'suspend-app'
  | 'suspend-user'

/** Each is used by some fault; faults that need none can be sent anywhere. */
export interface FaultRequirements {
  /** Another registration at the authorization server, with valid credentials */
  readonly otherClient?: { readonly clientId: string; readonly auth: ClientAuth }
  /** Another API behind the same authorization server */
  readonly otherApi?: string
  /** A scope that exists, but that the connection does not grant */
  readonly deniedScope?: string
  readonly expiredIdToken?: string
  /** @returns a function that undoes the act */
  readonly perform?: (act: AdministratorAct) => Promise<() => Promise<void>>
}
