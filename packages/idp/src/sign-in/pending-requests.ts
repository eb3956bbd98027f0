// Limits what anyone can have stored without an account: pending sign-ins, sign-outs, and requests that a public app
// pushed. Each is a row in the database until it ends. The oldest request of an address makes room for its new one of the
// same kind; if there are too many in total, the address with the most of one kind loses its oldest.
import { type Clock, findNetwork } from '@crosswalk/as-core'

import type { SignInStore } from '../ports.ts'
import { readClientAddress } from './client-address.ts'
import { findCurrentRequest } from './current-request.ts'
import { Provider } from './provider/oidc-provider.ts'

type Payload = Readonly<Record<string, unknown>>

const isOfPublicApp = (): boolean => Provider.ctx?.oidc.client?.clientAuthMethod === 'none'

/** By model: whether anyone can create the row */
const OPEN_TO_ANYONE: ReadonlyMap<string, (payload: Payload) => boolean> = new Map([
  ['Interaction', () => true],
  ['UpstreamSignIn', () => true],
  // The library keeps one for each sign-out, whether or not someone is signed in. A sign-in gives it another id.
  ['Session', ({ accountId }: Payload) => accountId === undefined],
  ['PushedAuthorizationRequest', isOfPublicApp],
])

export interface PendingLimits {
  readonly perAddress: number
  readonly altogether: number
}

const PENDING_LIMITS: PendingLimits = { perAddress: 300, altogether: 10_000 }

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
    const ctx = findCurrentRequest()
    const ip = ctx === undefined ? undefined : readClientAddress(ctx)
    const address = ip === undefined ? '' : `${request.model} ${findNetwork(ip)}`
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
      if (OPEN_TO_ANYONE.get(model)?.(payload) !== true || addresses.has(keyOf(model, id))) return
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
