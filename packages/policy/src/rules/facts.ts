// The facts that rules are judged on. A fact that may be missing is optional: clauses that need it are then unknown,
// and unknown clauses are decided the safe way.
import type { EpochSeconds } from '@crosswalk/protocol'

export interface RuleFacts {
  readonly now: EpochSeconds
  readonly app: {
    readonly id: string
    readonly kind: string
    readonly owners: readonly string[]
    /** Whether any owner is an active user */
    readonly hasActiveOwner?: boolean | undefined
  }
  readonly user: {
    readonly id: string
    readonly username: string
    readonly groups: readonly string[]
    readonly attributes: Readonly<Record<string, string | number | boolean>>
  }
  /** Whether the app acts for a user or for itself */
  readonly subjectKind: 'user' | 'workload'
  readonly resourceApp: { readonly id: string }
  /** Resource identifiers that would be granted */
  readonly resource: readonly string[]
  /** Scopes that would be granted before rules narrow them */
  readonly scope: readonly string[]
  /** When the user signed in */
  readonly authTime?: EpochSeconds | undefined
  readonly acr?: string | undefined
  /** The client's address; text that is not an address counts as missing */
  readonly ip?: string | undefined
  /** Whether the request proved possession of a key (RFC 9449) */
  readonly dpop: boolean
  /** ID-JAGs issued to this app for this user in the preceding hour, without this request */
  readonly volumeLastHour?: number | undefined
}
