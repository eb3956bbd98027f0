// Records a decision before its response leaves: in the ledger or, for callers that never authenticated, in the ring of
// recent refusals.
import type { DecisionRecord } from '@crosswalk/protocol'

import { buildStoredDecision, type IssuedToken } from './records/decision-event.ts'
import type { Ledger, LedgerEntry, LedgerOutcome } from './ports.ts'
import type { RecentRefusals } from './recent-refusals.ts'

export interface DecisionRecorder {
  /** Denials and step-up requests; resolves once durable. */
  refuse(
    record: DecisionRecord,
    about: { readonly type: string; readonly authenticated: boolean; readonly grantId?: string | undefined },
  ): Promise<void>
  /**
   * Requests that hit a fault; resolves once durable, or rejects after adding the record to the ring. A database fault
   * goes only to the ring, since the database cannot store it, and so does overload, which must not cause more.
   */
  fault(record: DecisionRecord, about: { readonly type: string }): Promise<void>
  /** Grants: the event, the replay keys and the origin of the token become durable together, or not at all. */
  grant(record: DecisionRecord, about: GrantParts): Promise<LedgerOutcome>
}

export interface GrantParts extends Omit<LedgerEntry, 'log' | 'event'> {
  /** Type of the audit event */
  readonly type: string
  readonly issued?: IssuedToken | undefined
  readonly grantId?: string | undefined
}

/** Called with every decision after it is recorded in the ledger or in the ring. */
export type OnDecision = (record: DecisionRecord) => void

export interface DecisionRecorderParts {
  readonly ledger: Ledger
  readonly recentRefusals: RecentRefusals
  /** The log: `idp`, or `as:` and the id of the authorization server */
  readonly log: string
  readonly onDecision?: OnDecision | undefined
  onFault(fault: unknown, reference: string): void
}

export function createDecisionRecorder({
  ledger,
  recentRefusals,
  log,
  onDecision,
  onFault,
}: DecisionRecorderParts): DecisionRecorder {
  const source = { interface: 'protocol' }

  /** An error in a listener must not change the response. */
  function tell(record: DecisionRecord): void {
    try {
      onDecision?.(record)
    } catch (fault) {
      onFault(fault, record.decision_id)
    }
  }

  return {
    refuse: async (record, { type, authenticated, grantId }) => {
      if (authenticated)
        await ledger.commit({ log, event: buildStoredDecision({ record, type, source, grantId }) })
      else recentRefusals.add(record)
      tell(record)
    },
    async fault(record, { type }) {
      try {
        if (record.code === 'XAA9001')
          await ledger.commit({ log, event: buildStoredDecision({ record, type, source }) })
        else recentRefusals.add(record)
      } catch (fault) {
        recentRefusals.add(record)
        throw fault
      } finally {
        tell(record)
      }
    },
    async grant(record, { type, issued, grantId, ...entry }) {
      const event = buildStoredDecision({ record, type, issued, grantId, source })
      const outcome = await ledger.commit({ log, event, ...entry })
      if (outcome.committed) tell(record)
      return outcome
    },
  }
}
