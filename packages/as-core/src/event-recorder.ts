// The way to the ledger beside decisions: audit events of their own, and single uses that leave none.
import type { AuditEvent } from './audit-event.ts'
import type { Ledger, ReplayKey } from './ports.ts'

export interface EventRecorder {
  /**
   * Durable when resolved, together with the replay keys.
   *
   * @returns the first replay key that was used before; then nothing is recorded, and none of the others is used
   */
  record(event: AuditEvent, replayKeys?: readonly ReplayKey[]): Promise<ReplayKey | undefined>
  /** For a request that leaves no event. @returns as `record` */
  useOnce(replayKeys: readonly ReplayKey[]): Promise<ReplayKey | undefined>
  /** @returns as `Ledger.isUsed` */
  isUsed(replayKey: ReplayKey): Promise<boolean>
}

/** @param log - the hash chain: `idp`, or `as:` and the id of the authorization server */
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
