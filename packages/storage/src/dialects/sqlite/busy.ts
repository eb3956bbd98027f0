// Waiting for another writer of the file. SQLite's own wait would stop this process's event loop, and with it the
// very transaction it waits for when the other writer lives in the same process.
import { setTimeout as wait } from 'node:timers/promises'

import { classifyFault, isBusy } from './classify-fault.ts'

const RETRY_MS = 1
const GIVE_UP_MS = 5_000

/**
 * Runs `work` again while it fails because another writer holds the lock; it must have done nothing then.
 *
 * @throws StorageFault for what the file or its disk is to blame for
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
