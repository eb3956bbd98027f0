// Seals the head of every log that has moved. A head is sealed only where it still follows the one sealed before, so that
// a log that was rewritten in between is not made good by us.
import { type AuditEvent, type Clock, newId } from '@crosswalk/as-core'
import type { Checkpoint, Storage } from '@crosswalk/storage'

import { appendStatement } from './checkpoint-file.ts'
import type { CheckpointSeal } from './checkpoint-seal.ts'

const LOG = 'admin'
/** Heads older than this are thinned to one an hour. */
const THIN_AFTER_MS = 86_400_000

export interface SealParts {
  readonly storage: Pick<Storage, 'events' | 'auditCheckpoints' | 'ledger'>
  readonly seal: CheckpointSeal
  readonly clock: Clock
  /** Where statements are kept outside the database, if anywhere */
  readonly file: string | undefined
  /** Logs that were told to be broken already */
  readonly broken: Set<string>
}

export async function sealHeads(parts: SealParts): Promise<void> {
  const { storage } = parts
  const known = Map.groupBy(await storage.auditCheckpoints.list(), ({ log }) => log)
  const heads = new Map((await storage.events.heads()).map((head) => [head.log, head]))
  for (const log of new Set([...heads.keys(), ...known.keys()])) {
    const last = (known.get(log) ?? []).at(-1)
    const head = heads.get(log)
    if (head !== undefined && last !== undefined && head.seq === last.seq && head.hash === last.hash) continue
    if (last !== undefined && !(await follows(last, head?.seq ?? 0, parts))) await recordBroken(last, parts)
    else if (head !== undefined) await sealHead(head, parts)
  }
}

/** Whether what was sealed last is still there. */
async function follows(
  { log, seq, hash, kind }: Checkpoint,
  headSeq: number,
  { storage }: SealParts,
): Promise<boolean> {
  if (headSeq < seq) return false
  if (kind === 'cut') return true
  const [event] = await storage.events.readAfter({ log, afterSeq: seq - 1 }, 1)
  return event?.seq === seq && event.hash === hash
}

async function sealHead(
  { log, seq, hash }: { readonly log: string; readonly seq: number; readonly hash: string },
  { storage: { auditCheckpoints }, seal, clock, file }: SealParts,
): Promise<void> {
  const time = clock.nowMs()
  const statement = await seal.sign({ log, seq, hash, kind: 'head', time: new Date(time).toISOString() })
  const added = await auditCheckpoints.add({ log, seq, hash, kind: 'head', time, statement })
  if (added && file !== undefined) await appendStatement(file, statement)
  await auditCheckpoints.thin(log, time - THIN_AFTER_MS)
}

async function recordBroken({ log, seq }: Checkpoint, { storage, clock, broken }: SealParts): Promise<void> {
  if (broken.has(log)) return
  broken.add(log)
  const event: AuditEvent = {
    schema: 'xaa.event/v1',
    id: newId('evt'),
    time: new Date(clock.nowMs()).toISOString(),
    type: 'audit.broken',
    category: 'audit',
    severity: 'critical',
    outcome: 'failure',
    actor: { kind: 'system', id: 'audit-checkpoints' },
    target: { kind: 'audit_log', id: log },
    reason: `what was sealed as number ${seq} is not there any more; no further head of this log is sealed`,
  }
  await storage.ledger.commit({ log: LOG, event })
}
