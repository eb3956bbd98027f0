// The only way our servers read documents of other servers: keys, metadata, client metadata. It reads JSON objects of
// bounded size by GET, with no redirects, proxies, cookies or unchecked addresses (SEC-11, SEC-12).
import { accept, readAtMost, refuse, type Result } from '@crosswalk/protocol'
import type { Dispatcher } from 'undici'

import { type JsonObject, parseStrictJsonObject } from '../jws/strict-json.ts'
import { findTargetProblem, type TargetProblem } from './address-guard.ts'
import { ADDRESS_REFUSED, type GuardedFetchOptions } from './checked-lookup.ts'
import { createOutboundClient } from './outbound-client.ts'

export type FetchProblem =
  | TargetProblem
  | 'unreachable'
  | 'timeout'
  | 'redirect'
  | 'status'
  | 'content-type'
  | 'too-large'
  | 'not-json'

export interface FetchRefusal {
  readonly reason: FetchProblem
  /** For the audit log and `doctor`: a status code, an error code, a content type */
  readonly detail?: string
}

export interface GuardedFetch {
  /** @param limits - `maxBytes` defaults to 256 KiB */
  fetchJson(url: string, limits?: { readonly maxBytes?: number }): Promise<Result<JsonObject, FetchRefusal>>
  /** Closes idle connections. */
  close(): Promise<void>
}

/** Also returns how long the document may be cached. */
export interface DocumentFetch {
  /** @param limits - see `fetchJson` */
  fetchDocument(
    url: string,
    limits?: { readonly maxBytes?: number },
  ): Promise<Result<FetchedDocument, FetchRefusal>>
}

export interface FetchedDocument {
  readonly document: JsonObject
  /** The header as received */
  readonly cacheControl: string | undefined
}

export const MAX_DOCUMENT_BYTES = 256 * 1024
/** Client metadata documents (draft-ietf-oauth-client-id-metadata-document section 6.6) */
export const MAX_CLIENT_METADATA_BYTES = 5 * 1024

const JSON_TYPE = /^application\/(json|[a-z0-9.+-]+\+json)$/

/** The methods never throw: every failure of the other server is a refusal. */
export function createGuardedFetch(options: GuardedFetchOptions): GuardedFetch & DocumentFetch {
  const { allowLoopback, totalTimeoutMs = 5000 } = options
  const client = createOutboundClient(options)

  async function fetchDocument(
    url: string,
    { maxBytes = MAX_DOCUMENT_BYTES }: { readonly maxBytes?: number } = {},
  ): Promise<Result<FetchedDocument, FetchRefusal>> {
    const problem = findTargetProblem(url, { allowLoopback })
    if (problem !== undefined) return refuse({ reason: problem })
    const request = await client.open()
    const signal = AbortSignal.timeout(totalTimeoutMs)
    try {
      const response = await request(url, {
        method: 'GET',
        headers: { accept: 'application/json', 'accept-encoding': 'identity' },
        signal,
      })
      return await readDocument(response, maxBytes)
    } catch (error) {
      return refuse(explainFailure(error, signal))
    }
  }

  return {
    fetchDocument,
    async fetchJson(url, limits) {
      const fetched = await fetchDocument(url, limits)
      return fetched.accepted ? accept(fetched.value.document) : fetched
    },
    close: () => client.close(),
  }
}

async function readDocument(
  { statusCode, headers, body }: Dispatcher.ResponseData,
  maxBytes: number,
): Promise<Result<FetchedDocument, FetchRefusal>> {
  const refusal = findHeaderRefusal(statusCode, headers)
  if (refusal !== undefined) {
    body.on('error', () => undefined).destroy()
    return refuse(refusal)
  }
  const read = await readAtMost(body, maxBytes)
  if (read === undefined)
    return refuse({ reason: 'too-large', detail: `over ${maxBytes} bytes, or in too many pieces` })
  const parsed = parseStrictJsonObject(read)
  if (!parsed.accepted) return refuse({ reason: 'not-json', detail: parsed.refusal })
  const cacheControl = headers['cache-control']
  return accept({
    document: parsed.value,
    cacheControl: cacheControl === undefined ? undefined : String(cacheControl),
  })
}

/** @returns why a response is no JSON document, by its status and headers */
export function findHeaderRefusal(
  status: number,
  headers: Dispatcher.ResponseData['headers'],
): FetchRefusal | undefined {
  if (status >= 300 && status < 400) return { reason: 'redirect', detail: String(status) }
  if (status !== 200) return { reason: 'status', detail: String(status) }
  const encoding = headers['content-encoding']
  if (encoding !== undefined && encoding !== 'identity')
    return { reason: 'content-type', detail: `encoded as ${String(encoding)}` }
  const type = String(headers['content-type'] ?? '')
  const essence = (type.split(';')[0] ?? '').trim().toLowerCase()
  return JSON_TYPE.test(essence) ? undefined : { reason: 'content-type', detail: type.slice(0, 100) }
}

/** Classifies the failure of a guarded connection; `signal` is its timeout. */
export function explainFailure(error: unknown, signal: AbortSignal): FetchRefusal {
  if (signal.aborted) return { reason: 'timeout' }
  const { code, name } = error as NodeJS.ErrnoException
  if (code === ADDRESS_REFUSED) return { reason: 'address-refused' }
  return { reason: code?.endsWith('_TIMEOUT') === true ? 'timeout' : 'unreachable', detail: code ?? name }
}
