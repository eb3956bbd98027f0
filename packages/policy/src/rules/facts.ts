// What rules are judged on. A fact that may be missing is optional: a clause that needs it is then unknown,
// and every unknown is decided the safe way.
import type { EpochSeconds } from '@crosswalk/protocol'

export interface RuleFacts {
  readonly now: EpochSeconds
  readonly app: { readonly id: string; readonly kind: string; readonly owners: readonly string[] }
  readonly user: {
    readonly id: string
    readonly username: string
    readonly groups: readonly string[]
    readonly attributes: Readonly<Record<string, string | number | boolean>>
  }
  /** Whether the app asks for a user or for itself */
  readonly subjectKind: 'user' | 'workload'
  readonly resourceApp: { readonly id: string }
  /** Resource identifiers that would be granted */
  readonly resource: readonly string[]
  /** Scopes that would be granted before rules narrow them */
  readonly scope: readonly string[]
  /** When the user signed in */
  readonly authTime?: EpochSeconds | undefined
  readonly acr?: string | undefined
  /** Address of the caller; text that is no address counts as missing */
  readonly ip?: string | undefined
  /** Whether the request proved possession of a key (RFC 9449) */
  readonly dpop: boolean
  /** ID-JAGs that this app got for this user in the hour before, this request not counted */
  readonly volumeLastHour?: number | undefined
}
