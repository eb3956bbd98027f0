// Periods of the audit logs: if the database partitions events by time, a whole period is removed in one step.
import type { Engine, EventPeriod, PeriodEnd } from '../dialects/dialect.ts'
import { type Checkpoint, cutChain, isHeld, type ObjectName } from './audit-checkpoints.ts'

/** Changes are durable when their promise resolves. */
export interface AuditPeriods {
  /** Does `work`, or returns undefined if another process is removing events. */
  asLeader<T>(work: () => Promise<T>): Promise<T | undefined>
  /** @returns undefined if events are removed one by one: on SQLite, and before there are periods */
  findOldest(): Promise<EventPeriod | undefined>
  /** The last event of each chain in a period, also of chains without a head */
  listEnds(period: EventPeriod): Promise<readonly PeriodEnd[]>
  /**
   * Removes the oldest period, and the events of its chains up to their cuts in other periods. Atomic.
   *
   * @param hold - forbids it while it exists
   * @returns false if it does, or if another process was faster
   */
  cut(period: EventPeriod, cuts: readonly Checkpoint[], hold?: ObjectName): Promise<boolean>
}

export function createAuditPeriods({ periods, upkeep }: Pick<Engine, 'periods' | 'upkeep'>): AuditPeriods {
  return {
    asLeader: (work) => upkeep.asLeader('retention', work),
    findOldest: async () => periods?.findOldest(),
    listEnds: async (period) => (await periods?.listEnds(period)) ?? [],
    cut: async (period, cuts, hold) =>
      (await periods?.drop(period, async (transaction) => {
        if (await isHeld(transaction, hold)) return false
        for (const cut of cuts) await cutChain(transaction, cut, period)
        return true
      })) ?? false,
  }
}
