// Verifies a restored copy of a database: that the master key opens it, and that its logs are intact.
import type { Environment } from '@crosswalk/control'
import { type LogHead, openStorage, type Storage, verifySealing } from '@crosswalk/storage'

import { findServerKey } from '../key-file.ts'

/** @throws Error if the key opens nothing, or naming the first altered event @returns the end of every chain */
export async function checkCopy(database: string, environment: Environment): Promise<readonly LogHead[]> {
  const takeKey = findServerKey(database, environment)
  const storage = await openStorage(database)
  try {
    await verifySealing(storage.keys, await takeKey(storage))
    return await checkLogs(storage)
  } finally {
    await storage.close()
  }
}

/** Each chain from its first event, or from the last retention cut. @throws Error naming the first altered event */
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
