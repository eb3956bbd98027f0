// Reads a part of a chain in order, for a copy that is verified later.
import type { RecordedEvent } from '@crosswalk/storage'

import type { Parts } from '../parts.ts'

export interface ChainPart {
  readonly log: string
  readonly chain: string
  /** Number of the event before the first one to read */
  readonly afterSeq: number
  /** Number of the last event; infinite for the current end of the chain */
  readonly upTo: number
}

/**
 * Retention may have removed the first events. If it removes others after the first one was read, this throws: the gap
 * would look like tampering. Other gaps are evidence of tampering, so the copy shows them.
 */
export async function* streamChain(
  { storage }: Parts<'storage'>,
  part: ChainPart,
): AsyncGenerator<RecordedEvent> {
  const { chain, afterSeq, upTo } = part
  if (afterSeq >= upTo) return
  let next: number | undefined
  for await (const event of storage.events.stream({ chain, afterSeq })) {
    if (next !== undefined && event.seq > next) await refuseCut({ storage }, part, next)
    if (event.seq > upTo) return
    yield event
    if (event.seq === upTo) return
    next = event.seq + 1
  }
  if (next !== undefined) await refuseCut({ storage }, part, next)
}

/** @param seq - of an event that is missing */
async function refuseCut(
  { storage }: Parts<'storage'>,
  { log, chain }: ChainPart,
  seq: number,
): Promise<void> {
  const cuts = (await storage.auditCheckpoints.list(log)).filter(({ kind }) => kind === 'cut')
  if (cuts.some((cut) => cut.chain === chain && cut.seq >= seq))
    throw new Error(`retention removed events of ${chain} while they were copied`)
}
