// Removes events past their retention. No event is removed during a legal hold, or before every stream has delivered
// it.
import { ADMIN_LOG, type AuditEvent, buildAuditEvent, type Clock } from '@crosswalk/as-core'
import { DAY_MS, type EpochMs } from '@crosswalk/protocol'
import type { Storage } from '@crosswalk/storage'

import { cutChain, type CutParts, HOLDS } from './cut-chain.ts'
import { removePeriod } from './remove-period.ts'

/** Keeps a period longer once its end is old: a node whose clock ran ahead may have begun the next one early. */
const MARGIN_MS = DAY_MS

export interface RetentionParts extends CutParts {
  readonly storage: CutParts['storage'] &
    Pick<Storage, 'ledger' | 'objects'> & { readonly expiry: Pick<Storage['expiry'], 'readTimeMs'> }
  /** undefined: events are kept forever */
  readonly retentionDays: number | undefined
}

/** By log */
type Removed = Map<string, number>

/** @returns how many events were removed, by log */
export async function retain(parts: RetentionParts): Promise<ReadonlyMap<string, number>> {
  const { storage, clock, retentionDays } = parts
  const removed: Removed = new Map()
  if (retentionDays === undefined) return removed
  const isHeld = async () => (await storage.objects.find(HOLDS.collection, HOLDS.id)) !== undefined
  // By the clock of the database: a node whose own clock runs ahead would remove events too early.
  const before = (await storage.expiry.readTimeMs()) - retentionDays * DAY_MS
  try {
    await storage.auditPeriods.asLeader(async () => {
      let more = true
      while (more && !(await isHeld())) more = await removeOldest(before, removed, parts)
    })
  } finally {
    // Even if a fault ended the round early.
    if (removed.size > 0)
      await storage.ledger.commit({ log: ADMIN_LOG, event: buildEvent(clock, retentionDays, removed) })
  }
  return removed
}

/**
 * Removes events from before the oldest period one by one, then that period as a whole. @returns whether to go on with
 * the next
 */
async function removeOldest(before: EpochMs, removed: Removed, parts: CutParts): Promise<boolean> {
  const period = await parts.storage.auditPeriods.findOldest()
  await cutChains(Math.min(before, period?.from ?? before), removed, parts)
  if (period === undefined || period.to + MARGIN_MS > before) return false
  const outcome = await removePeriod(period, before, parts)
  if (outcome === 'waits') return false
  if (outcome === 'evidence') {
    // Remove the events that may be removed one by one; the rest stays in the period.
    await cutChains(before, removed, parts)
    return false
  }
  for (const [log, count] of outcome) add(removed, log, count)
  return true
}

async function cutChains(before: EpochMs, removed: Removed, parts: CutParts): Promise<void> {
  for (const { log, chain, seq } of await parts.storage.events.heads()) {
    const upTo = Math.min(seq, (await parts.streams.passed(chain)) ?? seq)
    const count = await cutChain({ log, chain, before, upTo }, parts)
    if (count > 0) add(removed, log, count)
  }
}

function add(removed: Removed, log: string, count: number): void {
  removed.set(log, (removed.get(log) ?? 0) + count)
}

function buildEvent(clock: Clock, retentionDays: number, removed: ReadonlyMap<string, number>): AuditEvent {
  return buildAuditEvent(clock.nowMs(), {
    type: 'audit.purged',
    category: 'audit',
    severity: 'notice',
    outcome: 'success',
    actor: { kind: 'system', id: 'audit-retention' },
    change: { retentionDays, removed: Object.fromEntries(removed) },
  })
}
