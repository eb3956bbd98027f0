// Proofs reach servers through the guarded client, like all our requests. Our own address may be private, because the
// operator configured it; all others follow the rules for untrusted addresses.
import { createGuardedWebFetch, isLoopbackHost } from '@crosswalk/as-core'

export interface ProofFetch {
  /** @throws TypeError if a request is refused or fails, like `fetch` */
  fetch(url: string, init?: RequestInit): Promise<Response>
  /** Closes idle connections. */
  close(): Promise<void>
}

/** @param own - URLs of this server */
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
