// Seals the head of every chain that has moved, but only if it still follows the last sealed one, so that we never
// certify a chain that was rewritten in between.
import { ADMIN_LOG, buildAuditEvent, type Clock } from '@crosswalk/as-core'
import { DAY_MS } from '@crosswalk/protocol'
import type { Checkpoint, LogHead, Storage } from '@crosswalk/storage'

import { findEventAt } from '../find-event.ts'
import type { CheckpointFile } from './checkpoint-file.ts'
import { type CheckpointSeal, signCheckpoint } from './checkpoint-seal.ts'

/** Heads older than this are thinned to one an hour. */
const THIN_AFTER_MS = DAY_MS

export interface SealParts {
  readonly storage: Pick<Storage, 'events' | 'auditCheckpoints' | 'ledger'>
  readonly seal: CheckpointSeal
  readonly clock: Clock
  /** Where statements are kept outside the database, if configured */
  readonly file: CheckpointFile | undefined
  /** Chains already reported as broken */
  readonly broken: Set<string>
}

export async function sealHeads(parts: SealParts): Promise<void> {
  const { storage, file } = parts
  const known = Map.groupBy(await storage.auditCheckpoints.list(), ({ chain }) => chain)
  const heads = new Map((await storage.events.heads()).map((head) => [head.chain, head]))
  const newest: string[] = []
  for (const chain of new Set([...heads.keys(), ...known.keys()])) {
    const checkpoints = known.get(chain) ?? []
    const sealed = await sealChain(heads.get(chain), checkpoints.at(-1), parts)
    const statement = sealed ?? checkpoints.findLast(({ kind }) => kind === 'head')?.statement
    if (statement !== undefined) newest.push(statement)
  }
  await file?.append(newest)
}

/** @returns the new statement, if one was added */
async function sealChain(
  head: LogHead | undefined,
  last: Checkpoint | undefined,
  parts: SealParts,
): Promise<string | undefined> {
  if (head !== undefined && last !== undefined && head.seq === last.seq && head.hash === last.hash)
    return undefined
  const isBroken =
    last !== undefined && !(await follows(last, head?.seq ?? 0, parts)) && !(await wasCut(last, parts))
  if (!isBroken) return head && sealHead(head, parts)
  await recordBroken(last, parts)
  return undefined
}

/** Whether the last sealed event is still there. */
async function follows(
  { chain, seq, hash, kind }: Checkpoint,
  headSeq: number,
  { storage }: SealParts,
): Promise<boolean> {
  if (headSeq < seq) return false
  if (kind === 'cut') return true
  return (await findEventAt(storage.events, { chain, seq }))?.hash === hash
}

/**
 * Retention may have removed the sealed event: earlier, or at another node since the checkpoints were listed. A cut does
 * not excuse itself: the chain never ends below it.
 */
async function wasCut({ log, chain, seq, hash, kind }: Checkpoint, { storage }: SealParts): Promise<boolean> {
  const isSame = (it: Checkpoint) => kind === 'head' && it.seq === seq && it.hash === hash
  return (await storage.auditCheckpoints.list(log)).some(
    (it) => it.kind === 'cut' && it.chain === chain && (it.seq > seq || isSame(it)),
  )
}

async function sealHead(head: LogHead, parts: SealParts): Promise<string | undefined> {
  const { auditCheckpoints } = parts.storage
  const checkpoint = await signCheckpoint('head', head, parts)
  const added = await auditCheckpoints.add(checkpoint)
  await auditCheckpoints.thin(head.chain, checkpoint.time - THIN_AFTER_MS)
  return added ? checkpoint.statement : undefined
}

async function recordBroken(
  { chain, seq }: Checkpoint,
  { storage, clock, broken }: SealParts,
): Promise<void> {
  if (broken.has(chain)) return
  broken.add(chain)
  const event = buildAuditEvent(clock.nowMs(), {
    type: 'audit.broken',
    category: 'audit',
    severity: 'critical',
    outcome: 'failure',
    actor: { kind: 'system', id: 'audit-checkpoints' },
    target: { kind: 'audit_log', id: chain },
    reason: `event ${seq}, which was sealed, is missing or changed; later heads of this log are not sealed`,
  })
  await storage.ledger.commit({ log: ADMIN_LOG, event })
}
