// Addresses that the server listens on, redirects to, or trusts.
import { isRedirectUri } from '@crosswalk/protocol'
import { parseNetwork, readsAddress } from '@crosswalk/policy'

import { type FileFinding, valueAt } from '../finding.ts'
import type { View } from '../view.ts'
import type { FileCheck } from './check.ts'

/** Addresses and redirects that cannot be used. */
export const checkAddresses: FileCheck = (view) => [...checkMetricsListener(view), ...checkRedirects(view)]

function checkMetricsListener({ raw }: View): readonly FileFinding[] {
  const path = ['metrics', 'listen', 'port']
  const port = valueAt(raw, path)
  if (port === undefined || String(port) === '0') return []
  if (String(port) !== String(valueAt(raw, ['listen', 'port']) ?? 4000)) return []
  const what = `metrics.listen.port is ${String(port)}, where the server itself listens`
  return [{ path, what, fix: 'choose another port, or remove `metrics` to serve them on the main listener' }]
}

function checkRedirects(view: View): readonly FileFinding[] {
  return view.apps.flatMap(({ path, value }) =>
    (['redirectUris', 'postLogoutRedirectUris'] as const).flatMap((member) =>
      (value?.[member] ?? []).flatMap((uri, index) => {
        const wrong = judgeRedirect(uri, member)
        return wrong === undefined ? [] : [{ path: [...path, member, index], ...wrong }]
      }),
    ),
  )
}

function judgeRedirect(
  uri: string,
  member: 'redirectUris' | 'postLogoutRedirectUris',
): Pick<FileFinding, 'what' | 'fix'> | undefined {
  // RFC 6749 section 3.1.2: a redirection endpoint has no fragment.
  if (uri.includes('#')) return { what: `${uri} has a fragment`, fix: 'remove `#` and what follows' }
  // Redirects are compared exactly, so it would never match.
  if (/^[^:]+:\/\/[^/?]*\*/.test(uri))
    return { what: `${uri} has a wildcard host`, fix: 'list the exact URIs' }
  // A browser would execute such a URL with the rights of the page that shows it.
  if (/^(?:javascript|data|vbscript|blob|file):/i.test(uri))
    return {
      what: `${uri} does not lead to an app`,
      fix: "write an https URL, or a scheme that is the app's own",
    }
  // RFC 9700 section 2.6: the authorization code must not travel unencrypted, except within one machine.
  if (member === 'redirectUris' && /^http:/i.test(uri) && !isRedirectUri(uri))
    return { what: `${uri} is not encrypted`, fix: 'use https; http is for loopback addresses only' }
  return undefined
}

const PATH = ['listen', 'trustedProxies']

/**
 * Reverse proxies: declared ones must be valid and specific, and one must be declared if policies depend on where
 * requests come from.
 */
export const checkProxies: FileCheck = (view) => {
  const declared = valueAt(view.raw, PATH)
  const proxies = Array.isArray(declared) ? declared : []
  return [
    ...proxies.flatMap((proxy, index) => (typeof proxy === 'string' ? checkProxy(proxy, index) : [])),
    ...(proxies.length === 0 ? checkUndeclared(view) : []),
  ]
}

function checkProxy(text: string, index: number): readonly FileFinding[] {
  const path = [...PATH, index]
  const parsed = parseNetwork(text)
  if (!parsed.accepted) return [{ path, what: parsed.refusal.problem, fix: parsed.refusal.fix }]
  if (parsed.value.prefixBits > 0) return []
  const what = `${text} trusts every peer to state where a request came from`
  return [{ path, what, fix: 'list the addresses of your proxies' }]
}

/** The server itself speaks http, so an https origin implies a proxy. */
function checkUndeclared({ baseUrl, policies }: View): readonly FileFinding[] {
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
