// Reverse proxies: that what is declared can be parsed and trusts a user in particular, and that one is declared where
// policies ask where requests come from.
import { parseNetwork, readsAddress } from '@crosswalk/policy'

import { valueAt } from '../describe-issue.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import type { Check } from './check.ts'

const PATH = ['listen', 'trustedProxies']

export const checkProxies: Check = (view) => {
  const declared = valueAt(view.raw, PATH)
  const proxies = Array.isArray(declared) ? declared : []
  return [
    ...proxies.flatMap((proxy, index) => (typeof proxy === 'string' ? checkProxy(proxy, index) : [])),
    ...(proxies.length === 0 ? checkUndeclared(view) : []),
  ]
}

function checkProxy(text: string, index: number): readonly Finding[] {
  const path = [...PATH, index]
  const parsed = parseNetwork(text)
  if (!parsed.accepted) return [{ path, what: parsed.refusal.problem, fix: parsed.refusal.fix }]
  if (parsed.value.prefixBits > 0) return []
  const what = `${text} believes every peer about where a request came from`
  return [{ path, what, fix: 'name the addresses of your proxies' }]
}

/** The server itself speaks http, so an https origin stands on a proxy. */
function checkUndeclared({ baseUrl, policies }: View): readonly Finding[] {
  if (baseUrl?.startsWith('https:') !== true) return []
  const policy = policies.find(({ value }) => value !== undefined && readsAddress(value))
  if (policy === undefined) return []
  return [
    {
      path: [...policy.path, 'when'],
      severity: 'warning',
      what: "no proxy is declared, so this network condition sees the proxy's address instead of the client's",
      fix: 'list the addresses of your reverse proxies under `listen.trustedProxies`',
    },
  ]
}
