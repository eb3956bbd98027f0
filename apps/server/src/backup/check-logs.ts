// Verifies that the logs of a copy are intact: each chain from its first event, or from the last retention cut.
import type { LogHead, Storage } from '@crosswalk/storage'

/** @throws Error naming the first altered event */
export async function checkLogs(
  storage: Pick<Storage, 'events' | 'auditCheckpoints'>,
): Promise<readonly LogHead[]> {
  const heads = await storage.events.heads()
  const cuts = (await storage.auditCheckpoints.list()).filter(({ kind }) => kind === 'cut')
  for (const { chain } of heads) {
    const cut = cuts.findLast((one) => one.chain === chain)
    const verdict = await storage.events.verify(chain, cut === undefined ? {} : { cut })
    if (!verdict.ok)
      throw new Error(`event ${chain}#${verdict.firstBad?.seq} was altered: ${verdict.firstBad?.why}`)
  }
  return heads
}
