// Periods of the audit logs: where the database partitions events by time, a whole period is removed at once.
import type { Engine, EventPeriod, PeriodEnd } from '../dialects/dialect.ts'
import { type Checkpoint, cutChain } from './audit-checkpoints.ts'

/** Everything is durable when its promise resolves. */
export interface AuditPeriods {
  /** Does `work`, unless another process is removing events: then the answer is undefined. */
  asLeader<T>(work: () => Promise<T>): Promise<T | undefined>
  /** @returns undefined where events are removed one by one: on SQLite, and before there are periods */
  findOldest(): Promise<EventPeriod | undefined>
  /** The last event of each chain in a period, also of chains without a head */
  listEnds(period: EventPeriod): Promise<readonly PeriodEnd[]>
  /**
   * Removes the oldest period, and what its chains hold up to their cuts in other periods. Atomic.
   * @returns false if another process was faster
   */
  cut(period: EventPeriod, cuts: readonly Checkpoint[]): Promise<boolean>
}

export function createAuditPeriods({ periods, upkeep }: Pick<Engine, 'periods' | 'upkeep'>): AuditPeriods {
  return {
    asLeader: (work) => upkeep.asLeader('retention', work),
    findOldest: async () => periods?.findOldest(),
    listEnds: async (period) => (await periods?.listEnds(period)) ?? [],
    cut: async (period, cuts) =>
      (await periods?.drop(period, async (transaction) => {
        for (const cut of cuts) await cutChain(transaction, cut, period)
      })) ?? false,
  }
}
