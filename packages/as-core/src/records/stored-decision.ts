// What a log stores about a decision: the record and the rest of its event. `decision-event.ts` builds the full
// envelope when the log is read, so that responses do not wait for writing everything twice.
import type { DecisionRecord } from '@crosswalk/protocol'

export interface StoredDecision {
  readonly id: `evt_${string}`
  readonly type: string
  /** Digest and lifetime of the token issued, if any */
  readonly issued: { readonly jtiHash: string; readonly lifetimeSeconds: number } | undefined
  /** Digest of the `jti` of the ID-JAG issued or redeemed */
  readonly grantId: string | undefined
  readonly source: Readonly<Record<string, unknown>>
  readonly record: DecisionRecord
}
