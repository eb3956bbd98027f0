// Notices that requests come through a proxy that no one declared, where policies ask where requests come from: they see the
// proxy's address, and one that allows an internal network then lets everyone in. Says so once; changes no decision.
import type { Clock } from '@crosswalk/as-core'

import { FORWARDING_HEADERS, type FindClientAddress } from './client-address.ts'

export interface UndeclaredProxy {
  /** The same address, looked at on the way */
  readonly findClientAddress: FindClientAddress
  /** Epoch milliseconds of the first such request of this process; undefined: there was none */
  since(): number | undefined
}

export interface UndeclaredProxyParts {
  readonly findClientAddress: FindClientAddress
  /** Whether a proxy is declared */
  readonly declared: boolean
  /** Whether a policy in force looks at addresses */
  readsAddress(): boolean
  readonly clock: Clock
  log(line: string): void
}

export function watchForUndeclaredProxy(parts: UndeclaredProxyParts): UndeclaredProxy {
  const { findClientAddress, declared, readsAddress, clock, log } = parts
  let since: number | undefined
  return {
    since: () => since,
    findClientAddress(peer, headers) {
      const address = findClientAddress(peer, headers)
      if (declared || since !== undefined) return address
      const header = FORWARDING_HEADERS.find((name) => headers.has(name))
      if (header === undefined || !readsAddress()) return address
      since = clock.nowMs()
      log(describe(header, address))
      return address
    },
  }
}

function describe(header: string, address: string | undefined): string {
  return (
    `warning: a request from ${address ?? 'an unknown address'} carried ${header}, and no proxy is declared: ` +
    "network conditions of policies see the proxy's address, not the client's\n" +
    '  fix: list the addresses of your reverse proxies under listen.trustedProxies'
  )
}
