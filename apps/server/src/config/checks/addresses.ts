// Addresses and redirects that cannot be used.
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

/** RFC 6749 section 3.1.2: a redirection endpoint has no fragment. */
function checkRedirects(view: View): readonly Finding[] {
  return view.apps.flatMap(({ path, value }) =>
    (value?.redirectUris ?? []).flatMap((uri, index) =>
      uri.includes('#')
        ? [
            {
              path: [...path, 'redirectUris', index],
              what: `${uri} has a fragment`,
              fix: 'remove `#` and what follows',
            },
          ]
        : [],
    ),
  )
}
