// Caches values until they expire, and loads each missing one once, however many callers request it concurrently.
import { evictOldest } from '@crosswalk/protocol'

export interface Expiring<T> {
  readonly value: T
  readonly expiresAtMs: number
}

export class ExpiringCache<T> {
  readonly #entries = new Map<string, Expiring<T>>()
  readonly #loads = new Map<string, Promise<T>>()
  readonly #nowMs: () => number
  readonly #maxEntries: number

  constructor({ nowMs, maxEntries }: { readonly nowMs: () => number; readonly maxEntries: number }) {
    this.#nowMs = nowMs
    this.#maxEntries = maxEntries
  }

  /** @returns the value, loaded if missing or expired; all waiting callers get a failure, which is not cached */
  async get(key: string, load: () => Promise<Expiring<T>>): Promise<T> {
    const entry = this.#entries.get(key)
    if (entry !== undefined && entry.expiresAtMs > this.#nowMs()) return entry.value
    const running = this.#loads.get(key)
    if (running !== undefined) return await running
    const loading = this.#load(key, load)
    this.#loads.set(key, loading)
    try {
      return await loading
    } finally {
      this.#loads.delete(key)
    }
  }

  async #load(key: string, load: () => Promise<Expiring<T>>): Promise<T> {
    const entry = await load()
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    evictOldest(this.#entries, this.#maxEntries)
    return entry.value
  }

  /** A load in progress is unaffected. */
  delete(key: string): void {
    this.#entries.delete(key)
  }

  /** Deletes a value if it is still current: of many callers that find it invalid, only the first one deletes it. */
  drop(key: string, value: T): void {
    if (this.#entries.get(key)?.value === value) this.#entries.delete(key)
  }
}
