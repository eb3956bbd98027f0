// Counts attempts of one kind in the memory of this process and, if there is a store, across all processes.
//
// A failed attempt costs one write; a successful one costs none, unless failures came before it. Memory alone decides
// while failures are free, and learns the count of the other processes with the first failure here. Once attempts are
// delayed, the store decides, so that of concurrent attempts at several processes only one continues.
import type { EpochMs } from '@crosswalk/protocol'

import { type AttemptLimit, createAttempts, findWaitSeconds } from './attempts.ts'
import type { SharedAttempts, SharedFailures } from './shared-attempts.ts'

/** Where attempts are counted for all processes, and how their keys are named there. */
export interface SharedCount {
  readonly attempts: SharedAttempts
  /** One-way, because a key may contain what a user typed */
  nameKey(key: string): string
}

export interface AttemptCounter {
  /** @returns the seconds that an attempt must wait according to this process; 0 if it may begin */
  waitSeconds(key: string, now: EpochMs): number
  /** Records that an attempt was refused. @returns whether it is the first refusal during this delay */
  noteRefusal(key: string): boolean
  /** Counts an attempt as failed until it succeeds. Synchronous, so that parallel attempts do not all count as free. */
  begin(key: string, now: EpochMs): PendingAttempt
}

/** If `claim` returns 0, call exactly one of `fail`, `undo` and `forget`. */
export interface PendingAttempt {
  /** @returns the seconds to wait according to all processes; 0 if the attempt may continue */
  claim(): Promise<number>
  /** Awaited before responding, so that the next attempt at another process sees it */
  fail(): Promise<void>
  /** The attempt was not a failure; earlier ones still count. */
  undo(): Promise<void>
  /** The attempt succeeded, so no failure of the key counts any longer. */
  forget(): Promise<void>
}

/** For the second of two concurrent attempts. */
const SECOND_WAITS_SECONDS = 1

export function createAttemptCounter(limit: AttemptLimit, given?: SharedCount): AttemptCounter {
  const own = createAttempts(limit)
  const shared = limit.free === 0 ? undefined : given

  function begin(key: string, now: EpochMs): PendingAttempt {
    const mustClaim = shared !== undefined && own.isDelaying(key, now)
    const hadFailed = own.hasFailed(key, now)
    const name = shared?.nameKey(key) ?? ''
    const undoOwn = own.add(key, now)
    let claimed: { readonly before: SharedFailures | undefined } | undefined

    async function claim({ attempts }: SharedCount): Promise<number> {
      const before = await attempts.find(name, now)
      const waitSeconds = before === undefined ? 0 : findWaitSeconds(before, limit, now)
      if (before !== undefined && waitSeconds > 0) {
        // The secret was not checked, so this is not a failure.
        undoOwn()
        own.learn(key, before)
        return waitSeconds
      }
      if (before === undefined) await attempts.add(name, now)
      else if (!(await attempts.claim(name, before, now))) {
        undoOwn()
        return SECOND_WAITS_SECONDS
      }
      claimed = { before }
      return 0
    }

    return {
      claim: async () => (mustClaim ? claim(shared) : 0),
      async fail() {
        if (shared === undefined || claimed !== undefined) return
        own.learn(key, await shared.attempts.add(name, now))
      },
      async undo() {
        undoOwn()
        if (claimed !== undefined) await shared?.attempts.takeBack(name, claimed.before)
      },
      async forget() {
        own.forget(key)
        if (claimed !== undefined || hadFailed) await shared?.attempts.forget(name)
      },
    }
  }

  return {
    waitSeconds: (key, now) => own.waitSeconds(key, now),
    noteRefusal: (key) => own.noteRefusal(key),
    begin,
  }
}
