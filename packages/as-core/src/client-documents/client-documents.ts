// Clients that describe themselves: their metadata documents, fetched where an administrator allows it, believed for as
// long as they say, and never longer than a day (draft-ietf-oauth-client-id-metadata-document section 6). What a document
// may say is decided in the protocol package; what its client may do is decided by connections.
import {
  type ClientMetadata,
  type EpochMs,
  isAllowedClientMetadataUrl,
  parseClientMetadata,
  refuse,
  type Result,
} from '@crosswalk/protocol'

import {
  type DocumentFetch,
  type FetchedDocument,
  MAX_CLIENT_METADATA_BYTES,
} from '../guarded-fetch/guarded-fetch.ts'
import type { Clock } from '../ports.ts'

export interface ClientDocuments {
  /**
   * @returns the client as its document describes it now, or what is wrong with the document; undefined for who is not
   *   allowed, which causes no traffic (SEC-13)
   */
  find(clientId: string): Promise<Result<ClientMetadata, string> | undefined>
  /** @returns the client as last read, without waiting; `find` says whether that still holds */
  peek(clientId: string): ClientMetadata | undefined
}

export interface ClientDocumentsParts {
  readonly fetch: DocumentFetch
  readonly clock: Clock
  /** URLs and hosts, as they are now */
  allow(): readonly string[]
  /** Whether documents may be on this machine: where our own address is */
  readonly allowLoopback: boolean
}

const SHORTEST_MS = 60_000
const LONGEST_MS = 86_400_000
const MAX_CLIENTS = 1000
/** Errors are never remembered, so this is what keeps strangers from making us knock at one host all the time. */
const FETCHES_PER_MINUTE = 30
const MINUTE_MS = 60_000

interface Known {
  readonly client: ClientMetadata
  readonly until: EpochMs
}

export function createClientDocuments(parts: ClientDocumentsParts): ClientDocuments {
  const known = new Map<string, Known>()
  const running = new Map<string, Promise<Result<ClientMetadata, string>>>()
  const mayFetch = createBudget(parts.clock)

  const isAllowed = (url: string): boolean => isAllowedClientMetadataUrl(url, parts.allow(), parts)

  async function read(url: string): Promise<Result<ClientMetadata, string>> {
    // One that was good before has its own budget: otherwise made-up URLs of its host would keep it out.
    const fetched = mayFetch(known.has(url) ? url : new URL(url).host)
      ? await parts.fetch.fetchDocument(url, { maxBytes: MAX_CLIENT_METADATA_BYTES })
      : refuse({ reason: 'too-many-fetches' } as const)
    const read = fetched.accepted
      ? judge(url, fetched.value, parts)
      : refuse(describeFailure(fetched.refusal))
    // A document that is gone or went wrong takes its client along at once.
    known.delete(url)
    if (read.accepted && fetched.accepted) {
      const until = parts.clock.nowMs() + readLifetimeMs(fetched.value.cacheControl)
      remember(known, url, { client: read.value, until })
    }
    return read
  }

  /** One fetch at a time for a client; requests that come meanwhile wait for the same one. */
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
      return found !== undefined && found.until > parts.clock.nowMs()
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

/** `max-age` of the answer within our bounds (RFC 9111 section 5.2.2); without one the shortest. */
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

function remember(map: Map<string, Known>, url: string, value: Known): void {
  const [oldest] = map.keys()
  if (map.size >= MAX_CLIENTS && oldest !== undefined) map.delete(oldest)
  map.set(url, value)
}

/** @returns whether a host, or one document, may be asked for once more in this minute */
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
