// What a log keeps of a decision: the record, and what its event says beyond the record. The envelope that readers know
// is built from it when the log is read (`decision-event.ts`), so that no answer waits for writing everything twice.
import type { DecisionRecord } from '@crosswalk/protocol'

import { newId } from './ids.ts'
import { digest } from './sealing/digest.ts'

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

export interface IssuedToken {
  readonly jti: string
  readonly lifetimeSeconds: number
}

export interface DecisionNoteParts extends Pick<DecisionNote, 'record' | 'type' | 'source'> {
  readonly issued?: IssuedToken
  readonly grantId?: string | undefined
}

export function buildDecisionNote({
  record,
  type,
  source,
  issued,
  grantId,
}: DecisionNoteParts): DecisionNote {
  return {
    id: newId('evt'),
    type,
    issued:
      issued === undefined
        ? undefined
        : { jtiHash: digest(issued.jti), lifetimeSeconds: issued.lifetimeSeconds },
    grantId,
    source,
    record,
  }
}
