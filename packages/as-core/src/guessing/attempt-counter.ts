// Attempts of one kind, counted in the memory of this process and, where there is a store, by all processes together.
//
// An attempt that goes on and fails costs one write, and one that succeeds none, unless some failed before it. Memory answers
// while failures are free: what others counted meanwhile is learnt with the first failure here. Once each attempt has to wait for
// the one before, the store decides, and of attempts at several processes one goes on.
import type { EpochMs } from '@crosswalk/protocol'

import { type AttemptLimit, createAttempts, findWaitSeconds } from './attempts.ts'
import type { SharedAttempts } from './shared-attempts.ts'

/** Where attempts are counted for all processes, and what their keys are called there. */
export interface SharedCount {
  readonly attempts: SharedAttempts
  /** One-way: a key may hold what a user typed */
  nameKey(key: string): string
}

export interface AttemptCounter {
  /** @returns the seconds that an attempt must wait by what this process knows; 0 when it may begin */
  waitSeconds(key: string, now: EpochMs): number
  /** Notes that an attempt was refused. @returns whether it is the first one in this delay */
  noteRefusal(key: string): boolean
  /** Counts an attempt as failed until it succeeds. Synchronous, so that attempts sent at once are not all free. */
  begin(key: string, now: EpochMs): BegunAttempt
}

/** Exactly one of `fail` and `succeed` follows, where `claim` said that it may go on. */
export interface BegunAttempt {
  /** @returns the seconds it must wait by what all processes know; 0 when it may go on */
  claim(): Promise<number>
  /** Awaited before the answer, so that the next attempt at another process comes after it */
  fail(): Promise<void>
  /** @param isOthers - the key is that of many users: their failures stay */
  succeed(isOthers: boolean): Promise<void>
}

/** For the attempt that came second of two at once. */
const SECOND_WAITS_SECONDS = 1

export function createAttemptCounter(limit: AttemptLimit, given?: SharedCount): AttemptCounter {
  const own = createAttempts(limit)
  const shared = limit.free === 0 ? undefined : given

  function begin(key: string, now: EpochMs): BegunAttempt {
    const mustClaim = shared !== undefined && own.isDelaying(key, now)
    const hadFailed = own.hasFailed(key, now)
    const name = shared?.nameKey(key) ?? ''
    let claimed = false
    own.add(key, now)

    async function claim({ attempts }: SharedCount): Promise<number> {
      const known = await attempts.find(name)
      if (known === undefined) await attempts.add(name, now)
      else {
        const waitSeconds = findWaitSeconds(known, limit, now)
        if (waitSeconds > 0) own.learn(key, known)
        if (waitSeconds > 0) return waitSeconds
        if (!(await attempts.claim(name, known, now))) return SECOND_WAITS_SECONDS
      }
      claimed = true
      return 0
    }

    return {
      async claim() {
        const waitSeconds = mustClaim ? await claim(shared) : 0
        // It was not looked at, so it is no failure.
        if (waitSeconds > 0) own.takeBack(key)
        return waitSeconds
      },
      async fail() {
        if (shared === undefined || claimed) return
        own.learn(key, await shared.attempts.add(name, now))
      },
      async succeed(isOthers) {
        if (isOthers) own.takeBack(key)
        else own.forget(key)
        if (isOthers && claimed) await shared?.attempts.takeBack(name)
        if (!isOthers && (claimed || hadFailed)) await shared?.attempts.forget(name)
      },
    }
  }

  return {
    waitSeconds: (key, now) => own.waitSeconds(key, now),
    noteRefusal: (key) => own.noteRefusal(key),
    begin,
  }
}
