// What a log keeps of a decision: the record, and what its event says beyond the record. The envelope that readers know
// is built from it when the log is read (`decision-event.ts`), so that no answer waits for writing everything twice.
import type { DecisionRecord } from '@crosswalk/protocol'

export interface DecisionNote {
  readonly id: `evt_${string}`
  readonly type: string
  /** Digest and lifetime of the token issued, if any */
  readonly issued: { readonly jtiHash: string; readonly lifetimeSeconds: number } | undefined
  /** Digest of the `jti` of the ID-JAG issued or redeemed */
  readonly grantId: string | undefined
  readonly source: Readonly<Record<string, unknown>>
  readonly record: DecisionRecord
}
