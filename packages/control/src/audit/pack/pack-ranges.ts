// Which part of each chain a pack covers: from a checkpoint before its events to the first one after them. Other events of
// that part are only hashed, so the part is kept short.
import { HOUR_MS } from '@crosswalk/protocol'
import type { Checkpoint } from '@crosswalk/storage'

import type { Parts } from '../../parts.ts'
import type { EventFilter } from '../event-filter.ts'
import type { ChainPart } from '../stream-chain.ts'

/** A checkpoint seals its last event. */
export interface PackRange extends ChainPart {
  readonly checkpoints: readonly Checkpoint[]
}

/** Events are recorded a little later than they happened, and the clocks of several servers differ. */
const MARGIN_MS = HOUR_MS

/** @returns no range for chains without matching events */
export async function findPackRanges(
  { storage }: Parts<'storage'>,
  filter: EventFilter,
): Promise<readonly PackRange[]> {
  const checkpoints = await storage.auditCheckpoints.list(filter.log)
  const newestOf = new Map<string, number | undefined>()
  const ranges: PackRange[] = []
  for (const [chain, ofChain] of Map.groupBy(checkpoints, (it) => it.chain)) {
    const { log } = ofChain[0] as Checkpoint
    if (!newestOf.has(log)) newestOf.set(log, await findNewest({ storage }, { ...filter, log }))
    const newest = newestOf.get(log)
    const heads = ofChain.filter(({ kind }) => kind === 'head')
    const end = heads.find(({ time }) => newest !== undefined && time >= newest + MARGIN_MS) ?? heads.at(-1)
    if (newest === undefined || end === undefined) continue
    const afterSeq = findStart(ofChain, filter.since)
    ranges.push({ log, chain, afterSeq, upTo: end.seq, checkpoints: heads })
  }
  return ranges
}

/**
 * @param first - number of the first event that the pack shows
 * @returns the first checkpoint that seals that event, which shows by when it was recorded, and the last, which seals all others
 */
export function selectCheckpoints({ upTo, checkpoints }: PackRange, first: number): readonly Checkpoint[] {
  const sealing = checkpoints.filter(({ seq }) => seq >= first && seq <= upTo)
  return sealing.filter((_, index) => index === 0 || index === sealing.length - 1)
}

/** @returns when the newest matching event happened */
async function findNewest({ storage }: Parts<'storage'>, filter: EventFilter): Promise<number | undefined> {
  const { items } = await storage.events.list({ ...filter, limit: 1 })
  return items[0] === undefined ? undefined : Date.parse(items[0].event.time)
}

/** Retention may have removed the first events. */
function findStart(ofChain: readonly Checkpoint[], since: number | undefined): number {
  const before = ofChain.findLast(({ kind, time }) => kind === 'cut' || (since ?? 0) - MARGIN_MS > time)
  return before?.seq ?? 0
}
