// The keys of trusted issuers and of clients that sign their assertions, fetched when needed and kept apart per
// owner (SEC-04). Who is trusted was decided before: calling this for anyone causes traffic (SEC-13).
import { accept, type EpochMs, refuse, type Result } from '@crosswalk/protocol'

import type { GuardedFetch } from '../guarded-fetch/guarded-fetch.ts'
import type { VerificationKey } from '../jws/verification-key.ts'
import type { Clock } from '../ports.ts'
import { discoverKeys, type DiscoveryProblem } from './discover-keys.ts'
import { chooseKey, type KeyChoice, type KeySet, parseKeySet } from './key-set.ts'

export interface KeyQuery {
  /** Whose key it must be; keys are never shared between issuers */
  readonly issuer: string
  /** First choice: keys written down */
  readonly jwks?: { readonly keys: readonly unknown[] }
  /** Second choice; without it the metadata of the issuer tells */
  readonly jwksUri?: string
  /** `kid` of the token's header; without it only a single fitting key is taken */
  readonly kid: string | undefined
  /** `alg` of the token's header, allowed by the caller */
  readonly algorithm: string
}

export type KeyRefusal = 'unknown-kid' | 'kid-needed' | DiscoveryProblem

export interface KeyFinder {
  find(query: KeyQuery): Promise<Result<VerificationKey, KeyRefusal>>
}

export interface IssuerKeys extends KeyFinder {
  /** @returns the key when it is known and fresh, without waiting; undefined means: ask `find` */
  peek(query: KeyQuery): VerificationKey | undefined
}

/** From half this age on a use refreshes in the background; beyond it a removed key stops working (SEC-15). */
const MAX_AGE_MS = 600_000
/** How old keys may get while the issuer cannot be reached (SEC-15) */
const STALE_IF_ERROR_MS = 86_400_000
/** Per issuer: between two refreshes for an unknown `kid`, and after a failure (SEC-14) */
const RETRY_AFTER_MS = 30_000
const MAX_ENTRIES = 1000

interface Entry {
  keys: KeySet | undefined
  fetchedAt: EpochMs
  problem: DiscoveryProblem | undefined
  failedAt: EpochMs
  missedAt: EpochMs
  running: Promise<void> | undefined
}

export function createIssuerKeys({
  fetch,
  clock,
}: {
  readonly fetch: GuardedFetch
  readonly clock: Clock
}): IssuerKeys {
  const entries = new Map<string, Entry>()
  const inline = new WeakMap<object, KeySet>()

  function entryOf({ issuer, jwksUri }: KeyQuery): Entry {
    // With the source, so that a changed registration never meets keys of its former source.
    const id = JSON.stringify([issuer, jwksUri])
    let entry = entries.get(id)
    if (entry === undefined) {
      entry = {
        keys: undefined,
        fetchedAt: 0,
        problem: undefined,
        failedAt: -Infinity,
        missedAt: -Infinity,
        running: undefined,
      }
      const [oldest] = entries.keys()
      if (entries.size >= MAX_ENTRIES && oldest !== undefined) entries.delete(oldest)
      entries.set(id, entry)
    }
    return entry
  }

  /** One fetch at a time per issuer; whoever comes meanwhile waits for the same one. */
  function refresh(query: KeyQuery, entry: Entry): Promise<void> {
    entry.running ??= fetchInto(query, entry).finally(() => {
      entry.running = undefined
    })
    return entry.running
  }

  async function fetchInto(query: KeyQuery, entry: Entry): Promise<void> {
    const found = await discoverKeys(query, fetch)
    const now = clock.nowMs()
    if (found.accepted) {
      entry.keys = found.value
      entry.fetchedAt = now
      entry.problem = undefined
      entry.failedAt = -Infinity
    } else {
      entry.problem = found.refusal
      entry.failedAt = now
    }
  }

  const mayTry = (entry: Entry): boolean => clock.nowMs() - entry.failedAt >= RETRY_AFTER_MS
  const ageOf = (entry: Entry): number =>
    entry.keys === undefined ? Infinity : clock.nowMs() - entry.fetchedAt

  function chooseInline(jwks: NonNullable<KeyQuery['jwks']>, query: KeyQuery): KeyChoice {
    let keys = inline.get(jwks)
    if (keys === undefined) {
      const parsed = parseKeySet(jwks)
      keys = parsed.accepted ? parsed.value : []
      inline.set(jwks, keys)
    }
    return chooseKey(keys, query)
  }

  function peek(query: KeyQuery): VerificationKey | undefined {
    if (query.jwks !== undefined) {
      const chosen = chooseInline(query.jwks, query)
      return chosen.accepted ? chosen.value : undefined
    }
    const entry = entryOf(query)
    const age = ageOf(entry)
    if (entry.keys === undefined || age > MAX_AGE_MS) return undefined
    if (age > MAX_AGE_MS / 2 && mayTry(entry)) void refresh(query, entry)
    const chosen = chooseKey(entry.keys, query)
    return chosen.accepted ? chosen.value : undefined
  }

  async function find(query: KeyQuery): Promise<Result<VerificationKey, KeyRefusal>> {
    if (query.jwks !== undefined) return chooseInline(query.jwks, query)
    const known = peek(query)
    if (known !== undefined) return accept(known)
    const entry = entryOf(query)
    if (ageOf(entry) > MAX_AGE_MS && mayTry(entry)) {
      // What was fetched just now needs no second look for a missing kid.
      entry.missedAt = clock.nowMs()
      await refresh(query, entry)
    }
    if (entry.keys === undefined || ageOf(entry) > STALE_IF_ERROR_MS)
      return refuse(entry.problem ?? 'unreachable')
    const chosen = chooseKey(entry.keys, query)
    if (chosen.accepted || chosen.refusal === 'kid-needed') return chosen
    return findAfterMiss(query, entry)
  }

  /** The issuer may have rotated since: asks once per interval, however many unknown `kid`s come (SEC-14). */
  async function findAfterMiss(query: KeyQuery, entry: Entry): Promise<Result<VerificationKey, KeyRefusal>> {
    const now = clock.nowMs()
    if (entry.running !== undefined || (now - entry.missedAt >= RETRY_AFTER_MS && mayTry(entry))) {
      entry.missedAt = now
      await refresh(query, entry)
    }
    const chosen = chooseKey(entry.keys ?? [], query)
    // Without an answer from the issuer nobody knows whether the key exists.
    return !chosen.accepted && entry.problem !== undefined ? refuse(entry.problem) : chosen
  }

  return { find, peek }
}
