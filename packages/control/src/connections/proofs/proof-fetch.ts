// How a proof reaches servers: by the guarded client, as all of our own requests. Our own address was written down by the
// operator and may be private; every other follows the rules for strangers.
import { createGuardedWebFetch, isLoopbackHost } from '@crosswalk/as-core'

export interface ProofFetch {
  /** @throws TypeError where a request is refused or fails, as `fetch` does */
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Closes idle connections. */
  close(): Promise<void>
}

/** @param own - URLs at which this server answers */
export function createProofFetch(own: readonly string[]): ProofFetch {
  const origins = new Set(own.map((url) => new URL(url).origin))
  const allowLoopback = own.some((url) => isLoopbackHost(new URL(url).hostname))
  const ours = createGuardedWebFetch({ allowLoopback, allowPrivate: true })
  const theirs = createGuardedWebFetch({ allowLoopback })
  return {
    fetch: (url, init) => (origins.has(new URL(url).origin) ? ours : theirs).fetch(url, init),
    async close() {
      await ours.close()
      await theirs.close()
    },
  }
}
