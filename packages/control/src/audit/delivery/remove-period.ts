// Removes a whole period of events under the rules for single events: each is old, unchanged, and delivered to every
// stream.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { EpochMs } from '@crosswalk/protocol'
import type { Checkpoint, EventPeriod, LogHead } from '@crosswalk/storage'

import { signCheckpoint } from './checkpoint-seal.ts'
import { type CutParts, HOLDS, SLICE_EVENTS } from './cut-chain.ts'

interface Cut {
  readonly checkpoint: Checkpoint
  readonly count: number
}

/**
 * @returns how many events were removed, chain by chain with its log; or why the period stays: it `waits` for a
 *   stream, or holds `evidence`
 */
export async function removePeriod(
  period: EventPeriod,
  before: EpochMs,
  parts: CutParts,
): Promise<readonly (readonly [log: string, count: number])[] | 'waits' | 'evidence'> {
  const { auditPeriods, events } = parts.storage
  const ends = await auditPeriods.listEnds(period)
  for (const { chain, seq } of ends) if (((await parts.streams.passed(chain)) ?? seq) < seq) return 'waits'
  const heads = new Map((await events.heads()).map((head) => [head.chain, head]))
  const cuts: Cut[] = []
  for (const { chain, seq } of ends) {
    const head = heads.get(chain)
    const cut = head && (await findCut(head, seq, before, parts))
    if (cut === undefined) return parts.isClosing() ? 'waits' : 'evidence'
    cuts.push(cut)
  }
  const checkpoints = cuts.map(({ checkpoint }) => checkpoint)
  // If another node was faster, it has recorded the removal.
  if (!(await parts.inTurn(() => auditPeriods.cut(period, checkpoints, HOLDS)))) return []
  return cuts.map(({ checkpoint: { log }, count }) => [log, count])
}

/**
 * Reads a chain up to an event. @returns undefined if an event is too recent or was changed, or if the process is
 * closing
 */
async function findCut(
  { log, chain }: LogHead,
  upTo: number,
  before: EpochMs,
  parts: CutParts,
): Promise<Cut | undefined> {
  const query = { chain, before, upTo, limit: SLICE_EVENTS }
  let count = 0
  let last: { readonly seq: number; readonly hash: string } | undefined
  while (last === undefined || last.seq < upTo) {
    const old = await parts.storage.auditCheckpoints.findOld({ ...query, ...(last && { after: last }) })
    if (old === undefined || !old.sound || parts.isClosing()) return undefined
    count += old.count
    last = old
    await nextTurn()
  }
  return { checkpoint: await signCheckpoint('cut', { log, chain, ...last }, parts), count }
}
