// Writes to the ledger outside of decisions: audit events, and replay keys without an event.
import type { AuditEvent } from './records/audit-event.ts'
import type { Ledger, ReplayKey } from './ports.ts'

export interface EventRecorder {
  /**
   * Resolves once the event and its replay keys are durable.
   *
   * @returns the first replay key that was already used; in that case nothing is recorded and no key is consumed
   */
  record(event: AuditEvent, replayKeys?: readonly ReplayKey[]): Promise<ReplayKey | undefined>
  /** Consumes replay keys without recording an event. @returns like `record` */
  useOnce(replayKeys: readonly ReplayKey[]): Promise<ReplayKey | undefined>
  /** @returns like `Ledger.isUsed` */
  isUsed(replayKey: ReplayKey): Promise<boolean>
}

/** @param log - `idp`, or `as:` and the id of the authorization server */
export function createEventRecorder({ ledger }: { readonly ledger: Ledger }, log: string): EventRecorder {
  return {
    async record(event, replayKeys) {
      const outcome = await ledger.commit({ log, event, replayKeys })
      return outcome.committed ? undefined : outcome.used
    },
    useOnce: async (replayKeys) => (replayKeys.length === 0 ? undefined : ledger.consume(replayKeys)),
    isUsed: (replayKey) => ledger.isUsed(replayKey),
  }
}
