// Limits the pending sign-in requests of browsers. Anyone can start one without an account, and each is a row in the
// database until it ends. The oldest request of an address makes room for its new one; if there are too many in total,
// the address with the most requests loses its oldest.
import { type Clock, findNetwork } from '@crosswalk/as-core'
import { Provider } from 'oidc-provider'

import type { SignInStore } from '../ports.ts'
import { readClientAddress } from './client-address.ts'

/** Rows that a browser creates before sign-in */
const MODELS: ReadonlySet<string> = new Set(['Interaction', 'UpstreamSignIn'])

export interface PendingLimits {
  readonly perAddress: number
  readonly altogether: number
}

export const PENDING_LIMITS: PendingLimits = { perAddress: 300, altogether: 10_000 }

interface Waiting {
  readonly model: string
  readonly id: string
  readonly expiresAtMs: number
}

/** @returns a store that limits the pending requests of this process to `limits` */
export function limitPending(store: SignInStore, clock: Clock, limits = PENDING_LIMITS): SignInStore {
  const byAddress = new Map<string, Map<string, Waiting>>()
  const addresses = new Map<string, string>()
  const keyOf = (model: string, id: string) => `${model} ${id}`

  function forget(model: string, id: string): void {
    const key = keyOf(model, id)
    const address = addresses.get(key) ?? ''
    const waiting = byAddress.get(address)
    waiting?.delete(key)
    if (waiting?.size === 0) byAddress.delete(address)
    addresses.delete(key)
  }

  async function evictOldest(waiting: ReadonlyMap<string, Waiting>): Promise<void> {
    const [oldest] = waiting.values()
    if (oldest === undefined) return
    forget(oldest.model, oldest.id)
    if (oldest.expiresAtMs > clock.nowMs()) await store.destroy(oldest.model, oldest.id)
  }

  async function note(request: Waiting): Promise<void> {
    const { ctx } = Provider
    const ip = ctx === undefined ? undefined : readClientAddress(ctx)
    const address = ip === undefined ? '' : findNetwork(ip)
    const waiting = byAddress.get(address) ?? new Map<string, Waiting>()
    byAddress.set(address, waiting)
    const key = keyOf(request.model, request.id)
    waiting.set(key, request)
    addresses.set(key, address)
    // If addresses are unknown, all clients would share one limit.
    if (address !== '' && waiting.size > limits.perAddress) await evictOldest(waiting)
    if (addresses.size > limits.altogether) await evictOldest(findLargest(byAddress))
  }

  return {
    ...store,
    async upsert(model, id, payload, expiresInSeconds = 0) {
      await store.upsert(model, id, payload, expiresInSeconds)
      if (!MODELS.has(model) || addresses.has(keyOf(model, id))) return
      await note({ model, id, expiresAtMs: clock.nowMs() + expiresInSeconds * 1000 })
    },
    async destroy(model, id, securityEvents) {
      forget(model, id)
      await store.destroy(model, id, securityEvents)
    },
  }
}

function findLargest<T>(groups: ReadonlyMap<string, ReadonlyMap<string, T>>): ReadonlyMap<string, T> {
  let largest: ReadonlyMap<string, T> = new Map()
  for (const group of groups.values()) if (group.size > largest.size) largest = group
  return largest
}
