// What the ledger leaves for later, since no answer has to wait for it, is done in quiet seconds, so that bursts have the
// processor for their answers.

const FOLLOW_MS = 1_000

/** A second that brings no more entries is a quiet one: a few percent of what a process can write. */
export const QUIET_ENTRIES = 100

/** How many entries may be left while it is busy: for who reads then, some 300 ms of catching up. */
export const MOST_BEHIND = 20_000

/**
 * @param catchUp - does what is left
 * @param countWritten - how many entries this process has written in all
 * @returns a function that stops following, once what is being done is done
 */
export function followLedger(catchUp: () => Promise<void>, countWritten: () => number): () => Promise<void> {
  let latest: Promise<void> = Promise.resolve()
  const isTime = createTiming()
  // A failed run is made up for by the next, or fails the reader that needs it.
  const timer = setInterval(() => {
    if (isTime(countWritten())) latest = catchUp().catch(() => undefined)
  }, FOLLOW_MS).unref()
  return async () => {
    clearInterval(timer)
    await latest
  }
}

/** @returns what says, asked once a second with the number of entries so far, whether it is time to catch up */
export function createTiming(): (written: number) => boolean {
  let before = 0
  let followed = 0
  return (written) => {
    const quiet = written - before <= QUIET_ENTRIES
    before = written
    if (!quiet && written - followed < MOST_BEHIND) return false
    followed = written
    return true
  }
}
