// Removes events that are older than they are to be kept. The chain goes on behind a signed cut, so what is left verifies.
// Nothing is removed while a legal hold is on, nor before every stream has it.
import { type AuditEvent, type Clock, newId } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'

import type { AuditStreamsHere } from './audit-streams.ts'
import type { CheckpointSeal } from './checkpoint-seal.ts'

const LOG = 'admin'
const DAY_MS = 86_400_000
/** Events per transaction: how long other work waits for it. */
const SLICE_EVENTS = 500

/** The collection and id under which a legal hold is kept. */
export const HOLDS = { collection: 'audit-holds', id: 'hold' } as const

export interface RetentionParts {
  readonly storage: Pick<Storage, 'auditCheckpoints' | 'ledger' | 'objects'> & {
    readonly events: Pick<Storage['events'], 'heads'>
    readonly expiry: Pick<Storage['expiry'], 'readTimeMs'>
  }
  readonly streams: Pick<AuditStreamsHere, 'passed'>
  readonly seal: CheckpointSeal
  readonly clock: Clock
  /** undefined: events are kept for good */
  readonly retentionDays: number | undefined
}

/** @returns how many events were removed, by log */
export async function retain(parts: RetentionParts): Promise<ReadonlyMap<string, number>> {
  const { storage, clock, retentionDays } = parts
  const removed = new Map<string, number>()
  if (retentionDays === undefined) return removed
  if ((await storage.objects.find(HOLDS.collection, HOLDS.id)) !== undefined) return removed
  // By the time of the database: a node whose own clock runs ahead would remove events too early.
  const before = (await storage.expiry.readTimeMs()) - retentionDays * DAY_MS
  for (const { log, chain, seq } of await storage.events.heads()) {
    const upTo = Math.min(seq, (await parts.streams.passed(chain)) ?? seq)
    const count = await cutChain({ log, chain, before, upTo }, parts)
    if (count > 0) removed.set(log, (removed.get(log) ?? 0) + count)
  }
  if (removed.size > 0)
    await storage.ledger.commit({ log: LOG, event: buildEvent(clock, retentionDays, removed) })
  return removed
}

interface Cut {
  readonly log: string
  readonly chain: string
  readonly before: number
  readonly upTo: number
}

async function cutChain(
  { log, chain, before, upTo }: Cut,
  { storage, seal, clock }: RetentionParts,
): Promise<number> {
  const { auditCheckpoints } = storage
  let removed = 0
  for (;;) {
    const old = await auditCheckpoints.findOld({ chain, before, upTo, limit: SLICE_EVENTS })
    // What was changed is evidence: it stays, and verification names it.
    if (old === undefined || !old.sound) return removed
    const { seq, hash, count } = old
    const time = clock.nowMs()
    const statement = await seal.sign({
      log,
      chain,
      seq,
      hash,
      kind: 'cut',
      time: new Date(time).toISOString(),
    })
    await auditCheckpoints.cut({ log, chain, seq, hash, kind: 'cut', time, statement })
    removed += count
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function buildEvent(clock: Clock, retentionDays: number, removed: ReadonlyMap<string, number>): AuditEvent {
  return {
    schema: 'xaa.event/v1',
    id: newId('evt'),
    time: new Date(clock.nowMs()).toISOString(),
    type: 'audit.purged',
    category: 'audit',
    severity: 'notice',
    outcome: 'success',
    actor: { kind: 'system', id: 'audit-retention' },
    change: { retentionDays, removed: Object.fromEntries(removed) },
  }
}
