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
  /** Grants: the event, the marks and the origin of the token become durable together, or nothing does. */
  grant(record: DecisionRecord, about: GrantParts): Promise<LedgerOutcome>
}

export interface GrantParts extends Pick<LedgerEntry, 'marks' | 'accessToken' | 'account' | 'definedAt'> {
  readonly type: string
  readonly issued: IssuedToken
  readonly grantId: string
}

export function createDecisionRecorder(
  ledger: Ledger,
  recentRefusals: RecentRefusals,
  log: string,
): DecisionRecorder {
  const source = { interface: 'protocol' }
  return {
    refuse: async (record, { type, authenticated, grantId }) => {
      if (!authenticated) return recentRefusals.add(record)
      await ledger.commit({ log, event: buildDecisionNote({ record, type, source, grantId }) })
    },
    async fault(record, { type }) {
      if (record.code === 'XAA9002') return recentRefusals.add(record)
      try {
        await ledger.commit({ log, event: buildDecisionNote({ record, type, source }) })
      } catch (fault) {
        recentRefusals.add(record)
        throw fault
      }
    },
    // Member by member: gathering the rest of them costs more than writing them.
    grant: (record, { type, issued, grantId, marks, accessToken, account, definedAt }) =>
      ledger.commit({
        log,
        event: buildDecisionNote({ record, type, issued, grantId, source }),
        marks,
        accessToken,
        account,
        definedAt,
      }),
  }
}
