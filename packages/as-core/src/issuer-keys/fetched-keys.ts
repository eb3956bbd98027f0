// Caches the published keys of one issuer: how long they are trusted, when they are fetched again, and what happens
// while the issuer is unreachable (SEC-14, SEC-15). `discover-keys.ts` fetches them.
import { accept, DAY_MS, type EpochMs, refuse, type Result } from '@crosswalk/protocol'

import type { VerificationKey } from '../jws/verification-key.ts'
import { findRestMs } from '../find-rest-ms.ts'
import type { Clock } from '../ports.ts'
import { findRetryPauseMs, LONGEST_PAUSE_MS } from '../retry-pause.ts'
import type { DiscoveryProblem } from './discover-keys.ts'
import { chooseKey, type KeyMismatch, type KeySet, type KeyRequirements } from './key-set.ts'

/**
 * After half this age, the next use refreshes the keys in the background; after all of it, a removed key stops working.
 */
const MAX_AGE_MS = 600_000
/** Maximum age of keys while the issuer is unreachable */
const STALE_IF_ERROR_MS = DAY_MS
/** Time between two refreshes for unknown `kid`s; until then, a key that was just published is refused too */
const UNKNOWN_KID_PAUSE_MS = 10_000

/** Why there is no key and, if this may change, when to try again. */
export interface KeyRefusal {
  readonly reason: KeyMismatch | DiscoveryProblem['reason']
  readonly detail?: string | undefined
  readonly retryAfterSeconds?: number | undefined
}

interface Failure {
  readonly problem: DiscoveryProblem
  /** Consecutive failures */
  readonly count: number
  readonly at: EpochMs
}

export class FetchedKeys {
  readonly #discover: () => Promise<Result<KeySet, DiscoveryProblem>>
  readonly #clock: Clock
  #keys: KeySet | undefined
  #fetchedAt: EpochMs = 0
  #failure: Failure | undefined
  #missedAt: EpochMs = -Infinity
  #running: Promise<void> | undefined

  /** @param discover - must not reject */
  constructor(discover: () => Promise<Result<KeySet, DiscoveryProblem>>, clock: Clock) {
    this.#discover = discover
    this.#clock = clock
  }

  /** @returns a key without waiting, if the cached keys are fresh */
  peek(required: KeyRequirements): VerificationKey | undefined {
    if (this.#keys === undefined || this.#ageMs() > MAX_AGE_MS) return undefined
    if (this.#ageMs() > MAX_AGE_MS / 2 && this.#waitMs() === 0) void this.#refresh()
    const chosen = chooseKey(this.#keys, required)
    return chosen.accepted ? chosen.value : undefined
  }

  async find(required: KeyRequirements): Promise<Result<VerificationKey, KeyRefusal>> {
    const known = this.peek(required)
    if (known !== undefined) return accept(known)
    const outdated = this.#ageMs() > MAX_AGE_MS
    if (outdated && this.#waitMs() === 0) await this.#refresh()
    if (this.#keys === undefined || this.#ageMs() > STALE_IF_ERROR_MS) return refuse(this.#explainFailure())
    const chosen = chooseKey(this.#keys, required)
    if (chosen.accepted) return chosen
    if (chosen.refusal !== 'unknown-kid') return refuse({ reason: chosen.refusal })
    const current = outdated && this.#failure === undefined
    return current ? refuse({ reason: 'unknown-kid' }) : this.#findAfterMiss(required)
  }

  /** The issuer may have rotated its keys: fetches once per interval, however many unknown `kid`s arrive. */
  async #findAfterMiss(required: KeyRequirements): Promise<Result<VerificationKey, KeyRefusal>> {
    if (this.#running === undefined) {
      if (this.#waitMs() > 0) return refuse(this.#explainFailure())
      const now = this.#clock.nowMs()
      if (findRestMs(this.#missedAt, UNKNOWN_KID_PAUSE_MS, now) > 0) return refuse({ reason: 'unknown-kid' })
      this.#missedAt = now
    }
    await this.#refresh()
    // If the fetch failed, it is unknown whether the key exists.
    if (this.#failure !== undefined) return refuse(this.#explainFailure())
    const chosen = chooseKey(this.#keys ?? [], required)
    return chosen.accepted ? chosen : refuse({ reason: chosen.refusal })
  }

  #explainFailure(): KeyRefusal {
    const retryAfterSeconds = toSeconds(this.#waitMs())
    return { reason: 'unreachable', ...this.#failure?.problem, retryAfterSeconds }
  }

  /** How long to wait after a failure before fetching again; 0 for immediately */
  #waitMs(): number {
    if (this.#failure === undefined) return 0
    const { count, at } = this.#failure
    // Without keys, no token of this issuer is accepted, so the first failures are retried sooner.
    const pauseMs = this.#keys === undefined ? findRetryPauseMs(count) : LONGEST_PAUSE_MS
    return findRestMs(at, pauseMs, this.#clock.nowMs())
  }

  #ageMs(): number {
    // The distance, because the clock may have been set back since.
    return this.#keys === undefined ? Infinity : Math.abs(this.#clock.nowMs() - this.#fetchedAt)
  }

  /** Concurrent requests share one fetch. */
  #refresh(): Promise<void> {
    this.#running ??= this.#fetchOnce().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #fetchOnce(): Promise<void> {
    const found = await this.#discover()
    const now = this.#clock.nowMs()
    if (!found.accepted) {
      this.#failure = { problem: found.refusal, count: (this.#failure?.count ?? 0) + 1, at: now }
      return
    }
    this.#failure = undefined
    this.#keys = found.value
    this.#fetchedAt = now
  }
}

/** At least one, because 0 invites an immediate retry. */
function toSeconds(ms: number): number {
  return Math.max(1, Math.ceil(ms / 1000))
}
