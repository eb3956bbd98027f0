// Addresses and redirects that cannot be used.
import { isRedirectUri } from '@crosswalk/protocol'

import { valueAt } from '../describe-issue.ts'
import type { Finding } from '../finding.ts'
import type { View } from '../view.ts'
import type { Check } from './check.ts'

export const checkAddresses: Check = (view) => [...checkMetricsListener(view), ...checkRedirects(view)]

function checkMetricsListener({ raw }: View): readonly Finding[] {
  const path = ['metrics', 'listen', 'port']
  const port = valueAt(raw, path)
  if (port === undefined || String(port) === '0') return []
  if (String(port) !== String(valueAt(raw, ['listen', 'port']) ?? 4000)) return []
  const what = `metrics.listen.port is ${String(port)}, where the server itself listens`
  return [{ path, what, fix: 'choose another port, or remove `metrics` to serve them on the main listener' }]
}

function checkRedirects(view: View): readonly Finding[] {
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
): Pick<Finding, 'what' | 'fix'> | undefined {
  // RFC 6749 section 3.1.2: a redirection endpoint has no fragment.
  if (uri.includes('#')) return { what: `${uri} has a fragment`, fix: 'remove `#` and what follows' }
  // A browser would run what such a URI says, with the rights of the page that shows it.
  if (/^(?:javascript|data|vbscript|blob|file):/i.test(uri))
    return { what: `${uri} leads to no app`, fix: "write an https URL, or a scheme that is the app's own" }
  // RFC 9700 section 2.6: the authorization code must not travel unencrypted, except within one machine.
  if (member === 'redirectUris' && /^http:/i.test(uri) && !isRedirectUri(uri))
    return { what: `${uri} is not encrypted`, fix: 'use https; http is for loopback addresses only' }
  return undefined
}
