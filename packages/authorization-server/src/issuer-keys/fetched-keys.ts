// The published keys of one issuer: how long they are believed, when they are fetched again, and what holds while the
// issuer cannot be reached (SEC-14, SEC-15). Where they come from is told by `discover-keys.ts`.
import { accept, type EpochMs, refuse, type Result, RETRY_AFTER_SECONDS } from '@crosswalk/protocol'

import type { VerificationKey } from '../jws/verification-key.ts'
import type { Clock } from '../ports.ts'
import type { DiscoveryProblem } from './discover-keys.ts'
import { chooseKey, type KeySet, type KeyWish } from './key-set.ts'

/** From half this age on a use refreshes in the background; beyond it a removed key stops working. */
const MAX_AGE_MS = 600_000
/** How old keys may get while the issuer cannot be reached */
const STALE_IF_ERROR_MS = 86_400_000
/** Between two refreshes for an unknown `kid`, and after a failure */
const RETRY_AFTER_MS = RETRY_AFTER_SECONDS * 1000

export type KeyRefusal = 'unknown-kid' | 'kid-needed' | DiscoveryProblem

export class FetchedKeys {
  readonly #discover: () => Promise<Result<KeySet, DiscoveryProblem>>
  readonly #clock: Clock
  #keys: KeySet | undefined
  #fetchedAt: EpochMs = 0
  #problem: DiscoveryProblem | undefined
  #failedAt: EpochMs = -Infinity
  #missedAt: EpochMs = -Infinity
  #running: Promise<void> | undefined

  /** @param discover - must not reject */
  constructor(discover: () => Promise<Result<KeySet, DiscoveryProblem>>, clock: Clock) {
    this.#discover = discover
    this.#clock = clock
  }

  /** @returns a known and fresh key without waiting */
  peek(wish: KeyWish): VerificationKey | undefined {
    if (this.#keys === undefined || this.#ageMs() > MAX_AGE_MS) return undefined
    if (this.#ageMs() > MAX_AGE_MS / 2 && this.#mayTry()) void this.#refresh()
    const chosen = chooseKey(this.#keys, wish)
    return chosen.accepted ? chosen.value : undefined
  }

  async find(wish: KeyWish): Promise<Result<VerificationKey, KeyRefusal>> {
    const known = this.peek(wish)
    if (known !== undefined) return accept(known)
    if (this.#ageMs() > MAX_AGE_MS && this.#mayTry()) {
      // What was fetched just now needs no second look for a missing kid.
      this.#missedAt = this.#clock.nowMs()
      await this.#refresh()
    }
    if (this.#keys === undefined || this.#ageMs() > STALE_IF_ERROR_MS)
      return refuse(this.#problem ?? 'unreachable')
    const chosen = chooseKey(this.#keys, wish)
    return chosen.accepted || chosen.refusal === 'kid-needed' ? chosen : this.#findAfterMiss(wish)
  }

  /** The issuer may have rotated since: asks once per interval, however many unknown `kid`s come. */
  async #findAfterMiss(wish: KeyWish): Promise<Result<VerificationKey, KeyRefusal>> {
    const now = this.#clock.nowMs()
    if (this.#running !== undefined || (now - this.#missedAt >= RETRY_AFTER_MS && this.#mayTry())) {
      this.#missedAt = now
      await this.#refresh()
    }
    const chosen = chooseKey(this.#keys ?? [], wish)
    // Without an answer from the issuer nobody knows whether the key exists.
    return !chosen.accepted && this.#problem !== undefined ? refuse(this.#problem) : chosen
  }

  #mayTry(): boolean {
    return this.#clock.nowMs() - this.#failedAt >= RETRY_AFTER_MS
  }

  #ageMs(): number {
    return this.#keys === undefined ? Infinity : this.#clock.nowMs() - this.#fetchedAt
  }

  /** One fetch at a time; whoever comes meanwhile waits for the same one. */
  #refresh(): Promise<void> {
    this.#running ??= this.#fetchOnce().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #fetchOnce(): Promise<void> {
    const found = await this.#discover()
    const now = this.#clock.nowMs()
    this.#problem = found.accepted ? undefined : found.refusal
    this.#failedAt = found.accepted ? -Infinity : now
    if (!found.accepted) return
    this.#keys = found.value
    this.#fetchedAt = now
  }
}
