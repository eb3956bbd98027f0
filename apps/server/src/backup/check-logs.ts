// Whether the logs of a copy are whole: each chain verified from its first event, behind what retention has cut.
import type { Storage } from '@crosswalk/storage'

export interface LogHead {
  readonly log: string
  readonly seq: number
  readonly hash: string
}

/** @throws Error naming the first event that is not as it was */
export async function checkLogs(
  storage: Pick<Storage, 'events' | 'auditCheckpoints'>,
): Promise<readonly LogHead[]> {
  const heads = await storage.events.heads()
  for (const { log } of heads) {
    const cut = (await storage.auditCheckpoints.list(log)).findLast(({ kind }) => kind === 'cut')
    const verdict = await storage.events.verify(log, cut === undefined ? {} : { cut })
    if (!verdict.ok)
      throw new Error(`event ${log}#${verdict.firstBad?.seq} is not as it was: ${verdict.firstBad?.why}`)
  }
  return heads
}
