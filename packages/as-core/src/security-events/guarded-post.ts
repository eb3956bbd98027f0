// The only way our servers send security events to others: one bounded POST, whose response is read up to a small size.
// As for documents, no redirects, proxies, cookies or unchecked addresses (SEC-11, SEC-12).
import { accept, refuse, type Result } from '@crosswalk/protocol'
import type { Dispatcher } from 'undici'

import { findTargetProblem } from '../guarded-fetch/address-guard.ts'
import type { GuardedFetchOptions } from '../guarded-fetch/checked-lookup.ts'
import { explainFailure, type FetchRefusal } from '../guarded-fetch/guarded-fetch.ts'
import { createOutboundClient } from '../guarded-fetch/outbound-client.ts'

export interface PostAnswer {
  readonly status: number
  /** The beginning of the body, at most 4 KiB */
  readonly text: string
}

export interface GuardedPost {
  /** @returns the status of the response, or why the request failed; never throws for failures of the other side */
  post(
    url: string,
    message: { readonly headers: Readonly<Record<string, string>>; readonly body: string },
  ): Promise<Result<PostAnswer, FetchRefusal>>
  /** Closes idle connections. */
  close(): Promise<void>
}

const MAX_ANSWER_BYTES = 4096

export function createGuardedPost(options: GuardedFetchOptions): GuardedPost {
  const { allowLoopback, totalTimeoutMs = 5000 } = options
  const client = createOutboundClient(options)
  return {
    async post(url, { headers, body }) {
      const problem = findTargetProblem(url, { allowLoopback })
      if (problem !== undefined) return refuse({ reason: problem })
      const request = await client.open()
      const signal = AbortSignal.timeout(totalTimeoutMs)
      try {
        const response = await request(url, { method: 'POST', headers, body, signal })
        return accept({ status: response.statusCode, text: await readBeginning(response) })
      } catch (error) {
        return refuse(explainFailure(error, signal))
      }
    },
    close: () => client.close(),
  }
}

async function readBeginning({ body }: Dispatcher.ResponseData): Promise<string> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    bytes += chunk.length
    // Leaving the loop destroys the body and thereby the connection.
    if (bytes >= MAX_ANSWER_BYTES) break
  }
  return Buffer.concat(chunks).subarray(0, MAX_ANSWER_BYTES).toString('utf8')
}
