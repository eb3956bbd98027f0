// Waiting for another writer of the file. SQLite's own wait would stop this process's event loop, and with it the
// very transaction it waits for when the other writer lives in the same process.
import { setTimeout as wait } from 'node:timers/promises'

const RETRY_MS = 1
const GIVE_UP_MS = 20_000

/** `SQLITE_BUSY` and `SQLITE_LOCKED` */
const BUSY_CODES = new Set([5, 6])

/** The primary result code of SQLite behind an error, undefined for other errors. */
export function sqliteErrorCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number')
    return undefined
  return error.errcode & 0xff
}

/** Runs `work` again while it fails because another writer holds the lock; it must have done nothing then. */
export async function retryWhileBusy<T>(work: () => T | Promise<T>): Promise<T> {
  const deadline = performance.now() + GIVE_UP_MS
  for (;;) {
    try {
      return await work()
    } catch (error) {
      const code = sqliteErrorCode(error)
      if (code === undefined || !BUSY_CODES.has(code) || performance.now() > deadline) throw error
    }
    await wait(RETRY_MS)
  }
}
