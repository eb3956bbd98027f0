// Makes a decision last before its answer leaves: into the ledger, or, for callers that never authenticated,
// into the ring of recent refusals.
import type { DecisionRecord } from '@crosswalk/protocol'

import { buildDecisionNote, type IssuedToken } from './decision-event.ts'
import type { Ledger, LedgerEntry, LedgerOutcome } from './ports.ts'
import type { RecentRefusals } from './recent-refusals.ts'

export interface DecisionRecorder {
  /** Refusals and steps-up: durable when resolved. */
  refuse(
    record: DecisionRecord,
    about: { readonly type: string; readonly authenticated: boolean; readonly grantId?: string | undefined },
  ): Promise<void>
  /**
   * Requests that met a fault: durable when resolved, or in the ring and rejected. Where the database was the fault, only
   * in the ring, since nothing can be asked of it.
   */
  fault(record: DecisionRecord, about: { readonly type: string }): Promise<void>
  /** Grants: the event, the replay keys and the origin of the token become durable together, or nothing does. */
  grant(record: DecisionRecord, about: GrantParts): Promise<LedgerOutcome>
}

export interface GrantParts extends Pick<
  LedgerEntry,
  'replayKeys' | 'accessToken' | 'account' | 'definedAt'
> {
  readonly type: string
  readonly issued?: IssuedToken | undefined
  readonly grantId?: string | undefined
}

/** Told of every decision once it is recorded, and, of callers that never authenticated, once it is remembered. */
export type OnDecision = (record: DecisionRecord) => void

export interface DecisionRecorderParts {
  readonly ledger: Ledger
  readonly recentRefusals: RecentRefusals
  /** The hash chain: `idp`, or `as:` and the id of the authorization server */
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

  /** What a listener throws must not change the answer. */
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
        await ledger.commit({ log, event: buildDecisionNote({ record, type, source, grantId }) })
      else recentRefusals.add(record)
      tell(record)
    },
    async fault(record, { type }) {
      try {
        if (record.code === 'XAA9002') recentRefusals.add(record)
        else await ledger.commit({ log, event: buildDecisionNote({ record, type, source }) })
      } catch (fault) {
        recentRefusals.add(record)
        throw fault
      } finally {
        tell(record)
      }
    },
    async grant(record, { type, issued, grantId, ...entry }) {
      const event = buildDecisionNote({ record, type, issued, grantId, source })
      const outcome = await ledger.commit({ log, event, ...entry })
      if (outcome.committed) tell(record)
      return outcome
    },
  }
}
