// Whether this process can serve: asked by load balancers, which need an answer even while nothing else gets one.
import { setTimeout as wait } from 'node:timers/promises'

import { describeTrouble, findStorageFault } from '@crosswalk/as-core'
import type { Storage } from '@crosswalk/storage'

const DEADLINE_MS = 1_000
const LATE = 'storage: no answer within a second'

/** @returns what finds what is not ready, in words for operators; nothing when all is */
export function createReadiness(storage: Pick<Storage, 'ping'>): () => Promise<readonly string[]> {
  // One look serves everybody who asks meanwhile: a database that hangs is not asked again and again.
  let looking: Promise<readonly string[]> | undefined
  return () => {
    looking ??= look(storage).finally(() => {
      looking = undefined
    })
    return Promise.race([looking, wait(DEADLINE_MS, [LATE], { ref: false })])
  }
}

async function look(storage: Pick<Storage, 'ping'>): Promise<readonly string[]> {
  try {
    await storage.ping()
    return []
  } catch (error) {
    const fault = findStorageFault(error)
    return [fault === undefined ? 'storage' : `storage: ${describeTrouble(fault.trouble)}`]
  }
}
