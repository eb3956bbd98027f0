// C06: the metadata document of a client whose id is its URL. Pure but for the two GETs that gather it.
import { MAX_CLIENT_METADATA_BYTES } from '@crosswalk/as-core'
import { isClientMetadataUrl, parseClientMetadata } from '@crosswalk/protocol'

import type { Exchange, GuardedSender } from '../http/guarded-sender.ts'
import { describeExchange } from './describe-exchange.ts'
import { findDocumentFix } from './document-problem.ts'
import { type DoctorCheck, found, pass } from './finding.ts'
import { judgeKeys } from './judge-keys.ts'

export interface ClientDocumentEvidence {
  readonly url: string
  readonly document: Exchange
  /** Of its `jwks_uri` */
  readonly keys?: Exchange
}

const RULES = { allowLoopback: true }

/** @returns undefined if this client id is not the URL of a document */
export async function gatherClientDocument(
  sender: GuardedSender,
  url: string,
): Promise<ClientDocumentEvidence | undefined> {
  if (!isClientMetadataUrl(url, RULES)) return undefined
  const document = await sender.send({ method: 'GET', url })
  const source = document.json?.jwks_uri
  return typeof source === 'string'
    ? { url, document, keys: await sender.send({ method: 'GET', url: source }) }
    : { url, document }
}

export const CLIENT_DOCUMENT_CHECK: DoctorCheck<ClientDocumentEvidence> = {
  id: 'C06',
  title: 'metadata document of the client',
  severity: 'fail',
  why: 'A server that does not know the client reads everything about it there, and nothing from a faulty document.',
  judge({ url, document, keys }) {
    if (document.status !== 200 || document.json === undefined)
      return found({
        what: 'The client id leads to no document',
        saw: describeExchange(document),
        expected: 'status 200 and a JSON object',
        fix: findDocumentFix(document) ?? 'Serve the document at exactly this URL, without a redirect.',
      })
    const fix = findDocumentFix(document)
    if (fix !== undefined)
      return found({ what: 'Strict servers refuse the document', saw: describeExchange(document), fix })
    const bytes = Buffer.byteLength(document.text)
    if (bytes > MAX_CLIENT_METADATA_BYTES)
      return found({
        what: 'The document is too large',
        saw: `${bytes} bytes`,
        expected: `at most ${MAX_CLIENT_METADATA_BYTES} bytes`,
        fix: 'Leave out what servers do not need, and publish keys at a jwks_uri.',
      })
    const parsed = parseClientMetadata(url, document.json, RULES)
    if (!parsed.accepted) {
      const { member, problem } = parsed.refusal
      return found({
        what: `The document is not usable: ${member}: ${problem}`,
        saw: `${member}: ${JSON.stringify(document.json[member]) ?? 'not there'}`,
        ...(member === 'client_id' ? { expected: url } : {}),
        fix: `Correct ${member} of the document.`,
      })
    }
    return keys === undefined ? pass(parsed.value.auth.method) : judgeKeys(keys)
  },
}
