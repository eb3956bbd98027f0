// Removes the old events of a chain, slice by slice. The chain continues after a signed cut, so the rest still verifies.
import { setImmediate as nextTurn } from 'node:timers/promises'

import type { Clock } from '@crosswalk/as-core'
import type { EpochMs } from '@crosswalk/protocol'
import type { Storage } from '@crosswalk/storage'

import type { RunningStreams } from './audit-streams.ts'
import { type CheckpointSeal, signCheckpoint } from './checkpoint-seal.ts'

/** Events that are read or removed in one transaction, which is how long other work waits. */
export const SLICE_EVENTS = 500

/** The legal hold; while it exists, the database refuses every cut. */
export const HOLDS = { collection: 'audit-holds', id: 'hold' } as const

export interface CutParts {
  readonly storage: Pick<Storage, 'auditCheckpoints' | 'auditPeriods'> & {
    readonly events: Pick<Storage['events'], 'heads'>
  }
  readonly streams: Pick<RunningStreams, 'passed'>
  readonly seal: CheckpointSeal
  readonly clock: Clock
  /** Runs a removal while no head is being sealed */
  inTurn<T>(work: () => Promise<T>): Promise<T>
  /** If true, the rest is left for another round */
  isClosing(): boolean
}

interface Cut {
  readonly log: string
  readonly chain: string
  readonly before: EpochMs
  readonly upTo: number
}

/** @returns how many events were removed */
export async function cutChain({ log, chain, before, upTo }: Cut, parts: CutParts): Promise<number> {
  const { auditCheckpoints } = parts.storage
  let removed = 0
  while (!parts.isClosing()) {
    const old = await auditCheckpoints.findOld({ chain, before, upTo, limit: SLICE_EVENTS })
    // Events that were tampered with are evidence: they stay, and verification reports them.
    if (old === undefined || !old.sound) return removed
    const cut = await signCheckpoint('cut', { log, chain, ...old }, parts)
    if (!(await parts.inTurn(() => auditCheckpoints.cut(cut, HOLDS)))) return removed
    removed += old.count
    await nextTurn()
  }
  return removed
}
