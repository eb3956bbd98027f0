// Notices proxies that hide the address of clients: an undeclared proxy while policies use addresses, or a declared
// proxy that does not name its clients. Logs it once, and changes no decision.
import type { Clock } from '@crosswalk/as-core'
import type { ProxyTrouble } from '@crosswalk/control'

import { FORWARDING_HEADERS, type FindClientAddress } from './client-address.ts'

export interface ProxyWatch {
  /** The same result, observed for proxy problems */
  readonly findClientAddress: FindClientAddress
  /** The current problem, as seen by this process */
  trouble(): ProxyTrouble | undefined
}

export interface ProxyWatchParts {
  readonly findClientAddress: FindClientAddress
  readonly declared: boolean
  /** Whether an active policy uses addresses */
  readsAddress(): boolean
  readonly clock: Clock
  log(line: string): void
}

export function watchProxies(parts: ProxyWatchParts): ProxyWatch {
  return parts.declared ? watchForSilence(parts) : watchForUndeclared(parts)
}

/** Declaring a proxy needs a restart, so the problem lasts as long as the process. */
function watchForUndeclared({ findClientAddress, readsAddress, clock, log }: ProxyWatchParts): ProxyWatch {
  let trouble: ProxyTrouble | undefined
  return {
    trouble: () => trouble,
    findClientAddress(peer, headers) {
      const address = findClientAddress(peer, headers)
      if (trouble !== undefined) return address
      const header = FORWARDING_HEADERS.find((name) => headers.has(name))
      if (header === undefined || !readsAddress()) return address
      trouble = { kind: 'undeclared', sinceMs: clock.nowMs() }
      log(describeUndeclared(header, address))
      return address
    },
  }
}

/** Ends once the proxy names a client: its operator can fix the headers without restarting this server. */
function watchForSilence({ findClientAddress, clock, log }: ProxyWatchParts): ProxyWatch {
  let silent: { readonly proxy: string; readonly sinceMs: number } | undefined
  let isLogged = false
  return {
    trouble: () => silent && { kind: 'silent', sinceMs: silent.sinceMs },
    findClientAddress(peer, headers) {
      const address = findClientAddress(peer, headers)
      if (address !== undefined) {
        if (silent?.proxy === peer) silent = undefined
      } else if (silent === undefined && peer !== undefined && isForm(headers) && namesNoClient(headers)) {
        silent = { proxy: peer, sinceMs: clock.nowMs() }
        if (!isLogged) log(describeSilent(peer))
        isLogged = true
      }
      return address
    },
  }
}

/** Clients post forms to get tokens and to sign in; health checks of proxies do not. */
function isForm(headers: Headers): boolean {
  return headers.get('content-type')?.startsWith('application/x-www-form-urlencoded') ?? false
}

function namesNoClient(headers: Headers): boolean {
  return !FORWARDING_HEADERS.some((name) => headers.has(name))
}

function describeUndeclared(header: string, address: string | undefined): string {
  return (
    `warning: a request from ${address ?? 'an unknown address'} carried ${header}, but no proxy is declared: ` +
    "network conditions of policies see the proxy's address, not the client's\n" +
    '  fix: list the addresses of your reverse proxies under listen.trustedProxies'
  )
}

function describeSilent(proxy: string): string {
  return (
    `warning: a request from ${proxy}, which listen.trustedProxies declares, carried neither X-Forwarded-For nor Forwarded: ` +
    'limits, network conditions and events do not know the address of the client\n' +
    '  fix: configure the proxy to set X-Forwarded-For to the address of the client'
  )
}
