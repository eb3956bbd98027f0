// Clients that publish their own metadata. Documents are fetched only from URLs and hosts that an administrator allows,
// and cached for their max-age, at most a day (draft-ietf-oauth-client-id-metadata-document section 6). The protocol
// package validates the document; connections decide what its client may do.
import {
  type ClientMetadata,
  DAY_MS,
  type EpochMs,
  evictOldest,
  isAllowedClientMetadataUrl,
  MINUTE_MS,
  parseClientMetadata,
  refuse,
  type Result,
} from '@crosswalk/protocol'

import {
  type DocumentFetch,
  type FetchedDocument,
  type FetchRefusal,
  MAX_CLIENT_METADATA_BYTES,
} from '../guarded-fetch/guarded-fetch.ts'
import { findRestMs } from '../find-rest-ms.ts'
import type { Clock } from '../ports.ts'

/** Why an allowed client has no usable document. */
export interface DocumentRefusal {
  readonly problem: string
  /** Whether the document may be usable soon, because its host cannot answer or has been asked too often */
  readonly isTemporary: boolean
}

type DocumentAnswer = Result<ClientMetadata, DocumentRefusal>

export interface ClientDocuments {
  /**
   * @returns the client its document currently describes; undefined if the client is not allowed, in which case nothing
   *   is fetched (SEC-13)
   */
  find(clientId: string): Promise<DocumentAnswer | undefined>
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

const SHORTEST_MS = MINUTE_MS
const LONGEST_MS = DAY_MS
const MAX_CLIENTS = 1000
/** Errors are not cached, so this limit stops callers from making us hammer a host. */
const FETCHES_PER_MINUTE = 30
const TOO_MANY = 'too-many-fetches'
/** Too many requests, or an error of the server (RFC 6585 section 4, RFC 9110 section 15.6) */
const TEMPORARY_STATUS = /^(429|5\d\d)$/

interface Known {
  readonly client: ClientMetadata
  readonly readAt: EpochMs
  readonly keepMs: number
}

export function createClientDocuments(parts: ClientDocumentsParts): ClientDocuments {
  const known = new Map<string, Known>()
  const running = new Map<string, Promise<DocumentAnswer>>()
  const mayFetch = createBudget(parts.clock)

  const isAllowed = (url: string): boolean => isAllowedClientMetadataUrl(url, parts.allow(), parts)

  async function read(url: string): Promise<DocumentAnswer> {
    // A known document has its own budget; otherwise made-up URLs of its host could lock it out.
    const fetched = mayFetch(known.has(url) ? url : new URL(url).host)
      ? await parts.fetch.fetchDocument(url, { maxBytes: MAX_CLIENT_METADATA_BYTES })
      : refuse({ reason: TOO_MANY } as const)
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
  function readOnce(url: string): Promise<DocumentAnswer> {
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
): DocumentAnswer {
  const parsed = parseClientMetadata(url, document, rules)
  if (parsed.accepted) return parsed
  const { member, problem } = parsed.refusal
  return refuse({ problem: `${member}: ${problem}`, isTemporary: false })
}

interface Failure {
  readonly reason: FetchRefusal['reason'] | typeof TOO_MANY
  readonly detail?: string
}

function describeFailure({ reason, detail }: Failure): DocumentRefusal {
  return {
    problem: detail === undefined ? reason : `${reason} (${detail})`,
    isTemporary:
      reason === 'unreachable' ||
      reason === 'timeout' ||
      reason === TOO_MANY ||
      (reason === 'status' && TEMPORARY_STATUS.test(detail ?? '')),
  }
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
