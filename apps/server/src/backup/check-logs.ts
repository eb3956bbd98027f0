// Whether the logs of a copy are whole: each chain verified from its first event, behind what retention has cut.
import type { LogHead, Storage } from '@crosswalk/storage'

/** @throws Error naming the first event that is not as it was */
export async function checkLogs(
  storage: Pick<Storage, 'events' | 'auditCheckpoints'>,
): Promise<readonly LogHead[]> {
  const heads = await storage.events.heads()
  const cuts = (await storage.auditCheckpoints.list()).filter(({ kind }) => kind === 'cut')
  for (const { chain } of heads) {
    const cut = cuts.findLast((one) => one.chain === chain)
    const verdict = await storage.events.verify(chain, cut === undefined ? {} : { cut })
    if (!verdict.ok)
      throw new Error(`event ${chain}#${verdict.firstBad?.seq} is not as it was: ${verdict.firstBad?.why}`)
  }
  return heads
}
