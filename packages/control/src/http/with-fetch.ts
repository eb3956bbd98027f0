// Fetches documents of other servers on request of an administrator, through the guard. Loopback is allowed only if
// this server itself is on loopback.
import { createGuardedFetch, type GuardedFetch, isLoopbackHost } from '@crosswalk/as-core'

import type { Parts } from '../parts.ts'

/** Closes all connections afterwards. */
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
