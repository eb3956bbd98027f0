// Waits for another writer of the file. SQLite's own wait would block this process's event loop, and thereby the very
// transaction it waits for if the other writer is in the same process.
import { setTimeout as wait } from 'node:timers/promises'

import { classifyFault, isBusy } from './classify-fault.ts'

const RETRY_MS = 1
const GIVE_UP_MS = 5_000

/**
 * Retries `work` while another writer holds the lock; `work` must have no effect when it fails that way.
 *
 * @throws StorageFault for faults of the file or its disk
 */
export async function retryWhileBusy<T>(work: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + GIVE_UP_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error) || performance.now() > deadline) throw classifyFault(error)
    }
    await wait(RETRY_MS)
  }
}
