// Documents of other servers, fetched for an administrator who asked for it: through the guard, and loopback addresses only
// where this server is on loopback itself.
import { createGuardedFetch, type GuardedFetch, isLoopbackHost } from '@crosswalk/as-core'

import type { Parts } from '../parts.ts'

/** Closes every connection afterwards. */
export async function withFetch<T>(
  { configuration: { baseUrl } }: Parts<'configuration'>,
  work: (fetch: GuardedFetch) => Promise<T>,
): Promise<T> {
  const fetch = createGuardedFetch({ allowLoopback: isLoopbackHost(new URL(baseUrl).hostname) })
  try {
    return await work(fetch)
  } finally {
    await fetch.close()
  }
}
