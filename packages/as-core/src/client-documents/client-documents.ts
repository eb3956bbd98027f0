// Clients that publish their own metadata. Documents are fetched only from URLs and hosts that an administrator allows,
// and cached for their max-age, at most a day (draft-ietf-oauth-client-id-metadata-document section 6). The protocol
// package validates the document; connections decide what its client may do.
import {
  type ClientMetadata,
  type EpochMs,
  isAllowedClientMetadataUrl,
  evictOldest,
  MINUTE_MS,
  parseClientMetadata,
  refuse,
  type Result,
} from '@crosswalk/protocol'

import {
  type DocumentFetch,
  type FetchedDocument,
  MAX_CLIENT_METADATA_BYTES,
} from '../guarded-fetch/guarded-fetch.ts'
import { findRestMs } from '../find-rest-ms.ts'
import type { Clock } from '../ports.ts'

export interface ClientDocuments {
  /**
   * @returns the client its document currently describes, or the problem with the document; undefined if the client is
   *   not allowed, in which case nothing is fetched (SEC-13)
   */
  find(clientId: string): Promise<Result<ClientMetadata, string> | undefined>
  /** @returns the client as last fetched, without waiting; use `find` to refresh it */
  peek(clientId: string): ClientMetadata | undefined
}

export interface ClientDocumentsParts {
  readonly fetch: DocumentFetch
  readonly clock: Clock
  /** The currently allowed URLs and hosts */
  allow(): readonly string[]
  /** Whether documents may be on this machine; set if our own address is */
  readonly allowLoopback: boolean
}

const SHORTEST_MS = 60_000
const LONGEST_MS = 86_400_000
const MAX_CLIENTS = 1000
/** Errors are not cached, so this limit stops callers from making us hammer a host. */
const FETCHES_PER_MINUTE = 30

interface Known {
  readonly client: ClientMetadata
  readonly readAt: EpochMs
  readonly keepMs: number
}

export function createClientDocuments(parts: ClientDocumentsParts): ClientDocuments {
  const known = new Map<string, Known>()
  const running = new Map<string, Promise<Result<ClientMetadata, string>>>()
  const mayFetch = createBudget(parts.clock)

  const isAllowed = (url: string): boolean => isAllowedClientMetadataUrl(url, parts.allow(), parts)

  async function read(url: string): Promise<Result<ClientMetadata, string>> {
    // A known document has its own budget; otherwise made-up URLs of its host could lock it out.
    const fetched = mayFetch(known.has(url) ? url : new URL(url).host)
      ? await parts.fetch.fetchDocument(url, { maxBytes: MAX_CLIENT_METADATA_BYTES })
      : refuse({ reason: 'too-many-fetches' } as const)
    const read = fetched.accepted
      ? judge(url, fetched.value, parts)
      : refuse(describeFailure(fetched.refusal))
    // A removed or invalid document removes its client immediately.
    known.delete(url)
    if (read.accepted && fetched.accepted) {
      const keepMs = readLifetimeMs(fetched.value.cacheControl)
      known.set(url, { client: read.value, readAt: parts.clock.nowMs(), keepMs })
      evictOldest(known, MAX_CLIENTS)
    }
    return read
  }

  /** Concurrent requests for a client share one fetch. */
  function readOnce(url: string): Promise<Result<ClientMetadata, string>> {
    const waiting = running.get(url)
    if (waiting !== undefined) return waiting
    const reading = read(url).finally(() => running.delete(url))
    running.set(url, reading)
    return reading
  }

  return {
    async find(clientId) {
      if (!isAllowed(clientId)) return undefined
      const found = known.get(clientId)
      return found !== undefined && findRestMs(found.readAt, found.keepMs, parts.clock.nowMs()) > 0
        ? { accepted: true, value: found.client }
        : readOnce(clientId)
    },
    peek: (clientId) => (isAllowed(clientId) ? known.get(clientId)?.client : undefined),
  }
}

function judge(
  url: string,
  { document }: FetchedDocument,
  rules: Pick<ClientDocumentsParts, 'allowLoopback'>,
): Result<ClientMetadata, string> {
  const parsed = parseClientMetadata(url, document, rules)
  return parsed.accepted ? parsed : refuse(`${parsed.refusal.member}: ${parsed.refusal.problem}`)
}

function describeFailure({ reason, detail }: { readonly reason: string; readonly detail?: string }): string {
  return detail === undefined ? reason : `${reason} (${detail})`
}

/** `max-age` of the response, clamped to our bounds (RFC 9111 section 5.2.2); the lower bound if absent. */
export function readLifetimeMs(cacheControl: string | undefined): number {
  const directives = (cacheControl ?? '')
    .toLowerCase()
    .split(',')
    .map((one) => one.trim())
  const keep = !directives.some((one) => /^(no-store|no-cache)(=|$)/.test(one))
  const seconds = directives.map((one) => /^max-age="?(\d{1,10})"?$/.exec(one)?.[1]).find(Boolean)
  const wanted = keep && seconds !== undefined ? Number(seconds) * 1000 : SHORTEST_MS
  return Math.min(LONGEST_MS, Math.max(SHORTEST_MS, wanted))
}

/** @returns whether a host or document may be fetched again within this minute */
function createBudget(clock: Clock): (name: string) => boolean {
  let minute = 0
  const counts = new Map<string, number>()
  return (name) => {
    const now = Math.floor(clock.nowMs() / MINUTE_MS)
    if (now !== minute) counts.clear()
    minute = now
    const count = (counts.get(name) ?? 0) + 1
    counts.set(name, count)
    return count <= FETCHES_PER_MINUTE
  }
}
